// Generated from kernels/rows.cl by ci/generate. Do not edit.
package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.hi;
import static io.github.fusedloss.cpu.ScalarMath.lo;
import static io.github.fusedloss.cpu.ScalarMath.pair;
import static java.lang.Float.floatToRawIntBits;
import static java.lang.Float.intBitsToFloat;
import static java.lang.Math.*;

/** Functions of kernels/rows.cl for one element; a long is a pair. */
final class GeneratedRows {
  private GeneratedRows() {}

  static float term(float v, float cut, float shift, float magic) {
    float x = v - shift;
    float kf = fma(x, 0x1.715476p0f, magic);
    float k = kf - magic;
    float scale = intBitsToFloat(floatToRawIntBits(kf) << 23);
    float r = fma(k, 0x1.05c61p-29f, fma(k, -0x1.62e43p-1f, x));
    float q = fma(0x1.6a1152p-10f, r, 0x1.124ad4p-7f);
    float q2 = fma(q, r, 0x1.55583cp-5f);
    float q3 = fma(q2, r, 0x1.55547ep-3f);
    float e = fma(r, fma(r, fma(q3, r, 0.5f), 1f), 1f) * scale;
    return (v < cut) ? 0f : e;
  }

  static long distanceTo(float from, float v) {
    float a = from * 0x1.0p-24f;
    float b2 = v * -0x1.0p-24f;
    float s2 = a + b2;
    float z = s2 - a;
    float lo = (a - (s2 - z)) + (b2 - z);
    return pair(s2, lo);
  }
}
