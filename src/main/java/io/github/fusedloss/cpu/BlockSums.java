package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.hi;
import static io.github.fusedloss.cpu.ScalarMath.lo;
import static io.github.fusedloss.cpu.ScalarMath.pair;

/**
 * The sums of blocks, as pairs, and their canonical sum: these pairs are the terms of the next sum,
 * until one is left. Several threads may set pairs.
 */
final class BlockSums {
  /** Computes the sum of one block, of terms start to start + n. */
  interface Source {
    long run(long start, int n, Scratch scratch);
  }

  private final int count;
  private final float[] hi;
  private final float[] lo;

  /** Makes room for the sums of the blocks of so many terms. */
  BlockSums(long terms) {
    count = (int) Blocks.count(terms);
    hi = new float[count];
    lo = new float[count];
  }

  /** Returns how many blocks there are. */
  int count() {
    return count;
  }

  void set(long block, long sum) {
    hi[(int) block] = hi(sum);
    lo[(int) block] = lo(sum);
  }

  /** Returns the sum of all terms; every block's sum must have been set. */
  long total(BlockKernels kernels, Workers workers) {
    if (count == 1) {
      return total(pair(hi[0], lo[0]));
    }
    BlockSums next = new BlockSums(count);
    workers.run(
        next.count,
        count >= Workers.WORTHWHILE,
        (b, scratch) -> {
          int start = (int) b * Blocks.BLOCK;
          int n = Math.min(Blocks.BLOCK, count - start);
          next.set(b, kernels.sum(hi, lo, start, n, scratch.lanes));
        });
    return next.total(kernels, workers);
  }

  /** Returns the sum of all terms where there is only one block, with this sum. */
  static long total(long sum) {
    return GeneratedNumerics.normalise(0f + hi(sum), lo(sum));
  }
}
