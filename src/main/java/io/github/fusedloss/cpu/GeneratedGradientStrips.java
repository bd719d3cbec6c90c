// Generated from kernels/cross_entropy.cl by ci/generate. Do not edit.
package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.hi;
import static io.github.fusedloss.cpu.ScalarMath.lo;
import static io.github.fusedloss.cpu.ScalarMath.pair;
import static java.lang.Float.floatToRawIntBits;
import static java.lang.Float.intBitsToFloat;
import static java.lang.Math.*;

/** Loops over a strip of a block, of kernels/cross_entropy.cl. */
final class GeneratedGradientStrips {
  private GeneratedGradientStrips() {}

  /** Elements from {@code start} on; infinities and NaN make a sum NaN. */
  static void run(RowBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip0 = s.slots[0];
    float[] strip1 = s.slots[1];
    float[] strip2 = s.slots[2];
    float[] strip3 = s.slots[3];
    float[] strip4 = s.slots[4];
    float[] strip5 = s.slots[5];
    float[] strip6 = s.slots[6];
    if (b.q != null) {
      System.arraycopy(b.q, b.qAt + start, strip0, 0, n);
    }
    System.arraycopy(b.e, b.eAt + start, strip1, 0, n);
    if (b.q != null && b.w == null && b.settings.smooth) {
      smoothed(strip0, hi(b.settings.keep), hi(b.settings.spread), lo(b.settings.keep),
          lo(b.settings.spread), strip2, strip3, n);
    }
    if (b.w != null) {
      System.arraycopy(b.w, b.wAt + start, strip4, 0, n);
    }
    if (b.q != null && b.w != null && !b.settings.smooth) {
      givenShare(strip0, strip4, strip2, strip3, n);
    }
    if (b.q != null && b.w != null && b.settings.smooth) {
      smoothedShare1(strip0, hi(b.settings.keep), hi(b.settings.spread), lo(b.settings.keep),
          lo(b.settings.spread), strip5, strip6, n);
      smoothedShare2(strip5, strip4, strip6, strip2, strip3, n);
    }
    if (b.q == null && !b.shared) {
      scaledGradient(strip1, b.slope.factor, n);
    }
    if (b.q == null && b.shared && b.w == null) {
      equalGradient(strip1, b.slope.factor, b.slope.spread, n);
    }
    if (b.q == null && b.shared && b.w != null) {
      weightedGradient(strip1, b.slope.factor, b.slope.spread, strip4, n);
    }
    if (b.q != null && b.w == null && !b.settings.smooth) {
      givenGradient(strip1, b.slope.top, b.slope.scale, strip0, hi(b.slope.likely),
          lo(b.slope.likely), b.slope.factor, n);
    }
    if (b.q != null && (b.w != null || b.settings.smooth)) {
      sharedGradient(strip1, b.slope.top, b.slope.scale, strip2, hi(b.slope.likely), strip3,
          lo(b.slope.likely), b.slope.factor, n);
    }
    System.arraycopy(strip1, 0, b.e, b.eAt + start, n);
  }

  private static void smoothed(float[] strip0, float keepHi, float spreadHi, float keepLo,
          float spreadLo, float[] strip2, float[] strip3, int n) {
    for (int i = 0; i < n; i++) {
      float q = strip0[i];
      float p = q * keepHi;
      float pLo = fma(q, keepLo, fma(q, keepHi, -p));
      float s2 = p + spreadHi;
      float z = s2 - p;
      float lo = fma(p - (s2 - z), 1f, spreadHi - z);
      float lo2 = lo + (pLo + spreadLo);
      strip2[i] = s2;
      strip3[i] = lo2;
    }
  }

  private static void givenShare(float[] strip0, float[] strip4, float[] strip2, float[] strip3,
          int n) {
    for (int i = 0; i < n; i++) {
      float q = strip0[i];
      float w = strip4[i];
      float p = q * w;
      float lo = fma(q, w, -p);
      strip2[i] = p;
      strip3[i] = lo;
    }
  }

  private static void smoothedShare1(float[] strip0, float keepHi, float spreadHi, float keepLo,
          float spreadLo, float[] strip5, float[] strip6, int n) {
    for (int i = 0; i < n; i++) {
      float q = strip0[i];
      float p = q * keepHi;
      float pLo = fma(q, keepLo, fma(q, keepHi, -p));
      float s2 = p + spreadHi;
      float z = s2 - p;
      float lo = fma(p - (s2 - z), 1f, spreadHi - z);
      float lo2 = lo + (pLo + spreadLo);
      strip5[i] = s2;
      strip6[i] = lo2;
    }
  }

  private static void smoothedShare2(float[] strip5, float[] strip4, float[] strip6, float[] strip2,
          float[] strip3, int n) {
    for (int i = 0; i < n; i++) {
      float s2 = strip5[i];
      float w = strip4[i];
      float lo = strip6[i];
      float p = s2 * w;
      float lo2 = fma(lo, w, fma(s2, w, -p));
      strip2[i] = p;
      strip3[i] = lo2;
    }
  }

  private static void scaledGradient(float[] strip1, float factor, int n) {
    for (int i = 0; i < n; i++) {
      float e = strip1[i];
      float v = e * factor;
      strip1[i] = (v == v) ? v : Float.NaN;
    }
  }

  private static void equalGradient(float[] strip1, float factor, float equal, int n) {
    for (int i = 0; i < n; i++) {
      float e = strip1[i];
      float v = fma(e, factor, -equal);
      strip1[i] = (v == v) ? v : Float.NaN;
    }
  }

  private static void weightedGradient(float[] strip1, float factor, float equal, float[] strip4,
          int n) {
    for (int i = 0; i < n; i++) {
      float e = strip1[i];
      float w = strip4[i];
      float share = equal * w;
      float v = fma(e, factor, -share);
      strip1[i] = (v == v) ? v : Float.NaN;
    }
  }

  private static void givenGradient(float[] strip1, float top, float scale, float[] strip0,
          float likelyHi, float likelyLo, float factor, int n) {
    for (int i = 0; i < n; i++) {
      float e = strip1[i];
      float q = strip0[i];
      float share = fma(scale, q, scale * 0f);
      float v = fma(e, factor, -share);
      float v2 = (e == top) ? (fma(-scale, q, likelyHi) + fma(scale, -0f, likelyLo)) : v;
      strip1[i] = (v2 == v2) ? v2 : Float.NaN;
    }
  }

  private static void sharedGradient(float[] strip1, float top, float scale, float[] strip2,
          float likelyHi, float[] strip3, float likelyLo, float factor, int n) {
    for (int i = 0; i < n; i++) {
      float e = strip1[i];
      float bHi = strip2[i];
      float bLo = strip3[i];
      float share = fma(scale, bHi, scale * bLo);
      float v = fma(e, factor, -share);
      float v2 = -scale;
      float v3 = (e == top) ? (fma(v2, bHi, likelyHi) + fma(v2, bLo, likelyLo)) : v;
      strip1[i] = (v3 == v3) ? v3 : Float.NaN;
    }
  }
}
