package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.VectorMath.LENGTH;
import static io.github.fusedloss.cpu.VectorMath.SPECIES;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;
import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LT;
import static jdk.incubator.vector.VectorOperators.MAX;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/** The softmax of {@link VectorKernels}, of a block of a row; of tiles: {@link VectorTile}. */
final class VectorSoftmax {
  private VectorSoftmax() {}

  private static final FloatVector ROUND_TO_INT = broadcast(SPECIES, ScalarMath.ROUND_TO_INT);
  private static final FloatVector MAGIC = broadcast(SPECIES, SoftmaxRow.MAGIC);

  static void softmax(float[] x, int at, int n, float[] e, int eAt, SoftmaxRow row, Lanes lanes) {
    int whole = n & -LENGTH;
    float max = max(x, at, whole);
    for (int i = whole; i < n; i++) {
      max = x[at + i] > max ? x[at + i] : max;
    }
    row.reference(max + 0f);
    lanes.clear(n, false);
    int ties = 0;
    for (int i = 0; i < whole; i += Strip.LENGTH) {
      int m = Math.min(Strip.LENGTH, whole - i);
      float[] to = e == null ? lanes.strip().e : e;
      int toAt = e == null ? 0 : eAt + i;
      exponentials(x, at + i, m, to, toAt, row);
      ties += rest(x, at + i, m, to, toAt, row.max, lanes, Blocks.lane(i));
    }
    row.ties = ties + ScalarKernels.softmax(x, at, whole, n, e, eAt, row, lanes);
    row.rest = VectorKernels.total(lanes);
  }

  /** The largest value that is not NaN. */
  private static float max(float[] x, int at, int n) {
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
    return a.max(b).max(c.max(d)).reduceLanes(MAX);
  }

  private static void exponentials(float[] x, int at, int n, float[] e, int eAt, SoftmaxRow row) {
    FloatVector magic = broadcast(SPECIES, row.magic);
    FloatVector shift = broadcast(SPECIES, row.shift);
    FloatVector cut = broadcast(SPECIES, row.cut);
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
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector v = fromArray(SPECIES, x, at + i);
      FloatVector d = v.sub(shift);
      FloatVector kf = d.fma(log2e, magic);
      FloatVector k = kf.sub(magic);
      FloatVector r = k.fma(minusLn2Lo, k.fma(minusLn2Hi, d));
      FloatVector q = exp6.fma(r, exp5).fma(r, exp4).fma(r, exp3).fma(r, exp2);
      FloatVector power = kf.reinterpretAsInts().lanewise(LSHL, 23).reinterpretAsFloats();
      FloatVector term = r.mul(r).fma(q, r).add(one).mul(power);
      term.blend(zero, v.compare(LT, cut)).intoArray(e, eAt + i);
    }
  }

  /** Adds all but the maximum to the lanes from this one on; how many are ties. */
  private static int rest(
      float[] x, int at, int n, float[] e, int eAt, float most, Lanes lanes, int lane) {
    float[] sumHi = lanes.hi;
    float[] sumLo = lanes.lo;
    FloatVector max = broadcast(SPECIES, most);
    FloatVector zero = broadcast(SPECIES, 0f);
    int ties = 0;
    for (int first = 0; first < Blocks.LANES; first += LENGTH) {
      FloatVector sum = fromArray(SPECIES, sumHi, lane + first);
      FloatVector lo = fromArray(SPECIES, sumLo, lane + first);
      for (int i = first; i < n; i += Blocks.LANES) {
        VectorMask<Float> tie = fromArray(SPECIES, x, at + i).compare(EQ, max);
        ties += tie.trueCount();
        FloatVector term = fromArray(SPECIES, e, eAt + i).blend(zero, tie);
        FloatVector more = sum.add(term);
        FloatVector z = more.sub(sum);
        lo = lo.add(sum.sub(more.sub(z)).add(term.sub(z)));
        sum = more;
      }
      sum.intoArray(sumHi, lane + first);
      lo.intoArray(sumLo, lane + first);
    }
    return ties;
  }
}
