// Generated from kernels/rows.cl by ci/generate. Do not edit.
package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.hi;
import static io.github.fusedloss.cpu.ScalarMath.lo;
import static io.github.fusedloss.cpu.ScalarMath.pair;
import static java.lang.Float.floatToRawIntBits;
import static java.lang.Float.intBitsToFloat;
import static java.lang.Math.*;

/** Loops over a strip of a block, of kernels/rows.cl. */
final class GeneratedReferencesStrips {
  private GeneratedReferencesStrips() {}

  /** Elements from {@code start} on; infinities and NaN make a sum NaN. */
  static void run(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    setReference1(b, lanes, start, n);
    setReference2(b, lanes, start, n);
    setReference3(b, lanes, start, n);
  }

  private static void setReference1(RowTile b, Lanes lanes, int start, int n) {
    float[] rowMaxs = b.max;
    float[] rowShifts = b.shift;
    float[] rowExponents = b.exponent;
    float[] rowMagics = b.magic;
    for (int i = 0; i < n; i++) {
      float rowMax = rowMaxs[i];
      float v = min(max((abs(rowMax) - 16384f) * 0x1.0p100f, 0f) * 0x1.0p100f, 1f);
      float shift = rowMax * v;
      float exponent = fma(rowMax - shift, 0x1.715476p0f, 0x1.8p23f) - 0x1.8p23f;
      float magic = 0x1.80013ep23f - exponent;
      rowShifts[i] = shift;
      rowExponents[i] = exponent;
      rowMagics[i] = magic;
    }
  }

  private static void setReference2(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] rowMaxs = b.max;
    float[] strip0 = s.slots[0];
    for (int i = 0; i < n; i++) {
      float rowMax = rowMaxs[i];
      float cut = rowMax - 104f;
      float v = min(max(((rowMax - cut) - 108f) * 0x1.0p100f, 0f) * 0x1.0p100f, 1f);
      float cut2 = fma(rowMax - 95f, v, fma(cut, 1f - v, -0f));
      strip0[i] = cut2;
    }
  }

  private static void setReference3(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] rowMaxs = b.max;
    float[] strip0 = s.slots[0];
    float[] rowCuts = b.cut;
    for (int i = 0; i < n; i++) {
      float rowMax = rowMaxs[i];
      float cut = strip0[i];
      float v = min(max(((rowMax - cut) - 108f) * 0x1.0p100f, 0f) * 0x1.0p100f, 1f);
      float cut2 = fma(rowMax, v, cut * (1f - v));
      rowCuts[i] = cut2;
    }
  }
}
