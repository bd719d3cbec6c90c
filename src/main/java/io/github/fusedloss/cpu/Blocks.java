package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.hi;
import static io.github.fusedloss.cpu.ScalarMath.lo;
import static io.github.fusedloss.cpu.ScalarMath.pair;

import io.github.fusedloss.backend.SumShape;

/** The blocks, stripes and lanes of {@link SumShape}, and the sum of a block's lanes. */
final class Blocks {
  private Blocks() {}

  static final int BLOCK = SumShape.BLOCK;
  static final int STRIPE = SumShape.STRIPE;
  static final int LANES = SumShape.LANES;

  /** How many lanes a whole block has. */
  static final int ACCUMULATORS = SumShape.ACCUMULATORS;

  /** Returns true if a row's blocks are summed in order, in one lane. */
  static boolean inOrder(int classes, long inner) {
    return SumShape.inOrder(classes, inner);
  }

  /** Returns how many blocks hold this many terms. */
  static long count(long terms) {
    return SumShape.blocks(terms);
  }

  /** Returns the lane of term {@code i} of a block. */
  static int lane(int i) {
    return i / STRIPE * LANES + i % LANES;
  }

  /** Returns how many lanes the first {@code terms} terms of a block use, as a power of two. */
  static int width(int terms) {
    if (terms <= LANES) {
      return terms <= 1 ? 1 : Integer.highestOneBit(terms - 1) * 2;
    }
    return SumShape.lanes(terms);
  }

  /** Returns the least power of two that is not below {@code terms}: lanes for one term each. */
  static int lanesOf(int terms) {
    return Integer.highestOneBit(2 * terms - 1);
  }

  /**
   * Returns the sum of all 256 lanes, added by halves; those from {@code width} on are zero.
   * Destroys the lanes. Adding a zero only normalises a pair, and doing that again changes nothing.
   */
  static long tree(float[] hi, float[] lo, int width) {
    if (width < ACCUMULATORS) {
      for (int i = 0; i < width; i++) {
        long sum = GeneratedNumerics.normalise(hi[i], lo[i]);
        hi[i] = hi(sum);
        lo[i] = lo(sum);
      }
    }
    for (int half = width / 2; half > 0; half /= 2) {
      for (int i = 0; i < half; i++) {
        long sum = GeneratedNumerics.pairAdd(pair(hi[i], lo[i]), pair(hi[i + half], lo[i + half]));
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
