// Generated from kernels/cross_entropy.cl by ci/generate. Do not edit.
package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.hi;
import static io.github.fusedloss.cpu.ScalarMath.lo;
import static io.github.fusedloss.cpu.ScalarMath.pair;
import static java.lang.Float.floatToRawIntBits;
import static java.lang.Float.intBitsToFloat;
import static java.lang.Math.*;

/** Formulas of kernels/cross_entropy.cl, with one choice of options. */
final class GeneratedProbabilityFormulas implements RowFormulas {

  static final RowFormulas ALL = new GeneratedProbabilityFormulas();

  @Override
  public long loss(SoftmaxRow row, RowTarget target, Settings settings) {
    float rowDistanceHi = hi(row.distance);
    float rowDistanceLo = lo(row.distance);
    float rowMassHi = hi(row.mass);
    float rowMassLo = lo(row.mass);
    float rowLogHi = hi(row.log);
    float rowLogLo = lo(row.log);
    float hi = rowDistanceHi * 0x1.0p24f;
    float lo = rowDistanceLo * 0x1.0p24f;
    float p = rowLogHi * rowMassHi;
    float e = fma(rowLogHi, rowMassHi, -p);
    float lo2 = e + fma(rowLogHi, rowMassLo, rowLogLo * rowMassHi);
    float s2 = p + lo2;
    float lo3 = lo2 - (s2 - p);
    boolean finite = abs(p) < Float.POSITIVE_INFINITY;
    float hi2 = finite ? s2 : p;
    float lo4 = finite ? lo3 : 0f;
    float s3 = hi + hi2;
    float z = s3 - hi;
    float lo5 = (hi - (s3 - z)) + (hi2 - z);
    float lo6 = lo5 + (lo + lo4);
    float s4 = s3 + lo6;
    float lo7 = lo6 - (s4 - s3);
    boolean finite2 = abs(s3) < Float.POSITIVE_INFINITY;
    float hi3 = finite2 ? s4 : s3;
    float lo8 = finite2 ? lo7 : 0f;
    return pair(hi3, lo8);
  }

  @Override
  public void slope(SoftmaxRow row, RowTarget target, float e, Settings settings, Slope slope) {
    float rowMax = row.max;
    float rowShift = row.shift;
    float rowMagic = row.magic;
    float rowMassHi = hi(row.mass);
    float rowMassLo = lo(row.mass);
    float rowTotalHi = hi(row.total);
    float rowTotalLo = lo(row.total);
    float rowOthersHi = hi(row.others);
    float rowOthersLo = lo(row.others);
    float targetScaleHi = hi(target.scale);
    float targetScaleLo = lo(target.scale);
    float p = rowMassHi * targetScaleHi;
    float e2 = fma(rowMassHi, targetScaleHi, -p);
    float lo = e2 + fma(rowMassHi, targetScaleLo, rowMassLo * targetScaleHi);
    float s2 = p + lo;
    float lo2 = lo - (s2 - p);
    boolean finite = abs(p) < Float.POSITIVE_INFINITY;
    float hi = finite ? s2 : p;
    float lo3 = finite ? lo2 : 0f;
    int v = floatToRawIntBits(rowTotalHi);
    float m = intBitsToFloat((v & 0x7fffff) | 0x3f800000);
    float r = fma(m, 0x1.4afd6ap-2f, -0x1.745d18p0f);
    float r2 = fma(r, m, 0x1.0f83e2p1f);
    float v2 = -m;
    float r3 = fma(r2, fma(v2, r2, 1f), r2);
    float r4 = fma(r3, fma(v2, r3, 1f), r3) * intBitsToFloat(0x7f000000 - (v & 0x7f800000));
    float q = hi * r4;
    float v3 = -q;
    float corrected = fma(fma(v3, rowTotalHi, hi) + fma(v3, rowTotalLo, lo3), r4, q);
    float coefficient = (abs(corrected) < Float.POSITIVE_INFINITY) ? corrected : q;
    boolean likely = (rowOthersHi + rowOthersHi) < rowTotalHi;
    float lo4 = fma(rowMassLo, targetScaleHi, e2);
    float s3 = p + lo4;
    float lo5 = lo4 - (s3 - p);
    float hi2 = finite ? s3 : p;
    float lo6 = finite ? lo5 : 0f;
    float b2 = -coefficient;
    float p2 = rowOthersHi * b2;
    float lo7 = fma(rowOthersLo, b2, fma(rowOthersHi, b2, -p2));
    float s4 = p2 + lo7;
    float lo8 = lo7 - (s4 - p2);
    boolean finite2 = abs(p2) < Float.POSITIVE_INFINITY;
    float hi3 = finite2 ? s4 : p2;
    float lo9 = finite2 ? lo8 : 0f;
    float s5 = hi2 + hi3;
    float z = s5 - hi2;
    float lo10 = (hi2 - (s5 - z)) + (hi3 - z);
    float lo11 = lo10 + (lo6 + lo9);
    float s6 = s5 + lo11;
    float lo12 = lo11 - (s6 - s5);
    boolean finite3 = abs(s5) < Float.POSITIVE_INFINITY;
    float hi4 = finite3 ? s6 : s5;
    float lo13 = finite3 ? lo12 : 0f;
    float x = rowMax - rowShift;
    float kf = fma(x, 0x1.715476p0f, rowMagic);
    float k = kf - rowMagic;
    float scale = intBitsToFloat(floatToRawIntBits(kf) << 23);
    float r5 = fma(k, 0x1.05c61p-29f, fma(k, -0x1.62e43p-1f, x));
    float q2 = fma(0x1.6a1152p-10f, r5, 0x1.124ad4p-7f);
    float q3 = fma(q2, r5, 0x1.55583cp-5f);
    float q4 = fma(q3, r5, 0x1.55547ep-3f);
    float top = (likely & (rowMax == rowMax)) ? (fma(r5, fma(r5, fma(q4, r5, 0.5f), 1f),
          1f) * scale) : -1f;
    slope.factor = coefficient;
    slope.scale = targetScaleHi;
    slope.likely = pair(hi4, lo13);
    slope.top = top;
    slope.atY = 0f;
    slope.spread = 0f;
  }

