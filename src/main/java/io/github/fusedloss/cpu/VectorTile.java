package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.VectorMath.INFINITY;
import static io.github.fusedloss.cpu.VectorMath.LENGTH;
import static io.github.fusedloss.cpu.VectorMath.NAN;
import static io.github.fusedloss.cpu.VectorMath.ONE;
import static io.github.fusedloss.cpu.VectorMath.SPECIES;
import static io.github.fusedloss.cpu.VectorMath.ZERO;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;
import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LT;
import static jdk.incubator.vector.VectorOperators.NE;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;

/** The work on tiles of {@link VectorKernels}. */
final class VectorTile {
  private VectorTile() {}

  private static final FloatVector ROUND_TO_INT = broadcast(SPECIES, ScalarMath.ROUND_TO_INT);
  private static final FloatVector MAGIC = broadcast(SPECIES, SoftmaxRow.MAGIC);

  static final VectorPasses<RowTile> REFERENCES = new VectorPasses<>(VectorTile::references);

  /** The maximum of each row, and the reference that follows: {@link SoftmaxRow#reference}. */
  private static void references(RowTile tile, Lanes lanes, int start, int n) {
    float[] x = tile.x;
    int end = tile.end();
    int stride = tile.stride;
    FloatVector log2e = broadcast(SPECIES, ScalarMath.LOG2E);
    for (int t = 0; t < n; t += LENGTH) {
      FloatVector max = broadcast(SPECIES, Float.NEGATIVE_INFINITY);
      for (int i = t; i < end; i += stride) {
        FloatVector v = fromArray(SPECIES, x, i);
        max = max.blend(v, v.compare(GT, max));
      }
      max = max.add(ZERO);
      FloatVector size = max.abs();
      VectorMask<Float> finite = size.compare(LT, INFINITY);
      FloatVector shift = ZERO.blend(max, finite.and(size.compare(GT, SoftmaxRow.SHIFT_ABOVE)));
      FloatVector k = max.sub(shift).fma(log2e, ROUND_TO_INT).sub(ROUND_TO_INT);
      max.intoArray(tile.max, t);
      shift.intoArray(tile.shift, t);
      FloatVector exponent = ZERO.blend(k, finite);
      exponent.intoArray(tile.exponent, t);
      MAGIC.sub(exponent).intoArray(tile.magic, t);
      VectorMask<Float> some = max.compare(GT, Float.NEGATIVE_INFINITY);
      FloatVector cut = max.sub(SoftmaxRow.CUT);
      cut = cut.blend(max.sub(SoftmaxRow.COARSE_CUT), max.sub(cut).compare(GT, SoftmaxRow.TOO_FAR));
      cut = cut.blend(max, max.sub(cut).compare(GT, SoftmaxRow.TOO_FAR));
      INFINITY.blend(cut, some).intoArray(tile.cut, t);
    }
  }

  /** {@link BlockKernels#losses}, but for rows whose loss is not a number or whose weight is 0. */
  static final VectorPasses<RowTile> LOSSES =
      new VectorPasses<>(VectorTile::losses, VectorTile::weights);

  /** (max - x) + log. */
  private static void losses(RowTile tile, Lanes lanes, int start, int n) {
    for (int t = 0; t < n; t += LENGTH) {
      FloatVector max = fromArray(SPECIES, tile.max, t);
      FloatVector x = fromArray(SPECIES, tile.targetX, t);
      FloatVector gap = max.sub(x);
      FloatVector z = gap.sub(max);
      FloatVector gapLo = max.sub(gap.sub(z)).sub(x.add(z));
      gapLo = gapLo.blend(ZERO, gapLo.compare(NE, gapLo));
      FloatVector log = fromArray(SPECIES, tile.logHi, t);
      FloatVector s = gap.add(log);
      z = s.sub(gap);
      FloatVector e =
          gap.sub(s.sub(z)).add(log.sub(z)).add(gapLo.add(fromArray(SPECIES, tile.logLo, t)));
      FloatVector loss = s.add(e);
      loss.intoArray(tile.lossHi, t);
      e.sub(loss.sub(s)).intoArray(tile.lossLo, t);
    }
  }

