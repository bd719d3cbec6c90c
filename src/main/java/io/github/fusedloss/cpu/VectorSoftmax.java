package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.VectorMath.LENGTH;
import static io.github.fusedloss.cpu.VectorMath.SPECIES;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;
import static jdk.incubator.vector.VectorOperators.GT;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The softmax of a block of a row for {@link VectorKernels}; {@link VectorTile} computes that of
 * tiles.
 */
final class VectorSoftmax {
  private VectorSoftmax() {}

  private static final VectorPasses<RowBlock> MAX = new VectorPasses<>(VectorSoftmax::max);
  private static final VectorPasses<RowBlock> TIES = new VectorPasses<>(VectorSoftmax::ties);

  static void softmax(RowBlock b, Lanes lanes) {
    SoftmaxRow row = b.row;
    int whole = VectorMath.whole(b.n);
    MAX.whole(b, lanes, whole);
    float max = b.max;
    for (int i = whole; i < b.n; i++) {
      float v = b.x[b.xAt + i];
      max = v > max ? v : max;
    }
    GeneratedRows.reference(max + 0f, row);
    b.of(row);
    lanes.clear(b.n, false);
    Arrays.fill(lanes.strip().ties, 0f);
    GeneratedTermsVectors.PASSES.run(b, lanes, whole);
    TIES.whole(b, lanes, Blocks.LANES);
    row.ties += ScalarRows.softmax(b, whole, lanes);
    row.rest = VectorSums.total(lanes);
  }

  /** Adds up the ties of all lanes; they are small integers, so that the order does not matter. */
  private static void ties(RowBlock block, Lanes lanes, int start, int n) {
    float[] ties = lanes.strip().ties;
    FloatVector sum = broadcast(SPECIES, 0f);
    for (int i = 0; i < n; i += LENGTH) {
      sum = sum.add(fromArray(SPECIES, ties, i));
    }
    block.row.ties = sum.reduceLanes(VectorOperators.ADD);
  }

  /** Finds the largest value that is not NaN. */
  private static void max(RowBlock block, Lanes lanes, int start, int n) {
    float[] x = block.x;
    int at = block.xAt;
    FloatVector a = broadcast(SPECIES, Float.NEGATIVE_INFINITY);
    FloatVector b = a;
    FloatVector c = a;
    FloatVector d = a;
    int i = 0;
    for (; i <= n - 4 * LENGTH; i += 4 * LENGTH) {
      FloatVector v = fromArray(SPECIES, x, at + i);
      FloatVector w = fromArray(SPECIES, x, at + i + LENGTH);
      FloatVector y = fromArray(SPECIES, x, at + i + 2 * LENGTH);
      FloatVector z = fromArray(SPECIES, x, at + i + 3 * LENGTH);
      a = a.blend(v, v.compare(GT, a));
      b = b.blend(w, w.compare(GT, b));
      c = c.blend(y, y.compare(GT, c));
      d = d.blend(z, z.compare(GT, d));
    }
    for (; i < n; i += LENGTH) {
      FloatVector v = fromArray(SPECIES, x, at + i);
      a = a.blend(v, v.compare(GT, a));
    }
    block.max = a.max(b).max(c.max(d)).reduceLanes(VectorOperators.MAX);
  }
}
