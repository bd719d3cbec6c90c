package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.VectorMath.LENGTH;
import static io.github.fusedloss.cpu.VectorMath.SPECIES;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;
import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** The softmax of a block of a row for {@link VectorKernels}; of tiles: {@link VectorTile}. */
final class VectorSoftmax {
  private float[] x;
  private int at;
  private float[] e;
  private int eAt;
  private SoftmaxRow row;
  private int n;
  private float max;
  private int ties;

  private static final VectorPasses<VectorSoftmax> MAX = new VectorPasses<>(VectorSoftmax::max);

  private static final VectorPasses<VectorSoftmax> SUMS =
      new VectorPasses<>(VectorSoftmax::exponentials, VectorSoftmax::rest);

  static void softmax(float[] x, int at, int n, float[] e, int eAt, SoftmaxRow row, Lanes lanes) {
    VectorSoftmax v = new VectorSoftmax();
    v.x = x;
    v.at = at;
    v.e = e;
    v.eAt = eAt;
    v.row = row;
    v.n = n;
    int whole = n & -LENGTH;
    MAX.whole(v, lanes, whole);
    float max = v.max;
    for (int i = whole; i < n; i++) {
      max = x[at + i] > max ? x[at + i] : max;
    }
    row.reference(max + 0f);
    lanes.clear(n, false);
    SUMS.run(v, lanes, whole);
    row.ties = v.ties + ScalarKernels.softmax(x, at, whole, n, e, eAt, row, lanes);
    row.rest = VectorKernels.total(lanes);
  }

  /** The largest value that is not NaN. */
  private static void max(VectorSoftmax block, Lanes lanes, int start, int n) {
    float[] x = block.x;
    int at = block.at;
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

  private static void exponentials(VectorSoftmax b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    SoftmaxRow row = b.row;
    float[] x = b.x;
    int at = b.at + start;
    float[] e = b.e == null ? s.e : b.e;
    int eAt = b.e == null ? 0 : b.eAt + start;
    int next = VectorMath.next(x, at, b.n);
    float touched = 0f;
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
      touched += x[next + i];
      FloatVector v = fromArray(SPECIES, x, at + i);
      FloatVector d = v.sub(shift);
      FloatVector kf = d.fma(log2e, magic);
      FloatVector k = kf.sub(magic);
      FloatVector r = k.fma(minusLn2Lo, k.fma(minusLn2Hi, d));
      FloatVector q = exp6.fma(r, exp5).fma(r, exp4).fma(r, exp3).fma(r, exp2);
      FloatVector power = kf.reinterpretAsInts().lanewise(LSHL, 23).reinterpretAsFloats();
      FloatVector term = q.fma(r, one).fma(r, one).mul(power);
      term.blend(zero, v.compare(LT, cut)).intoArray(e, eAt + i);
    }
    s.touched = touched;
  }

  /** Adds all but the maximum to the lanes, and counts that. */
  private static void rest(VectorSoftmax b, Lanes lanes, int start, int n) {
    float[] x = b.x;
    int at = b.at + start;
    float[] e = b.e == null ? lanes.strip().e : b.e;
    int eAt = b.e == null ? 0 : b.eAt + start;
    int lane = Blocks.lane(start);
    float[] sumHi = lanes.hi;
    float[] sumLo = lanes.lo;
    FloatVector max = broadcast(SPECIES, b.row.max);
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
    b.ties += ties;
  }
}
