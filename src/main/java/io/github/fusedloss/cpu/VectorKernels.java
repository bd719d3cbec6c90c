package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.EXP_MINUS_MAGIC;
import static io.github.fusedloss.cpu.ScalarMath.INF;
import static io.github.fusedloss.cpu.ScalarMath.LN2_HI;
import static io.github.fusedloss.cpu.ScalarMath.LN2_LO;
import static io.github.fusedloss.cpu.ScalarMath.LOG2E;
import static io.github.fusedloss.cpu.ScalarMath.hi;
import static io.github.fusedloss.cpu.ScalarMath.lo;
import static io.github.fusedloss.cpu.VectorMath.LENGTH;
import static io.github.fusedloss.cpu.VectorMath.SPECIES;
import static io.github.fusedloss.cpu.VectorMath.all;
import static io.github.fusedloss.cpu.VectorMath.canonical;
import static io.github.fusedloss.cpu.VectorMath.error;
import static io.github.fusedloss.cpu.VectorMath.expMinusOne;
import static io.github.fusedloss.cpu.VectorMath.fastError;
import static io.github.fusedloss.cpu.VectorMath.load;
import static io.github.fusedloss.cpu.VectorMath.log1pUnit;
import static io.github.fusedloss.cpu.VectorMath.log1pUnitLo;
import static io.github.fusedloss.cpu.VectorMath.powerOfTwo;
import static io.github.fusedloss.cpu.VectorMath.productError;
import static io.github.fusedloss.cpu.VectorMath.reciprocal12;
import static jdk.incubator.vector.VectorOperators.ADD;
import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LT;
import static jdk.incubator.vector.VectorOperators.MAX;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;

/**
 * The block kernels with the Vector API, bit for bit {@link ScalarKernels}.
 *
 * <p>A sum's lanes are taken a vector at a time, down one stripe (a column: up to 16 vectors, 64
 * elements apart), so that their running sums stay in registers. What is left over behind the last
 * whole vector, short blocks and sums in order go to the scalar code.
 *
 * <p>Long formulas are several passes over one stripe, which stays in the first-level cache:
 * HotSpot stops inlining in the middle of a method of about a hundred vector operations, and from
 * there on allocates every vector.
 */
final class VectorKernels implements BlockKernels {
  private static final int SHORT = Blocks.LANES;

  private final ScalarKernels scalar = new ScalarKernels();

  /** Elements in whole vectors. */
  private static int whole(int n) {
    return n & -LENGTH;
  }

  /** The end of the column that begins at element {@code start}. */
  private static int end(int start, int whole) {
    return Math.min(whole, (start | Blocks.STRIPE - 1) + 1);
  }

  /** The first element of the next column. */
  private static int next(int start) {
    int next = start + LENGTH;
    return next % Blocks.LANES == 0 ? next - Blocks.LANES + Blocks.STRIPE : next;
  }

  @Override
  public long bceWithLogits(BceBlock b, Lanes lanes) {
    if (b.n < SHORT) {
      return scalar.bceWithLogits(b, lanes);
    }
    lanes.clear(b.n, false);
    int whole = whole(b.n);
    boolean finite = true;
    for (int stripe = 0; stripe < whole; stripe += Blocks.STRIPE) {
      int n = Math.min(Blocks.STRIPE, whole - stripe);
      exp(b.x, b.xAt + stripe, n, lanes.e, lanes.eLo);
      log1p(lanes.e, lanes.eLo, n, lanes.log, lanes.logLo);
      for (int column = 0; column < Math.min(n, Blocks.LANES); column += LENGTH) {
        finite &=
            b.posWeight == null
                ? losses(b, stripe, column, n, lanes)
                : weightedLosses(b, stripe, column, n, lanes);
      }
      if (b.gradient != null) {
        gradients(b, stripe, n, lanes);
      }
    }
    if (!finite) {
      return scalar.bceWithLogits(b, lanes);
    }
    ScalarKernels.bceWithLogits(b, whole, lanes);
    return lanes.total();
  }

