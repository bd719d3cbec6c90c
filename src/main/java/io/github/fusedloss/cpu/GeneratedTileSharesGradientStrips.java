// Generated from kernels/cross_entropy.cl by ci/generate. Do not edit.
package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.hi;
import static io.github.fusedloss.cpu.ScalarMath.lo;
import static io.github.fusedloss.cpu.ScalarMath.pair;
import static java.lang.Float.floatToRawIntBits;
import static java.lang.Float.intBitsToFloat;
import static java.lang.Math.*;

/** Loops over a strip of a block, of kernels/cross_entropy.cl. */
final class GeneratedTileSharesGradientStrips {
  private GeneratedTileSharesGradientStrips() {}

  /** Elements from {@code start} on; infinities and NaN make a sum NaN. */
  static void run(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip0 = s.slots[0];
    float[] strip1 = s.slots[1];
    float[] strip2 = s.slots[2];
    System.arraycopy(b.e, start, strip0, 0, n);
    if (!b.shares.given && !b.shares.weighted) {
      equalGradient(strip0, b.coefficient, b.shares.spread, n);
    }
    if (b.shares.weighted) {
      System.arraycopy(b.shares.w, start, strip1, 0, n);
    }
    if (!b.shares.given && b.shares.weighted) {
      weightedGradient(strip0, b.coefficient, b.shares.spread, strip1, n);
    }
    if (b.shares.given) {
      System.arraycopy(b.shares.q, start, strip1, 0, n);
    }
    if (b.shares.given && !b.shares.pairs) {
      givenGradient(strip0, b.shares.top, b.shares.scale, strip1, b.shares.likelyHi,
          b.shares.likelyLo, b.coefficient, n);
    }
    if (b.shares.pairs) {
      System.arraycopy(b.shares.shareHi, start, strip1, 0, n);
      System.arraycopy(b.shares.shareLo, start, strip2, 0, n);
      sharedGradient(strip0, b.shares.top, b.shares.scale, strip1, b.shares.likelyHi, strip2,
          b.shares.likelyLo, b.coefficient, n);
    }
    System.arraycopy(strip0, 0, b.e, start, n);
  }

  private static void equalGradient(float[] strip0, float[] factors, float[] equals, int n) {
    for (int i = 0; i < n; i++) {
      float e = strip0[i];
      float factor = factors[i];
      float equal = equals[i];
      float v = fma(e, factor, -equal);
      strip0[i] = v;
    }
  }

  private static void weightedGradient(float[] strip0, float[] factors, float[] equals,
          float[] strip1, int n) {
    for (int i = 0; i < n; i++) {
      float e = strip0[i];
      float factor = factors[i];
      float equal = equals[i];
      float w = strip1[i];
      float share = equal * w;
      float v = fma(e, factor, -share);
      strip0[i] = v;
    }
  }

  private static void givenGradient(float[] strip0, float[] tops, float[] scales, float[] strip1,
          float[] likelyHis, float[] likelyLos, float[] factors, int n) {
    for (int i = 0; i < n; i++) {
      float e = strip0[i];
      float top = tops[i];
      float scale = scales[i];
      float q = strip1[i];
      float likelyHi = likelyHis[i];
      float likelyLo = likelyLos[i];
      float factor = factors[i];
      float share = fma(scale, q, scale * 0f);
      float v = fma(e, factor, -share);
      float v2 = (e == top) ? (fma(-scale, q, likelyHi) + fma(scale, -0f, likelyLo)) : v;
      strip0[i] = (v2 == v2) ? v2 : Float.NaN;
    }
  }

  private static void sharedGradient(float[] strip0, float[] tops, float[] scales, float[] strip1,
          float[] likelyHis, float[] strip2, float[] likelyLos, float[] factors, int n) {
    for (int i = 0; i < n; i++) {
      float e = strip0[i];
      float top = tops[i];
      float scale = scales[i];
      float shareHi = strip1[i];
      float likelyHi = likelyHis[i];
      float shareLo = strip2[i];
      float likelyLo = likelyLos[i];
      float factor = factors[i];
      float share = fma(scale, shareHi, scale * shareLo);
      float v = fma(e, factor, -share);
      float v2 = -scale;
      float v3 = (e == top) ? (fma(v2, shareHi, likelyHi) + fma(v2, shareLo, likelyLo)) : v;
      strip0[i] = (v3 == v3) ? v3 : Float.NaN;
    }
  }
}