  private static void weights(RowTile tile, Lanes lanes, int start, int n) {
    if (!tile.weighted) {
      return;
    }
    for (int t = 0; t < n; t += LENGTH) {
      FloatVector w = fromArray(SPECIES, tile.weight, t);
      FloatVector hi = fromArray(SPECIES, tile.lossHi, t);
      FloatVector product = hi.mul(w);
      FloatVector lo = fromArray(SPECIES, tile.lossLo, t).fma(w, hi.fma(w, product.neg()));
      FloatVector loss = product.add(lo);
      loss.intoArray(tile.lossHi, t);
      lo.sub(loss.sub(product)).intoArray(tile.lossLo, t);
    }
  }

  /** What the gradients of those rows need. */
  static final VectorPasses<RowTile> GRADIENTS =
      new VectorPasses<>(VectorTile::reciprocals, VectorTile::coefficients, VectorTile::atTargets);

  /** What {@link ScalarMath#divide} begins with, for the total; left as atTarget. */
  private static void reciprocals(RowTile tile, Lanes lanes, int start, int n) {
    FloatVector reciprocal0 = broadcast(SPECIES, ScalarMath.RECIPROCAL_0);
    FloatVector reciprocal1 = broadcast(SPECIES, ScalarMath.RECIPROCAL_1);
    FloatVector reciprocal2 = broadcast(SPECIES, ScalarMath.RECIPROCAL_2);
    for (int t = 0; t < n; t += LENGTH) {
      IntVector bits = fromArray(SPECIES, tile.totalHi, t).reinterpretAsInts();
      FloatVector y = bits.and(0x007fffff).or(0x3f800000).reinterpretAsFloats();
      FloatVector r = y.fma(reciprocal2, reciprocal1).fma(y, reciprocal0);
      FloatVector minus = y.neg();
      r = r.fma(minus.fma(r, ONE), r);
      r = r.fma(minus.fma(r, ONE), r);
      IntVector exponent = bits.and(0x7f800000).neg().add(0x7f000000);
      r.mul(exponent.reinterpretAsFloats()).intoArray(tile.atTarget, t);
    }
  }

  /** The rest of it; a row that has a loss has a total that is a number. */
  private static void coefficients(RowTile tile, Lanes lanes, int start, int n) {
    for (int t = 0; t < n; t += LENGTH) {
      FloatVector scale = fromArray(SPECIES, tile.scale, t);
      FloatVector scaleLo = fromArray(SPECIES, tile.scaleLo, t);
      FloatVector r = fromArray(SPECIES, tile.atTarget, t);
      FloatVector q = scale.mul(r);
      FloatVector minus = q.neg();
      FloatVector rest = minus.fma(fromArray(SPECIES, tile.totalHi, t), scale);
      rest = rest.add(minus.fma(fromArray(SPECIES, tile.totalLo, t), scaleLo));
      FloatVector corrected = rest.fma(r, q);
      q.blend(corrected, corrected.abs().compare(LT, INFINITY)).intoArray(tile.coefficient, t);
    }
  }

  private static void atTargets(RowTile tile, Lanes lanes, int start, int n) {
    for (int t = 0; t < n; t += LENGTH) {
      FloatVector c = fromArray(SPECIES, tile.coefficient, t);
      FloatVector below = fromArray(SPECIES, tile.othersHi, t).mul(c).neg();
      FloatVector scaleLo = fromArray(SPECIES, tile.scaleLo, t);
      FloatVector v = fromArray(SPECIES, tile.targetE, t).fma(c, scaleLo.neg());
      v = v.sub(fromArray(SPECIES, tile.scale, t));
      FloatVector x = fromArray(SPECIES, tile.targetX, t);
      v = v.blend(below, x.compare(EQ, fromArray(SPECIES, tile.max, t)));
      v.blend(NAN, v.compare(NE, v)).intoArray(tile.atTarget, t);
    }
  }
}