  /** exp(-|x|), pairs. */
  private static void exp(float[] xs, int at, int n, float[] hi, float[] lo) {
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector a = load(xs, at + i).abs();
      a = a.blend(104f, a.compare(GT, 104f));
      FloatVector kf = a.fma(all(-LOG2E), all(EXP_MINUS_MAGIC));
      FloatVector minusK = all(EXP_MINUS_MAGIC).sub(kf);
      FloatVector scale = powerOfTwo(kf).mul(0x1p-64f);
      FloatVector r = minusK.fma(all(LN2_LO), minusK.fma(all(LN2_HI), a.neg()));
      FloatVector p = expMinusOne(r);
      FloatVector e = p.fma(scale, scale);
      e.intoArray(hi, i);
      p.fma(scale, scale.sub(e)).intoArray(lo, i);
    }
  }

  /** log(1 + e + eLo), pairs. */
  private static void log1p(float[] es, float[] esLo, int n, float[] hi, float[] lo) {
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector e = load(es, i);
      FloatVector l = log1pUnit(e);
      l.intoArray(hi, i);
      log1pUnitLo(e, load(esLo, i), l).intoArray(lo, i);
    }
  }

  /**
   * One column; false if a loss is infinite or NaN, which shows in the sum, and which the scalar
   * code then judges.
   */
  private static boolean losses(BceBlock b, int stripe, int column, int n, Lanes lanes) {
    FloatVector sumHi = FloatVector.zero(SPECIES);
    FloatVector sumLo = FloatVector.zero(SPECIES);
    float[] weights = b.w;
    float[] losses = b.loss;
    for (int j = column; j < n; j += Blocks.LANES) {
      int i = stripe + j;
      FloatVector x = load(b.x, b.xAt + i);
      FloatVector t = load(b.t, b.tAt + i);
      FloatVector l = load(lanes.log, j);
      FloatVector p = t.neg().fma(x, FloatVector.zero(SPECIES).blend(x, x.compare(GT, 0f)));
      FloatVector s = p.add(l);
      FloatVector sLo = error(p, l, s).add(load(lanes.logLo, j));
      FloatVector value = s.add(sLo);
      FloatVector valueLo = fastError(s, sLo, value);
      if (weights != null) {
        FloatVector w = load(weights, b.wAt + i);
        FloatVector product = value.mul(w);
        valueLo = valueLo.fma(w, productError(value, w, product));
        value = product;
      }
      FloatVector sum = sumHi.add(value);
      sumLo = sumLo.add(error(sumHi, value, sum).add(valueLo));
      sumHi = sum;
      if (losses != null) {
        (weights == null ? value : value.add(valueLo)).intoArray(losses, b.lossAt + i);
      }
    }
    keep(sumHi, sumLo, stripe + column, lanes);
    return sumHi.abs().compare(LT, INF).allTrue();
  }

  /** The same with positive weight. */
  private static boolean weightedLosses(BceBlock b, int stripe, int column, int n, Lanes lanes) {
    FloatVector sumHi = FloatVector.zero(SPECIES);
    FloatVector sumLo = FloatVector.zero(SPECIES);
    float[] weights = b.w;
    float[] losses = b.loss;
    for (int j = column; j < n; j += Blocks.LANES) {
      int i = stripe + j;
      FloatVector x = load(b.x, b.xAt + i);
      FloatVector t = load(b.t, b.tAt + i);
      FloatVector pw = load(b.posWeight, b.posWeightAt + i);
      FloatVector ax = x.abs();
      VectorMask<Float> positive = x.compare(GE, 0f);
      FloatVector u = all(1f).sub(t);
      FloatVector uLo = t.neg().sub(u.sub(1f));
      FloatVector pt = t.mul(pw);
      FloatVector ptLo = productError(t, pw, pt);
      FloatVector f = pt.blend(u, positive);
      FloatVector p = f.mul(ax);
      FloatVector pLo = ptLo.blend(uLo, positive).fma(ax, productError(f, ax, p));
      FloatVector both = u.add(pt);
      FloatVector bothLo = error(u, pt, both).add(uLo.add(ptLo));
      FloatVector l = load(lanes.log, j);
      FloatVector lLo = load(lanes.logLo, j);
      FloatVector ln = l.add(lLo);
      FloatVector lnLo = fastError(l, lLo, ln);
      FloatVector q = ln.mul(both);
      FloatVector qLo = productError(ln, both, q).add(ln.fma(bothLo, lnLo.mul(both)));
      FloatVector s = p.add(q);
      FloatVector sLo = error(p, q, s).add(pLo.add(qLo));
      FloatVector value = s.add(sLo);
      FloatVector valueLo = fastError(s, sLo, value);
      if (weights != null) {
        FloatVector w = load(weights, b.wAt + i);
        FloatVector product = value.mul(w);
        valueLo = valueLo.fma(w, productError(value, w, product));
        value = product;
      }
      FloatVector sum = sumHi.add(value);
      sumLo = sumLo.add(error(sumHi, value, sum).add(valueLo));
      sumHi = sum;
      if (losses != null) {
        (weights == null ? value : value.add(valueLo)).intoArray(losses, b.lossAt + i);
      }
    }
    keep(sumHi, sumLo, stripe + column, lanes);
    return sumHi.abs().compare(LT, INF).allTrue();
  }

  private static void gradients(BceBlock b, int stripe, int n, Lanes lanes) {
    float[] weights = b.w;
    float[] posWeights = b.posWeight;
    float[] upstream = b.upstream;
    FloatVector scale = all(b.scale);
    for (int j = 0; j < n; j += LENGTH) {
      int i = stripe + j;
      FloatVector t = load(b.t, b.tAt + i);
      FloatVector e = load(lanes.e, j);
      FloatVector u = all(1f).sub(t);
      FloatVector pt = posWeights == null ? t : t.mul(load(posWeights, b.posWeightAt + i));
      FloatVector minus = pt.neg();
      VectorMask<Float> positive = load(b.x, b.xAt + i).compare(GE, 0f);
      FloatVector n1 = minus.blend(u, positive);
      FloatVector n2 = u.blend(minus, positive);
      FloatVector r = reciprocal12(e.add(1f));
      FloatVector g = r.mul(n2.fma(e.add(load(lanes.eLo, j)), n1));
      if (weights != null) {
        g = g.mul(load(weights, b.wAt + i));
      }
      g = g.mul(upstream == null ? scale : scale.mul(load(upstream, b.upstreamAt + i)));
      canonical(g).intoArray(b.gradient, b.gradientAt + i);
    }
  }

  /** Puts a column's sums where they belong. */
  private static void keep(FloatVector hi, FloatVector lo, int start, Lanes lanes) {
    int lane = Blocks.lane(start);
    hi.intoArray(lanes.hi, lane);
    lo.intoArray(lanes.lo, lane);
  }

  @Override
  public long bce(BceBlock b, Lanes lanes) {
    return scalar.bce(b, lanes);
  }

  @Override
  public boolean inUnitInterval(float[] x, int at, int n) {
    int whole = whole(n);
    for (int i = 0; i < whole; i += LENGTH) {
      FloatVector v = load(x, at + i);
      if (!v.compare(GE, 0f).and(v.compare(GT, 1f).not()).allTrue()) {
        return false;
      }
    }
    return scalar.inUnitInterval(x, at + whole, n - whole);
  }

  @Override
  public void sigmoid(float[] x, int at, int n, float[] out, int outAt, Lanes lanes) {
    int whole = whole(n);
    for (int stripe = 0; stripe < whole; stripe += Blocks.STRIPE) {
      int count = Math.min(Blocks.STRIPE, whole - stripe);
      exp(x, at + stripe, count, lanes.e, lanes.eLo);
      sigmoid(x, at + stripe, count, out, outAt + stripe, lanes.e, lanes.eLo);
    }
    scalar.sigmoid(x, at + whole, n - whole, out, outAt + whole, lanes);
  }

  private static void sigmoid(
      float[] x, int at, int n, float[] out, int outAt, float[] es, float[] esLo) {
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector e = load(es, i);
      FloatVector eLo = load(esLo, i);
      FloatVector y = e.add(1f);
      FloatVector yLo = all(1f).sub(y).add(e).add(eLo);
      FloatVector r = reciprocal12(y);
      FloatVector rest = yLo.neg().fma(r, y.neg().fma(r, all(1f)));
      r = r.fma(rest, r);
      FloatVector m = e.add(eLo).mul(r);
      FloatVector minus = m.neg();
      rest = minus.fma(y, e).add(minus.fma(yLo, eLo));
      m = rest.fma(r, m);
      canonical(m.blend(r, load(x, at + i).compare(GE, 0f))).intoArray(out, outAt + i);
    }
  }

  @Override
  public long sum(float[] x, int at, int n, Lanes lanes) {
    lanes.clear(n, false);
    addAll(x, at, n, lanes);
    return lanes.total();
  }

  /** Adds n values to lanes just cleared, not in order. */
  private static void addAll(float[] x, int at, int n, Lanes lanes) {
    int whole = n < SHORT ? 0 : whole(n);
    for (int start = 0; start < whole; start = next(start)) {
      int end = end(start, whole);
      FloatVector sumHi = FloatVector.zero(SPECIES);
      FloatVector sumLo = FloatVector.zero(SPECIES);
      for (int i = start; i < end; i += Blocks.LANES) {
        FloatVector v = load(x, at + i);
        FloatVector sum = sumHi.add(v);
        sumLo = sumLo.add(error(sumHi, v, sum));
        sumHi = sum;
      }
      keep(sumHi, sumLo, start, lanes);
    }
    for (int i = whole; i < n; i++) {
      lanes.add(i, x[at + i], 0f);
    }
  }

  @Override
  public float max(float[] x, int at, int n) {
    int whole = whole(n);
    if (whole == 0) {
      return scalar.max(x, at, n);
    }
    IntVector max = VectorMath.sortable(load(x, at).reinterpretAsInts());
    IntVector magnitude = max.broadcast(0);
    for (int i = 0; i < whole; i += LENGTH) {
      IntVector bits = load(x, at + i).reinterpretAsInts();
      max = max.max(VectorMath.sortable(bits));
      magnitude = magnitude.max(bits.and(Integer.MAX_VALUE));
    }
    if (magnitude.reduceLanes(MAX) > 0x7f800000) {
      return Float.NaN;
    }
    int key = max.reduceLanes(MAX);
    float most = Float.intBitsToFloat(key ^ (key >> 31 & Integer.MAX_VALUE));
    return whole == n ? most : Math.max(most, scalar.max(x, at + whole, n - whole));
  }

  @Override
  public void softmax(float[] x, int at, int n, float[] e, int eAt, SoftmaxRow row, Lanes lanes) {
    if (row.inOrder || n < SHORT) {
      scalar.softmax(x, at, n, e, eAt, row, lanes);
      return;
    }
    float max = max(x, at, n);
    row.reference(max == max ? max + 0f : ScalarKernels.maxOfNumbers(x, at, n));
    lanes.clear(n, false);
    int whole = whole(n);
    float ties = 0f;
    for (int start = 0; start < whole; start = next(start)) {
      ties += exponentials(x, at, start, end(start, whole), e, eAt, row, lanes);
    }
    row.ties = ties + ScalarKernels.softmax(x, at, whole, n, e, eAt, row, lanes);
    row.rest = lanes.total();
  }

  /** One column; how many are ties. */
  private static float exponentials(
      float[] x, int at, int start, int end, float[] e, int eAt, SoftmaxRow row, Lanes lanes) {
    FloatVector ties = FloatVector.zero(SPECIES);
    FloatVector sumHi = FloatVector.zero(SPECIES);
    FloatVector sumLo = FloatVector.zero(SPECIES);
    FloatVector magic = all(row.magic);
    for (int i = start; i < end; i += Blocks.LANES) {
      FloatVector v = load(x, at + i);
      FloatVector term = VectorMath.expFloat(v.sub(row.shift), magic);
      term = term.blend(0f, v.compare(LT, row.cut));
      if (e != null) {
        term.intoArray(e, eAt + i);
      }
      VectorMask<Float> tie = v.compare(EQ, row.max);
      ties = ties.add(FloatVector.zero(SPECIES).blend(1f, tie));
      term = term.blend(0f, tie);
      FloatVector sum = sumHi.add(term);
      sumLo = sumLo.add(error(sumHi, term, sum));
      sumHi = sum;
    }
    keep(sumHi, sumLo, start, lanes);
    return ties.reduceLanes(ADD);
  }

  @Override
  public void smoothing(float[] x, int at, int n, float[] w, int wAt, SoftmaxRow row, Lanes lanes) {
    if (row.inOrder || n < SHORT) {
      scalar.smoothing(x, at, n, w, wAt, row, lanes);
      return;
    }
    row.mass = w == null ? ScalarMath.pair(n, 0f) : sum(w, wAt, n, lanes);
    lanes.clear(n, false);
    int whole = whole(n);
    FloatVector from = all(ScalarKernels.from(row));
    FloatVector one = all(1f);
    for (int start = 0; start < whole; start = next(start)) {
      int end = end(start, whole);
      FloatVector sumHi = FloatVector.zero(SPECIES);
      FloatVector sumLo = FloatVector.zero(SPECIES);
      for (int i = start; i < end; i += Blocks.LANES) {
        FloatVector minus = load(x, at + i).neg();
        FloatVector d = from.add(minus);
        FloatVector dLo = error(from, minus, d);
        FloatVector p = w == null ? one : load(w, wAt + i);
        FloatVector product = d.mul(p);
        FloatVector lo = productError(d, p, product).add(d.fma(all(0f), dLo.mul(p)));
        VectorMask<Float> none = p.compare(EQ, 0f);
        product = product.blend(0f, none);
        FloatVector sum = sumHi.add(product);
        sumLo = sumLo.add(error(sumHi, product, sum).add(lo.blend(0f, none)));
        sumHi = sum;
      }
      keep(sumHi, sumLo, start, lanes);
    }
    ScalarKernels.smoothing(x, at, whole, n, w, wAt, row, lanes);
    row.distance = lanes.total();
  }

  @Override
  public void probabilities(
      float[] x,
      int at,
      int n,
      float[] q,
      int qAt,
      float[] w,
      int wAt,
      Smoothing smoothing,
      SoftmaxRow row,
      Lanes lanes) {
    scalar.probabilities(x, at, n, q, qAt, w, wAt, smoothing, row, lanes);
  }

  @Override
  public void scale(float[] g, int at, int n, float coefficient) {
    int whole = whole(n);
    for (int i = 0; i < whole; i += LENGTH) {
      canonical(load(g, at + i).mul(coefficient)).intoArray(g, at + i);
    }
    scalar.scale(g, at + whole, n - whole, coefficient);
  }

  @Override
  public void scaleSmoothing(
      float[] g, int at, int n, float coefficient, float spread, float[] w, int wAt) {
    int whole = whole(n);
    FloatVector c = all(coefficient);
    FloatVector minus = all(-spread);
    for (int i = 0; i < whole; i += LENGTH) {
      FloatVector b = w == null ? minus : minus.mul(load(w, wAt + i));
      canonical(load(g, at + i).fma(c, b)).intoArray(g, at + i);
    }
    scalar.scaleSmoothing(g, at + whole, n - whole, coefficient, spread, w, wAt + whole);
  }

  @Override
  public void scaleProbabilities(
      float[] g,
      int at,
      int n,
      float coefficient,
      float top,
      float below,
      long mass,
      float scale,
      float[] q,
      int qAt,
      float[] w,
      int wAt,
      Smoothing smoothing) {
    scalar.scaleProbabilities(
        g, at, n, coefficient, top, below, mass, scale, q, qAt, w, wAt, smoothing);
  }

  @Override
  public void logSoftmax(float[] x, int at, int n, float[] out, int outAt, float max, long log) {
    int whole = whole(n);
    FloatVector minusMax = all(-max);
    FloatVector minusLog = all(-hi(log));
    for (int i = 0; i < whole; i += LENGTH) {
      FloatVector v = load(x, at + i);
      FloatVector d = v.add(minusMax);
      FloatVector s = d.add(minusLog);
      FloatVector dLo = error(v, minusMax, d).sub(lo(log));
      FloatVector exact = s.add(error(d, minusLog, s).add(dLo));
      // Where s is infinite, its error is NaN.
      FloatVector safe = canonical(s).blend(exact, s.abs().compare(LT, INF));
      safe.intoArray(out, outAt + i);
    }
    scalar.logSoftmax(x, at + whole, n - whole, out, outAt + whole, max, log);
  }
}
