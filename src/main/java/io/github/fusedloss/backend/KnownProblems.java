package io.github.fusedloss.backend;

import java.util.SplittableRandom;

/**
 * What the small problems of {@link KnownAnswers} share: random numbers, and a hash of the results.
 */
abstract class KnownProblems {
  final Executor executor;

  private long hash = 0xcbf29ce484222325L;

  /** Whether second derivatives are asked for, too. */
  private boolean curved;

  KnownProblems(Executor executor) {
    this.executor = executor;
  }

  /** Asks for second derivatives from now on. */
  final void curve() {
    curved = true;
  }

  /** Makes room for second derivatives; null if nobody asks for them. */
  final float[] hessianRoom(int n) {
    return curved ? new float[n] : null;
  }

  /**
   * Asks for second derivatives with a factor and a least value; null if there is no room for them.
   */
  static Curvature curvature(float[] hessian) {
    return hessian == null ? null : new Curvature(HostMemory.of(hessian), 1.1f, 1e-3f);
  }

  static float[] random(SplittableRandom random, int n, double scale) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = (float) ((random.nextDouble() - 0.5) * 2 * scale);
    }
    return values;
  }

  static float[] unit(SplittableRandom random, int n) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      int kind = random.nextInt(4);
      values[i] = kind == 0 ? 0f : kind == 1 ? 1f : (float) random.nextDouble();
    }
    return values;
  }

  /** Returns the hash of the raw bits that were added. */
  final long hash() {
    return hash;
  }

  final void add(int bits) {
    hash = (hash ^ bits) * 0x100000001b3L;
    hash ^= hash >>> 29;
  }

  /** Adds values to the hash; does nothing if {@code values} is null. */
  final void add(float[] values) {
    for (int i = 0; values != null && i < values.length; i++) {
      add(Float.floatToRawIntBits(values[i]));
    }
  }

  final void add(double v) {
    long bits = Double.doubleToLongBits(v); // The JVM does not keep the sign of a NaN.
    add((int) bits);
    add((int) (bits >>> 32));
  }
}
