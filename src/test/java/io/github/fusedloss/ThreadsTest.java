package io.github.fusedloss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** How many threads an instance takes. */
class ThreadsTest {
  /** Long enough for several threads, see {@code Workers}. */
  private static final int N = 1 << 18;

  private static final Tensor X = Tensor.of(Numbers.values(new Random(1), N, 9), N);
  private static final Tensor T = Tensor.of(Numbers.unit(new Random(2), N), N);

  private static Set<Thread> helpers() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("fusedloss-cpu"))
        .collect(Collectors.toSet());
  }

  /** Returns how many helper threads one call starts, and puts its result into {@code loss}. */
  private static long started(int threads, float[] loss) {
    try (FusedLoss fused =
        FusedLoss.open(DeviceSelector.named("cpu:scalar").withThreads(threads))) {
      String text = fused.info().description();
      assertTrue(text.endsWith(threads == 1 ? "1 thread" : threads + " threads"), text);
      assertTrue(fused.choice().contains(text), fused.choice());
      Set<Thread> before = helpers();
      loss[0] = fused.forward(BinaryCrossEntropyWithLogits.DEFAULT, X, T).loss();
      return helpers().stream().filter(thread -> !before.contains(thread)).count();
    }
  }

  /** The caller's thread is one of them. */
  @Test
  void asManyAsAskedFor() {
    float[] one = new float[1];
    float[] three = new float[1];
    assertEquals(0, started(1, one));
    assertTrue(started(3, three) > 0);
    assertArrayEquals(one, three);
  }

  @Test
  void refusesNoneAndTooMany() {
    DeviceSelector cpu = DeviceSelector.named("cpu");
    for (int threads : new int[] {0, -1, 1025}) {
      Exception e = assertThrows(IllegalArgumentException.class, () -> cpu.withThreads(threads));
      assertEquals("threads must be from 1 to 1024, got " + threads, e.getMessage());
    }
  }
}
