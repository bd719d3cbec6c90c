// Generated from kernels/cross_entropy.cl by ci/generate. Do not edit.
package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.hi;
import static io.github.fusedloss.cpu.ScalarMath.lo;
import static io.github.fusedloss.cpu.ScalarMath.pair;
import static java.lang.Float.floatToRawIntBits;
import static java.lang.Float.intBitsToFloat;
import static java.lang.Math.*;

/** Loops over a strip of a block, of kernels/cross_entropy.cl. */
final class GeneratedTileDistancesStrips {
  private GeneratedTileDistancesStrips() {}

  /** Elements from {@code start} on; infinities and NaN make a sum NaN. */
  static void run(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip0 = s.slots[0];
    float[] strip1 = s.slots[1];
    float[] strip2 = s.slots[2];
    float[] strip3 = s.slots[3];
    float[] strip4 = s.slots[4];
    float[] strip5 = s.slots[5];
    float[] strip6 = s.slots[6];
    if (b.shares.given) {
      System.arraycopy(b.shares.q, start, strip0, 0, n);
    }
    System.arraycopy(b.x, start, strip1, 0, n);
    if (b.shares.pairs && !b.shares.weighted) {
      smoothed(strip0, hi(b.settings.keep), hi(b.settings.spread), lo(b.settings.keep),
          lo(b.settings.spread), strip2, strip3, n);
    }
    if (b.shares.weighted) {
      System.arraycopy(b.shares.w, start, strip4, 0, n);
    }
    if (b.shares.pairs && b.shares.weighted && !b.settings.smooth) {
      givenShare(strip0, strip4, strip2, strip3, n);
    }
    if (b.shares.pairs && b.shares.weighted && b.settings.smooth) {
      smoothedShare1(strip0, hi(b.settings.keep), hi(b.settings.spread), lo(b.settings.keep),
          lo(b.settings.spread), strip5, strip6, n);
      smoothedShare2(strip5, strip4, strip6, strip2, strip3, n);
    }
    if (b.shares.pairs) {
      accumulate(b.shares.massHi, strip2, b.shares.massLo, strip3, n);
    }
    if (b.shares.given && !b.shares.pairs) {
      accumulateFloat(b.shares.massHi, strip0, b.shares.massLo, n);
    }
    if (!b.shares.given && !b.shares.weighted) {
      addDistance1(b.max, strip1, b.shares.distanceHi, strip5, strip6, n);
      addDistance2(b.shares.distanceLo, strip6, strip5, n);
    }
    if (b.shares.pairs) {
      addDistanceTimes1(b.max, strip1, strip2, strip3, strip5, strip6, n);
      System.arraycopy(strip2, 0, b.shares.shareHi, start, n);
      System.arraycopy(strip3, 0, b.shares.shareLo, start, n);
      addDistanceTimes2(b.shares.distanceHi, strip5, b.shares.distanceLo, strip6, n);
    }
    if (b.shares.given && !b.shares.pairs) {
      addDistanceTimesFloat1(b.max, strip1, strip0, strip2, n);
      addDistanceTimesFloat2(b.shares.distanceHi, strip0, b.shares.distanceLo, strip2, n);
    }
    if (!b.shares.given && b.shares.weighted) {
      addDistanceTimesFloat1Again(b.max, strip1, strip4, strip0, n);
      addDistanceTimesFloat2Again(b.shares.distanceHi, strip0, b.shares.distanceLo, strip1, n);
    }
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

  private static void accumulate(float[] massHis, float[] strip2, float[] massLos, float[] strip3,
          int n) {
    for (int i = 0; i < n; i++) {
      float massHi = massHis[i];
      float shareHi = strip2[i];
      float massLo = massLos[i];
      float shareLo = strip3[i];
      float s2 = massHi + shareHi;
      float z = s2 - massHi;
      float lo = fma(massHi - (s2 - z), 1f, shareHi - z);
      float lo2 = massLo + (lo + shareLo);
      massHis[i] = s2;
      massLos[i] = lo2;
    }
  }

  private static void accumulateFloat(float[] massHis, float[] strip0, float[] massLos, int n) {
    for (int i = 0; i < n; i++) {
      float massHi = massHis[i];
      float q = strip0[i];
      float massLo = massLos[i];
      float s2 = massHi + q;
      float z = s2 - massHi;
      float lo = fma(massHi - (s2 - z), 1f, q - z);
      float lo2 = massLo + lo;
      massHis[i] = s2;
      massLos[i] = lo2;
    }
  }

  private static void addDistance1(float[] maxs, float[] strip1, float[] distanceHis, float[] strip5,
          float[] strip6, int n) {
    for (int i = 0; i < n; i++) {
      float max = maxs[i];
      float x = strip1[i];
      float distanceHi = distanceHis[i];
      float a = max * 0x1.0p-24f;
      float b2 = x * -0x1.0p-24f;
      float s2 = fma(a, 1f, b2);
      float z = s2 - a;
      float lo = fma(a - (s2 - z), 1f, b2 - z);
      float s3 = distanceHi + s2;
      float z2 = s3 - distanceHi;
      float lo2 = fma(distanceHi - (s3 - z2), 1f, s2 - z2);
      strip5[i] = lo;
      distanceHis[i] = s3;
      strip6[i] = lo2;
    }
  }

  private static void addDistance2(float[] distanceLos, float[] strip6, float[] strip5, int n) {
    for (int i = 0; i < n; i++) {
      float distanceLo = distanceLos[i];
      float lo = strip6[i];
      float lo2 = strip5[i];
      float lo3 = distanceLo + fma(lo, 1f, lo2);
      distanceLos[i] = lo3;
    }
  }

  private static void addDistanceTimes1(float[] maxs, float[] strip1, float[] strip2, float[] strip3,
          float[] strip5, float[] strip6, int n) {
    for (int i = 0; i < n; i++) {
      float max = maxs[i];
      float x = strip1[i];
      float shareHi = strip2[i];
      float shareLo = strip3[i];
      float a = max * 0x1.0p-24f;
      float b2 = x * -0x1.0p-24f;
      float s2 = fma(a, 1f, b2);
      float z = s2 - a;
      float lo = fma(a - (s2 - z), 1f, b2 - z);
      float product = s2 * shareHi;
      float lo2 = fma(fma(s2, shareHi, -product), 1f, fma(s2, shareLo, lo * shareHi));
      strip5[i] = product;
      strip6[i] = lo2;
    }
  }

  private static void addDistanceTimes2(float[] distanceHis, float[] strip5, float[] distanceLos,
          float[] strip6, int n) {
    for (int i = 0; i < n; i++) {
      float distanceHi = distanceHis[i];
      float product = strip5[i];
      float distanceLo = distanceLos[i];
      float lo = strip6[i];
      float s2 = distanceHi + product;
      float z = s2 - distanceHi;
      float lo2 = fma(distanceHi - (s2 - z), 1f, product - z);
      float lo3 = distanceLo + fma(lo2, 1f, lo);
      distanceHis[i] = s2;
      distanceLos[i] = lo3;
    }
  }

  private static void addDistanceTimesFloat1(float[] maxs, float[] strip1, float[] strip0,
          float[] strip2, int n) {
    for (int i = 0; i < n; i++) {
      float max = maxs[i];
      float x = strip1[i];
      float q = strip0[i];
      float a = max * 0x1.0p-24f;
      float b2 = x * -0x1.0p-24f;
      float s2 = fma(a, 1f, b2);
      float z = s2 - a;
      float lo = fma(a - (s2 - z), 1f, b2 - z);
      float product = s2 * q;
      float lo2 = fma(s2, q, -product) + (lo * q);
      strip0[i] = product;
      strip2[i] = lo2;
    }
  }

  private static void addDistanceTimesFloat2(float[] distanceHis, float[] strip0,
          float[] distanceLos, float[] strip2, int n) {
    for (int i = 0; i < n; i++) {
      float distanceHi = distanceHis[i];
      float product = strip0[i];
      float distanceLo = distanceLos[i];
      float lo = strip2[i];
      float s2 = distanceHi + product;
      float z = s2 - distanceHi;
      float lo2 = fma(distanceHi - (s2 - z), 1f, product - z);
      float lo3 = distanceLo + (lo2 + lo);
      distanceHis[i] = s2;
      distanceLos[i] = lo3;
    }
  }

  private static void addDistanceTimesFloat1Again(float[] maxs, float[] strip1, float[] strip4,
          float[] strip0, int n) {
    for (int i = 0; i < n; i++) {
      float max = maxs[i];
      float x = strip1[i];
      float w = strip4[i];
      float a = max * 0x1.0p-24f;
      float b2 = x * -0x1.0p-24f;
      float s2 = fma(a, 1f, b2);
      float z = s2 - a;
      float lo = fma(a - (s2 - z), 1f, b2 - z);
      float product = s2 * w;
      float lo2 = fma(s2, w, -product) + (lo * w);
      strip0[i] = product;
      strip1[i] = lo2;
    }
  }

  private static void addDistanceTimesFloat2Again(float[] distanceHis, float[] strip0,
          float[] distanceLos, float[] strip1, int n) {
    for (int i = 0; i < n; i++) {
      float distanceHi = distanceHis[i];
      float product = strip0[i];
      float distanceLo = distanceLos[i];
      float lo = strip1[i];
      float s2 = distanceHi + product;
      float z = s2 - distanceHi;
      float lo2 = fma(distanceHi - (s2 - z), 1f, product - z);
      float lo3 = distanceLo + (lo2 + lo);
      distanceHis[i] = s2;
      distanceLos[i] = lo3;
    }
  }
}
