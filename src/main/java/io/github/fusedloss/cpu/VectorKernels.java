package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.INF;
import static io.github.fusedloss.cpu.ScalarMath.hi;
import static io.github.fusedloss.cpu.ScalarMath.lo;
import static io.github.fusedloss.cpu.VectorMath.INTS;
import static io.github.fusedloss.cpu.VectorMath.LENGTH;
import static io.github.fusedloss.cpu.VectorMath.ONE;
import static io.github.fusedloss.cpu.VectorMath.SPECIES;
import static io.github.fusedloss.cpu.VectorMath.ZERO;
import static io.github.fusedloss.cpu.VectorMath.whole;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;
import static jdk.incubator.vector.VectorOperators.ADD;
import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LE;
import static jdk.incubator.vector.VectorOperators.MAX;
import static jdk.incubator.vector.VectorOperators.XOR;

import io.github.fusedloss.Divergence;
import io.github.fusedloss.ElementType;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/**
 * The block kernels with the Vector API, bit for bit {@link BlockKernels}.
 *
 * <p>A vector of terms goes to adjacent lanes of a sum, so the running sums are vectors too. The
 * scalar code computes the elements after the last whole vector, and sums in order, except those of
 * tiles.
 *
 * <p>Values never leave the registers, under two rules. No method takes or returns a vector, except
 * the Vector API's own, which HotSpot always inlines. If HotSpot does not inline a method, a vector
 * that passes through is allocated, for as long as the process lives. And no compilation may be
 * long, see {@link VectorPasses}.
 */
final class VectorKernels extends BlockKernels {
  @Override
  public void decode(ElementType type, short[] from, int at, int n, float[] to, int toAt) {
    int whole = whole(n);
    VectorStorage.decode(type, from, at, whole, to, toAt);
    super.decode(type, from, at + whole, n - whole, to, toAt + whole);
  }

  @Override
  public void encode(ElementType type, float[] from, int at, int n, short[] to, int toAt) {
    int whole = whole(n);
    VectorStorage.encode(type, from, at, whole, to, toAt);
    super.encode(type, from, at + whole, n - whole, to, toAt + whole);
  }

  @Override
  public long elementLoss(ElementFormulas formulas, BceBlock b, Lanes lanes) {
    lanes.clear(b.n, false);
    int whole = b.odd ? 0 : whole(b.n);
    formulas.passes().run(b, lanes, whole);
    formulas.each(b, whole, lanes);
    long total = VectorSums.total(lanes);
    // If a loss is infinite or NaN, so is the sum. The scalar code then finds which loss it is.
    return Math.abs(hi(total)) < INF ? total : super.elementLoss(formulas, b, lanes);
  }

  @Override
  public void elementHessian(ElementFormulas formulas, BceBlock b, Lanes lanes) {
    int whole = b.odd ? 0 : whole(b.n);
    formulas.hessianPasses().run(b, lanes, whole);
    formulas.eachHessian(b, whole);
  }

  @Override
  public boolean inUnitInterval(float[] x, int at, int n) {
    int whole = whole(n);
    for (int i = 0; i < whole; i += LENGTH) {
      FloatVector v = fromArray(SPECIES, x, at + i);
      if (!v.compare(GE, ZERO).and(v.compare(LE, ONE)).allTrue()) {
        return false;
      }
    }
    return super.inUnitInterval(x, at + whole, n - whole);
  }

  @Override
  public boolean isZeroOrOne(float[] x, int at, int n) {
    int whole = whole(n);
    for (int i = 0; i < whole; i += LENGTH) {
      FloatVector v = fromArray(SPECIES, x, at + i);
      if (!v.mul(v).compare(EQ, v).allTrue()) {
        return false;
      }
    }
    return super.isZeroOrOne(x, at + whole, n - whole);
  }

  @Override
  public void sigmoid(float[] x, int at, int n, float[] out, int outAt, Lanes lanes) {
    int whole = whole(n);
    BceBlock b = new BceBlock();
    b.x = x;
    b.xAt = at;
    b.gradient = out;
    b.gradientAt = outAt;
    GeneratedSigmoidVectors.PASSES.run(b, lanes, whole);
    super.sigmoid(x, at + whole, n - whole, out, outAt + whole, lanes);
  }

  @Override
  public long sum(float[] hi, float[] lo, int at, int n, Lanes lanes) {
    lanes.clear(n, false);
    int whole = whole(n);
    GeneratedSumsVectors.PASSES.run(new SumBlock(hi, lo, at), lanes, whole);
    for (int i = whole; i < n; i++) {
      lanes.add(i, hi[at + i], lo == null ? 0f : lo[at + i]);
    }
    return VectorSums.total(lanes);
  }

