package io.github.fusedloss.cpu;

import static java.lang.Math.fma;

import java.util.Arrays;

/**
 * A part of a block, copied to arrays of its own, and the loops of plain Java over it. Each thread
 * has one.
 *
 * <p>HotSpot turns a simple loop into vector instructions, with or without the Vector API. So a
 * formula is cut into simple loops over a strip. For JDK 17, simple means three rules:
 *
 * <ul>
 *   <li>A loop has nothing but {@code + - * fma abs min max} of floats. Loops over the bits of
 *       floats, which are computed one float at a time, do nothing else. A choice is a factor of 0
 *       or 1.
 *   <li>Every array is indexed by the loop's variable, plus at most a constant. That is why parts
 *       are copied.
 *   <li>A loop is long. That is why running sums move on, see {@link StripSums}.
 * </ul>
 *
 * <p>A factor of 0 makes NaN of an infinity, and no loop can test for that. But NaN goes through
 * every sum: if a block's sum is not finite, its elements have to be judged one by one.
 */
final class Strip {
  /**
   * How many elements a strip has: so few that all arrays together stay in a core's first cache.
   */
  static final int LENGTH = 512;

  /** Blocks of fewer elements are not worth copying to a strip. */
  static final int FEW = 64;

  private static final int LANES = Blocks.LANES;

  // For each element of the strip, or each row of a tile: the logit, the exponential, terms of sums
  // as pairs, and the largest and smallest logits so far.
  final float[] logits = new float[LENGTH];
  final float[] exponentials = new float[LENGTH];
  final float[] termHi = new float[LENGTH];
  final float[] termLo = new float[LENGTH];
  final float[] largest = new float[LENGTH];
  final float[] smallest = new float[LENGTH];

  /** The working arrays of generated code. */
  final float[][] slots = new float[GeneratedSlots.COUNT][LENGTH];

  /** How many elements of each lane are the block's maximum. */
  final float[] ties = new float[LANES];

  /** Always 0. */
  final float[] zero = new float[LENGTH];

  /**
   * Holds a sum of elements that were only read to bring them into the caches, see {@link
   * VectorMath#next}. Without it HotSpot would leave out these reads.
   */
  float touched;

  /** The largest and the smallest elements of each lane, after {@link #extremes}. */
  final float[] most = new float[LANES];

  final float[] least = new float[LANES];
  // Working space of StripSums, and of the search for the largest and smallest.
  final float[] sumHi = new float[LANES + LENGTH];
  final float[] sumLo = new float[LANES + LENGTH];
  final float[] firstHi = new float[LENGTH];
  final float[] firstLo = new float[LENGTH];
  final float[] treeHi = new float[Blocks.ACCUMULATORS];
  final float[] treeLo = new float[Blocks.ACCUMULATORS];

  static void load(float[] from, int at, int n, float[] to) {
    System.arraycopy(from, at, to, 0, n);
  }

  /** Makes lo NaN where v is not finite, and leaves it as it is elsewhere. */
  static void judge(float[] v, float[] lo, int n) {
    for (int i = 0; i < n; i++) {
      lo[i] = fma(v[i], 0f, lo[i]);
    }
  }

  /**
   * Sets terms of logits that are the maximum to 0; returns how many. Only lanes whose largest
   * element is the maximum are searched.
   */
  int dropTies(float max, float[] x, int at, float[] e, int n) {
    int ties = 0;
    for (int lane = 0; lane < LANES; lane++) {
      if (most[lane] == max) {
        for (int i = lane; i < n; i += LANES) {
          if (x[at + i] == max) {
            ties++;
            e[i] = 0f;
          }
        }
      }
    }
    return ties;
  }

  /** Copies the last 64 values, each to its lane. */
  static void moved(float[] from, int n, float[] to, int toAt) {
    int first = n % LANES;
    System.arraycopy(from, n, to, toAt + first, LANES - first);
    System.arraycopy(from, n + LANES - first, to, toAt, first);
  }

  /** Finds the largest and smallest numbers of a block, for each lane. */
  void extremes(float[] from, int at, int n) {
    Arrays.fill(most, Float.NEGATIVE_INFINITY);
    Arrays.fill(least, Float.POSITIVE_INFINITY);
    for (int start = 0; start < n; start += LENGTH) {
      int m = Math.min(LENGTH, n - start);
      load(from, at + start, m, logits);
      System.arraycopy(most, 0, sumHi, 0, LANES);
      System.arraycopy(least, 0, sumLo, 0, LANES);
      extremesOfLanes(logits, sumHi, sumLo, m);
      moved(sumHi, m, most, 0);
      moved(sumLo, m, least, 0);
    }
  }

  private static void extremesOfLanes(float[] x, float[] most, float[] least, int n) {
    for (int i = 0; i < n; i++) {
      most[i + LANES] = Math.max(most[i], x[i]);
      least[i + LANES] = Math.min(least[i], x[i]);
    }
  }

  /** Updates the largest and the smallest numbers at each place. */
  static void widen(float[] x, float[] most, float[] least, int n) {
    for (int i = 0; i < n; i++) {
      most[i] = Math.max(most[i], x[i]);
      least[i] = Math.min(least[i], x[i]);
    }
  }

  /** Returns the block's largest number; NaN if one is NaN. */
  float max() {
    float max = most[0];
    for (float v : most) {
      max = Math.max(max, v);
    }
    return max;
  }

  float min() {
    float min = least[0];
    for (float v : least) {
      min = Math.min(min, v);
    }
    return min;
  }
}
