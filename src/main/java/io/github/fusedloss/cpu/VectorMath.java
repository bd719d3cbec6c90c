package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.LN2_HI;
import static io.github.fusedloss.cpu.ScalarMath.LN2_LO;
import static io.github.fusedloss.cpu.ScalarMath.LOG2E;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The arithmetic of {@link ScalarMath} on a vector of floats: the same steps and coefficients,
 * hence the same bits. Maths and errors are stated in kernels/numerics.cl.
 *
 * <p>A pair is two vectors: an object of two would be allocated for each. So each half has a
 * method, which takes what both have in common.
 */
final class VectorMath {
  private VectorMath() {}

  static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  static final int LENGTH = SPECIES.length();

  static FloatVector all(float v) {
    return FloatVector.broadcast(SPECIES, v);
  }

  static FloatVector load(float[] from, int at) {
    return FloatVector.fromArray(SPECIES, from, at);
  }

  static FloatVector canonical(FloatVector v) {
    return v.blend(Float.NaN, v.compare(VectorOperators.NE, v));
  }

  /** The error of s = a + b, where |a| is at least |b|. */
  static FloatVector fastError(FloatVector a, FloatVector b, FloatVector s) {
    return b.sub(s.sub(a));
  }

  /** The error of s = a + b. */
  static FloatVector error(FloatVector a, FloatVector b, FloatVector s) {
    FloatVector z = s.sub(a);
    return a.sub(s.sub(z)).add(b.sub(z));
  }

  /** The error of p = a b. */
  static FloatVector productError(FloatVector a, FloatVector b, FloatVector p) {
    return a.fma(b, p.neg());
  }

  /** One step of a polynomial: p x + c. */
  private static FloatVector step(FloatVector p, FloatVector x, float c) {
    return p.fma(x, all(c));
  }

  /** The float with these bits shifted to the exponent: a power of two. */
  static FloatVector powerOfTwo(FloatVector kf) {
    return kf.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
  }

  static FloatVector expTail(FloatVector r) {
    FloatVector q = step(all(0x1.6a1152p-10f), r, 0x1.124ad4p-7f);
    q = step(q, r, 0x1.55583cp-5f);
    q = step(q, r, 0x1.55547ep-3f);
    return step(q, r, 0.5f);
  }

  /** exp(r) - 1. */
  static FloatVector expMinusOne(FloatVector r) {
    return r.mul(r).fma(expTail(r), r);
  }

  /** exp(x) 2^s, where magic = ROUND_TO_INT + 127 + s. */
  static FloatVector expFloat(FloatVector x, FloatVector magic) {
    FloatVector kf = x.fma(all(LOG2E), magic);
    FloatVector k = kf.sub(magic);
    FloatVector r = k.fma(all(-LN2_LO), k.fma(all(-LN2_HI), x));
    return expMinusOne(r).add(1f).mul(powerOfTwo(kf));
  }

  /** The high half of log(1 + e), e in [0, 1]. */
  static FloatVector log1pUnit(FloatVector e) {
    return e.mul(-0.25f).fma(e, e);
  }

  /** Its low half, for e + eLo; hi its high half. */
  static FloatVector log1pUnitLo(FloatVector e, FloatVector eLo, FloatVector hi) {
    FloatVector p = step(all(-0x1.b2ee4ep-9f), e, 0x1.4b068p-6f);
    p = step(p, e, -0x1.d863eep-5f);
    p = step(p, e, 0x1.b57b8p-4f);
    p = step(p, e, -0x1.3a7b78p-3f);
    p = step(p, e, 0x1.935d24p-3f);
    p = step(p, e, -0x1.ff2706p-3f);
    p = step(p, e, 0x1.554df2p-2f);
    p = step(p, e, -0x1.ffffa6p-3f);
    FloatVector lo = e.mul(-0.25f).fma(e, e.sub(hi));
    lo = eLo.fma(step(e, all(-0.48f), 0.97f), lo);
    return e.mul(e).fma(p, lo);
  }

  /** 1 / y, y in [1, 2]. */
  static FloatVector reciprocal12(FloatVector y) {
    FloatVector r = step(y, all(0x1.4afd6ap-2f), -0x1.745d18p+0f);
    r = step(r, y, 0x1.0f83e2p+1f);
    FloatVector minus = y.neg();
    r = r.fma(step(minus, r, 1f), r);
    return r.fma(step(minus, r, 1f), r);
  }

  /** The bits of a float as an integer that sorts as {@link Math#max} does, bar NaN. */
  static IntVector sortable(IntVector bits) {
    return bits.lanewise(VectorOperators.ASHR, 31)
        .and(Integer.MAX_VALUE)
        .lanewise(VectorOperators.XOR, bits);
  }
}
