// Generated from kernels/hessian.cl by ci/generate. Do not edit.
package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.hi;
import static io.github.fusedloss.cpu.ScalarMath.lo;
import static io.github.fusedloss.cpu.ScalarMath.pair;
import static java.lang.Float.floatToRawIntBits;
import static java.lang.Float.intBitsToFloat;
import static java.lang.Math.*;

/** Functions of kernels/hessian.cl for one element; a long is a pair. */
final class GeneratedHessian {
  private GeneratedHessian() {}

  static float likelyTerm(float max, float shift, float magic, float others, float total) {
    float x = max - shift;
    float kf = fma(x, 0x1.715476p0f, magic);
    float k = kf - magic;
    float scale = intBitsToFloat(floatToRawIntBits(kf) << 23);
    float r = fma(k, 0x1.05c61p-29f, fma(k, -0x1.62e43p-1f, x));
    float q = fma(0x1.6a1152p-10f, r, 0x1.124ad4p-7f);
    float q2 = fma(q, r, 0x1.55583cp-5f);
    float q3 = fma(q2, r, 0x1.55547ep-3f);
    float v = ((others + others) < total) ? (fma(r, fma(r, fma(q3, r, 0.5f), 1f),
          1f) * scale) : Float.NaN;
    return v;
  }

  static float bendOf(float penaltyScale, float share) {
    return (penaltyScale + penaltyScale) * share;
  }

  static float hessianOf(float e, float factor, float share, float crest, float rest, float bend,
          float tail, float least) {
    float q = (e == crest) ? rest : fma(-e, share, 1f);
    float h = fma(e * bend, e * tail, (e * factor) * q);
    float v = (h < least) ? least : h;
    return (v == v) ? v : Float.NaN;
  }

  static float hessianAtY(float e, float factor, float share, float crest, float rest, float bend,
          float others) {
    float v = fma(bend, others, (e * factor) * ((e == crest) ? rest : fma(-e, share, 1f)));
    return (v == v) ? v : Float.NaN;
  }
}
