// Generated from kernels/cross_entropy.cl by ci/generate. Do not edit.
package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.hi;
import static io.github.fusedloss.cpu.ScalarMath.lo;
import static io.github.fusedloss.cpu.ScalarMath.pair;
import static java.lang.Float.floatToRawIntBits;
import static java.lang.Float.intBitsToFloat;
import static java.lang.Math.*;

/** Formulas of kernels/cross_entropy.cl, with one choice of options. */
final class GeneratedClassWithZFormulas implements RowFormulas {

  static final RowFormulas ALL = new GeneratedClassWithZFormulas();

  @Override
  public long loss(SoftmaxRow row, RowTarget target, Settings settings) {
    float rowMax = row.max;
    float rowLogHi = hi(row.log);
    float rowLogLo = lo(row.log);
    float targetX = target.x;
    float targetW = target.w;
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
    float p = hi * targetW;
    float lo7 = fma(lo6, targetW, fma(hi, targetW, -p));
    float s5 = p + lo7;
    float lo8 = lo7 - (s5 - p);
    boolean finite2 = abs(p) < Float.POSITIVE_INFINITY;
    float hi2 = finite2 ? s5 : p;
    float lo9 = finite2 ? lo8 : 0f;
    boolean c = (targetW == 0f) & (hi == hi);
    float hi3 = c ? 0f : hi2;
    float lo10 = c ? 0f : lo9;
    return pair(hi3, lo10);
  }

  @Override
  public long penalty(SoftmaxRow row, Settings settings) {
    float rowMax = row.max;
    float rowLogHi = hi(row.log);
    float rowLogLo = lo(row.log);
    float settingsPenalty = settings.penalty;
    float s2 = rowMax + rowLogHi;
    float z = s2 - rowMax;
    float lo = (rowMax - (s2 - z)) + (rowLogHi - z);
    float lo2 = lo + (0f + rowLogLo);
    float s3 = s2 + lo2;
    float lo3 = lo2 - (s3 - s2);
    boolean finite = abs(s2) < Float.POSITIVE_INFINITY;
    float hi = finite ? s3 : s2;
    float lo4 = finite ? lo3 : 0f;
    float p = hi * settingsPenalty;
    float lo5 = fma(lo4, settingsPenalty, fma(hi, settingsPenalty, -p));
    float s4 = p + lo5;
    float lo6 = lo5 - (s4 - p);
    boolean finite2 = abs(p) < Float.POSITIVE_INFINITY;
    float hi2 = finite2 ? s4 : p;
    float lo7 = finite2 ? lo6 : 0f;
    float p2 = hi2 * hi;
    float e = fma(hi2, hi, -p2);
    float lo8 = e + fma(hi2, lo4, lo7 * hi);
    float s5 = p2 + lo8;
    float lo9 = lo8 - (s5 - p2);
    boolean finite3 = abs(p2) < Float.POSITIVE_INFINITY;
    float hi3 = finite3 ? s5 : p2;
    float lo10 = finite3 ? lo9 : 0f;
    return pair(hi3, lo10);
  }

