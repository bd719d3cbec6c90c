// Generated from kernels/rows.cl by ci/generate. Do not edit.
package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.hi;
import static io.github.fusedloss.cpu.ScalarMath.lo;
import static io.github.fusedloss.cpu.ScalarMath.pair;
import static java.lang.Float.floatToRawIntBits;
import static java.lang.Float.intBitsToFloat;
import static java.lang.Math.*;

/** Loops over a strip of a block, of kernels/rows.cl. */
final class GeneratedRowEndsStrips {
  private GeneratedRowEndsStrips() {}

  /** Elements from {@code start} on; infinities and NaN make a sum NaN. */
  static void run(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    finish1(b, lanes, start, n);
    finish2(b, lanes, start, n);
    finish3(b, lanes, start, n);
    finish4(b, lanes, start, n);
    finish5(b, lanes, start, n);
    finish6(b, lanes, start, n);
    finish7(b, lanes, start, n);
    finish8(b, lanes, start, n);
    finish9(b, lanes, start, n);
    finish10(b, lanes, start, n);
    finish11(b, lanes, start, n);
    finish12(b, lanes, start, n);
    finish13(b, lanes, start, n);
  }

  private static void finish1(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] rowExponents = b.exponent;
    float[] rowMaxs = b.max;
    float[] rowShifts = b.shift;
    float[] strip0 = s.slots[0];
    float[] strip1 = s.slots[1];
    for (int i = 0; i < n; i++) {
      float rowExponent = rowExponents[i];
      float rowMax = rowMaxs[i];
      float rowShift = rowShifts[i];
      float reduced = rowMax - rowShift;
      float r = fma(rowExponent, -0x1.62e43p-1f, reduced);
      float c = rowExponent * 0x1.05c61p-29f;
      float head = 1f + r;
      float q = fma(0x1.6a1152p-10f, r, 0x1.124ad4p-7f);
      float q2 = fma(q, r, 0x1.55583cp-5f);
      float q3 = fma(q2, r, 0x1.55547ep-3f);
      float rest = fma(fma(r, r, -0f), fma(q3, r, 0.5f), r - (head - 1f));
      float b2 = fma(c, head + rest, rest);
      strip0[i] = head;
      strip1[i] = b2;
    }
  }

  private static void finish2(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip0 = s.slots[0];
    float[] strip1 = s.slots[1];
    float[] strip2 = s.slots[2];
    float[] strip3 = s.slots[3];
    float[] strip4 = s.slots[4];
    for (int i = 0; i < n; i++) {
      float head = strip0[i];
      float b2 = strip1[i];
      float s2 = head + b2;
      float lo = b2 - (s2 - head);
      float hi = s2 * 0x1.0p32f;
      float lo2 = lo * 0x1.0p32f;
      float h = hi * 0x1.0p-32f;
      strip0[i] = hi;
      strip1[i] = lo2;
      strip2[i] = h;
      strip3[i] = fma(h, 1f, h);
      strip4[i] = min(max((1f - h) * 0x1.0p100f, 0f) * 0x1.0p100f, 1f);
    }
  }

  private static void finish3(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip3 = s.slots[3];
    float[] strip4 = s.slots[4];
    float[] strip2 = s.slots[2];
    for (int i = 0; i < n; i++) {
      float v = strip3[i];
      float v2 = strip4[i];
      float h = strip2[i];
      float v3 = 1f - v2;
      float y = fma(v, v2, h * v3);
      float r = fma(y, 0x1.4afd6ap-2f, -0x1.745d18p0f);
      float r2 = fma(r, y, 0x1.0f83e2p1f);
      float v4 = -y;
      float r3 = fma(r2, fma(v4, r2, 1f), r2);
      float inverse = fma(r3, fma(v4, r3, 1f), r3);
      float inverse2 = fma(fma(inverse, 1f, inverse), v2, inverse * v3) * 0x1.0p-32f;
      strip2[i] = inverse2;
    }
  }

  private static void finish4(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] rowRestHis = b.restHi;
    float[] strip2 = s.slots[2];
    float[] strip0 = s.slots[0];
    float[] strip1 = s.slots[1];
    float[] rowRestLos = b.restLo;
    float[] strip3 = s.slots[3];
    for (int i = 0; i < n; i++) {
      float rowRestHi = rowRestHis[i];
      float inverse = strip2[i];
      float hi = strip0[i];
      float lo = strip1[i];
      float rowRestLo = rowRestLos[i];
      float q = rowRestHi * inverse;
      float v = -q;
      float remainder = fma(fma(v, hi, rowRestHi), 1f, fma(v, lo, rowRestLo));
      float b2 = remainder * inverse;
      float s2 = fma(q, 1f, b2);
      float lo2 = b2 - (s2 - q);
      strip2[i] = s2;
      strip3[i] = lo2;
    }
  }

  private static void finish5(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] rowTieses = b.ties;
    float[] strip2 = s.slots[2];
    float[] strip3 = s.slots[3];
    for (int i = 0; i < n; i++) {
      float rowTies = rowTieses[i];
      float s2 = strip2[i];
      float lo = strip3[i];
      float a = rowTies - 1f;
      float s3 = a + s2;
      float z = s3 - a;
      float lo2 = fma(a - (s3 - z), 1f, s2 - z);
      float b2 = lo2 + lo;
      float s4 = fma(s3, 1f, b2);
      float lo3 = b2 - (s4 - s3);
      strip2[i] = s4;
      strip3[i] = lo3;
    }
  }

  private static void finish6(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip2 = s.slots[2];
    float[] strip3 = s.slots[3];
    float[] strip4 = s.slots[4];
    float[] strip5 = s.slots[5];
    for (int i = 0; i < n; i++) {
      float s2 = strip2[i];
      float lo = strip3[i];
      float s3 = 1f + s2;
      float z = s3 - 1f;
      float lo2 = fma(1f - (s3 - z), 1f, s2 - z);
      float b2 = lo2 + lo;
      float s4 = fma(s3, 1f, b2);
      float lo3 = b2 - (s4 - s3);
      strip4[i] = s4;
      strip5[i] = lo3;
    }
  }

  private static void finish7(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip0 = s.slots[0];
    float[] strip4 = s.slots[4];
    float[] strip5 = s.slots[5];
    float[] strip1 = s.slots[1];
    float[] rowTotalHis = b.totalHi;
    float[] rowTotalLos = b.totalLo;
    for (int i = 0; i < n; i++) {
      float hi = strip0[i];
      float s2 = strip4[i];
      float lo = strip5[i];
      float lo2 = strip1[i];
      float p = hi * s2;
      float e = fma(hi, s2, -p);
      float lo3 = fma(e, 1f, fma(hi, lo, lo2 * s2));
      float s3 = p + lo3;
      float lo4 = lo3 - (s3 - p);
      rowTotalHis[i] = s3;
      rowTotalLos[i] = lo4;
    }
  }

  private static void finish8(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip0 = s.slots[0];
    float[] strip2 = s.slots[2];
    float[] strip3 = s.slots[3];
    float[] strip1 = s.slots[1];
    float[] rowOthersHis = b.othersHi;
    float[] rowOthersLos = b.othersLo;
    for (int i = 0; i < n; i++) {
      float hi = strip0[i];
      float s2 = strip2[i];
      float lo = strip3[i];
      float lo2 = strip1[i];
      float p = hi * s2;
      float e = fma(hi, s2, -p);
      float lo3 = fma(e, 1f, fma(hi, lo, lo2 * s2));
      float s3 = p + lo3;
      float lo4 = lo3 - (s3 - p);
      rowOthersHis[i] = s3;
      rowOthersLos[i] = lo4;
    }
  }

  private static void finish9(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip4 = s.slots[4];
    float[] strip0 = s.slots[0];
    float[] strip1 = s.slots[1];
    for (int i = 0; i < n; i++) {
      float s2 = strip4[i];
      int v = floatToRawIntBits(s2);
      int k = (v - 0x3f2aaaab) >> 23;
      int shift = k << 23;
      float k2 = (float) k;
      strip0[i] = intBitsToFloat(v - shift);
      strip1[i] = intBitsToFloat(0x3f800000 - shift);
      strip4[i] = k2;
    }
  }

  private static void finish10(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip0 = s.slots[0];
    float[] strip4 = s.slots[4];
    float[] strip2 = s.slots[2];
    float[] strip5 = s.slots[5];
    float[] strip1 = s.slots[1];
    float[] strip3 = s.slots[3];
    for (int i = 0; i < n; i++) {
      float v = strip0[i];
      float k = strip4[i];
      float s2 = strip2[i];
      float lo = strip5[i];
      float v2 = strip1[i];
      float lo2 = strip3[i];
      float f = v - 1f;
      float fLo = lo * v2;
      float v3 = min((abs(k) * 0x1.0p100f) * 0x1.0p100f, 1f);
      float v4 = 1f - v3;
      float f2 = fma(f, v3, s2 * v4);
      float fLo2 = fma(fLo, v3, fma(lo2, v4, -0f));
      strip0[i] = f2;
      strip1[i] = fLo2;
    }
  }

  private static void finish11(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip0 = s.slots[0];
    float[] strip4 = s.slots[4];
    float[] strip2 = s.slots[2];
    float[] strip3 = s.slots[3];
    float[] strip5 = s.slots[5];
    float[] strip6 = s.slots[6];
    float[] strip7 = s.slots[7];
    for (int i = 0; i < n; i++) {
      float f = strip0[i];
      float k = strip4[i];
      float h = fma(f, f, -0f);
      float hLo = fma(f, f, -h);
      float base = k * 0x1.62e43p-1f;
      float baseLo = fma(k, -0x1.05c61p-29f, fma(k, 0x1.62e43p-1f, -base));
      float s2 = base + f;
      float lo = f - (s2 - base);
      float b2 = -0.5f * h;
      float s3 = s2 + b2;
      float lo2 = b2 - (s3 - s2);
      strip2[i] = h;
      strip3[i] = hLo;
      strip4[i] = baseLo;
      strip5[i] = lo;
      strip6[i] = s3;
      strip7[i] = lo2;
    }
  }

  private static void finish12(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip2 = s.slots[2];
    float[] strip0 = s.slots[0];
    float[] strip3 = s.slots[3];
    float[] strip5 = s.slots[5];
    float[] strip7 = s.slots[7];
    for (int i = 0; i < n; i++) {
      float h = strip2[i];
      float f = strip0[i];
      float hLo = strip3[i];
      float lo = strip5[i];
      float lo2 = strip7[i];
      float g = 1f - f;
      float g2 = fma(h, g, g);
      float p = fma(-0x1.07f7cep-3f, f, 0x1.1e73ap-3f);
      float p2 = fma(p, f, -0x1.f317ep-4f);
      float p3 = fma(p2, f, 0x1.1ed424p-3f);
      float p4 = fma(p3, f, -0x1.559d8ap-3f);
      float p5 = fma(p4, f, 0x1.99d05ep-3f);
      float p6 = fma(p5, f, -0x1.fffef2p-3f);
      float p7 = fma(p6, f, 0x1.555506p-2f);
      float lo3 = fma(fma(fma(h, f, -0f), p7, -0.5f * hLo), 1f, fma(lo, 1f, lo2));
      strip0[i] = g2;
      strip2[i] = lo3;
    }
  }

  private static void finish13(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip6 = s.slots[6];
    float[] strip1 = s.slots[1];
    float[] strip0 = s.slots[0];
    float[] strip2 = s.slots[2];
    float[] strip4 = s.slots[4];
    float[] rowLogHis = b.logHi;
    float[] rowLogLos = b.logLo;
    for (int i = 0; i < n; i++) {
      float s2 = strip6[i];
      float fLo = strip1[i];
      float g = strip0[i];
      float lo = strip2[i];
      float baseLo = strip4[i];
      float b2 = fma(fLo, g, fma(lo, 1f, baseLo));
      float s3 = s2 + b2;
      float lo2 = b2 - (s3 - s2);
      rowLogHis[i] = s3;
      rowLogLos[i] = lo2;
    }
  }
}
