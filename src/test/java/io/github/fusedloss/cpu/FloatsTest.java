package io.github.fusedloss.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.fusedloss.backend.ElementType;
import io.github.fusedloss.backend.HostMemory;
import java.nio.FloatBuffer;
import java.util.Collections;
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
        HostMemory.of(ElementType.FLOAT32, Collections.nCopies(5000, part)), new ScalarKernels());
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
}
