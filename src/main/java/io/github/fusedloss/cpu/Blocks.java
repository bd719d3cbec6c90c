package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.hi;
import static io.github.fusedloss.cpu.ScalarMath.lo;
import static io.github.fusedloss.cpu.ScalarMath.pair;

/**
 * The canonical shape of every long sum, a function of its length alone (docs/numerics.md). Terms
 * are cut into blocks of 4096, a block into 4 stripes of 1024; in a stripe, term i goes to lane i
 * mod 64, and each lane is a compensated running sum. The 256 lanes of a block are added in a tree
 * by halves. The sums of blocks are terms of the next sum, until one is left.
 *
 * <p>Rows of few classes, and rows whose classes are not adjacent in memory, are too short or too
 * scattered for lanes: each of their blocks is one running sum, in order of the classes.
 */
final class Blocks {
  private Blocks() {}

  static final int BLOCK = 4096;
  static final int STRIPE = 1024;
  static final int LANES = 64;

  /** Lanes of a whole block. */
  static final int ACCUMULATORS = BLOCK / STRIPE * LANES;

  /** Rows of up to this many classes are summed in order. */
  static final int SHORT_ROW = 64;

  /** True if a row's blocks are summed in order, one lane. */
  static boolean inOrder(int classes, long inner) {
    return classes <= SHORT_ROW || inner > 1;
  }

  /** How many blocks hold this many terms. */
  static long count(long terms) {
    return (terms + BLOCK - 1) / BLOCK;
  }

  /** The lane of term {@code i} of a block. */
  static int lane(int i) {
    return i / STRIPE * LANES + i % LANES;
  }

  /** Lanes in use by the first {@code terms} terms of a block, a power of two. */
  static int width(int terms) {
    if (terms <= LANES) {
      return terms <= 1 ? 1 : Integer.highestOneBit(terms - 1) * 2;
    }
    return terms <= STRIPE ? LANES : terms <= 2 * STRIPE ? 2 * LANES : ACCUMULATORS;
  }

  /**
   * The sum of all 256 lanes, by halves, where those from {@code width} on are zero; destroys them.
   * Adding a zero only normalises, and doing that again changes nothing.
   */
  static long tree(float[] hi, float[] lo, int width) {
    if (width < ACCUMULATORS) {
      for (int i = 0; i < width; i++) {
        long sum = ScalarMath.normalise(hi[i], lo[i]);
        hi[i] = hi(sum);
        lo[i] = lo(sum);
      }
    }
    for (int half = width / 2; half > 0; half /= 2) {
      for (int i = 0; i < half; i++) {
        long sum = ScalarMath.add(pair(hi[i], lo[i]), pair(hi[i + half], lo[i + half]));
        hi[i] = hi(sum);
        lo[i] = lo(sum);
      }
    }
    return pair(hi[0], lo[0]);
  }

  /** Adds hi + lo to a lane. */
  static void accumulate(float[] sumHi, float[] sumLo, int lane, float hi, float lo) {
    float a = sumHi[lane];
    float s = a + hi;
    float z = s - a;
    sumHi[lane] = s;
    sumLo[lane] += ((a - (s - z)) + (hi - z)) + lo;
  }
}