  @Override
  public void slope(SoftmaxRow row, RowTarget target, float e, Settings settings, Slope slope) {
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
    float targetScaleLo = lo(target.scale);
    float targetPenaltyScaleHi = hi(target.penaltyScale);
    float targetPenaltyScaleLo = lo(target.penaltyScale);
    float p = targetW * targetScaleHi;
    float e2 = fma(targetW, targetScaleHi, -p);
    float lo = e2 + fma(targetW, targetScaleLo, 0f * targetScaleHi);
    float s2 = p + lo;
    float lo2 = lo - (s2 - p);
    boolean finite = abs(p) < Float.POSITIVE_INFINITY;
    float hi = finite ? s2 : p;
    float lo3 = finite ? lo2 : 0f;
    float s3 = rowMax + rowLogHi;
    float z = s3 - rowMax;
    float lo4 = (rowMax - (s3 - z)) + (rowLogHi - z);
    float lo5 = lo4 + (0f + rowLogLo);
    float s4 = s3 + lo5;
    float lo6 = lo5 - (s4 - s3);
    boolean finite2 = abs(s3) < Float.POSITIVE_INFINITY;
    float hi2 = finite2 ? s4 : s3;
    float lo7 = finite2 ? lo6 : 0f;
    float p2 = hi2 * targetPenaltyScaleHi;
    float e3 = fma(hi2, targetPenaltyScaleHi, -p2);
    float lo8 = e3 + fma(hi2, targetPenaltyScaleLo, lo7 * targetPenaltyScaleHi);
    float s5 = p2 + lo8;
    float lo9 = lo8 - (s5 - p2);
    boolean finite3 = abs(p2) < Float.POSITIVE_INFINITY;
    float hi3 = finite3 ? s5 : p2;
    float lo10 = finite3 ? lo9 : 0f;
    float hi4 = hi3 + hi3;
    float lo11 = lo10 + lo10;
    float s6 = hi + hi4;
    float z2 = s6 - hi;
    float lo12 = (hi - (s6 - z2)) + (hi4 - z2);
    float lo13 = lo12 + (lo3 + lo11);
    float s7 = s6 + lo13;
    float lo14 = lo13 - (s7 - s6);
    boolean finite4 = abs(s6) < Float.POSITIVE_INFINITY;
    float hi5 = finite4 ? s7 : s6;
    float lo15 = finite4 ? lo14 : 0f;
    int v = floatToRawIntBits(rowTotalHi);
    float m = intBitsToFloat((v & 0x7fffff) | 0x3f800000);
    float r = fma(m, 0x1.4afd6ap-2f, -0x1.745d18p0f);
    float r2 = fma(r, m, 0x1.0f83e2p1f);
    float v2 = -m;
    float r3 = fma(r2, fma(v2, r2, 1f), r2);
    float r4 = fma(r3, fma(v2, r3, 1f), r3) * intBitsToFloat(0x7f000000 - (v & 0x7f800000));
    float q = hi5 * r4;
    float v3 = -q;
    float corrected = fma(fma(v3, rowTotalHi, hi5) + fma(v3, rowTotalLo, lo15), r4, q);
    float coefficient = (abs(corrected) < Float.POSITIVE_INFINITY) ? corrected : q;
    boolean likely = (rowOthersHi + rowOthersHi) < rowTotalHi;
    float atY = fma(e, coefficient, -lo3) - hi;
    float b2 = -coefficient;
    float p3 = rowOthersHi * b2;
    float lo16 = fma(rowOthersLo, b2, fma(rowOthersHi, b2, -p3));
    float s8 = p3 + lo16;
    float lo17 = lo16 - (s8 - p3);
    boolean finite5 = abs(p3) < Float.POSITIVE_INFINITY;
    float hi6 = finite5 ? s8 : p3;
    float lo18 = finite5 ? lo17 : 0f;
    float s9 = hi4 + hi6;
    float z3 = s9 - hi4;
    float lo19 = (hi4 - (s9 - z3)) + (hi6 - z3);
    float lo20 = lo19 + (lo11 + lo18);
    float s10 = s9 + lo20;
    boolean finite6 = abs(s9) < Float.POSITIVE_INFINITY;
    float hi7 = finite6 ? s10 : s9;
    float v4 = (likely & (targetX == rowMax)) ? hi7 : atY;
    float atY2 = (v4 == v4) ? v4 : Float.NaN;
    slope.factor = coefficient;
    slope.atY = atY2;
  }

