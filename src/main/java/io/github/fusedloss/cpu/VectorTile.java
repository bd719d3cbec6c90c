package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.VectorMath.INFINITY;
import static io.github.fusedloss.cpu.VectorMath.LENGTH;
import static io.github.fusedloss.cpu.VectorMath.NAN;
import static io.github.fusedloss.cpu.VectorMath.SPECIES;
import static io.github.fusedloss.cpu.VectorMath.ZERO;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;
import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LT;
import static jdk.incubator.vector.VectorOperators.NE;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/** The work on tiles of {@link VectorKernels}. */
final class VectorTile {
  private VectorTile() {}

  static final VectorPasses<RowTile> MAXIMA = new VectorPasses<>(VectorTile::maxima);

  /** Between references and ends of rows. */
  static final VectorPasses<RowTile> SUMS =
      new VectorPasses<>(VectorTile::exponentials, VectorTile::rest);

  private static void maxima(RowTile tile, Lanes lanes, int start, int n) {
    float[] x = tile.x;
    int end = tile.end();
    int stride = tile.stride;
    for (int t = 0; t < n; t += LENGTH) {
      FloatVector max = broadcast(SPECIES, Float.NEGATIVE_INFINITY);
      for (int i = t; i < end; i += stride) {
        FloatVector v = fromArray(SPECIES, x, i);
        max = max.blend(v, v.compare(GT, max));
      }
      max.add(ZERO).intoArray(tile.max, t);
    }
  }

  private static void exponentials(RowTile tile, Lanes lanes, int start, int n) {
    float[] x = tile.x;
    float[] e = tile.e;
    float[] shift = tile.shift;
    float[] magics = tile.magic;
    float[] cut = tile.cut;
    int end = tile.end();
    int stride = tile.stride;
    FloatVector zero = broadcast(SPECIES, 0f);
    FloatVector one = broadcast(SPECIES, 1f);
    FloatVector log2e = broadcast(SPECIES, ScalarMath.LOG2E);
    FloatVector minusLn2Hi = broadcast(SPECIES, -ScalarMath.LN2_HI);
    FloatVector minusLn2Lo = broadcast(SPECIES, -ScalarMath.LN2_LO);
    FloatVector exp2 = broadcast(SPECIES, ScalarMath.EXP_2);
    FloatVector exp3 = broadcast(SPECIES, ScalarMath.EXP_3);
    FloatVector exp4 = broadcast(SPECIES, ScalarMath.EXP_4);
    FloatVector exp5 = broadcast(SPECIES, ScalarMath.EXP_5);
    FloatVector exp6 = broadcast(SPECIES, ScalarMath.EXP_6);
    for (int at = 0; at < end; at += stride) {
      for (int t = 0; t < stride; t += LENGTH) {
        FloatVector v = fromArray(SPECIES, x, at + t);
        FloatVector d = v.sub(fromArray(SPECIES, shift, t));
        FloatVector magic = fromArray(SPECIES, magics, t);
        FloatVector kf = d.fma(log2e, magic);
        FloatVector k = kf.sub(magic);
        FloatVector r = k.fma(minusLn2Lo, k.fma(minusLn2Hi, d));
        FloatVector q = exp6.fma(r, exp5).fma(r, exp4).fma(r, exp3).fma(r, exp2);
        FloatVector power = kf.reinterpretAsInts().lanewise(LSHL, 23).reinterpretAsFloats();
        FloatVector term = q.fma(r, one).fma(r, one).mul(power);
        VectorMask<Float> below = v.compare(LT, fromArray(SPECIES, cut, t));
        term.blend(zero, below).intoArray(e, at + t);
      }
    }
  }

  private static void rest(RowTile tile, Lanes lanes, int start, int n) {
    float[] x = tile.x;
    float[] e = tile.e;
    int end = tile.end();
    int stride = tile.stride;
    FloatVector zero = broadcast(SPECIES, 0f);
    FloatVector one = broadcast(SPECIES, 1f);
    for (int t = 0; t < n; t += LENGTH) {
      FloatVector max = fromArray(SPECIES, tile.max, t);
      FloatVector ties = broadcast(SPECIES, 0f);
      FloatVector sum = broadcast(SPECIES, 0f);
      FloatVector lo = broadcast(SPECIES, 0f);
      for (int i = t; i < end; i += stride) {
        VectorMask<Float> tie = fromArray(SPECIES, x, i).compare(EQ, max);
        ties = ties.add(zero.blend(one, tie));
        FloatVector term = fromArray(SPECIES, e, i).blend(zero, tie);
        FloatVector more = sum.add(term);
        FloatVector z = more.sub(sum);
        lo = lo.add(sum.sub(more.sub(z)).add(term.sub(z)));
        sum = more;
      }
      ties.intoArray(tile.ties, t);
      VectorMask<Float> finite = sum.abs().compare(LT, INFINITY);
      FloatVector s = sum.add(lo);
      sum.blend(s, finite).intoArray(tile.restHi, t);
      ZERO.blend(lo.sub(s.sub(sum)), finite).intoArray(tile.restLo, t);
    }
  }

  /** {@link BlockKernels#scale(RowTile, Lanes)}. */
  static void scale(RowTile tile) {
    float[] e = tile.e;
    float[] coefficient = tile.coefficient;
    int end = tile.end();
    int stride = tile.stride;
    for (int at = 0; at < end; at += stride) {
      for (int t = 0; t < stride; t += LENGTH) {
        FloatVector v = fromArray(SPECIES, e, at + t).mul(fromArray(SPECIES, coefficient, t));
        v.blend(NAN, v.compare(NE, v)).intoArray(e, at + t);
      }
    }
  }
}
