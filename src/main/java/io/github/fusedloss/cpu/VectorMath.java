package io.github.fusedloss.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The constants of {@link ScalarMath} as vectors of floats, for code that takes the same steps and
 * so gets the same bits. Maths and errors are stated in kernels/numerics.cl.
 *
 * <p>The steps themselves are written out wherever they are taken, see {@link VectorKernels}.
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
  static final FloatVector MINUS_LOG2E = all(-ScalarMath.LOG2E);
  static final FloatVector LN2_HI = all(ScalarMath.LN2_HI);
  static final FloatVector LN2_LO = all(ScalarMath.LN2_LO);
  static final FloatVector MINUS_LN2_HI = all(-ScalarMath.LN2_HI);
  static final FloatVector MINUS_LN2_LO = all(-ScalarMath.LN2_LO);

  static final FloatVector EXP_2 = all(ScalarMath.EXP_2);
  static final FloatVector EXP_3 = all(ScalarMath.EXP_3);
  static final FloatVector EXP_4 = all(ScalarMath.EXP_4);
  static final FloatVector EXP_5 = all(ScalarMath.EXP_5);
  static final FloatVector EXP_6 = all(ScalarMath.EXP_6);

  static final FloatVector EXP_MINUS_MOST = all(104f);
  static final FloatVector EXP_MINUS_MAGIC = all(ScalarMath.EXP_MINUS_MAGIC);
  static final FloatVector EXP_MINUS_UNSCALE = all(0x1p-64f);

  /** L in log(1 + f), {@link ScalarMath#logCore}. */
  static final FloatVector CORE_3 = all(0x1.555506p-2f);

  static final FloatVector CORE_4 = all(-0x1.fffef2p-3f);
  static final FloatVector CORE_5 = all(0x1.99d05ep-3f);
  static final FloatVector CORE_6 = all(-0x1.559d8ap-3f);
  static final FloatVector CORE_7 = all(0x1.1ed424p-3f);
  static final FloatVector CORE_8 = all(-0x1.f317e0p-4f);
  static final FloatVector CORE_9 = all(0x1.1e73a0p-3f);
  static final FloatVector CORE_10 = all(-0x1.07f7cep-3f);

  static final FloatVector RECIPROCAL_0 = all(ScalarMath.RECIPROCAL_0);
  static final FloatVector RECIPROCAL_1 = all(ScalarMath.RECIPROCAL_1);
  static final FloatVector RECIPROCAL_2 = all(ScalarMath.RECIPROCAL_2);

  /**
   * Where the n elements after those at {@code at} begin, as far as the array goes. A pass that
   * works in the caches reads one of them in every turn, so that they are there when it is their
   * turn to be worked at.
   */
  static int next(float[] x, int at, int n) {
    return Math.min(at + n, x.length - n);
  }
}
