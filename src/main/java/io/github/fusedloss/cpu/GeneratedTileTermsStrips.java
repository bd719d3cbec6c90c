// Generated from kernels/rows.cl by ci/generate. Do not edit.
package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.hi;
import static io.github.fusedloss.cpu.ScalarMath.lo;
import static io.github.fusedloss.cpu.ScalarMath.pair;
import static java.lang.Float.floatToRawIntBits;
import static java.lang.Float.intBitsToFloat;
import static java.lang.Math.*;

/** Loops over a strip of a block, of kernels/rows.cl. */
final class GeneratedTileTermsStrips {
  private GeneratedTileTermsStrips() {}

  /** Elements from {@code start} on; infinities and NaN make a sum NaN. */
  static void run(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    System.arraycopy(b.x, start, s.slots[0], 0, n);
    exponential1(b, lanes, start, n);
    exponential2(b, lanes, start, n);
    exponential3(b, lanes, start, n);
    if (b.far) {
      zeroBelow(b, lanes, start, n);
    }
    addLogit1(b, lanes, start, n);
    if (b.keep) {
      System.arraycopy(s.slots[1], 0, b.e, start, n);
    }
    addLogit2(b, lanes, start, n);
  }

  private static void exponential1(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip0 = s.slots[0];
    float[] shifts = b.shift;
    float[] magics = b.magic;
    float[] strip1 = s.slots[1];
    float[] strip2 = s.slots[2];
    for (int i = 0; i < n; i++) {
      float x = strip0[i];
      float shift = shifts[i];
      float magic = magics[i];
      float x2 = x - shift;
      float kf = fma(x2, 0x1.715476p0f, magic);
      float k = kf - magic;
      float r = fma(k, 0x1.05c61p-29f, fma(k, -0x1.62e43p-1f, x2));
      float q = fma(0x1.6a1152p-10f, r, 0x1.124ad4p-7f);
      float q2 = fma(q, r, 0x1.55583cp-5f);
      float q3 = fma(q2, r, 0x1.55547ep-3f);
      strip1[i] = kf;
      strip2[i] = fma(r, fma(r, fma(q3, r, 0.5f), 1f), 1f);
    }
  }

  private static void exponential2(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip1 = s.slots[1];
    for (int i = 0; i < n; i++) {
      float kf = strip1[i];
      float scale = intBitsToFloat(floatToRawIntBits(kf) << 23);
      strip1[i] = scale;
    }
  }

  private static void exponential3(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip2 = s.slots[2];
    float[] strip1 = s.slots[1];
    for (int i = 0; i < n; i++) {
      float v = strip2[i];
      float scale = strip1[i];
      strip1[i] = v * scale;
    }
  }

  private static void zeroBelow(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip0 = s.slots[0];
    float[] cuts = b.cut;
    float[] strip1 = s.slots[1];
    for (int i = 0; i < n; i++) {
      float x = strip0[i];
      float cut = cuts[i];
      float e = strip1[i];
      strip1[i] = (x < cut) ? 0f : e;
    }
  }

  private static void addLogit1(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] sumsTieses = b.ties;
    float[] strip0 = s.slots[0];
    float[] maxs = b.max;
    float[] sumsRestHis = b.restHi;
    float[] strip1 = s.slots[1];
    for (int i = 0; i < n; i++) {
      float sumsTies = sumsTieses[i];
      float x = strip0[i];
      float max = maxs[i];
      float sumsRestHi = sumsRestHis[i];
      float e = strip1[i];
      float v = min((abs(x - max) * 0x1.0p100f) * 0x1.0p100f, 1f);
      float ties = sumsTies + (1f - v);
      float v2 = e * v;
      float s2 = sumsRestHi + v2;
      float z = s2 - sumsRestHi;
      float lo = fma(sumsRestHi - (s2 - z), 1f, v2 - z);
      sumsTieses[i] = ties;
      sumsRestHis[i] = s2;
      strip0[i] = lo;
    }
  }

  private static void addLogit2(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] sumsRestLos = b.restLo;
    float[] strip0 = s.slots[0];
    for (int i = 0; i < n; i++) {
      float sumsRestLo = sumsRestLos[i];
      float lo = strip0[i];
      float lo2 = sumsRestLo + lo;
      sumsRestLos[i] = lo2;
    }
  }
}
