package io.github.fusedloss.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.github.fusedloss.BinaryCrossEntropyWithLogits;
import io.github.fusedloss.CrossEntropy;
import io.github.fusedloss.ElementType;
import io.github.fusedloss.FusedLoss;
import io.github.fusedloss.Loss;
import io.github.fusedloss.LossResult;
import io.github.fusedloss.NllLoss;
import io.github.fusedloss.Tensor;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArrayPoolTest {
  /** Large enough to be kept. */
  private static final int N = 1 << 14;

  private final ArrayPool pool = new ArrayPool();

  @Test
  void anArrayGivenBackIsHandedOutAgainOnce() {
    Object array = pool.take(ElementType.FLOAT32, N);
    pool.giveBack(array);
    assertSame(array, pool.take(ElementType.FLOAT32, N));
    assertNotSame(array, pool.take(ElementType.FLOAT32, N));
  }

  @Test
  void onlyForTheSameLengthAndJavaType() {
    Object array = pool.take(ElementType.FLOAT16, N);
    pool.giveBack(array);
    assertNotSame(array, pool.take(ElementType.FLOAT16, N + 1));
    assertEquals(N, ((float[]) pool.take(ElementType.FLOAT32, N)).length);
    assertEquals(N, ((int[]) pool.take(ElementType.INT32, N)).length);
    assertEquals(N, ((long[]) pool.take(ElementType.INT64, N)).length);
    assertSame(array, pool.take(ElementType.BFLOAT16, N));
  }

  @Test
  void smallOnesAreNotKept() {
    Object array = pool.take(ElementType.FLOAT32, N - 1);
    pool.giveBack(array);
    assertNotSame(array, pool.take(ElementType.FLOAT32, N - 1));
  }

  @Test
  void theOldestIsDroppedForASeventhAndAllWhenCleared() {
    Object[] arrays = new Object[7];
    for (int i = 0; i < arrays.length; i++) {
      arrays[i] = new float[N + i];
      pool.giveBack(arrays[i]);
    }
    assertNotSame(arrays[0], pool.take(ElementType.FLOAT32, N));
    assertSame(arrays[1], pool.take(ElementType.FLOAT32, N + 1));
    pool.clear();
    assertNotSame(arrays[2], pool.take(ElementType.FLOAT32, N + 2));
  }

  /** What was in an array before must not show, in ignored rows either. */
  @ParameterizedTest
  @ValueSource(strings = {"cpu:scalar", "cpu"})
  void resultsHoldNothingOfWhatWasThereBefore(String device) {
    Random random = new Random(11);
    // Rows in order, in lanes, and of two blocks.
    for (int classes : new int[] {10, 200, 4100}) {
      int rows = N / classes + 7;
      int n = rows * classes;
      float[] x = new float[n];
      float[] t = new float[n];
      int[] y = new int[rows];
      for (int i = 0; i < n; i++) {
        x[i] = (float) random.nextGaussian();
        t[i] = random.nextFloat();
      }
      for (int r = 0; r < rows; r++) {
        y[r] = r % 3 == 0 ? -100 : random.nextInt(classes);
      }
      Tensor hostX = Tensor.of(x, rows, classes);
      Tensor hostT = Tensor.of(t, rows, classes);
      Tensor hostY = Tensor.of(y, rows);
      try (FusedLoss fused = FusedLoss.open(device);
          Tensor input = fused.upload(hostX)) {
        float[] poison = new float[n];
        Arrays.fill(poison, Float.NaN);
        for (Loss loss :
            new Loss[] {
              CrossEntropy.DEFAULT,
              CrossEntropy.DEFAULT.withLabelSmoothing(0.1f),
              NllLoss.DEFAULT,
              BinaryCrossEntropyWithLogits.DEFAULT
            }) {
          Tensor hostTarget = loss instanceof BinaryCrossEntropyWithLogits ? hostT : hostY;
          float[] fresh;
          try (LossResult result = fused.forwardAndGradient(loss, hostX, hostTarget)) {
            fresh = result.gradient().toFloatArray();
          }
          try (Tensor target = fused.upload(hostTarget)) {
            fused.upload(Tensor.of(poison, rows, classes)).close();
            try (LossResult result = fused.forwardAndGradient(loss, input, target)) {
              assertArrayEquals(fresh, result.gradient().toFloatArray(), loss + " " + classes);
            }
          }
        }
      }
    }
  }
}
