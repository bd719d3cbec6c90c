package io.github.fusedloss.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fusedloss.ElementType;
import io.github.fusedloss.backend.CrossEntropyTask;
import io.github.fusedloss.backend.Function;
import io.github.fusedloss.backend.HostMemory;
import io.github.fusedloss.backend.Option;
import io.github.fusedloss.backend.Results;
import io.github.fusedloss.backend.RowShape;
import io.github.fusedloss.backend.Totals;
import io.github.fusedloss.backend.Upstream;
import org.junit.jupiter.api.Test;

/** Checks what a thread keeps when a call has ended. */
class ScratchTest {
  /** Rows too long to be copied whole, and tiles of rows as long as these may be. */
  @Test
  void whatStaysIsBounded() {
    Workers workers = new Workers(1);
    CpuRows rows = new CpuRows(new BlockKernels(), workers);
    for (int[] shape :
        new int[][] {{1, 2 * RowLayout.WHOLE + 5, 1}, {1, 4096, 70}, {1, 500_000, 2}}) {
      int n = shape[0] * shape[1] * shape[2];
      HostMemory logits = HostMemory.of(ElementType.FLOAT16, new short[n]);
      Totals totals =
          rows.crossEntropy(
              CrossEntropyTask.of(
                      Function.CROSS_ENTROPY,
                      new RowShape(shape[0], shape[1], shape[2]),
                      logits,
                      HostMemory.of(new int[shape[2]]))
                  .with(CrossEntropyTask.Options.DEFAULT.with(Option.LABEL_SMOOTHING, 0.1f))
                  .with(new Upstream(1f, true, null))
                  .with(Results.of(null, logits)));
      assertEquals(shape[2] * Math.log(shape[1]), totals.sum(), 1e-4);
      Scratch kept = workers.take();
      for (Scratch.Slot slot : Scratch.Slot.values()) {
        assertTrue(kept.floats(slot, 1).length <= RowLayout.WHOLE);
      }
      assertTrue(kept.blocks(1).length <= RowLayout.WHOLE / Blocks.BLOCK);
      assertTrue(kept.tile.x.length <= 64 * Blocks.BLOCK);
      workers.giveBack(kept);
    }
  }

  @Test
  void itIsKeptOnlyWhileTheHeapHasRoom() {
    Workers workers = new Workers(1);
    Scratch scratch = workers.take();
    workers.giveBack(scratch);
    assertSame(scratch, workers.take());
    workers.giveBack(scratch);
    scratch.kept.clear(); // as the collector does
    assertNotSame(scratch, workers.take());
  }
}
