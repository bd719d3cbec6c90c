// Generated from kernels/cross_entropy.cl by ci/generate. Do not edit.
package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.hi;
import static io.github.fusedloss.cpu.ScalarMath.lo;
import static io.github.fusedloss.cpu.ScalarMath.pair;
import static java.lang.Float.floatToRawIntBits;
import static java.lang.Float.intBitsToFloat;
import static java.lang.Math.*;

/** Formulas of kernels/cross_entropy.cl, with one choice of options. */
final class GeneratedClassFormulas implements RowFormulas {

  static final RowFormulas ALL = new GeneratedClassFormulas();

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
  public void slope(SoftmaxRow row, RowTarget target, float e, Settings settings, Slope slope) {
    float rowMax = row.max;
    float rowTotalHi = hi(row.total);
    float rowTotalLo = lo(row.total);
    float rowOthersHi = hi(row.others);
    float targetX = target.x;
    float targetW = target.w;
    float targetScaleHi = hi(target.scale);
    float targetScaleLo = lo(target.scale);
    float p = targetW * targetScaleHi;
    float e2 = fma(targetW, targetScaleHi, -p);
    float lo = e2 + fma(targetW, targetScaleLo, 0f * targetScaleHi);
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
    float atY = fma(e, coefficient, -lo3) - hi;
    float v4 = (targetX == rowMax) ? (-(coefficient * rowOthersHi)) : atY;
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
    float rowTotalHi = hi(row.total);
    float rowTotalLo = lo(row.total);
    float rowOthersHi = hi(row.others);
    float targetX = target.x;
    float targetW = target.w;
    float targetScaleHi = hi(target.scale);
    float targetScaleLo = lo(target.scale);
    float p = targetW * targetScaleHi;
    float e2 = fma(targetW, targetScaleHi, -p);
    float lo = e2 + fma(targetW, targetScaleLo, 0f * targetScaleHi);
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
    float atY = fma(e, factor, -lo3) - hi;
    float v5 = (targetX == rowMax) ? (-(coefficient * rowOthersHi)) : atY;
    float atY2 = (v5 == v5) ? v5 : Float.NaN;
    slope.factor = factor;
    slope.atY = atY2;
  }

  @Override
  public void losses(RowTile t, Lanes l) { GeneratedClassLossesStrips.run(t, l, 0, t.stride); }

  @Override
  public VectorPasses<RowTile> passes() { return GeneratedClassLossesVectors.PASSES; }
}
