package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.INF;
import static io.github.fusedloss.cpu.ScalarMath.LN2_HI;
import static io.github.fusedloss.cpu.ScalarMath.LN2_LO;
import static io.github.fusedloss.cpu.ScalarMath.LOG2E;
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
    for (int t = 0; t < tile.rows; t++) {
      if (!(abs(s.q[t]) < INF)) {
        return false;
      }
    }
    for (int t = 0; t < n; t++) {
      tile.max[t] = s.q[t] + 0f;
    }
    GeneratedReferencesStrips.run(tile, lanes, 0, n);
    boolean cut = false;
    for (int t = 0; t < tile.rows; t++) {
      cut |= s.g[t] < tile.cut[t];
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
    GeneratedRowEndsStrips.run(tile, lanes, 0, n);
    return true;
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
}
