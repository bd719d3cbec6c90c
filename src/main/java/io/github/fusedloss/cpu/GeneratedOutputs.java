// Generated from kernels/row_outputs.cl by ci/generate. Do not edit.
package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.hi;
import static io.github.fusedloss.cpu.ScalarMath.lo;
import static io.github.fusedloss.cpu.ScalarMath.pair;
import static java.lang.Float.floatToRawIntBits;
import static java.lang.Float.intBitsToFloat;
import static java.lang.Math.*;

/** Functions of kernels/row_outputs.cl for one element; a long is a pair. */
final class GeneratedOutputs {
  private GeneratedOutputs() {}

  static float momentOf(float v, float max, float e) {
    float gap = max - v;
    return e * ((gap < 128f) ? gap : 128f);
  }

  static long momentInRow(SoftmaxRow row, SoftmaxRow block) {
    float rowMax = row.max;
    float rowShift = row.shift;
    float rowExponent = row.exponent;
    float blockMax = block.max;
    float blockShift = block.shift;
    float blockExponent = block.exponent;
    float blockTies = block.ties;
    float blockRestHi = hi(block.rest);
    float blockRestLo = lo(block.rest);
    float blockMomentHi = hi(block.moment);
    float blockMomentLo = lo(block.moment);
    float reduced = (abs(blockMax) < Float.POSITIVE_INFINITY) ? (blockMax - blockShift) : 0f;
    float r = fma(blockExponent, -0x1.62e43p-1f, reduced);
    float c = blockExponent * 0x1.05c61p-29f;
    float head = 1f + r;
    float q = fma(0x1.6a1152p-10f, r, 0x1.124ad4p-7f);
    float q2 = fma(q, r, 0x1.55583cp-5f);
    float q3 = fma(q2, r, 0x1.55547ep-3f);
    float rest = fma(r * r, fma(q3, r, 0.5f), r - (head - 1f));
    float b2 = fma(c, head + rest, rest);
    float s2 = head + b2;
    float lo = b2 - (s2 - head);
    float hi = s2 * 0x1.0p32f;
    float lo2 = lo * 0x1.0p32f;
    float p = hi * blockTies;
    float lo3 = fma(lo2, blockTies, fma(hi, blockTies, -p));
    float s3 = p + lo3;
    float lo4 = lo3 - (s3 - p);
    boolean finite = abs(p) < Float.POSITIVE_INFINITY;
    float hi2 = finite ? s3 : p;
    float lo5 = finite ? lo4 : 0f;
    float s4 = blockRestHi + hi2;
    float z = s4 - blockRestHi;
    float lo6 = (blockRestHi - (s4 - z)) + (hi2 - z);
    float lo7 = lo6 + (blockRestLo + lo5);
    float s5 = s4 + lo7;
    float lo8 = lo7 - (s5 - s4);
    boolean finite2 = abs(s4) < Float.POSITIVE_INFINITY;
    float hi3 = finite2 ? s5 : s4;
    float lo9 = finite2 ? lo8 : 0f;
    float b3 = -blockMax;
    float s6 = rowMax - blockMax;
    float z2 = s6 - rowMax;
    float lo10 = (rowMax - (s6 - z2)) + (b3 - z2);
    float lo11 = (lo10 == lo10) ? lo10 : 0f;
    float p2 = hi3 * s6;
    float e = fma(hi3, s6, -p2);
    float lo12 = e + fma(hi3, lo11, lo9 * s6);
    float s7 = p2 + lo12;
    float lo13 = lo12 - (s7 - p2);
    boolean finite3 = abs(p2) < Float.POSITIVE_INFINITY;
    float hi4 = finite3 ? s7 : p2;
    float lo14 = finite3 ? lo13 : 0f;
    float s8 = blockMomentHi + hi4;
    float z3 = s8 - blockMomentHi;
    float lo15 = (blockMomentHi - (s8 - z3)) + (hi4 - z3);
    float lo16 = lo15 + (blockMomentLo + lo14);
    float s9 = s8 + lo16;
    float lo17 = lo16 - (s9 - s8);
    boolean finite4 = abs(s8) < Float.POSITIVE_INFINITY;
    float hi5 = finite4 ? s9 : s8;
    float lo18 = finite4 ? lo17 : 0f;
    float x = blockShift - rowShift;
    float k = fma(x, 0x1.715476p0f, 0x1.8p23f) - 0x1.8p23f;
    float r2 = fma(k, -0x1.62e43p-1f, x);
    float c2 = k * 0x1.05c61p-29f;
    float head2 = 1f + r2;
    float q4 = fma(0x1.6a1152p-10f, r2, 0x1.124ad4p-7f);
    float q5 = fma(q4, r2, 0x1.55583cp-5f);
    float q6 = fma(q5, r2, 0x1.55547ep-3f);
    float rest2 = fma(r2 * r2, fma(q6, r2, 0.5f), r2 - (head2 - 1f));
    float b4 = fma(c2, head2 + rest2, rest2);
    float s10 = head2 + b4;
    float lo19 = b4 - (s10 - head2);
    float power = k + (blockExponent - rowExponent);
    float power2 = ((x > -0x1.388p15f) & (blockMax != Float.NEGATIVE_INFINITY)) ? power : -1000f;
    float power3 = (power2 < -150f) ? -1000f : power2;
    boolean nothing = power3 == -1000f;
    float p3 = nothing ? 0f : power3;
    float p4 = hi5 * s10;
    float e2 = fma(hi5, s10, -p4);
    float lo20 = e2 + fma(hi5, lo19, lo18 * s10);
    float s11 = p4 + lo20;
    float lo21 = lo20 - (s11 - p4);
    boolean finite5 = abs(p4) < Float.POSITIVE_INFINITY;
    float hi6 = finite5 ? s11 : p4;
    float lo22 = finite5 ? lo21 : 0f;
    boolean small = p3 < -100f;
    float n2 = small ? (p3 + 64f) : p3;
    float v = intBitsToFloat((((int) n2) + 127) << 23);
    float v2 = small ? 0x1.0p-64f : 1f;
    float hi7 = (hi6 * v) * v2;
    float lo23 = (lo22 * v) * v2;
    float hi8 = nothing ? 0f : hi7;
    float lo24 = nothing ? 0f : lo23;
    return pair(hi8, lo24);
  }

