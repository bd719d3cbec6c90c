// Generated from kernels/cross_entropy.cl by ci/generate. Do not edit.
package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.hi;
import static io.github.fusedloss.cpu.ScalarMath.lo;
import static io.github.fusedloss.cpu.ScalarMath.pair;
import static java.lang.Float.floatToRawIntBits;
import static java.lang.Float.intBitsToFloat;
import static java.lang.Math.*;

/** Loops over a strip of a block, of kernels/cross_entropy.cl. */
final class GeneratedTileCurvesStrips {
  private GeneratedTileCurvesStrips() {}

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
    float[] strip7 = s.slots[7];
    float[] strip8 = s.slots[8];
    float[] strip9 = s.slots[9];
    float[] strip10 = s.slots[10];
    float[] strip11 = s.slots[11];
    float[] strip12 = s.slots[12];
    float[] strip13 = s.slots[13];
    float[] strip14 = s.slots[14];
    product(b.coefficient, b.curves.times, b.curves.factor, n);
    reciprocal1(b.totalHi, strip0, strip1, n);
    reciprocal2(strip0, strip1, b.curves.share, n);
    productAgain(b.othersHi, b.curves.share, b.curves.rest, n);
    likelyTerm1(b.othersHi, b.max, b.shift, b.magic, strip0, strip1, strip2, n);
    likelyTerm2(strip1, n);
    likelyTerm3(strip0, b.totalHi, strip2, strip1, b.curves.crest, n);
    if (!b.curves.focal) {
      bendOf(b.penalty.scale, b.curves.share, b.curves.bend, n);
    }
    if (b.curves.focal) {
      focalCurveOf1(b.max, b.targetX, b.logHi, strip0, strip1, strip2, n);
      focalCurveOf2(strip2, strip0, b.logHi, strip1, b.logLo, n);
      focalCurveOf3(strip0, strip2, strip3, n);
      focalCurveOf4(strip2, b.totalHi, strip4, strip5, n);
      focalCurveOf5(strip3, strip2, strip1, strip6, n);
      focalCurveOf6(strip4, strip5, n);
      focalCurveOf7(b.targetX, b.max, b.othersHi, strip4, b.totalHi, b.totalLo, b.othersLo, strip6,
          strip2, strip1, strip3, n);
      focalCurveOf8(strip2, b.settings.gamma, strip0, strip3, b.targetX, b.max, b.othersHi,
          b.totalHi, strip4, strip5, strip6, strip7, strip8, strip9, n);
      focalCurveOf9(strip4, strip5, strip10, strip11, strip12, n);
      focalCurveOf10(strip9, strip13, strip14, n);
      focalCurveOf11(strip5, strip10, n);
      focalCurveOf12(strip0, strip3, strip5, strip4, strip1, strip11, strip12, strip6, n);
      focalCurveOf13(strip1, strip3, strip4, strip5, strip6, strip10, strip11, n);
      focalCurveOf14(strip3, strip1, strip4, strip6, strip11, n);
      focalCurveOf15(strip1, strip3, strip5, strip10, b.settings.gamma, n);
      focalCurveOf16(strip3, strip2, strip0, strip7, strip8, strip4, n);
      focalCurveOf17(strip9, strip13, strip14, b.curves.tail, n);
      focalCurveOf18(strip0, n);
      focalCurveOf19(b.scale, b.weight, strip3, strip0, strip1, b.settings.gamma, strip4, n);
      focalBendOf(strip0, b.curves.share, b.curves.bend, n);
      hessianAtY(strip0, strip2, b.targetE, b.curves.factor, b.curves.crest, b.curves.rest,
          b.curves.share, b.curves.atTarget, n);
    }
  }

  private static void product(float[] coefficients, float times, float[] factors, int n) {
    for (int i = 0; i < n; i++) {
      float coefficient = coefficients[i];
      factors[i] = coefficient * times;
    }
  }

  private static void reciprocal1(float[] rowTotalHis, float[] strip0, float[] strip1, int n) {
    for (int i = 0; i < n; i++) {
      float rowTotalHi = rowTotalHis[i];
      int v = floatToRawIntBits(rowTotalHi);
      float m = intBitsToFloat((v & 0x7fffff) | 0x3f800000);
      strip0[i] = m;
      strip1[i] = intBitsToFloat(0x7f000000 - (v & 0x7f800000));
    }
  }

  private static void reciprocal2(float[] strip0, float[] strip1, float[] shares, int n) {
    for (int i = 0; i < n; i++) {
      float m = strip0[i];
      float v = strip1[i];
      float r = fma(m, 0x1.4afd6ap-2f, -0x1.745d18p0f);
      float r2 = fma(r, m, 0x1.0f83e2p1f);
      float v2 = -m;
      float r3 = fma(r2, fma(v2, r2, 1f), r2);
      shares[i] = fma(r3, fma(v2, r3, 1f), r3) * v;
    }
  }

  private static void productAgain(float[] rowOthersHis, float[] shares, float[] rests, int n) {
    for (int i = 0; i < n; i++) {
      float rowOthersHi = rowOthersHis[i];
      float share = shares[i];
      rests[i] = rowOthersHi * share;
    }
  }

  private static void likelyTerm1(float[] rowOthersHis, float[] rowMaxs, float[] rowShifts,
          float[] rowMagics, float[] strip0, float[] strip1, float[] strip2, int n) {
    for (int i = 0; i < n; i++) {
      float rowOthersHi = rowOthersHis[i];
      float rowMax = rowMaxs[i];
      float rowShift = rowShifts[i];
      float rowMagic = rowMagics[i];
      float x = rowMax - rowShift;
      float kf = fma(x, 0x1.715476p0f, rowMagic);
      float k = kf - rowMagic;
      float r = fma(k, 0x1.05c61p-29f, fma(k, -0x1.62e43p-1f, x));
      float q = fma(0x1.6a1152p-10f, r, 0x1.124ad4p-7f);
      float q2 = fma(q, r, 0x1.55583cp-5f);
      float q3 = fma(q2, r, 0x1.55547ep-3f);
      strip0[i] = rowOthersHi + rowOthersHi;
      strip1[i] = kf;
      strip2[i] = fma(r, fma(r, fma(q3, r, 0.5f), 1f), 1f);
    }
  }

  private static void likelyTerm2(float[] strip1, int n) {
    for (int i = 0; i < n; i++) {
      float kf = strip1[i];
      float scale = intBitsToFloat(floatToRawIntBits(kf) << 23);
      strip1[i] = scale;
    }
  }

  private static void likelyTerm3(float[] strip0, float[] rowTotalHis, float[] strip2,
          float[] strip1, float[] crests, int n) {
    for (int i = 0; i < n; i++) {
      float v = strip0[i];
      float rowTotalHi = rowTotalHis[i];
      float v2 = strip2[i];
      float scale = strip1[i];
      crests[i] = (v < rowTotalHi) ? (v2 * scale) : Float.NaN;
    }
  }

  private static void bendOf(float[] targetPenaltyScaleHis, float[] shares, float[] bends, int n) {
    for (int i = 0; i < n; i++) {
      float targetPenaltyScaleHi = targetPenaltyScaleHis[i];
      float share = shares[i];
      bends[i] = (targetPenaltyScaleHi + targetPenaltyScaleHi) * share;
    }
  }

  private static void focalCurveOf1(float[] rowMaxs, float[] targetXs, float[] rowLogHis,
          float[] strip0, float[] strip1, float[] strip2, int n) {
    for (int i = 0; i < n; i++) {
      float rowMax = rowMaxs[i];
      float targetX = targetXs[i];
      float rowLogHi = rowLogHis[i];
      float b2 = -targetX;
      float s2 = rowMax - targetX;
      float z = s2 - rowMax;
      float lo = (rowMax - (s2 - z)) + (b2 - z);
      float lo2 = (lo == lo) ? lo : 0f;
      float s3 = s2 + rowLogHi;
      strip0[i] = s2;
      strip1[i] = lo2;
      strip2[i] = s3;
    }
  }

  private static void focalCurveOf2(float[] strip2, float[] strip0, float[] rowLogHis,
          float[] strip1, float[] rowLogLos, int n) {
    for (int i = 0; i < n; i++) {
      float s2 = strip2[i];
      float s3 = strip0[i];
      float rowLogHi = rowLogHis[i];
      float lo = strip1[i];
      float rowLogLo = rowLogLos[i];
      float z = s2 - s3;
      float lo2 = (s3 - (s2 - z)) + (rowLogHi - z);
      float lo3 = lo2 + (lo + rowLogLo);
      float s4 = s2 + lo3;
      float lo4 = lo3 - (s4 - s2);
      boolean finite = abs(s2) < Float.POSITIVE_INFINITY;
      float hi = finite ? s4 : s2;
      float lo5 = finite ? lo4 : 0f;
      strip0[i] = hi;
      strip1[i] = lo5;
    }
  }

  private static void focalCurveOf3(float[] strip0, float[] strip2, float[] strip3, int n) {
    for (int i = 0; i < n; i++) {
      float hi = strip0[i];
      float a = (104f < hi) ? 104f : hi;
      float kf = fma(a, -0x1.715476p0f, 0x1.80017ep23f);
      float k = kf - 0x1.80017ep23f;
      float r = fma(k, 0x1.05c61p-29f, fma(k, -0x1.62e43p-1f, -a));
      float q = fma(0x1.6a1152p-10f, r, 0x1.124ad4p-7f);
      float q2 = fma(q, r, 0x1.55583cp-5f);
      float q3 = fma(q2, r, 0x1.55547ep-3f);
      float p = fma(r * r, fma(q3, r, 0.5f), r);
      strip2[i] = kf;
      strip3[i] = p;
    }
  }

  private static void focalCurveOf4(float[] strip2, float[] rowTotalHis, float[] strip4,
          float[] strip5, int n) {
    for (int i = 0; i < n; i++) {
      float kf = strip2[i];
      float rowTotalHi = rowTotalHis[i];
      int v = floatToRawIntBits(rowTotalHi);
      float m = intBitsToFloat((v & 0x7fffff) | 0x3f800000);
      strip2[i] = intBitsToFloat(floatToRawIntBits(kf) << 23);
      strip4[i] = m;
      strip5[i] = intBitsToFloat(0x7f000000 - (v & 0x7f800000));
    }
  }

  private static void focalCurveOf5(float[] strip3, float[] strip2, float[] strip1, float[] strip6,
          int n) {
    for (int i = 0; i < n; i++) {
      float p = strip3[i];
      float v = strip2[i];
      float lo = strip1[i];
      float scale = v * 0x1.0p-64f;
      float hi = fma(p, scale, scale);
      float lo2 = fma(p, scale, scale - hi);
      float rest = (1f - hi) + fma(hi, lo, -lo2);
      strip2[i] = hi;
      strip3[i] = lo2;
      strip6[i] = rest;
    }
  }

  private static void focalCurveOf6(float[] strip4, float[] strip5, int n) {
    for (int i = 0; i < n; i++) {
      float m = strip4[i];
      float v = strip5[i];
      float r = fma(m, 0x1.4afd6ap-2f, -0x1.745d18p0f);
      float r2 = fma(r, m, 0x1.0f83e2p1f);
      float v2 = -m;
      float r3 = fma(r2, fma(v2, r2, 1f), r2);
      float r4 = fma(r3, fma(v2, r3, 1f), r3) * v;
      strip4[i] = r4;
    }
  }

  private static void focalCurveOf7(float[] targetXs, float[] rowMaxs, float[] rowOthersHis,
          float[] strip4, float[] rowTotalHis, float[] rowTotalLos, float[] rowOthersLos,
          float[] strip6, float[] strip2, float[] strip1, float[] strip3, int n) {
    for (int i = 0; i < n; i++) {
      float targetX = targetXs[i];
      float rowMax = rowMaxs[i];
      float rowOthersHi = rowOthersHis[i];
      float r = strip4[i];
      float rowTotalHi = rowTotalHis[i];
      float rowTotalLo = rowTotalLos[i];
      float rowOthersLo = rowOthersLos[i];
      float rest = strip6[i];
      float hi = strip2[i];
      float lo = strip1[i];
      float lo2 = strip3[i];
      float q = rowOthersHi * r;
      float v = -q;
      float v2 = fma(v, rowTotalHi, rowOthersHi) + fma(v, rowTotalLo, rowOthersLo);
      float corrected = fma(v2, r, q);
      float others = (targetX == rowMax) ? ((abs(corrected) < Float.POSITIVE_INFINITY) ? corrected : q) : rest;
      strip2[i] = others;
      strip3[i] = fma(-hi, lo, hi + lo2);
    }
  }

  private static void focalCurveOf8(float[] strip2, float settingsGamma, float[] strip0,
          float[] strip3, float[] targetXs, float[] rowMaxs, float[] rowOthersHis,
          float[] rowTotalHis, float[] strip4, float[] strip5, float[] strip6, float[] strip7,
          float[] strip8, float[] strip9, int n) {
    for (int i = 0; i < n; i++) {
      float others = strip2[i];
      float hi = strip0[i];
      float v = strip3[i];
      float targetX = targetXs[i];
      float rowMax = rowMaxs[i];
      float rowOthersHi = rowOthersHis[i];
      float rowTotalHi = rowTotalHis[i];
      boolean tiny = others < 0x1.0p-90f;
      float p = (hi < Float.POSITIVE_INFINITY) ? v : 0f;
      float d = tiny ? 1f : others;
      boolean small = others < 0x1.0p-64f;
      float sum = (targetX == rowMax) ? rowOthersHi : (others * rowTotalHi);
      strip4[i] = d;
      strip5[i] = others * (small ? 0x1.0p64f : 1f);
      strip6[i] = small ? 64f : 0f;
      strip7[i] = fma(settingsGamma, p, -1f);
      strip8[i] = p + p;
      strip9[i] = sum;
    }
  }

  private static void focalCurveOf9(float[] strip4, float[] strip5, float[] strip10, float[] strip11,
          float[] strip12, int n) {
    for (int i = 0; i < n; i++) {
      float d = strip4[i];
      float v = strip5[i];
      int v2 = floatToRawIntBits(d);
      float m = intBitsToFloat((v2 & 0x7fffff) | 0x3f800000);
      int y = floatToRawIntBits(v);
      int k = (y - 0x3f2aaaab) >> 23;
      strip5[i] = m;
      strip10[i] = intBitsToFloat(0x7f000000 - (v2 & 0x7f800000));
      strip11[i] = intBitsToFloat(y - (k << 23));
      strip12[i] = (float) k;
    }
  }

  private static void focalCurveOf10(float[] strip9, float[] strip13, float[] strip14, int n) {
    for (int i = 0; i < n; i++) {
      float sum = strip9[i];
      int v = floatToRawIntBits(sum);
      float m = intBitsToFloat((v & 0x7fffff) | 0x3f800000);
      strip13[i] = m;
      strip14[i] = intBitsToFloat(0x7f000000 - (v & 0x7f800000));
    }
  }

  private static void focalCurveOf11(float[] strip5, float[] strip10, int n) {
    for (int i = 0; i < n; i++) {
      float m = strip5[i];
      float v = strip10[i];
      float r = fma(m, 0x1.4afd6ap-2f, -0x1.745d18p0f);
      float r2 = fma(r, m, 0x1.0f83e2p1f);
      float v2 = -m;
      float r3 = fma(r2, fma(v2, r2, 1f), r2);
      float r4 = fma(r3, fma(v2, r3, 1f), r3) * v;
      strip5[i] = r4;
    }
  }

  private static void focalCurveOf12(float[] strip0, float[] strip3, float[] strip5, float[] strip4,
          float[] strip1, float[] strip11, float[] strip12, float[] strip6, int n) {
    for (int i = 0; i < n; i++) {
      float hi = strip0[i];
      float v = strip3[i];
      float r = strip5[i];
      float d = strip4[i];
      float lo = strip1[i];
      float v2 = strip11[i];
      float v3 = strip12[i];
      float v4 = strip6[i];
      float q = hi * r;
      float corrected = fma(fma(-q, d, hi) + fma(q, -0f, lo), r, q);
      float ratio = (abs(corrected) < Float.POSITIVE_INFINITY) ? corrected : q;
      float part = (hi < Float.POSITIVE_INFINITY) ? (v * ratio) : 0f;
      float f = v2 - 1f;
      float k = v3 - v4;
      strip0[i] = part;
      strip1[i] = f;
      strip3[i] = k;
    }
  }

  private static void focalCurveOf13(float[] strip1, float[] strip3, float[] strip4, float[] strip5,
          float[] strip6, float[] strip10, float[] strip11, int n) {
    for (int i = 0; i < n; i++) {
      float f = strip1[i];
      float k = strip3[i];
      float h = f * f;
      float hLo = fma(f, f, -h);
      float base = k * 0x1.62e43p-1f;
      float baseLo = fma(k, -0x1.05c61p-29f, fma(k, 0x1.62e43p-1f, -base));
      float s2 = base + f;
      float lo = f - (s2 - base);
      float b2 = -0.5f * h;
      float s3 = s2 + b2;
      float lo2 = b2 - (s3 - s2);
      strip3[i] = h;
      strip4[i] = hLo;
      strip5[i] = baseLo;
      strip6[i] = lo;
      strip10[i] = s3;
      strip11[i] = lo2;
    }
  }

  private static void focalCurveOf14(float[] strip3, float[] strip1, float[] strip4, float[] strip6,
          float[] strip11, int n) {
    for (int i = 0; i < n; i++) {
      float h = strip3[i];
      float f = strip1[i];
      float hLo = strip4[i];
      float lo = strip6[i];
      float lo2 = strip11[i];
      float g = 1f - f;
      float g2 = fma(h, g, g);
      float p = fma(-0x1.07f7cep-3f, f, 0x1.1e73ap-3f);
      float p2 = fma(p, f, -0x1.f317ep-4f);
      float p3 = fma(p2, f, 0x1.1ed424p-3f);
      float p4 = fma(p3, f, -0x1.559d8ap-3f);
      float p5 = fma(p4, f, 0x1.99d05ep-3f);
      float p6 = fma(p5, f, -0x1.fffef2p-3f);
      float p7 = fma(p6, f, 0x1.555506p-2f);
      float lo3 = fma(h * f, p7, -0.5f * hLo) + (lo + lo2);
      strip1[i] = g2;
      strip3[i] = lo3;
    }
  }

  private static void focalCurveOf15(float[] strip1, float[] strip3, float[] strip5, float[] strip10,
          float settingsGamma, int n) {
    for (int i = 0; i < n; i++) {
      float g = strip1[i];
      float lo = strip3[i];
      float baseLo = strip5[i];
      float s2 = strip10[i];
      float b2 = fma(0f, g, lo + baseLo);
      float s3 = s2 + b2;
      float lo2 = b2 - (s3 - s2);
      float hi = -s3;
      float lo3 = -lo2;
      float p = hi * settingsGamma;
      float pLo = fma(lo3, settingsGamma, fma(hi, settingsGamma, -p));
      float a = (104f < p) ? 104f : p;
      strip1[i] = pLo;
      strip3[i] = a;
    }
  }

  private static void focalCurveOf16(float[] strip3, float[] strip2, float[] strip0, float[] strip7,
          float[] strip8, float[] strip4, int n) {
    for (int i = 0; i < n; i++) {
      float a = strip3[i];
      float others = strip2[i];
      float part = strip0[i];
      float v = strip7[i];
      float v2 = strip8[i];
      boolean tiny = others < 0x1.0p-90f;
      float kf = fma(a, -0x1.715476p0f, 0x1.80017ep23f);
      float k = kf - 0x1.80017ep23f;
      float r = fma(k, 0x1.05c61p-29f, fma(k, -0x1.62e43p-1f, -a));
      float q = fma(0x1.6a1152p-10f, r, 0x1.124ad4p-7f);
      float q2 = fma(q, r, 0x1.55583cp-5f);
      float q3 = fma(q2, r, 0x1.55547ep-3f);
      float p = fma(r * r, fma(q3, r, 0.5f), r);
      strip0[i] = kf;
      strip3[i] = p;
      strip4[i] = fma(tiny ? 1f : part, v, v2);
    }
  }

  private static void focalCurveOf17(float[] strip9, float[] strip13, float[] strip14,
          float[] curveTails, int n) {
    for (int i = 0; i < n; i++) {
      float sum = strip9[i];
      float m = strip13[i];
      float v = strip14[i];
      float r = fma(m, 0x1.4afd6ap-2f, -0x1.745d18p0f);
      float r2 = fma(r, m, 0x1.0f83e2p1f);
      float v2 = -m;
      float r3 = fma(r2, fma(v2, r2, 1f), r2);
      float tail = (sum < 0x1.0p-125f) ? 0f : (0x1.0p-32f * (fma(r3, fma(v2, r3, 1f), r3) * v));
      curveTails[i] = tail;
    }
  }

  private static void focalCurveOf18(float[] strip0, int n) {
    for (int i = 0; i < n; i++) {
      float kf = strip0[i];
      strip0[i] = intBitsToFloat(floatToRawIntBits(kf) << 23);
    }
  }

  private static void focalCurveOf19(float[] targetScaleHis, float[] targetWs, float[] strip3,
          float[] strip0, float[] strip1, float settingsGamma, float[] strip4, int n) {
    for (int i = 0; i < n; i++) {
      float targetScaleHi = targetScaleHis[i];
      float targetW = targetWs[i];
      float p = strip3[i];
      float v = strip0[i];
      float pLo = strip1[i];
      float v2 = strip4[i];
      float scale = v * 0x1.0p-64f;
      float hi = fma(p, scale, scale);
      float lo = fma(p, scale, scale - hi);
      float lo2 = fma(-hi, pLo, lo);
      float bend = targetScaleHi * (targetW * (((hi + lo2) * settingsGamma) * v2));
      strip0[i] = bend;
    }
  }

  private static void focalBendOf(float[] strip0, float[] shares, float[] bends, int n) {
    for (int i = 0; i < n; i++) {
      float curveBend = strip0[i];
      float share = shares[i];
      bends[i] = curveBend * (share * 0x1.0p32f);
    }
  }

  private static void hessianAtY(float[] strip0, float[] strip2, float[] terms, float[] factors,
          float[] crests, float[] rests, float[] shares, float[] curveAtYs, int n) {
    for (int i = 0; i < n; i++) {
      float curveBend = strip0[i];
      float curveOthers = strip2[i];
      float term = terms[i];
      float factor = factors[i];
      float crest = crests[i];
      float rest = rests[i];
      float share = shares[i];
      float v = (term * factor) * ((term == crest) ? rest : fma(-term, share, 1f));
      float v2 = fma(curveBend, curveOthers, v);
      curveAtYs[i] = (v2 == v2) ? v2 : Float.NaN;
    }
  }
}