  @Override
  public float max(float[] x, int at, int n) {
    int whole = whole(n);
    if (whole == 0) {
      return super.max(x, at, n);
    }
    // Turns the bits of a float into an integer that sorts as Math.max does, except for NaN.
    IntVector max = IntVector.broadcast(INTS, Integer.MIN_VALUE);
    IntVector magnitude = IntVector.broadcast(INTS, 0);
    for (int i = 0; i < whole; i += LENGTH) {
      IntVector bits = fromArray(SPECIES, x, at + i).reinterpretAsInts();
      max = bits.lanewise(ASHR, 31).and(Integer.MAX_VALUE).lanewise(XOR, bits).max(max);
      magnitude = bits.and(Integer.MAX_VALUE).max(magnitude);
    }
    if (magnitude.reduceLanes(MAX) > 0x7f800000) {
      return Float.NaN;
    }
    int key = max.reduceLanes(MAX);
    float most = Float.intBitsToFloat(key ^ (key >> 31 & Integer.MAX_VALUE));
    return whole == n ? most : Math.max(most, super.max(x, at + whole, n - whole));
  }

  @Override
  public void transform(LogitBlock b, Lanes lanes) {
    int whole = whole(b.n);
    GeneratedTransformVectors.PASSES.run(b, lanes, whole);
    ScalarLogits.transform(b, whole);
  }

  @Override
  public void slopes(LogitBlock b, Lanes lanes) {
    int whole = whole(b.n);
    GeneratedSlopesVectors.PASSES.run(b, lanes, whole);
    ScalarLogits.slopes(b, whole);
  }

  @Override
  public void softmax(RowBlock b, Lanes lanes) {
    if (b.row.inOrder) {
      super.softmax(b, lanes);
    } else {
      VectorSoftmax.softmax(b, lanes);
    }
  }

  @Override
  public void softmax(RowTile tile, boolean keep, Lanes lanes) {
    VectorTile.softmax(tile, keep, lanes);
  }

  @Override
  public void terms(RowTile tile, Lanes lanes) {
    VectorTile.terms(tile, true, lanes);
  }

  @Override
  public void losses(RowTile tile, RowFormulas formulas, Lanes lanes) {
    formulas.passes().run(tile, lanes, tile.stride);
    ScalarTiles.judge(tile, formulas, lanes);
  }

  @Override
  public void distances(RowTile tile, Lanes lanes) {
    VectorTile.distances(tile, lanes);
  }

  @Override
  public void gradient(RowTile tile, Lanes lanes) {
    GeneratedTileSharesGradientVectors.PASSES.run(tile, lanes, tile.stride);
  }

  @Override
  public void scale(RowTile tile, Lanes lanes) {
    GeneratedTileGradientVectors.PASSES.run(tile, lanes, tile.stride);
  }

  @Override
  public void distances(RowBlock b, Lanes lanes) {
    SoftmaxRow row = b.row;
    if (row.inOrder) {
      super.distances(b, lanes);
      return;
    }
    if (b.q == null) {
      row.mass = b.w == null ? ScalarMath.pair(b.n, 0f) : sum(b.w, b.wAt, b.n, lanes);
    }
    int whole = whole(b.n);
    Lanes distances = lanes.more;
    lanes.clear(b.n, false);
    distances.clear(b.n, false);
    GeneratedDistancesVectors.PASSES.run(b, lanes, whole);
    ScalarRows.distances(b, whole, distances);
    row.distance = VectorSums.total(distances);
    if (b.q != null) {
      ScalarRows.mass(b, whole, lanes);
      row.mass = VectorSums.total(lanes);
    }
  }

  @Override
  public void gradient(RowBlock b, Lanes lanes) {
    int whole = b.n < Strip.FEW ? 0 : whole(b.n);
    GeneratedGradientVectors.PASSES.run(b, lanes, whole);
    ScalarRows.gradient(b, whole, lanes);
  }

  @Override
  public void moment(RowBlock b, Lanes lanes) {
    if (b.row.inOrder) {
      super.moment(b, lanes);
      return;
    }
    int whole = whole(b.n);
    lanes.clear(b.n, false);
    GeneratedMomentsVectors.PASSES.run(b, lanes, whole);
    ScalarRows.moments(b, whole, lanes);
    b.row.moment = VectorSums.total(lanes);
  }