  static float entropy(SoftmaxRow row) {
    float rowMomentHi = hi(row.moment);
    float rowMomentLo = lo(row.moment);
    float rowLogHi = hi(row.log);
    float rowLogLo = lo(row.log);
    float rowTotalHi = hi(row.total);
    float rowTotalLo = lo(row.total);
    int v = floatToRawIntBits(rowTotalHi);
    float m = intBitsToFloat((v & 0x7fffff) | 0x3f800000);
    float r = fma(m, 0x1.4afd6ap-2f, -0x1.745d18p0f);
    float r2 = fma(r, m, 0x1.0f83e2p1f);
    float v2 = -m;
    float r3 = fma(r2, fma(v2, r2, 1f), r2);
    float r4 = fma(r3, fma(v2, r3, 1f), r3) * intBitsToFloat(0x7f000000 - (v & 0x7f800000));
    float q = rowMomentHi * r4;
    float v3 = -q;
    float v4 = fma(v3, rowTotalHi, rowMomentHi) + fma(v3, rowTotalLo, rowMomentLo);
    float corrected = fma(v4, r4, q);
    float mean = (abs(corrected) < Float.POSITIVE_INFINITY) ? corrected : q;
    float s2 = rowLogHi + mean;
    float z = s2 - rowLogHi;
    float lo = (rowLogHi - (s2 - z)) + (mean - z);
    float lo2 = lo + (rowLogLo + 0f);
    float s3 = s2 + lo2;
    boolean finite = abs(s2) < Float.POSITIVE_INFINITY;
    float hi = finite ? s3 : s2;
    return hi;
  }

  static float logProbability(SoftmaxRow row, RowTarget target) {
    float rowMax = row.max;
    float rowLogHi = hi(row.log);
    float rowLogLo = lo(row.log);
    float targetX = target.x;
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
    boolean finite = abs(s3) < Float.POSITIVE_INFINITY;
    float hi = finite ? s4 : s3;
    return 0f - hi;
  }
}
