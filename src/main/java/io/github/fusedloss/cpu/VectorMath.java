package io.github.fusedloss.cpu;

import static jdk.incubator.vector.FloatVector.broadcast;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The shape of vectors, which all passes of the Vector API share.
 *
 * <p>A loop broadcasts its constants before it begins: a constant in a field would be loaded in
 * every turn.
 */
final class VectorMath {
  private VectorMath() {}

  static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  static final int LENGTH = SPECIES.length();
  static final VectorSpecies<Integer> INTS = SPECIES.withLanes(int.class);

  /**
   * The shape of as many shorts as a vector has floats: half as long, so that conversions keep
   * every lane.
   */
  static final VectorSpecies<Short> SHORTS =
      VectorSpecies.of(short.class, VectorShape.forBitSize(LENGTH * Short.SIZE));

  static final FloatVector ZERO = broadcast(SPECIES, 0f);
  static final FloatVector ONE = broadcast(SPECIES, 1f);
  static final FloatVector INFINITY = broadcast(SPECIES, Float.POSITIVE_INFINITY);
  static final FloatVector NAN = broadcast(SPECIES, Float.NaN);

  /** Returns how many of n elements whole vectors hold. */
  static int whole(int n) {
    return n & -LENGTH;
  }

  /**
   * Returns where the n elements after those at {@code at} begin, as far as the array goes. A pass
   * over data that is in the caches reads one of them in every turn. So they are in the caches,
   * too, when they are computed.
   */
  static int next(float[] x, int at, int n) {
    return next(x.length, at, n);
  }

  /**
   * Returns where the next n elements begin in an array of this length; at + n may be beyond it,
   * and beyond 2^31.
   */
  static int next(int length, int at, int n) {
    return Math.min(at, length - 2 * n) + n;
  }
}
