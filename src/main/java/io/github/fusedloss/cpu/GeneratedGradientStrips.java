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
    if (b.q != null) {
      System.arraycopy(b.q, b.qAt + start, s.slots[0], 0, n);
    }
    System.arraycopy(b.e, b.eAt + start, s.slots[1], 0, n);
    if (b.q != null && b.w == null && b.smoothing.present) {
      smoothed(b, lanes, start, n);
    }
    if (b.w != null) {
      System.arraycopy(b.w, b.wAt + start, s.slots[4], 0, n);
    }
    if (b.q != null && b.w != null && !b.smoothing.present) {
      givenShare(b, lanes, start, n);
    }
    if (b.q != null && b.w != null && b.smoothing.present) {
      smoothedShare1(b, lanes, start, n);
      smoothedShare2(b, lanes, start, n);
    }
    if (b.q == null && !b.shared) {
      scaledGradient(b, lanes, start, n);
    }
    if (b.q == null && b.shared && b.w == null) {
      equalGradient(b, lanes, start, n);
    }
    if (b.q == null && b.shared && b.w != null) {
      weightedGradient(b, lanes, start, n);
    }
    if (b.q != null && b.w == null && !b.smoothing.present) {
      givenGradient(b, lanes, start, n);
    }
    if (b.q != null && (b.w != null || b.smoothing.present)) {
      sharedGradient(b, lanes, start, n);
    }
    System.arraycopy(s.slots[1], 0, b.e, b.eAt + start, n);
  }

  private static void smoothed(RowBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip0 = s.slots[0];
    float keepHi = hi(b.smoothing.keep);
    float spreadHi = hi(b.smoothing.spread);
    float keepLo = lo(b.smoothing.keep);
    float spreadLo = lo(b.smoothing.spread);
    float[] strip2 = s.slots[2];
    float[] strip3 = s.slots[3];
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

  private static void givenShare(RowBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip0 = s.slots[0];
    float[] strip4 = s.slots[4];
    float[] strip2 = s.slots[2];
    float[] strip3 = s.slots[3];
    for (int i = 0; i < n; i++) {
      float q = strip0[i];
      float w = strip4[i];
      float p = q * w;
      float lo = fma(0f, w, fma(q, w, -p));
      strip2[i] = p;
      strip3[i] = lo;
    }
  }

  private static void smoothedShare1(RowBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip0 = s.slots[0];
    float keepHi = hi(b.smoothing.keep);
    float spreadHi = hi(b.smoothing.spread);
    float keepLo = lo(b.smoothing.keep);
    float spreadLo = lo(b.smoothing.spread);
    float[] strip5 = s.slots[5];
    float[] strip6 = s.slots[6];
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

  private static void smoothedShare2(RowBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip5 = s.slots[5];
    float[] strip4 = s.slots[4];
    float[] strip6 = s.slots[6];
    float[] strip2 = s.slots[2];
    float[] strip3 = s.slots[3];
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

  private static void scaledGradient(RowBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip1 = s.slots[1];
    float factor = b.factor;
    for (int i = 0; i < n; i++) {
      float e = strip1[i];
      float v = e * factor;
      strip1[i] = (v == v) ? v : Float.NaN;
    }
  }

  private static void equalGradient(RowBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip1 = s.slots[1];
    float factor = b.factor;
    float share = b.share;
    for (int i = 0; i < n; i++) {
      float e = strip1[i];
      float v = fma(e, factor, -share);
      strip1[i] = (v == v) ? v : Float.NaN;
    }
  }

  private static void weightedGradient(RowBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip1 = s.slots[1];
    float factor = b.factor;
    float share = b.share;
    float[] strip4 = s.slots[4];
    for (int i = 0; i < n; i++) {
      float e = strip1[i];
      float w = strip4[i];
      float share2 = share * w;
      float v = fma(e, factor, -share2);
      strip1[i] = (v == v) ? v : Float.NaN;
    }
  }

  private static void givenGradient(RowBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip1 = s.slots[1];
    float top = b.top;
    float scale = b.scale;
    float[] strip0 = s.slots[0];
    float likelyHi = hi(b.likely);
    float likelyLo = lo(b.likely);
    float factor = b.factor;
    for (int i = 0; i < n; i++) {
      float e = strip1[i];
      float q = strip0[i];
      float share = fma(scale, q, scale * 0f);
      float v = fma(e, factor, -share);
      float v2 = (e == top) ? (fma(-scale, q, likelyHi) + fma(scale, -0f, likelyLo)) : v;
      strip1[i] = (v2 == v2) ? v2 : Float.NaN;
    }
  }

  private static void sharedGradient(RowBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip1 = s.slots[1];
    float top = b.top;
    float scale = b.scale;
    float[] strip2 = s.slots[2];
    float likelyHi = hi(b.likely);
    float[] strip3 = s.slots[3];
    float likelyLo = lo(b.likely);
    float factor = b.factor;
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
