// Generated from kernels/sigmoid_bce.cl by ci/generate. Do not edit.
package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.hi;
import static io.github.fusedloss.cpu.ScalarMath.lo;
import static io.github.fusedloss.cpu.ScalarMath.pair;
import static java.lang.Float.floatToRawIntBits;
import static java.lang.Float.intBitsToFloat;
import static java.lang.Math.*;

/** Functions of kernels/sigmoid_bce.cl for one element; a long is a pair. */
final class GeneratedLogits {
  private GeneratedLogits() {}

  static float logistic(float v) {
    float a = abs(v);
    float a2 = (104f < a) ? 104f : a;
    float kf = fma(a2, -0x1.715476p0f, 0x1.80017ep23f);
    float k = kf - 0x1.80017ep23f;
    float scale = intBitsToFloat(floatToRawIntBits(kf) << 23) * 0x1.0p-64f;
    float r = fma(k, 0x1.05c61p-29f, fma(k, -0x1.62e43p-1f, -a2));
    float q = fma(0x1.6a1152p-10f, r, 0x1.124ad4p-7f);
    float q2 = fma(q, r, 0x1.55583cp-5f);
    float q3 = fma(q2, r, 0x1.55547ep-3f);
    float p = fma(r * r, fma(q3, r, 0.5f), r);
    float hi = fma(p, scale, scale);
    float lo = fma(p, scale, scale - hi);
    float d = 1f + hi;
    float dLo = ((1f - d) + hi) + lo;
    float r2 = fma(d, 0x1.4afd6ap-2f, -0x1.745d18p0f);
    float r3 = fma(r2, d, 0x1.0f83e2p1f);
    float v2 = -d;
    float r4 = fma(r3, fma(v2, r3, 1f), r3);
    float r5 = fma(r4, fma(v2, r4, 1f), r4);
    float r6 = fma(r5, fma(-dLo, r5, fma(v2, r5, 1f)), r5);
    float s2 = (hi + lo) * r6;
    float v3 = -s2;
    float s3 = fma(fma(v3, d, hi) + fma(v3, dLo, lo), r6, s2);
    float v4 = (v >= 0f) ? r6 : s3;
    return (v4 == v4) ? v4 : Float.NaN;
  }
}
