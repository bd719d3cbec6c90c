package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.INF;
import static io.github.fusedloss.cpu.ScalarMath.LN2_HI;
import static io.github.fusedloss.cpu.ScalarMath.LN2_LO;
import static io.github.fusedloss.cpu.ScalarMath.LOG2E;
import static java.lang.Float.floatToRawIntBits;
import static java.lang.Float.intBitsToFloat;
import static java.lang.Math.abs;
import static java.lang.Math.fma;

import java.util.Arrays;

/** The work on tiles of {@link ScalarKernels}, in loops over the rows, for one class at a time. */
final class TilePasses {
  private TilePasses() {}

  /** False, with nothing of meaning done, if a row has a NaN or no finite maximum. */
  static boolean softmax(RowTile tile, boolean keep, Lanes lanes) {
    Strip s = lanes.strip();
    int n = tile.stride;
    Arrays.fill(s.q, 0, n, Float.NEGATIVE_INFINITY);
    Arrays.fill(s.g, 0, n, Float.POSITIVE_INFINITY);
    for (int at = 0; at < tile.end(); at += n) {
      Strip.load(tile.x, at, n, s.x);
      Strip.widen(s.x, s.q, s.g, n);
    }
    boolean cut = false;
    for (int t = 0; t < tile.rows; t++) {
      if (!(abs(s.q[t]) < INF)) {
        return false;
      }
      cut |= s.g[t] < SoftmaxRow.cut(s.q[t]);
    }
    for (int t = 0; t < n; t++) {
      tile.row.reference(s.q[t] + 0f);
      tile.max[t] = tile.row.max;
      tile.shift[t] = tile.row.shift;
      tile.magic[t] = tile.row.magic;
      tile.cut[t] = tile.row.cut;
    }
    Arrays.fill(tile.ties, 0, n, 0f);
    Arrays.fill(tile.restHi, 0, n, 0f);
    Arrays.fill(tile.restLo, 0, n, 0f);
    for (int at = 0; at < tile.end(); at += n) {
      Strip.load(tile.x, at, n, s.x);
      exponentials(s.x, tile.shift, tile.magic, s.kf, s.hi, n);
      Strip.powersOfTwo(s.kf, s.power, n);
      Strip.multiply(s.hi, s.power, n);
      if (cut) {
        cut(s.x, tile.cut, s.hi, n);
      }
      if (keep) {
        System.arraycopy(s.hi, 0, tile.e, at, n);
      }
      ties(s.x, tile.max, s.hi, tile.ties, n);
      sum(s.hi, tile.restHi, tile.restLo, n);
    }
    Strip.fastTwoSum(tile.restHi, tile.restLo, n);
    finish(tile, s, n);
    return true;
  }

  /** {@link SoftmaxRow#finish} of numbers. */
  private static void finish(RowTile tile, Strip s, int n) {
    tops(tile.max, tile.shift, tile.magic, s.e, s.eLo, n);
    below(tile.restHi, tile.restLo, s.e, s.eLo, s.hi, s.lo, n);
    add(tile.ties, -1f, s.hi, s.lo, s.u, s.uLo, n);
    add(s.zero, 1f, s.u, s.uLo, s.q, s.qLo, n);
    reduce(s.q, s.qLo, s.u, s.uLo, s.f, s.fLo, s.kf, n);
    multiply(s.e, s.eLo, s.q, s.qLo, tile.totalHi, tile.totalLo, n);
    multiply(s.e, s.eLo, s.u, s.uLo, tile.othersHi, tile.othersLo, n);
    s.logarithms(tile.logHi, tile.logLo, n);
  }

  /**
   * {@link BlockKernels#scale(RowTile, Lanes)}; false, with nothing done, if a coefficient is no
   * number.
   */
  static boolean scale(RowTile tile, Lanes lanes) {
    for (int t = 0; t < tile.rows; t++) {
      if (!(abs(tile.coefficient[t]) < INF)) {
        return false;
      }
    }
    Strip s = lanes.strip();
    int n = tile.stride;
    for (int at = 0; at < tile.end(); at += n) {
      Strip.load(tile.e, at, n, s.e);
      Strip.multiply(s.e, tile.coefficient, n);
      System.arraycopy(s.e, 0, tile.e, at, n);
    }
    return true;
  }

