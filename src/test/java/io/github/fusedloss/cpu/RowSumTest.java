package io.github.fusedloss.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Sums of rows that come in pieces are the sums of all pairs at once. */
class RowSumTest {
  private final BlockKernels kernels = new BlockKernels();
  private final Random random = new Random(1);

  @Test
  void anyOrderAndAnyPiecesGiveTheCanonicalSum() {
    for (int threads : new int[] {1, 4}) {
      Workers workers = new Workers(threads);
      for (int rows : new int[] {1, 2, 63, 4095, 4096, 4097, 8192, 12289, 50_000}) {
        float[] hi = new float[rows];
        float[] lo = new float[rows];
        for (int r = 0; r < rows; r++) {
          double exact = (float) random.nextGaussian() + (double) (0x1p-30f * random.nextInt());
          hi[r] = (float) exact;
          lo[r] = (float) (exact - hi[r]);
        }
        List<int[]> pieces = pieces(rows);
        RowSum sum = new RowSum(rows, kernels);
        workers.run(
            pieces.size(),
            true,
            (i, scratch) -> {
              int start = pieces.get((int) i)[0];
              int n = pieces.get((int) i)[1];
              float[] h = java.util.Arrays.copyOfRange(hi, start, start + n);
              float[] l = java.util.Arrays.copyOfRange(lo, start, start + n);
              sum.add(start, n, h, l, scratch);
            });
        // The rows' pairs are summed as those of so many blocks are.
        BlockSums pairs = new BlockSums((long) rows * Blocks.BLOCK);
        for (int r = 0; r < rows; r++) {
          pairs.set(r, ScalarMath.pair(hi[r], lo[r]));
        }
        long expected = pairs.total(kernels, workers);
        assertEquals(expected, sum.total(workers), rows + " rows, " + threads + " threads");
      }
      workers.close();
    }
  }

  /** Returns pieces of up to 256 rows, in random order. */
  private List<int[]> pieces(int rows) {
    List<int[]> pieces = new ArrayList<>();
    for (int start = 0; start < rows; ) {
      int n = Math.min(rows - start, 1 + random.nextInt(256));
      pieces.add(new int[] {start, n});
      start += n;
    }
    Collections.shuffle(pieces, random);
    return pieces;
  }

  /** One block of pairs serves all blocks of rows that come one after the other. */
  @Test
  void aBlockIsHeldFromItsFirstRowToItsLast() {
    Scratch scratch = new Scratch();
    int rows = 3 * Blocks.BLOCK;
    RowSum sum = new RowSum(rows, kernels);
    float[] values = new float[64];
    PairBlock held = null;
    for (int r = 0; r < rows; r += 64) {
      sum.add(r, 64, values, values, scratch);
      if ((r + 64) % Blocks.BLOCK != 0) {
        assertNull(scratch.spare);
      } else {
        held = held == null ? scratch.spare : held;
        assertSame(held, scratch.spare);
      }
    }
  }
}
