// Generated from kernels/sigmoid_bce.cl by ci/generate. Do not edit.
package io.github.fusedloss.cpu;

import static java.lang.Float.floatToRawIntBits;
import static java.lang.Float.intBitsToFloat;
import static java.lang.Math.abs;
import static java.lang.Math.fma;
import static java.lang.Math.max;
import static java.lang.Math.min;

/** Loops over a strip of a block, of kernels/sigmoid_bce.cl. */
final class GeneratedSigmoidStrips {
  private GeneratedSigmoidStrips() {}

  /** Elements from {@code start} on; infinities and NaN make a sum NaN. */
  static void run(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip0 = s.slots[0];
    float[] strip1 = s.slots[1];
    float[] strip2 = s.slots[2];
    float[] strip3 = s.slots[3];
    float[] strip4 = s.slots[4];
    float[] strip5 = s.slots[5];
    System.arraycopy(b.x, b.xAt + start, strip0, 0, n);
    logistic1(strip0, strip1, strip2, strip3, n);
    logistic2(strip2, n);
    logistic3(strip3, strip1, strip2, n);
    logistic4(strip3, strip1, strip2, strip4, strip5, n);
    logistic5(strip1, strip2, strip5, strip3, strip4, strip0, n);
    System.arraycopy(strip0, 0, b.gradient, b.gradientAt + start, n);
  }

  private static void logistic1(float[] strip0, float[] strip1, float[] strip2, float[] strip3,
          int n) {
    for (int i = 0; i < n; i++) {
      float x = strip0[i];
      float a = abs(x);
      float a2 = min(a, 104f);
      float kf = fma(a2, -0x1.715476p0f, 0x1.80017ep23f);
      float k = kf - 0x1.80017ep23f;
      strip1[i] = a2;
      strip2[i] = kf;
      strip3[i] = k;
    }
  }

  private static void logistic2(float[] strip2, int n) {
    for (int i = 0; i < n; i++) {
      float kf = strip2[i];
      strip2[i] = intBitsToFloat(floatToRawIntBits(kf) << 23);
    }
  }

  private static void logistic3(float[] strip3, float[] strip1, float[] strip2, int n) {
    for (int i = 0; i < n; i++) {
      float k = strip3[i];
      float a = strip1[i];
      float v = strip2[i];
      float scale = v * 0x1.0p-64f;
      float r = fma(k, 0x1.05c61p-29f, fma(k, -0x1.62e43p-1f, -a));
      float q = fma(0x1.6a1152p-10f, r, 0x1.124ad4p-7f);
      float q2 = fma(q, r, 0x1.55583cp-5f);
      float q3 = fma(q2, r, 0x1.55547ep-3f);
      float p = fma(fma(r, r, -0f), fma(q3, r, 0.5f), r);
      float hi = fma(p, scale, scale);
      float lo = fma(p, scale, scale - hi);
      float d = 1f + hi;
      strip1[i] = hi;
      strip2[i] = lo;
      strip3[i] = d;
    }
  }

  private static void logistic4(float[] strip3, float[] strip1, float[] strip2, float[] strip4,
          float[] strip5, int n) {
    for (int i = 0; i < n; i++) {
      float d = strip3[i];
      float hi = strip1[i];
      float lo = strip2[i];
      float dLo = ((1f - d) + hi) + lo;
      float r = fma(d, 0x1.4afd6ap-2f, -0x1.745d18p0f);
      float r2 = fma(r, d, 0x1.0f83e2p1f);
      float v = -d;
      float r3 = fma(r2, fma(v, r2, 1f), r2);
      float r4 = fma(r3, fma(v, r3, 1f), r3);
      float r5 = fma(r4, fma(-dLo, r4, fma(v, r4, 1f)), r4);
      strip4[i] = dLo;
      strip5[i] = r5;
    }
  }

  private static void logistic5(float[] strip1, float[] strip2, float[] strip5, float[] strip3,
          float[] strip4, float[] strip0, int n) {
    for (int i = 0; i < n; i++) {
      float hi = strip1[i];
      float lo = strip2[i];
      float r = strip5[i];
      float d = strip3[i];
      float dLo = strip4[i];
      float x = strip0[i];
      float s2 = fma(fma(hi, 1f, lo), r, -0f);
      float v = -s2;
      float s3 = fma(fma(fma(v, d, hi), 1f, fma(v, dLo, lo)), r, s2);
      float v2 = min(max(x * -0x1.0p100f, 0f) * 0x1.0p100f, 1f);
      float v3 = fma(s3, v2, r * (1f - v2));
      strip0[i] = v3;
    }
  }
}
