package io.github.fusedloss.cpu;

import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.XOR;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The arithmetic of {@link ScalarMath} on a vector of floats: the same steps and coefficients,
 * hence the same bits. Maths and errors are stated in kernels/numerics.cl.
 *
 * <p>A pair is two vectors: an object of two would be allocated for each. So each half has a
 * method, which takes what both have in common.
 *
 * <p>Constants are vectors made once: a broadcast costs a compilation as many nodes as an addition.
 * Where a variable may be one of them or something computed, it is an object, though: such a
 * variable starts as a broadcast.
 */
final class VectorMath {
  private VectorMath() {}

  static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  static final int LENGTH = SPECIES.length();
  static final VectorSpecies<Integer> INTS = SPECIES.withLanes(int.class);

  /** As many shorts as a vector has floats: half as long, so that conversions keep every lane. */
  static final VectorSpecies<Short> SHORTS =
      VectorSpecies.of(short.class, VectorShape.forBitSize(LENGTH * Short.SIZE));

  static FloatVector all(float v) {
    return FloatVector.broadcast(SPECIES, v);
  }

  static final FloatVector ZERO = all(0f);
  static final FloatVector ONE = all(1f);
  static final FloatVector INFINITY = all(Float.POSITIVE_INFINITY);
  static final FloatVector NAN = all(Float.NaN);
  static final FloatVector LOG2E = all(ScalarMath.LOG2E);
  private static final FloatVector MINUS_LOG2E = all(-ScalarMath.LOG2E);
  static final FloatVector LN2_HI = all(ScalarMath.LN2_HI);
  static final FloatVector LN2_LO = all(ScalarMath.LN2_LO);
  static final FloatVector MINUS_LN2_HI = all(-ScalarMath.LN2_HI);
  static final FloatVector MINUS_LN2_LO = all(-ScalarMath.LN2_LO);

  /** The float with these bits shifted to the exponent: a power of two. */
  static FloatVector powerOfTwo(FloatVector kf) {
    return kf.reinterpretAsInts().lanewise(LSHL, 23).reinterpretAsFloats();
  }

  static final FloatVector EXP_2 = all(0.5f);
  static final FloatVector EXP_3 = all(0x1.55547ep-3f);
  static final FloatVector EXP_4 = all(0x1.55583cp-5f);
  static final FloatVector EXP_5 = all(0x1.124ad4p-7f);
  static final FloatVector EXP_6 = all(0x1.6a1152p-10f);

  /** exp(r) - 1. */
  static FloatVector expMinusOne(FloatVector r) {
    FloatVector q = EXP_6.fma(r, EXP_5).fma(r, EXP_4).fma(r, EXP_3).fma(r, EXP_2);
    return r.mul(r).fma(q, r);
  }

  private static final FloatVector EXP_MINUS_MOST = all(104f);
  private static final FloatVector EXP_MINUS_MAGIC = all(ScalarMath.EXP_MINUS_MAGIC);
  private static final FloatVector EXP_MINUS_UNSCALE = all(0x1p-64f);

  /** |x|, at most 104: what {@link #expMinusKf} takes. */
  static FloatVector expMinusArgument(FloatVector x) {
    FloatVector a = x.abs();
    return a.blend(EXP_MINUS_MOST, a.compare(GT, EXP_MINUS_MOST));
  }

  /** The first of three steps to exp(-a) = scale + scale p. */
  static FloatVector expMinusKf(FloatVector a) {
    return a.fma(MINUS_LOG2E, EXP_MINUS_MAGIC);
  }

  static FloatVector expMinusScale(FloatVector kf) {
    return powerOfTwo(kf).mul(EXP_MINUS_UNSCALE);
  }

  static FloatVector expMinusP(FloatVector a, FloatVector kf) {
    FloatVector minusK = EXP_MINUS_MAGIC.sub(kf);
    return expMinusOne(minusK.fma(LN2_LO, minusK.fma(LN2_HI, a.neg())));
  }

  private static final FloatVector LOG_2 = all(-0x1.ffffa6p-3f);
  private static final FloatVector LOG_3 = all(0x1.554df2p-2f);
  private static final FloatVector LOG_4 = all(-0x1.ff2706p-3f);
  private static final FloatVector LOG_5 = all(0x1.935d24p-3f);
  private static final FloatVector LOG_6 = all(-0x1.3a7b78p-3f);
  private static final FloatVector LOG_7 = all(0x1.b57b8p-4f);
  private static final FloatVector LOG_8 = all(-0x1.d863eep-5f);
  private static final FloatVector LOG_9 = all(0x1.4b068p-6f);
  private static final FloatVector LOG_10 = all(-0x1.b2ee4ep-9f);
  private static final FloatVector LOG_LEAD = all(-0.25f);
  private static final FloatVector LOG_SLOPE_0 = all(0.97f);
  private static final FloatVector LOG_SLOPE_1 = all(-0.48f);

  /** The high half of log(1 + e), e in [0, 1]. */
  static FloatVector log1pUnit(FloatVector e) {
    return e.mul(LOG_LEAD).fma(e, e);
  }

  /** Its low half, for e + eLo; hi its high half. */
  static FloatVector log1pUnitLo(FloatVector e, FloatVector eLo, FloatVector hi) {
    FloatVector p = LOG_10.fma(e, LOG_9).fma(e, LOG_8).fma(e, LOG_7).fma(e, LOG_6);
    p = p.fma(e, LOG_5).fma(e, LOG_4).fma(e, LOG_3).fma(e, LOG_2);
    FloatVector lo = e.mul(LOG_LEAD).fma(e, e.sub(hi));
    lo = eLo.fma(e.fma(LOG_SLOPE_1, LOG_SLOPE_0), lo);
    return e.mul(e).fma(p, lo);
  }

  /** L in log(1 + f), {@link ScalarMath#logCore}. */
  static final FloatVector CORE_3 = all(0x1.555506p-2f);

  static final FloatVector CORE_4 = all(-0x1.fffef2p-3f);
  static final FloatVector CORE_5 = all(0x1.99d05ep-3f);
  static final FloatVector CORE_6 = all(-0x1.559d8ap-3f);
  static final FloatVector CORE_7 = all(0x1.1ed424p-3f);
  static final FloatVector CORE_8 = all(-0x1.f317e0p-4f);
  static final FloatVector CORE_9 = all(0x1.1e73a0p-3f);
  static final FloatVector CORE_10 = all(-0x1.07f7cep-3f);

  static final FloatVector RECIPROCAL_0 = all(0x1.0f83e2p+1f);
  static final FloatVector RECIPROCAL_1 = all(-0x1.745d18p+0f);
  static final FloatVector RECIPROCAL_2 = all(0x1.4afd6ap-2f);

  /** 1 / y, y in [1, 2]. */
  static FloatVector reciprocal12(FloatVector y) {
    FloatVector r = y.fma(RECIPROCAL_2, RECIPROCAL_1).fma(y, RECIPROCAL_0);
    FloatVector minus = y.neg();
    r = r.fma(minus.fma(r, ONE), r);
    return r.fma(minus.fma(r, ONE), r);
  }

  /** The bits of a float as an integer that sorts as {@link Math#max} does, bar NaN. */
  static IntVector sortable(IntVector bits) {
    return bits.lanewise(ASHR, 31).and(Integer.MAX_VALUE).lanewise(XOR, bits);
  }
}
