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
    Arrays.fill(s.largest, 0, n, Float.NEGATIVE_INFINITY);
    Arrays.fill(s.smallest, 0, n, Float.POSITIVE_INFINITY);
    for (int at = 0; at < tile.end(); at += n) {
      Strip.load(tile.x, at, n, s.logits);
      Strip.widen(s.logits, s.largest, s.smallest, n);
    }
    boolean cut = false;
    for (int t = 0; t < tile.rows; t++) {
      if (!(abs(s.largest[t]) < INF)) {
        return false;
      }
      cut |= s.smallest[t] < SoftmaxRow.cut(s.largest[t]);
    }
    for (int t = 0; t < n; t++) {
      tile.row.reference(s.largest[t] + 0f);
      tile.max[t] = tile.row.max;
      tile.shift[t] = tile.row.shift;
      tile.exponent[t] = tile.row.exponent;
      tile.magic[t] = tile.row.magic;
      tile.cut[t] = tile.row.cut;
    }
    Arrays.fill(tile.ties, 0, n, 0f);
    Arrays.fill(tile.restHi, 0, n, 0f);
    Arrays.fill(tile.restLo, 0, n, 0f);
    for (int at = 0; at < tile.end(); at += n) {
      Strip.load(tile.x, at, n, s.logits);
      exponentials(s.logits, tile.shift, tile.magic, s.exponents, s.hi, n);
      Strip.powersOfTwo(s.exponents, s.powers, n);
      Strip.multiply(s.hi, s.powers, n);
      if (cut) {
        cut(s.logits, tile.cut, s.hi, n);
      }
      if (keep) {
        System.arraycopy(s.hi, 0, tile.e, at, n);
      }
      ties(s.logits, tile.max, s.hi, tile.ties, n);
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
