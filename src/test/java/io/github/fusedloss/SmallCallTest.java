package io.github.fusedloss;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/**
 * What a small call costs is what it allocates. The bounds are what the interpreter allocates, some
 * 10 % more; HotSpot's compiled code saves some of it. Of that the result, with a gradient of three
 * elements, is about 250 bytes; the rest states the task and says where its operands are.
 */
class SmallCallTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private static final int CALLS = 1000;

  @Test
  void allocatesLittle() {
    try (FusedLoss fused = FusedLoss.open("cpu:scalar")) {
      Loss binary = BinaryCrossEntropyWithLogits.DEFAULT;
      Tensor x = Tensor.of(new float[] {1, -2, 3}, 3);
      Tensor t = Tensor.of(new float[] {1, 0, 1}, 3);
      Tensor into = Tensor.of(new float[3], 3);
      atMost(480, () -> fused.forward(binary, x, t));
      atMost(660, () -> fused.forwardAndGradient(binary, x, t));
      atMost(540, () -> fused.forwardAndGradient(binary, x, t, into));

      Loss rows = CrossEntropy.DEFAULT;
      Tensor row = Tensor.of(new float[] {1, -2, 3}, 1, 3);
      Tensor y = Tensor.of(new int[] {1}, 1);
      Tensor rowInto = Tensor.of(new float[3], 1, 3);
      atMost(750, () -> fused.forward(rows, row, y));
      atMost(920, () -> fused.forwardAndGradient(rows, row, y));
      atMost(800, () -> fused.forwardAndGradient(rows, row, y, rowInto));

      try (Tensor dx = fused.upload(x);
          Tensor dt = fused.upload(t)) {
        atMost(480, () -> fused.forward(binary, dx, dt));
        atMost(740, () -> fused.forwardAndGradient(binary, dx, dt));
      }
    }
  }

  private static void atMost(int bytes, Runnable call) {
    call.run(); // Loads classes, makes scratch space.
    long before = THREADS.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < CALLS; i++) {
      call.run();
    }
    long each = (THREADS.getCurrentThreadAllocatedBytes() - before) / CALLS;
    assertTrue(each <= bytes, each + " bytes a call, not " + bytes);
  }
}
