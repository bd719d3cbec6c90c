package io.github.fusedloss.cpu;

import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * What the passes of the Vector API share: the shape of vectors, and the longer steps of {@link
 * ScalarMath}, over arrays. Maths and errors are stated in kernels/numerics.cl.
 *
 * <p>A loop broadcasts its constants before it begins: one in a field is loaded in every turn.
 */
final class VectorMath {
  private VectorMath() {}

  static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  static final int LENGTH = SPECIES.length();
  static final VectorSpecies<Integer> INTS = SPECIES.withLanes(int.class);

  /** As many shorts as a vector has floats: half as long, so that conversions keep every lane. */
  static final VectorSpecies<Short> SHORTS =
      VectorSpecies.of(short.class, VectorShape.forBitSize(LENGTH * Short.SIZE));

  static final FloatVector ZERO = broadcast(SPECIES, 0f);
  static final FloatVector ONE = broadcast(SPECIES, 1f);
  static final FloatVector INFINITY = broadcast(SPECIES, Float.POSITIVE_INFINITY);
  static final FloatVector NAN = broadcast(SPECIES, Float.NaN);

  /**
   * Where the n elements after those at {@code at} begin, as far as the array goes. A pass that
   * works in the caches reads one of them in every turn, so that they are there when it is their
   * turn to be worked at.
   */
  static int next(float[] x, int at, int n) {
    return next(x.length, at, n);
  }

  /** The same of an array of this length; at + n may be beyond it, and beyond 2^31. */
  static int next(int length, int at, int n) {
    return Math.min(at, length - 2 * n) + n;
  }

  /** {@link ScalarMath#logCore}'s series from f^3 on, with the rounding error of f^2 / 2. */
  static void logTails(float[] fs, float[] to, int n) {
    FloatVector minusHalf = broadcast(SPECIES, -0.5f);
    FloatVector log3 = broadcast(SPECIES, ScalarMath.LOG_3);
    FloatVector log4 = broadcast(SPECIES, ScalarMath.LOG_4);
    FloatVector log5 = broadcast(SPECIES, ScalarMath.LOG_5);
    FloatVector log6 = broadcast(SPECIES, ScalarMath.LOG_6);
    FloatVector log7 = broadcast(SPECIES, ScalarMath.LOG_7);
    FloatVector log8 = broadcast(SPECIES, ScalarMath.LOG_8);
    FloatVector log9 = broadcast(SPECIES, ScalarMath.LOG_9);
    FloatVector log10 = broadcast(SPECIES, ScalarMath.LOG_10);
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector f = fromArray(SPECIES, fs, i);
      FloatVector q = log10.fma(f, log9).fma(f, log8).fma(f, log7).fma(f, log6).fma(f, log5);
      q = q.fma(f, log4).fma(f, log3);
      FloatVector h = f.mul(f);
      FloatVector hLo = f.fma(f, h.neg());
      h.mul(f).fma(q, hLo.mul(minusHalf)).intoArray(to, i);
    }
  }

  /** {@link ScalarMath#logCore} from there. */
  static void logs(
      float[] fs, float[] fLos, float[] ks, float[] tails, float[] hi, float[] lo, int n) {
    FloatVector one = broadcast(SPECIES, 1f);
    FloatVector minusHalf = broadcast(SPECIES, -0.5f);
    FloatVector ln2Hi = broadcast(SPECIES, ScalarMath.LN2_HI);
    FloatVector ln2Lo = broadcast(SPECIES, ScalarMath.LN2_LO);
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector f = fromArray(SPECIES, fs, i);
      FloatVector k = fromArray(SPECIES, ks, i);
      FloatVector base = k.mul(ln2Hi);
      FloatVector baseLo = k.fma(ln2Lo, k.fma(ln2Hi, base.neg()));
      FloatVector a = base.add(f);
      FloatVector aLo = f.sub(a.sub(base));
      FloatVector h = f.mul(f);
      FloatVector half = h.mul(minusHalf);
      FloatVector b = a.add(half);
      FloatVector bLo = half.sub(b.sub(a));
      FloatVector g = one.sub(f);
      g = h.fma(g, g);
      FloatVector rest = fromArray(SPECIES, tails, i).add(aLo.add(bLo)).add(baseLo);
      rest = fromArray(SPECIES, fLos, i).fma(g, rest);
      FloatVector log = b.add(rest);
      log.intoArray(hi, i);
      rest.sub(log.sub(b)).intoArray(lo, i);
    }
  }
}
