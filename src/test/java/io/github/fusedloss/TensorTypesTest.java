package io.github.fusedloss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Checks what tensors can be made of, and views of their rows. */
class TensorTypesTest {
  @Test
  void integersAndTruthValues() {
    long[] small = {1, -1, 127};
    assertArrayEquals(small, Tensor.of(new byte[] {1, -1, 127}, 3).toLongArray());
    assertArrayEquals(
        new long[] {1, 255, 127},
        Tensor.of(ElementType.UINT8, new byte[] {1, -1, 127}, 3).toLongArray());
    assertArrayEquals(small, Tensor.of(new short[] {1, -1, 127}, 3).toLongArray());
    assertArrayEquals(new long[] {1, 0}, Tensor.of(new boolean[] {true, false}, 2).toLongArray());
    // A part of an array, and a direct buffer.
    IntBuffer part = IntBuffer.wrap(new int[] {9, 1, -1, 127, 9}, 1, 3);
    assertArrayEquals(small, Tensor.of(part, 3).toLongArray());
    LongBuffer direct = ByteBuffer.allocateDirect(24).order(ByteOrder.nativeOrder()).asLongBuffer();
    direct.put(small).flip();
    assertArrayEquals(small, Tensor.of(direct, 3).toLongArray());
    assertThrows(IllegalArgumentException.class, () -> Tensor.of(ElementType.BOOL, new byte[1], 1));
  }

  @Test
  void indicesInBuffers() {
    Tensor x = Tensor.of(new float[] {1, 2, 3, 5, 4, 4}, 3, 2);
    LongBuffer direct = ByteBuffer.allocateDirect(24).order(ByteOrder.nativeOrder()).asLongBuffer();
    direct.put(new long[] {0, 1, 1}).flip();
    for (FusedLoss fused : OpenDevices.all()) {
      int[] bits =
          Bits.of(
              fused.forwardAndGradient(CrossEntropy.DEFAULT, x, Tensor.of(new int[] {0, 1, 1}, 3)));
      for (Tensor y :
          List.of(
              Tensor.of(IntBuffer.wrap(new int[] {7, 0, 1, 1}, 1, 3), 3), Tensor.of(direct, 3))) {
        LossResult result = fused.forwardAndGradient(CrossEntropy.DEFAULT, x, y);
        assertArrayEquals(bits, Bits.of(result), fused.device());
      }
    }
  }

  /** 1 + 2^-25 is nearer to 1, and 1 + 2^-24 a tie; 1e39 is beyond the range. */
  @Test
  void doublesAreRoundedOnce() {
    double[] values = {1 + 0x1p-25, 1 + 0x1p-24, 1 + 3 * 0x1p-24, 1e39, -1e-50};
    assertArrayEquals(
        new float[] {1, 1, 1 + 0x1p-22f, Float.POSITIVE_INFINITY, -0f},
        Tensor.of(values, 5).toFloatArray());
  }

  @Test
  void rowsOfArrays() {
    Tensor tensor = Tensor.of(new float[][] {{1, 2, 3}, {4, 5, 6}});
    assertArrayEquals(new long[] {2, 3}, tensor.shape());
    assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6}, tensor.toFloatArray());
    assertArrayEquals(new long[] {0, 0}, Tensor.of(new float[0][]).shape());
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> Tensor.of(new float[][] {{1, 2}, {3}}));
    assertEquals("rows must be equally long, 2, got 1 at row 1", e.getMessage());
  }

  @Test
  void rowsAreAView() {
    float[] values = {1, 2, 3, 4, 5, 6};
    Tensor all = Tensor.of(values, 3, 2);
    Tensor last = all.rows(1, 2);
    assertArrayEquals(new long[] {2, 2}, last.shape());
    values[4] = 7;
    assertArrayEquals(new float[] {3, 4, 7, 6}, last.toFloatArray());
    assertArrayEquals(new float[] {7, 6}, last.rows(1, 1).toFloatArray());
    assertEquals(0, all.rows(3, 0).size());
    FloatBuffer direct =
        ByteBuffer.allocateDirect(24).order(ByteOrder.nativeOrder()).asFloatBuffer();
    direct.put(values).flip();
    Tensor segments = Tensor.of(List.of(direct.slice(0, 3), FloatBuffer.wrap(values, 3, 3)), 3, 2);
    assertArrayEquals(new float[] {3, 4, 7, 6}, segments.rows(1, 2).toFloatArray());
    assertArrayEquals(
        new long[] {2, 3}, Tensor.of(new int[] {1, 2, 3}, 3).rows(1, 2).toLongArray());
    for (long[] wrong : new long[][] {{-1, 1}, {0, 4}, {2, 2}, {0, -1}, {Long.MAX_VALUE, 1}}) {
      assertThrows(IllegalArgumentException.class, () -> all.rows(wrong[0], wrong[1]));
    }
    // Batches of a tensor are computed where they lie, and so is their gradient.
    Tensor into = Tensor.of(new float[6], 3, 2);
    Tensor y = Tensor.of(new int[] {0, 1, 0}, 3);
    for (FusedLoss fused : OpenDevices.all()) {
      Loss loss = CrossEntropy.DEFAULT.withReduction(Reduction.SUM);
      for (int from = 0; from < 3; from++) {
        fused
            .forwardAndGradient(loss, all.rows(from, 1), y.rows(from, 1), into.rows(from, 1))
            .close();
      }
      assertArrayEquals(
          Bits.of(fused.forwardAndGradient(loss, all, y).gradient()),
          Bits.of(into),
          fused.device());
    }
  }
}
