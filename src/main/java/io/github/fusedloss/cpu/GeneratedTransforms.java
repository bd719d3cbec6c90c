// Generated from kernels/logits.cl by ci/generate. Do not edit.
package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.hi;
import static io.github.fusedloss.cpu.ScalarMath.lo;
import static io.github.fusedloss.cpu.ScalarMath.pair;
import static java.lang.Float.floatToRawIntBits;
import static java.lang.Float.intBitsToFloat;
import static java.lang.Math.*;

/** Functions of kernels/logits.cl for one element; a long is a pair. */
final class GeneratedTransforms {
  private GeneratedTransforms() {}

  static float softcapped(float v, float cap, long twice) {
    float twiceHi = hi(twice);
    float twiceLo = lo(twice);
    float x = abs(v);
    float w = x * twiceHi;
    float wLo = fma(x, twiceLo, fma(x, twiceHi, -w));
    boolean below = w < 64f;
    float hi = below ? w : 64f;
    float lo = below ? wLo : 0f;
    float kf = fma(hi, -0x1.715476p0f, 0x1.8000fep23f);
    float k = kf - 0x1.8000fep23f;
    float scale = intBitsToFloat(floatToRawIntBits(kf) << 23);
    float r = fma(k, -0x1.62e43p-1f, -hi);
    float c = fma(k, 0x1.05c61p-29f, -lo);
    float q = fma(0x1.6a1152p-10f, r, 0x1.124ad4p-7f);
    float q2 = fma(q, r, 0x1.55583cp-5f);
    float q3 = fma(q2, r, 0x1.55547ep-3f);
    float b2 = fma(r * r, fma(q3, r, 0.5f), fma(c, r, c));
    float s2 = r + b2;
    float lo2 = b2 - (s2 - r);
    float gap = 1f - scale;
    float v2 = -scale;
    float n2 = fma(v2, s2, gap);
    float nLo = fma(v2, lo2, fma(v2, s2, gap - n2));
    float sum = 1f + scale;
    float d = fma(scale, s2, sum);
    float dLo = fma(scale, lo2, fma(scale, s2, sum - d));
    float r2 = fma(d, 0x1.4afd6ap-2f, -0x1.745d18p0f);
    float r3 = fma(r2, d, 0x1.0f83e2p1f);
    float v3 = -d;
    float r4 = fma(r3, fma(v3, r3, 1f), r3);
    float inverse = fma(r4, fma(v3, r4, 1f), r4);
    float q4 = n2 * inverse;
    float v4 = -q4;
    float q5 = fma(fma(v4, d, n2) + fma(v4, dLo, nLo), inverse, q4);
    float y = (hi < 0x1.0p-12f) ? x : (q5 * cap);
    float y2 = (v < 0f) ? -y : y;
    return (v == v) ? y2 : v;
  }

  static float cooled(float v, long inverse) {
    float inverseHi = hi(inverse);
    float inverseLo = lo(inverse);
    float p = v * inverseHi;
    float y = fma(v, inverseHi, v * inverseLo);
    return (abs(p) < Float.POSITIVE_INFINITY) ? y : p;
  }

  static float biased(float v, float bias) {
    return v + bias;
  }

