package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.hi;
import static io.github.fusedloss.cpu.ScalarMath.lo;
import static io.github.fusedloss.cpu.ScalarMath.pair;

/**
 * Pairs, which are the sums of blocks, and their canonical sum: they are terms of the next sum,
 * until one is left. Several threads may set pairs.
 */
final class BlockSums {
  /** Makes one of them, of terms start to start + n. */
  interface Source {
    long run(long start, int n, Scratch scratch);
  }

  private final int count;
  private final float[] hi;
  private final float[] lo;

  /** For the blocks of so many terms. */
  BlockSums(long terms) {
    count = (int) Blocks.count(terms);
    hi = new float[count];
    lo = new float[count];
  }

  /** How many there are. */
  int count() {
    return count;
  }

  void set(long block, long sum) {
    hi[(int) block] = hi(sum);
    lo[(int) block] = lo(sum);
  }

  /** The sum of all; not before they are set. */
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

  /** The same of one block. */
  static long total(long sum) {
    return GeneratedNumerics.normalise(0f + hi(sum), lo(sum));
  }
}