  /** {@link ScalarMath#expFloat} but for the power of two, whose exponent goes to kf. */
  private static void exponentials(
      float[] x, float[] shift, float[] magic, float[] kf, float[] e, int n) {
    for (int i = 0; i < n; i++) {
      float d = x[i] - shift[i];
      float b = fma(d, LOG2E, magic[i]);
      float k = b - magic[i];
      float r = fma(-k, LN2_LO, fma(-k, LN2_HI, d));
      kf[i] = b;
      e[i] = ScalarMath.exp(r);
    }
  }

  private static void cut(float[] x, float[] cut, float[] e, int n) {
    for (int i = 0; i < n; i++) {
      if (x[i] < cut[i]) {
        e[i] = 0f;
      }
    }
  }

  /** The terms of logits that are the maximum become 0, and are counted. */
  private static void ties(float[] x, float[] max, float[] e, float[] ties, int n) {
    for (int i = 0; i < n; i++) {
      float other = Strip.positive(max[i] - x[i]);
      e[i] *= other;
      ties[i] += 1f - other;
    }
  }

  /** {@link Blocks#accumulate}, a lane for each row. */
  private static void sum(float[] v, float[] sumHi, float[] sumLo, int n) {
    for (int i = 0; i < n; i++) {
      float a = sumHi[i];
      float b = v[i];
      float s = a + b;
      float z = s - a;
      sumHi[i] = s;
      sumLo[i] += (a - (s - z)) + (b - z);
    }
  }

  /** 2^32 exp(max - reference). */
  private static void tops(
      float[] max, float[] shift, float[] magic, float[] top, float[] topLo, int n) {
    for (int t = 0; t < n; t++) {
      float k = SoftmaxRow.MAGIC - magic[t];
      float r = fma(-k, LN2_HI, max[t] - shift[t]);
      float head = 1.0f + r;
      float rest = fma(r * r, ScalarMath.expTail(r), r - (head - 1.0f));
      rest = fma(k * -LN2_LO, head + rest, rest);
      float hi = head + rest;
      top[t] = hi * 0x1p32f;
      topLo[t] = (rest - (hi - head)) * 0x1p32f;
    }
  }

  /** rest / top. */
  private static void below(
      float[] rest, float[] restLo, float[] top, float[] topLo, float[] hi, float[] lo, int n) {
    for (int t = 0; t < n; t++) {
      float h = top[t] * 0x1p-32f;
      float twice = 1f + Strip.positive(1f - h);
      float inverse = ScalarMath.reciprocal12(h * twice) * twice * 0x1p-32f;
      float q = rest[t] * inverse;
      float remainder = fma(-q, top[t], rest[t]) + fma(-q, topLo[t], restLo[t]);
      float b = remainder * inverse;
      float s = q + b;
      hi[t] = s;
      lo[t] = b - (s - q);
    }
  }

  /** (v + add) + pair, where v + add is exact and not the smaller. */
  private static void add(
      float[] v, float add, float[] hi, float[] lo, float[] sum, float[] sumLo, int n) {
    for (int t = 0; t < n; t++) {
      float a = v[t] + add;
      float b = hi[t];
      float s = a + b;
      float z = s - a;
      float rest = ((a - (s - z)) + (b - z)) + lo[t];
      float r = s + rest;
      sum[t] = r;
      sumLo[t] = rest - (r - s);
    }
  }

  /** What {@link ScalarMath#log1pPair} does to y = 1 + u before {@link ScalarMath#logCore}. */
  private static void reduce(
      float[] y, float[] yLo, float[] u, float[] uLo, float[] f, float[] fLo, float[] kf, int n) {
    for (int t = 0; t < n; t++) {
      int bits = floatToRawIntBits(y[t]);
      int k = bits - 0x3f2aaaab >> 23;
      int shift = k << 23;
      f[t] = k == 0 ? u[t] : intBitsToFloat(bits - shift) - 1.0f;
      fLo[t] = k == 0 ? uLo[t] : yLo[t] * intBitsToFloat(0x3f800000 - shift);
      kf[t] = k;
    }
  }

  /** {@link ScalarMath#multiply(long, long)} of numbers. */
  private static void multiply(
      float[] a, float[] aLo, float[] b, float[] bLo, float[] product, float[] productLo, int n) {
    System.arraycopy(a, 0, product, 0, n);
    System.arraycopy(aLo, 0, productLo, 0, n);
    Strip.multiply(product, productLo, b, bLo, n);
    Strip.fastTwoSum(product, productLo, n);
  }
}