  static float timesSlope(float e, float x, long twice) {
    float twiceHi = hi(twice);
    float twiceLo = lo(twice);
    float x2 = abs(x);
    float w = x2 * twiceHi;
    float wLo = fma(x2, twiceLo, fma(x2, twiceHi, -w));
    boolean below = w < 107f;
    float hi = below ? w : 107f;
    float lo = below ? wLo : 0f;
    float kf = fma(hi, -0x1.715476p0f, 0x1.80017ep23f);
    float k = kf - 0x1.80017ep23f;
    float scale = intBitsToFloat(floatToRawIntBits(kf) << 23);
    float r = fma(k, -0x1.62e43p-1f, -hi);
    float c = fma(k, 0x1.05c61p-29f, -lo);
    float head = 1f + r;
    float q = fma(0x1.6a1152p-10f, r, 0x1.124ad4p-7f);
    float q2 = fma(q, r, 0x1.55583cp-5f);
    float q3 = fma(q2, r, 0x1.55547ep-3f);
    float rest = fma(r * r, fma(q3, r, 0.5f), r - (head - 1f));
    float b2 = fma(c, head + rest, rest);
    float s2 = head + b2;
    float lo2 = b2 - (s2 - head);
    float small = scale * 0x1.0p-64f;
    float b3 = small * s2;
    float s3 = 1f + b3;
    float lo3 = b3 - (s3 - 1f);
    float dLo = fma(small, lo2, lo3);
    float square = s3 * s3;
    float squareLo = fma(s3 + s3, dLo, fma(s3, s3, -square));
    float n2 = 4f * s2;
    float nLo = 4f * lo2;
    int v = floatToRawIntBits(square);
    float m = intBitsToFloat((v & 0x7fffff) | 0x3f800000);
    float r2 = fma(m, 0x1.4afd6ap-2f, -0x1.745d18p0f);
    float r3 = fma(r2, m, 0x1.0f83e2p1f);
    float v2 = -m;
    float r4 = fma(r3, fma(v2, r3, 1f), r3);
    float r5 = fma(r4, fma(v2, r4, 1f), r4) * intBitsToFloat(0x7f000000 - (v & 0x7f800000));
    float q4 = n2 * r5;
    float v3 = -q4;
    float corrected = fma(fma(v3, square, n2) + fma(v3, squareLo, nLo), r5, q4);
    float q5 = (abs(corrected) < Float.POSITIVE_INFINITY) ? corrected : q4;
    float slope = (q5 * scale) * 0x1.0p-64f;
    float v4 = e * ((x == x) ? slope : x);
    return (v4 == v4) ? v4 : Float.NaN;
  }

  static float timesCooledSlope(float e, float x, long twice, long inverse) {
    float twiceHi = hi(twice);
    float twiceLo = lo(twice);
    float inverseHi = hi(inverse);
    float inverseLo = lo(inverse);
    float x2 = abs(x);
    float w = x2 * twiceHi;
    float wLo = fma(x2, twiceLo, fma(x2, twiceHi, -w));
    boolean below = w < 107f;
    float hi = below ? w : 107f;
    float lo = below ? wLo : 0f;
    float kf = fma(hi, -0x1.715476p0f, 0x1.80017ep23f);
    float k = kf - 0x1.80017ep23f;
    float scale = intBitsToFloat(floatToRawIntBits(kf) << 23);
    float r = fma(k, -0x1.62e43p-1f, -hi);
    float c = fma(k, 0x1.05c61p-29f, -lo);
    float head = 1f + r;
    float q = fma(0x1.6a1152p-10f, r, 0x1.124ad4p-7f);
    float q2 = fma(q, r, 0x1.55583cp-5f);
    float q3 = fma(q2, r, 0x1.55547ep-3f);
    float rest = fma(r * r, fma(q3, r, 0.5f), r - (head - 1f));
    float b2 = fma(c, head + rest, rest);
    float s2 = head + b2;
    float lo2 = b2 - (s2 - head);
    float small = scale * 0x1.0p-64f;
    float b3 = small * s2;
    float s3 = 1f + b3;
    float lo3 = b3 - (s3 - 1f);
    float dLo = fma(small, lo2, lo3);
    float square = s3 * s3;
    float squareLo = fma(s3 + s3, dLo, fma(s3, s3, -square));
    float n2 = 4f * s2;
    float nLo = 4f * lo2;
    int v = floatToRawIntBits(square);
    float m = intBitsToFloat((v & 0x7fffff) | 0x3f800000);
    float r2 = fma(m, 0x1.4afd6ap-2f, -0x1.745d18p0f);
    float r3 = fma(r2, m, 0x1.0f83e2p1f);
    float v2 = -m;
    float r4 = fma(r3, fma(v2, r3, 1f), r3);
    float r5 = fma(r4, fma(v2, r4, 1f), r4) * intBitsToFloat(0x7f000000 - (v & 0x7f800000));
    float q4 = n2 * r5;
    float v3 = -q4;
    float corrected = fma(fma(v3, square, n2) + fma(v3, squareLo, nLo), r5, q4);
    float q5 = (abs(corrected) < Float.POSITIVE_INFINITY) ? corrected : q4;
    float slope = (q5 * scale) * 0x1.0p-64f;
    float v4 = (x == x) ? slope : x;
    float p = v4 * inverseHi;
    float y = fma(v4, inverseHi, v4 * inverseLo);
    float v5 = e * ((abs(p) < Float.POSITIVE_INFINITY) ? y : p);
    return (v5 == v5) ? v5 : Float.NaN;
  }

  static float timesInverse(float e, long inverse) {
    float inverseHi = hi(inverse);
    float v = e * inverseHi;
    return (v == v) ? v : Float.NaN;
  }
}
