package io.github.fusedloss.backend;

/**
 * The shape of every long sum: in which order its terms are added. It depends on the length alone
 * and is the same on every executor (docs/numerics.md). Terms are cut into blocks, a block into
 * stripes; in a stripe, term i goes to lane i mod {@link #LANES}, and each lane is a compensated
 * running sum. The lanes of a block are added by halves. The sums of blocks are terms of the next
 * sum, until one is left.
 *
 * <p>Rows of few classes, and rows whose classes are not adjacent in memory, are too short or too
 * scattered for lanes: each of their blocks is one running sum, in order of the classes.
 *
 * <p>For the kernels, {@code kernels/blocks.cl} states the same numbers.
 */
public final class SumShape {
  /** How many terms a block has. */
  public static final int BLOCK = 4096;

  /** How many terms a stripe has. */
  public static final int STRIPE = 1024;

  /** How many lanes a stripe has. */
  public static final int LANES = 64;

  /** How many lanes a whole block has. */
  public static final int ACCUMULATORS = BLOCK / STRIPE * LANES;

  /** Rows of up to this many classes are summed in order. */
  public static final int SHORT_ROW = 64;

  private SumShape() {}

  /** Returns whether a row's blocks are summed in order, in one lane. */
  public static boolean inOrder(long classes, long inner) {
    return classes <= SHORT_ROW || inner > 1;
  }

  /** Returns how many blocks hold this many terms. */
  public static long blocks(long terms) {
    return (terms + BLOCK - 1) / BLOCK;
  }

  /**
   * Returns how many lanes the sum of a block of so many terms has: those of one, two or all
   * stripes.
   */
  public static int lanes(long terms) {
    return terms <= STRIPE ? LANES : terms <= 2 * STRIPE ? 2 * LANES : ACCUMULATORS;
  }
}
