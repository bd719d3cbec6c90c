package io.github.fusedloss.cpu;

/**
 * The canonical sum ({@link Blocks}) of one pair for each row. The rows come in pieces, in any
 * order and from several threads. A block of pairs is held from its first row to its last. So there
 * are only as many blocks as threads, and one or two more, and not one pair for each row.
 */
final class RowSum {
  private final long rows;
  private final BlockKernels kernels;
  private final PairBlock[] begun;
  // The sums of blocks whose rows have all come; null if there is one block.
  private final BlockSums sums;
  private long only;

  RowSum(long rows, BlockKernels kernels) {
    this.rows = rows;
    this.kernels = kernels;
    int blocks = (int) Blocks.count(rows);
    begun = new PairBlock[blocks];
    sums = blocks == 1 ? null : new BlockSums(rows);
  }

  /** Adds the pairs of rows first to first + n; each row comes once. */
  void add(long first, int n, float[] hi, float[] lo, Scratch scratch) {
    for (int done = 0, m; done < n; done += m) {
      int b = (int) ((first + done) / Blocks.BLOCK);
      int at = (int) ((first + done) % Blocks.BLOCK);
      m = Math.min(n - done, Blocks.BLOCK - at);
      PairBlock block = block(b, scratch);
      System.arraycopy(hi, done, block.hi, at, m);
      System.arraycopy(lo, done, block.lo, at, m);
      if (block.left.addAndGet(-m) == 0) {
        end(b, block, scratch);
      }
    }
  }

  private int size(int b) {
    return (int) Math.min(Blocks.BLOCK, rows - (long) b * Blocks.BLOCK);
  }

  /**
   * Finds or begins a block. The lock is held for some nanoseconds; an atomic array would be one
   * more object.
   */
  private synchronized PairBlock block(int b, Scratch scratch) {
    PairBlock block = begun[b];
    if (block == null) {
      block = scratch.spare == null ? new PairBlock() : scratch.spare;
      scratch.spare = null;
      block.left.set(size(b));
      begun[b] = block;
    }
    return block;
  }

  /** Sums up a block whose rows have all come, so that nobody else touches it any more. */
  private void end(int b, PairBlock block, Scratch scratch) {
    // The sum of one term is the term itself, without lanes.
    boolean one = rows == 1;
    long sum =
        one
            ? ScalarMath.pair(block.hi[0], block.lo[0])
            : kernels.sum(block.hi, block.lo, 0, size(b), scratch.lanes);
    if (sums == null) {
      only = sum;
    } else {
      sums.set(b, sum);
    }
    begun[b] = null;
    scratch.spare = block;
  }

  /** Returns the sum of all rows, once they have come. */
  long total(Workers workers) {
    return sums == null ? BlockSums.total(only) : sums.total(kernels, workers);
  }
}
