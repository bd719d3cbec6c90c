package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.INF;
import static io.github.fusedloss.cpu.ScalarMath.LN2_HI;
import static io.github.fusedloss.cpu.ScalarMath.LN2_LO;
import static io.github.fusedloss.cpu.ScalarMath.LOG2E;
import static io.github.fusedloss.cpu.ScalarMath.hi;
import static io.github.fusedloss.cpu.ScalarMath.lo;
import static java.lang.Float.floatToRawIntBits;
import static java.lang.Float.intBitsToFloat;
import static java.lang.Math.abs;
import static java.lang.Math.fma;

/** The work on rows of logits of {@link ScalarKernels}, in loops over a {@link Strip}. */
final class SoftmaxPasses {
  private SoftmaxPasses() {}

  /** False, with nothing done, if a logit is NaN or the maximum infinite. */
  static boolean softmax(
      float[] x, int at, int n, float[] e, int eAt, SoftmaxRow row, Lanes lanes) {
    Strip s = lanes.strip();
    s.extremes(x, at, n);
    float max = s.max();
    if (!(abs(max) < INF)) {
      return false;
    }
    row.reference(max + 0f);
    boolean cut = s.min() < row.cut;
    int ties = 0;
    for (int start = 0; start < n; start += Strip.LENGTH) {
      int m = Math.min(Strip.LENGTH, n - start);
      Strip.load(x, at + start, m, s.x);
      exponentials(s.x, row.shift, row.magic, s.kf, s.hi, m);
      scale(s.hi, s.kf, m);
      if (cut) {
        cut(s.x, row.cut, s.hi, m);
      }
      if (e != null) {
        System.arraycopy(s.hi, 0, e, eAt + start, m);
      }
      ties += ties(s, max, m);
      s.sum(s.hi, s.zero, lanes, start, m);
    }
    row.ties = ties;
    row.rest = s.total(lanes);
    return true;
  }

  /** {@link ScalarMath#expFloat} but for the power of two, whose exponent goes to kf. */
  private static void exponentials(
      float[] x, float shift, float magic, float[] kf, float[] e, int n) {
    for (int i = 0; i < n; i++) {
      float d = x[i] - shift;
      float b = fma(d, LOG2E, magic);
      float k = b - magic;
      float r = fma(-k, LN2_LO, fma(-k, LN2_HI, d));
      kf[i] = b;
      e[i] = ScalarMath.exp(r);
    }
  }

  private static void scale(float[] e, float[] kf, int n) {
    for (int i = 0; i < n; i++) {
      e[i] *= intBitsToFloat(floatToRawIntBits(kf[i]) << 23);
    }
  }

  private static void cut(float[] x, float cut, float[] e, int n) {
    for (int i = 0; i < n; i++) {
      if (x[i] < cut) {
        e[i] = 0f;
      }
    }
  }

  /** How many logits are the maximum; their terms become 0. */
  private static int ties(Strip s, float max, int n) {
    int ties = 0;
    for (int lane = 0; lane < Blocks.LANES; lane++) {
      if (s.most[lane] == max) {
        for (int i = lane; i < n; i += Blocks.LANES) {
          if (s.x[i] == max) {
            ties++;
            s.hi[i] = 0f;
          }
        }
      }
    }
    return ties;
  }

  /** Distances of the logits from the maximum, times w if that is not null. */
  static void smoothing(float[] x, int at, int n, float[] w, int wAt, SoftmaxRow row, Lanes lanes) {
    Strip s = lanes.strip();
    float from = ScalarKernels.from(row);
    for (int start = 0; start < n; start += Strip.LENGTH) {
      int m = Math.min(Strip.LENGTH, n - start);
      Strip.load(x, at + start, m, s.x);
      distances(s.x, from, s.hi, s.lo, m);
      if (w != null) {
        Strip.load(w, wAt + start, m, s.w);
        Strip.multiply(s.hi, s.lo, s.w, s.zero, m);
      }
      s.sum(s.hi, s.lo, lanes, start, m);
    }
    row.distance = s.total(lanes);
  }

  /** {@link SoftmaxRow#distance}. */
  private static void distances(float[] x, float from, float[] hi, float[] lo, int n) {
    float a = from * SoftmaxRow.DISTANCE_SCALE;
    for (int i = 0; i < n; i++) {
      float b = x[i] * -SoftmaxRow.DISTANCE_SCALE;
      float d = a + b;
      float z = d - a;
      hi[i] = d;
      lo[i] = (a - (d - z)) + (b - z);
    }
  }

  /** Sums of weighted probabilities, left in the lanes, and of their products with distances. */
  static void probabilities(
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
    Strip s = lanes.strip();
    float from = ScalarKernels.from(row);
    s.lanes.clear(n, false);
    for (int start = 0; start < n; start += Strip.LENGTH) {
      int m = Math.min(Strip.LENGTH, n - start);
      weighted(q, qAt + start, w, wAt + start, smoothing, s, m);
      s.sum(s.q, s.qLo, lanes, start, m);
      Strip.load(x, at + start, m, s.x);
      distances(s.x, from, s.hi, s.lo, m);
      Strip.multiply(s.hi, s.lo, s.q, s.qLo, m);
      s.sum(s.hi, s.lo, s.lanes, start, m);
    }
    row.distance = s.total(s.lanes);
  }

  /** {@link ScalarKernels#weighted}, left as the strip's q. */
  private static void weighted(
      float[] q, int qAt, float[] w, int wAt, Smoothing smoothing, Strip s, int n) {
    Strip.load(q, qAt, n, s.q);
    System.arraycopy(s.zero, 0, s.qLo, 0, n);
    if (smoothing.present) {
      multiply(s.q, s.qLo, hi(smoothing.keep), lo(smoothing.keep), n);
      add(s.q, s.qLo, hi(smoothing.spread), lo(smoothing.spread), n);
    }
    if (w != null) {
      Strip.load(w, wAt, n, s.w);
      Strip.multiply(s.q, s.qLo, s.w, n);
    }
  }

  private static void multiply(float[] q, float[] qLo, float b, float bLo, int n) {
    for (int i = 0; i < n; i++) {
      float a = q[i];
      float p = a * b;
      q[i] = p;
      qLo[i] = fma(a, bLo, fma(a, b, -p));
    }
  }

  private static void add(float[] hi, float[] lo, float b, float bLo, int n) {
    for (int i = 0; i < n; i++) {
      float a = hi[i];
      float s = a + b;
      float z = s - a;
      hi[i] = s;
      lo[i] = ((a - (s - z)) + (b - z)) + (lo[i] + bLo);
    }
  }
}
