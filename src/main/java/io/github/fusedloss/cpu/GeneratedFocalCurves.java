// Generated from kernels/cross_entropy.cl by ci/generate. Do not edit.
package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.hi;
import static io.github.fusedloss.cpu.ScalarMath.lo;
import static io.github.fusedloss.cpu.ScalarMath.pair;
import static java.lang.Float.floatToRawIntBits;
import static java.lang.Float.intBitsToFloat;
import static java.lang.Math.*;

/** Functions of kernels/cross_entropy.cl for one element; a long is a pair. */
final class GeneratedFocalCurves {
  private GeneratedFocalCurves() {}

  static void curveOf(SoftmaxRow row, RowTarget target, Settings settings, FocalCurve curve) {
    float rowMax = row.max;
    float rowLogHi = hi(row.log);
    float rowLogLo = lo(row.log);
    float rowTotalHi = hi(row.total);
    float rowTotalLo = lo(row.total);
    float rowOthersHi = hi(row.others);
    float rowOthersLo = lo(row.others);
    float targetX = target.x;
    float targetW = target.w;
    float targetScaleHi = hi(target.scale);
    float settingsGamma = settings.gamma;
    float b2 = -targetX;
    float s2 = rowMax - targetX;
    float z = s2 - rowMax;
    float lo = (rowMax - (s2 - z)) + (b2 - z);
    float lo2 = (lo == lo) ? lo : 0f;
    float s3 = s2 + rowLogHi;
    float z2 = s3 - s2;
    float lo3 = (s2 - (s3 - z2)) + (rowLogHi - z2);
    float lo4 = lo3 + (lo2 + rowLogLo);
    float s4 = s3 + lo4;
    float lo5 = lo4 - (s4 - s3);
    boolean finite = abs(s3) < Float.POSITIVE_INFINITY;
    float hi = finite ? s4 : s3;
    float lo6 = finite ? lo5 : 0f;
    float a = (104f < hi) ? 104f : hi;
    float kf = fma(a, -0x1.715476p0f, 0x1.80017ep23f);
    float k = kf - 0x1.80017ep23f;
    float scale = intBitsToFloat(floatToRawIntBits(kf) << 23) * 0x1.0p-64f;
    float r = fma(k, 0x1.05c61p-29f, fma(k, -0x1.62e43p-1f, -a));
    float q = fma(0x1.6a1152p-10f, r, 0x1.124ad4p-7f);
    float q2 = fma(q, r, 0x1.55583cp-5f);
    float q3 = fma(q2, r, 0x1.55547ep-3f);
    float p = fma(r * r, fma(q3, r, 0.5f), r);
    float hi2 = fma(p, scale, scale);
    float lo7 = fma(p, scale, scale - hi2);
    float rest = (1f - hi2) + fma(hi2, lo6, -lo7);
    boolean v = targetX == rowMax;
    int v2 = floatToRawIntBits(rowTotalHi);
    float m = intBitsToFloat((v2 & 0x7fffff) | 0x3f800000);
    float r2 = fma(m, 0x1.4afd6ap-2f, -0x1.745d18p0f);
    float r3 = fma(r2, m, 0x1.0f83e2p1f);
    float v3 = -m;
    float r4 = fma(r3, fma(v3, r3, 1f), r3);
    float r5 = fma(r4, fma(v3, r4, 1f), r4) * intBitsToFloat(0x7f000000 - (v2 & 0x7f800000));
    float q4 = rowOthersHi * r5;
    float v4 = -q4;
    float v5 = fma(v4, rowTotalHi, rowOthersHi) + fma(v4, rowTotalLo, rowOthersLo);
    float corrected = fma(v5, r5, q4);
    float others = v ? ((abs(corrected) < Float.POSITIVE_INFINITY) ? corrected : q4) : rest;
    boolean tiny = others < 0x1.0p-90f;
    boolean v6 = hi < Float.POSITIVE_INFINITY;
    float v7 = fma(-hi2, lo6, hi2 + lo7);
    float p2 = v6 ? v7 : 0f;
    float d = tiny ? 1f : others;
    int v8 = floatToRawIntBits(d);
    float m2 = intBitsToFloat((v8 & 0x7fffff) | 0x3f800000);
    float r6 = fma(m2, 0x1.4afd6ap-2f, -0x1.745d18p0f);
    float r7 = fma(r6, m2, 0x1.0f83e2p1f);
    float v9 = -m2;
    float r8 = fma(r7, fma(v9, r7, 1f), r7);
    float r9 = fma(r8, fma(v9, r8, 1f), r8) * intBitsToFloat(0x7f000000 - (v8 & 0x7f800000));
    float q5 = hi * r9;
    float corrected2 = fma(fma(-q5, d, hi) + fma(q5, -0f, lo6), r9, q5);
    float ratio = (abs(corrected2) < Float.POSITIVE_INFINITY) ? corrected2 : q5;
    float part = v6 ? (v7 * ratio) : 0f;
    boolean small = others < 0x1.0p-64f;
    int y = floatToRawIntBits(others * (small ? 0x1.0p64f : 1f));
    int k2 = (y - 0x3f2aaaab) >> 23;
    float f = intBitsToFloat(y - (k2 << 23)) - 1f;
    float k3 = ((float) k2) - (small ? 64f : 0f);
    float h = f * f;
    float hLo = fma(f, f, -h);
    float base = k3 * 0x1.62e43p-1f;
    float baseLo = fma(k3, -0x1.05c61p-29f, fma(k3, 0x1.62e43p-1f, -base));
    float s5 = base + f;
    float lo8 = f - (s5 - base);
    float b3 = -0.5f * h;
    float s6 = s5 + b3;
    float lo9 = b3 - (s6 - s5);
    float g = 1f - f;
    float g2 = fma(h, g, g);
    float p3 = fma(-0x1.07f7cep-3f, f, 0x1.1e73ap-3f);
    float p4 = fma(p3, f, -0x1.f317ep-4f);
    float p5 = fma(p4, f, 0x1.1ed424p-3f);
    float p6 = fma(p5, f, -0x1.559d8ap-3f);
    float p7 = fma(p6, f, 0x1.99d05ep-3f);
    float p8 = fma(p7, f, -0x1.fffef2p-3f);
    float p9 = fma(p8, f, 0x1.555506p-2f);
    float lo10 = fma(h * f, p9, -0.5f * hLo) + (lo8 + lo9);
    float b4 = fma(0f, g2, lo10 + baseLo);
    float s7 = s6 + b4;
    float lo11 = b4 - (s7 - s6);
    float hi3 = -s7;
    float lo12 = -lo11;
    float p10 = hi3 * settingsGamma;
    float pLo = fma(lo12, settingsGamma, fma(hi3, settingsGamma, -p10));
    float a2 = (104f < p10) ? 104f : p10;
    float kf2 = fma(a2, -0x1.715476p0f, 0x1.80017ep23f);
    float k4 = kf2 - 0x1.80017ep23f;
    float scale2 = intBitsToFloat(floatToRawIntBits(kf2) << 23) * 0x1.0p-64f;
    float r10 = fma(k4, 0x1.05c61p-29f, fma(k4, -0x1.62e43p-1f, -a2));
    float q6 = fma(0x1.6a1152p-10f, r10, 0x1.124ad4p-7f);
    float q7 = fma(q6, r10, 0x1.55583cp-5f);
    float q8 = fma(q7, r10, 0x1.55547ep-3f);
    float p11 = fma(r10 * r10, fma(q8, r10, 0.5f), r10);
    float hi4 = fma(p11, scale2, scale2);
    float lo13 = fma(p11, scale2, scale2 - hi4);
    float lo14 = fma(-hi4, pLo, lo13);
    float v10 = ((hi4 + lo14) * settingsGamma) * fma(tiny ? 1f : part, fma(settingsGamma, p2, -1f),
          p2 + p2);
    float bend = targetScaleHi * (targetW * v10);
    float sum = v ? rowOthersHi : (others * rowTotalHi);
    int v11 = floatToRawIntBits(sum);
    float m3 = intBitsToFloat((v11 & 0x7fffff) | 0x3f800000);
    float r11 = fma(m3, 0x1.4afd6ap-2f, -0x1.745d18p0f);
    float r12 = fma(r11, m3, 0x1.0f83e2p1f);
    float v12 = -m3;
    float r13 = fma(r12, fma(v12, r12, 1f), r12);
    float v13 = fma(r13, fma(v12, r13, 1f), r13) * intBitsToFloat(0x7f000000 - (v11 & 0x7f800000));
    float tail = (sum < 0x1.0p-125f) ? 0f : (0x1.0p-32f * v13);
    curve.others = others;
    curve.bend = bend;
    curve.tail = tail;
  }

  static float bendOf(float bend, float share) {
    return bend * (share * 0x1.0p32f);
  }
}
