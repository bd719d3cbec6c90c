package io.github.fusedloss.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.fusedloss.ElementType;
import io.github.fusedloss.backend.HostMemory;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Elements beyond 2^31, of one array that is many segments. */
class FloatsTest {
  private static final int LENGTH = 1 << 20;

  private final float[] array = new float[LENGTH];

  private Floats segments() {
    for (int i = 0; i < LENGTH; i++) {
      array[i] = i;
    }
    HostMemory part = HostMemory.of(FloatBuffer.wrap(array));
    return new Floats(
        HostMemory.of(ElementType.FLOAT32, Collections.nCopies(5000, part)), new BlockKernels());
  }

  /** The last element of a segment and the first of the next, below and above 2^31 and 2^32. */
  @Test
  void readsByOffset() {
    Floats floats = segments();
    for (long start : new long[] {0, (1L << 31) - LENGTH, 1L << 31, 1L << 32, 4999L * LENGTH}) {
      assertEquals(0, floats.get(start));
      assertEquals(LENGTH - 1, floats.get(start + LENGTH - 1));
      assertEquals(7, floats.get(start + 7));
      if (start > 0) {
        float[] to = new float[4];
        floats.copy(start - 2, 4, to, 0);
        assertArrayEquals(new float[] {LENGTH - 2, LENGTH - 1, 0, 1}, to);
      }
    }
    float[] apart = new float[3];
    floats.gather((1L << 31) + 3, 3L * LENGTH + 1, 3, apart);
    assertArrayEquals(new float[] {3, 4, 5}, apart);
  }

  @Test
  void writesByOffset() {
    Floats floats = segments();
    floats.put((1L << 32) + 9, -1f);
    floats.paste(new float[] {-2f, -3f, -4f}, 0, 3, (1L << 31) - 1);
    assertEquals(-1f, array[9]);
    assertArrayEquals(
        new float[] {-2f, -3f, -4f}, new float[] {array[LENGTH - 1], array[0], array[1]});
  }

  /** Runs of what is apart, in segments shorter and longer than from one element to the next. */
  @Test
  void scattersFillsAndGathersAcrossSegments() {
    int n = 1000;
    for (int stride : new int[] {1, 2, 7, 64, 301}) {
      int count = (n - 3 - 1) / stride + 1;
      float[] expected = new float[n];
      float[] values = new float[count + 2];
      for (int i = 0; i < count; i++) {
        values[2 + i] = 0.5f + i;
        expected[3 + i * stride] = values[2 + i];
      }
      for (ElementType type : new ElementType[] {ElementType.FLOAT32, ElementType.FLOAT16}) {
        Floats floats = new Floats(cut(type, 300, 1, 2, 47, 64, 3, 583), new BlockKernels());
        floats.scatter(values, 2, count, 3, stride);
        float[] all = new float[n];
        floats.copy(0, n, all, 0);
        assertArrayEquals(expected, all);
        float[] gathered = new float[count];
        floats.gather(3, stride, count, gathered);
        assertArrayEquals(Arrays.copyOfRange(values, 2, 2 + count), gathered);
        floats.fill(3, stride, count, -1f);
        floats.gather(3, stride, count, gathered);
        floats.fill(3, stride, count, 0f);
        floats.copy(0, n, all, 0);
        assertArrayEquals(new float[n], all);
        float[] ones = new float[count];
        Arrays.fill(ones, -1f);
        assertArrayEquals(ones, gathered);
      }
    }
  }

  private static HostMemory cut(ElementType type, int... lengths) {
    List<HostMemory> segments = new ArrayList<>();
    for (int length : lengths) {
      segments.add(
          type == ElementType.FLOAT32
              ? HostMemory.of(FloatBuffer.allocate(length))
              : HostMemory.of(type, new short[length]));
    }
    return HostMemory.of(type, segments);
  }
}