  @Override
  public void blockSlope(SoftmaxRow row, SoftmaxRow block, RowTarget target, float e,
          Settings settings, Slope slope) {
    float rowMax = row.max;
    float rowShift = row.shift;
    float rowExponent = row.exponent;
    float blockMax = block.max;
    float blockShift = block.shift;
    float blockExponent = block.exponent;
    float rowLogHi = hi(row.log);
    float rowLogLo = lo(row.log);
    float rowTotalHi = hi(row.total);
    float rowTotalLo = lo(row.total);
    float rowOthersHi = hi(row.others);
    float rowOthersLo = lo(row.others);
    float targetX = target.x;
    float targetW = target.w;
    float targetScaleHi = hi(target.scale);
    float targetScaleLo = lo(target.scale);
    float targetPenaltyScaleHi = hi(target.penaltyScale);
    float targetPenaltyScaleLo = lo(target.penaltyScale);
    float p = targetW * targetScaleHi;
    float e2 = fma(targetW, targetScaleHi, -p);
    float lo = e2 + fma(targetW, targetScaleLo, 0f * targetScaleHi);
    float s2 = p + lo;
    float lo2 = lo - (s2 - p);
    boolean finite = abs(p) < Float.POSITIVE_INFINITY;
    float hi = finite ? s2 : p;
    float lo3 = finite ? lo2 : 0f;
    float s3 = rowMax + rowLogHi;
    float z = s3 - rowMax;
    float lo4 = (rowMax - (s3 - z)) + (rowLogHi - z);
    float lo5 = lo4 + (0f + rowLogLo);
    float s4 = s3 + lo5;
    float lo6 = lo5 - (s4 - s3);
    boolean finite2 = abs(s3) < Float.POSITIVE_INFINITY;
    float hi2 = finite2 ? s4 : s3;
    float lo7 = finite2 ? lo6 : 0f;
    float p2 = hi2 * targetPenaltyScaleHi;
    float e3 = fma(hi2, targetPenaltyScaleHi, -p2);
    float lo8 = e3 + fma(hi2, targetPenaltyScaleLo, lo7 * targetPenaltyScaleHi);
    float s5 = p2 + lo8;
    float lo9 = lo8 - (s5 - p2);
    boolean finite3 = abs(p2) < Float.POSITIVE_INFINITY;
    float hi3 = finite3 ? s5 : p2;
    float lo10 = finite3 ? lo9 : 0f;
    float hi4 = hi3 + hi3;
    float lo11 = lo10 + lo10;
    float s6 = hi + hi4;
    float z2 = s6 - hi;
    float lo12 = (hi - (s6 - z2)) + (hi4 - z2);
    float lo13 = lo12 + (lo3 + lo11);
    float s7 = s6 + lo13;
    float lo14 = lo13 - (s7 - s6);
    boolean finite4 = abs(s6) < Float.POSITIVE_INFINITY;
    float hi5 = finite4 ? s7 : s6;
    float lo15 = finite4 ? lo14 : 0f;
    int v = floatToRawIntBits(rowTotalHi);
    float m = intBitsToFloat((v & 0x7fffff) | 0x3f800000);
    float r = fma(m, 0x1.4afd6ap-2f, -0x1.745d18p0f);
    float r2 = fma(r, m, 0x1.0f83e2p1f);
    float v2 = -m;
    float r3 = fma(r2, fma(v2, r2, 1f), r2);
    float r4 = fma(r3, fma(v2, r3, 1f), r3) * intBitsToFloat(0x7f000000 - (v & 0x7f800000));
    float q = hi5 * r4;
    float v3 = -q;
    float corrected = fma(fma(v3, rowTotalHi, hi5) + fma(v3, rowTotalLo, lo15), r4, q);
    float coefficient = (abs(corrected) < Float.POSITIVE_INFINITY) ? corrected : q;
    float x = blockShift - rowShift;
    float k = fma(x, 0x1.715476p0f, 0x1.8p23f) - 0x1.8p23f;
    float r5 = fma(k, -0x1.62e43p-1f, x);
    float c = k * 0x1.05c61p-29f;
    float head = 1f + r5;
    float q2 = fma(0x1.6a1152p-10f, r5, 0x1.124ad4p-7f);
    float q3 = fma(q2, r5, 0x1.55583cp-5f);
    float q4 = fma(q3, r5, 0x1.55547ep-3f);
    float rest = fma(r5 * r5, fma(q4, r5, 0.5f), r5 - (head - 1f));
    float b2 = fma(c, head + rest, rest);
    float s8 = head + b2;
    float lo16 = b2 - (s8 - head);
    float power = k + (blockExponent - rowExponent);
    float power2 = ((x > -0x1.388p15f) & (blockMax != Float.NEGATIVE_INFINITY)) ? power : -1000f;
    float power3 = (power2 < -150f) ? -1000f : power2;
    boolean nothing = power3 == -1000f;
    float product = fma(coefficient, s8, coefficient * lo16);
    float power4 = nothing ? 0f : power3;
    boolean small = power4 < -100f;
    float n2 = small ? (power4 + 64f) : power4;
    float v4 = (product * intBitsToFloat((((int) n2) + 127) << 23)) * (small ? 0x1.0p-64f : 1f);
    float factor = nothing ? (coefficient * 0f) : v4;
    boolean likely = (rowOthersHi + rowOthersHi) < rowTotalHi;
    float atY = fma(e, factor, -lo3) - hi;
    float b3 = -coefficient;
    float p3 = rowOthersHi * b3;
    float lo17 = fma(rowOthersLo, b3, fma(rowOthersHi, b3, -p3));
    float s9 = p3 + lo17;
    float lo18 = lo17 - (s9 - p3);
    boolean finite5 = abs(p3) < Float.POSITIVE_INFINITY;
    float hi6 = finite5 ? s9 : p3;
    float lo19 = finite5 ? lo18 : 0f;
    float s10 = hi4 + hi6;
    float z3 = s10 - hi4;
    float lo20 = (hi4 - (s10 - z3)) + (hi6 - z3);
    float lo21 = lo20 + (lo11 + lo19);
    float s11 = s10 + lo21;
    boolean finite6 = abs(s10) < Float.POSITIVE_INFINITY;
    float hi7 = finite6 ? s11 : s10;
    float v5 = (likely & (targetX == rowMax)) ? hi7 : atY;
    float atY2 = (v5 == v5) ? v5 : Float.NaN;
    slope.factor = factor;
    slope.atY = atY2;
  }

  @Override
  public void losses(RowTile t, Lanes l) { GeneratedClassWithZLossesStrips.run(t, l, 0, t.stride); }

  @Override
  public VectorPasses<RowTile> passes() { return GeneratedClassWithZLossesVectors.PASSES; }
}