  @Override
  public void blockSlope(SoftmaxRow row, SoftmaxRow block, RowTarget target, float e,
          Settings settings, Slope slope) {
    float rowMax = row.max;
    float rowShift = row.shift;
    float rowExponent = row.exponent;
    float rowMagic = row.magic;
    float rowMassHi = hi(row.mass);
    float rowMassLo = lo(row.mass);
    float blockMax = block.max;
    float blockShift = block.shift;
    float blockExponent = block.exponent;
    float rowTotalHi = hi(row.total);
    float rowTotalLo = lo(row.total);
    float rowOthersHi = hi(row.others);
    float rowOthersLo = lo(row.others);
    float targetScaleHi = hi(target.scale);
    float targetScaleLo = lo(target.scale);
    float p = rowMassHi * targetScaleHi;
    float e2 = fma(rowMassHi, targetScaleHi, -p);
    float lo = e2 + fma(rowMassHi, targetScaleLo, rowMassLo * targetScaleHi);
    float s2 = p + lo;
    float lo2 = lo - (s2 - p);
    boolean finite = abs(p) < Float.POSITIVE_INFINITY;
    float hi = finite ? s2 : p;
    float lo3 = finite ? lo2 : 0f;
    int v = floatToRawIntBits(rowTotalHi);
    float m = intBitsToFloat((v & 0x7fffff) | 0x3f800000);
    float r = fma(m, 0x1.4afd6ap-2f, -0x1.745d18p0f);
    float r2 = fma(r, m, 0x1.0f83e2p1f);
    float v2 = -m;
    float r3 = fma(r2, fma(v2, r2, 1f), r2);
    float r4 = fma(r3, fma(v2, r3, 1f), r3) * intBitsToFloat(0x7f000000 - (v & 0x7f800000));
    float q = hi * r4;
    float v3 = -q;
    float corrected = fma(fma(v3, rowTotalHi, hi) + fma(v3, rowTotalLo, lo3), r4, q);
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
    float s3 = head + b2;
    float lo4 = b2 - (s3 - head);
    float power = k + (blockExponent - rowExponent);
    float power2 = ((x > -0x1.388p15f) & (blockMax != Float.NEGATIVE_INFINITY)) ? power : -1000f;
    float power3 = (power2 < -150f) ? -1000f : power2;
    boolean nothing = power3 == -1000f;
    float product = fma(coefficient, s3, coefficient * lo4);
    float power4 = nothing ? 0f : power3;
    boolean small = power4 < -100f;
    float n2 = small ? (power4 + 64f) : power4;
    float v4 = (product * intBitsToFloat((((int) n2) + 127) << 23)) * (small ? 0x1.0p-64f : 1f);
    float factor = nothing ? (coefficient * 0f) : v4;
    boolean likely = (rowOthersHi + rowOthersHi) < rowTotalHi;
    float lo5 = fma(rowMassLo, targetScaleHi, e2);
    float s4 = p + lo5;
    float lo6 = lo5 - (s4 - p);
    float hi2 = finite ? s4 : p;
    float lo7 = finite ? lo6 : 0f;
    float b3 = -coefficient;
    float p2 = rowOthersHi * b3;
    float lo8 = fma(rowOthersLo, b3, fma(rowOthersHi, b3, -p2));
    float s5 = p2 + lo8;
    float lo9 = lo8 - (s5 - p2);
    boolean finite2 = abs(p2) < Float.POSITIVE_INFINITY;
    float hi3 = finite2 ? s5 : p2;
    float lo10 = finite2 ? lo9 : 0f;
    float s6 = hi2 + hi3;
    float z = s6 - hi2;
    float lo11 = (hi2 - (s6 - z)) + (hi3 - z);
    float lo12 = lo11 + (lo7 + lo10);
    float s7 = s6 + lo12;
    float lo13 = lo12 - (s7 - s6);
    boolean finite3 = abs(s6) < Float.POSITIVE_INFINITY;
    float hi4 = finite3 ? s7 : s6;
    float lo14 = finite3 ? lo13 : 0f;
    float x2 = rowMax - rowShift;
    float kf = fma(x2, 0x1.715476p0f, rowMagic);
    float k2 = kf - rowMagic;
    float scale = intBitsToFloat(floatToRawIntBits(kf) << 23);
    float r6 = fma(k2, 0x1.05c61p-29f, fma(k2, -0x1.62e43p-1f, x2));
    float q5 = fma(0x1.6a1152p-10f, r6, 0x1.124ad4p-7f);
    float q6 = fma(q5, r6, 0x1.55583cp-5f);
    float q7 = fma(q6, r6, 0x1.55547ep-3f);
    float top = (likely & (blockMax == rowMax)) ? (fma(r6, fma(r6, fma(q7, r6, 0.5f), 1f),
          1f) * scale) : -1f;
    slope.factor = factor;
    slope.scale = targetScaleHi;
    slope.likely = pair(hi4, lo14);
    slope.top = top;
    slope.atY = 0f;
    slope.spread = 0f;
  }

  @Override
  public void losses(RowTile t, Lanes l) { GeneratedProbabilityLossesStrips.run(t, l, 0,
          t.stride); }

  @Override
  public VectorPasses<RowTile> passes() { return GeneratedProbabilityLossesVectors.PASSES; }
}
