// Generated from kernels/cross_entropy.cl by ci/generate. Do not edit.
package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.hi;
import static io.github.fusedloss.cpu.ScalarMath.lo;
import static io.github.fusedloss.cpu.ScalarMath.pair;
import static java.lang.Float.floatToRawIntBits;
import static java.lang.Float.intBitsToFloat;
import static java.lang.Math.*;

/** Loops over a strip of a block, of kernels/cross_entropy.cl. */
final class GeneratedDistancesStrips {
  private GeneratedDistancesStrips() {}

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
    System.arraycopy(b.x, b.xAt + start, strip1, 0, n);
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
    if (b.q != null && b.w == null && !b.settings.smooth) {
      StripSums.sum(s, strip0, s.zero, lanes, start, n);
      distanceTimesFloat(b.from, strip1, strip0, strip5, n);
    }
    if (b.q != null && (b.w != null || b.settings.smooth)) {
      StripSums.sum(s, strip2, strip3, lanes, start, n);
      distanceTimes(b.from, strip1, strip2, strip3, strip0, strip5, n);
    }
    if (b.q == null && b.w != null) {
      distanceTimesFloatAgain(b.from, strip1, strip4, strip0, strip5, n);
    }
    if (b.q == null && b.w == null) {
      distanceTo(b.from, strip1, strip0, strip5, n);
    }
    StripSums.sum(s, strip0, strip5, lanes.more, start, n);
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

  private static void distanceTimesFloat(float from, float[] strip1, float[] strip0, float[] strip5,
          int n) {
    for (int i = 0; i < n; i++) {
      float x = strip1[i];
      float q = strip0[i];
      float a = from * 0x1.0p-24f;
      float b2 = x * -0x1.0p-24f;
      float s2 = fma(a, 1f, b2);
      float z = s2 - a;
      float lo = fma(a - (s2 - z), 1f, b2 - z);
      float product = s2 * q;
      float lo2 = fma(s2, q, -product) + (lo * q);
      strip0[i] = product;
      strip5[i] = lo2;
    }
  }

  private static void distanceTimes(float from, float[] strip1, float[] strip2, float[] strip3,
          float[] strip0, float[] strip5, int n) {
    for (int i = 0; i < n; i++) {
      float x = strip1[i];
      float shareHi = strip2[i];
      float shareLo = strip3[i];
      float a = from * 0x1.0p-24f;
      float b2 = x * -0x1.0p-24f;
      float s2 = fma(a, 1f, b2);
      float z = s2 - a;
      float lo = fma(a - (s2 - z), 1f, b2 - z);
      float product = s2 * shareHi;
      float lo2 = fma(fma(s2, shareHi, -product), 1f, fma(s2, shareLo, lo * shareHi));
      strip0[i] = product;
      strip5[i] = lo2;
    }
  }

  private static void distanceTimesFloatAgain(float from, float[] strip1, float[] strip4,
          float[] strip0, float[] strip5, int n) {
    for (int i = 0; i < n; i++) {
      float x = strip1[i];
      float w = strip4[i];
      float a = from * 0x1.0p-24f;
      float b2 = x * -0x1.0p-24f;
      float s2 = fma(a, 1f, b2);
      float z = s2 - a;
      float lo = fma(a - (s2 - z), 1f, b2 - z);
      float product = s2 * w;
      float lo2 = fma(s2, w, -product) + (lo * w);
      strip0[i] = product;
      strip5[i] = lo2;
    }
  }

  private static void distanceTo(float from, float[] strip1, float[] strip0, float[] strip5,
          int n) {
    for (int i = 0; i < n; i++) {
      float x = strip1[i];
      float a = from * 0x1.0p-24f;
      float b2 = x * -0x1.0p-24f;
      float s2 = fma(a, 1f, b2);
      float z = s2 - a;
      float lo = fma(a - (s2 - z), 1f, b2 - z);
      strip0[i] = s2;
      strip5[i] = lo;
    }
  }
}