  @Override
  public int indexOf(float value, float[] x, int at, int n) {
    int whole = whole(n);
    for (int i = 0; i < whole; i += LENGTH) {
      if (fromArray(SPECIES, x, at + i).compare(EQ, value).anyTrue()) {
        return i + super.indexOf(value, x, at + i, LENGTH);
      }
    }
    return whole + super.indexOf(value, x, at + whole, n - whole);
  }

  /** Counts are floats, which are exact for all elements of a block. */
  @Override
  public int before(float value, int equal, float[] x, int at, int n) {
    FloatVector before = broadcast(SPECIES, 0f);
    int whole = whole(n);
    for (int i = 0; i < whole; i += LENGTH) {
      before = before.add(ZERO.blend(ONE, fromArray(SPECIES, x, at + i).compare(GT, value)));
    }
    int equals = whole(equal);
    for (int i = 0; i < equals; i += LENGTH) {
      before = before.add(ZERO.blend(ONE, fromArray(SPECIES, x, at + i).compare(EQ, value)));
    }
    return (int) before.reduceLanes(ADD)
        + super.before(value, 0, x, at + whole, n - whole)
        + equals(value, x, at + equals, equal - equals);
  }

  private static int equals(float value, float[] x, int at, int n) {
    int equal = 0;
    for (int i = at; i < at + n; i++) {
      equal += x[i] == value ? 1 : 0;
    }
    return equal;
  }

  @Override
  public void outputs(RowTile tile, Lanes lanes) {
    VectorTile.outputs(tile, lanes);
  }

  @Override
  public void hessian(RowBlock b, Lanes lanes) {
    int whole = whole(b.n);
    GeneratedHessianVectors.PASSES.run(b, lanes, whole);
    ScalarRows.hessian(b, whole);
  }

  @Override
  public void hessian(RowTile tile, Lanes lanes) {
    GeneratedTileCurvesVectors.PASSES.run(tile, lanes, tile.stride);
    GeneratedTileHessianVectors.PASSES.run(tile, lanes, tile.stride);
  }

  @Override
  public void masses(DistillBlock b, Lanes lanes) {
    int whole = whole(b.n);
    clear(b, lanes);
    GeneratedDistillationMassesVectors.PASSES.run(b, lanes, whole);
    DistillationFormulas.masses(b, whole, lanes);
    b.sums.student = VectorSums.total(lanes);
    b.sums.teacher = VectorSums.total(lanes.more);
    b.sums.difference = VectorSums.total(lanes.more.more);
  }

  @Override
  public void divergences(DistillBlock b, Lanes lanes) {
    int whole = whole(b.n);
    clear(b, lanes);
    VectorPasses<DistillBlock> passes =
        switch (b.divergence) {
          case FORWARD_KL ->
              b.hasSlopesWithTerms()
                  ? GeneratedForwardPartsVectors.PASSES
                  : GeneratedForwardTermsVectors.PASSES;
          case REVERSE_KL -> GeneratedReverseTermsVectors.PASSES;
          case JSD -> GeneratedJsdTermsVectors.PASSES;
        };
    passes.run(b, lanes, whole);
    DistillationFormulas.terms(b, whole, lanes);
    b.sum = VectorSums.total(lanes);
    b.ofStudent = VectorSums.total(lanes.more);
  }

  @Override
  public void slopes(DistillBlock b, Lanes lanes) {
    int whole = whole(b.n);
    VectorPasses<DistillBlock> passes =
        b.divergence == Divergence.JSD
            ? GeneratedJsdSlopesVectors.PASSES
            : GeneratedReverseSlopesVectors.PASSES;
    passes.run(b, lanes, whole);
    DistillationFormulas.slopes(b, whole);
  }

  @Override
  public boolean hasVectors() {
    return true;
  }

  @Override
  public void masses(DivergenceTile tile, Lanes lanes) {
    VectorDivergences.masses(tile, lanes);
  }

  @Override
  public void divergences(DivergenceTile tile, Lanes lanes) {
    VectorDivergences.divergences(tile, lanes);
  }

  @Override
  public void slopes(DivergenceTile tile, Lanes lanes) {
    VectorDivergences.slopes(tile, lanes);
  }

  @Override
  public void logSoftmax(RowTile tile, Lanes lanes) {
    GeneratedTileLogsVectors.PASSES.run(tile, lanes, tile.stride);
  }

  @Override
  public void logSoftmax(RowBlock b, Lanes lanes) {
    int whole = whole(b.n);
    GeneratedLogSoftmaxVectors.PASSES.run(b, lanes, whole);
    ScalarRows.logSoftmax(b, whole);
  }
}
