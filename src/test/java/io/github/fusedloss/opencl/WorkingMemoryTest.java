package io.github.fusedloss.opencl;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fusedloss.ElementType;
import io.github.fusedloss.backend.BceTask;
import io.github.fusedloss.backend.CrossEntropyTask;
import io.github.fusedloss.backend.Function;
import io.github.fusedloss.backend.HostMemory;
import io.github.fusedloss.backend.Memory;
import io.github.fusedloss.backend.Option;
import io.github.fusedloss.backend.Results;
import io.github.fusedloss.backend.RowShape;
import io.github.fusedloss.backend.Upstream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/**
 * A loss and its gradient need no memory of the logits' size beside the logits and the gradient: 64
 * bytes per row, and 32 for each block of 4096 of the elements or of a longer row.
 */
@Tag("once") // The plan decides; no JVM changes that.
@EnabledIf("io.github.fusedloss.opencl.OpenClTesting#hasDevice")
@SuppressWarnings("try") // An executor's memory is held, not looked at.
class WorkingMemoryTest {
  /** Page and pool granularity, for the handful of buffers a call has. */
  private static final long FEW = 8 * 4096;

  private static void room(long elements, long rows, Work work) {
    try (OpenClContext context = OpenClTesting.open();
        OpenClExecutor executor = new OpenClExecutor(null, context);
        Memory input = executor.allocate(ElementType.FLOAT32, elements);
        Memory gradient = executor.allocate(ElementType.FLOAT32, elements)) {
      executor.upload(HostMemory.of(new float[(int) elements]), input);
      context.trim();
      work.run(executor, input, gradient);
      long bytes = context.retainedBytes(); // what the call allocated is kept for the next one
      long allowed = 64 * rows + 32 * (elements / 4096) + FEW;
      assertTrue(bytes <= allowed, bytes + " bytes, allowed " + allowed);
    }
  }

  private interface Work {
    void run(OpenClExecutor executor, Memory input, Memory gradient);
  }

  @Test
  void binaryCrossEntropyNeedsAPairPerBlock() {
    room(
        1 << 21, // 512 blocks
        0,
        (executor, input, gradient) ->
            executor.binaryCrossEntropy(
                BceTask.of(Function.BINARY_CROSS_ENTROPY_WITH_LOGITS, input.length(), input, input)
                    .with(Results.of(null, gradient))));
  }

  @Test
  void crossEntropyNeedsAFewWordsPerRowAndBlock() {
    // Few classes, many rows; long rows, which have 8 blocks, of less than the 8 MB from which on
    // terms may be kept aside (RowLaunchTest has those); a class axis in the middle.
    int[][] shapes = {{1 << 17, 10, 1}, {48, 32768, 1}, {2, 65536, 1}, {8, 19, 16384}};
    for (int[] s : shapes) {
      int rows = s[0] * s[2];
      room(
          (long) rows * s[1],
          rows,
          (executor, input, gradient) -> {
            try (Memory classes = executor.allocate(ElementType.INT32, rows)) {
              executor.upload(HostMemory.of(new int[rows]), classes);
              executor.crossEntropy(
                  CrossEntropyTask.of(
                          Function.CROSS_ENTROPY, new RowShape(s[0], s[1], s[2]), input, classes)
                      .with(CrossEntropyTask.Options.DEFAULT.with(Option.LABEL_SMOOTHING, 0.1f))
                      .with(new Upstream(1f, true, null))
                      .with(Results.of(null, gradient)));
            }
          });
    }
  }
}
