package io.github.fusedloss.opencl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.ReadOnlyBufferException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code mapped} is how CPU devices move data, staging how all others do; PoCL can do both. */
@EnabledIf("io.github.fusedloss.opencl.OpenClTesting#hasDevice")
class DeviceBufferTest {
  // 0 and 1 are edges, 7 is odd; 16385 and 4194305 floats are one more than a small and a large
  // staging buffer hold, so that a last chunk of one element follows a full one.
  private static final int[] SIZES = {0, 1, 7, 16384, 16385, 4194305};

  private static OpenClContext open(boolean mapped) {
    OpenClContext context = OpenClTesting.open();
    context.queue().setMapped(mapped);
    return context;
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void arraysComeBackAsTheyWent(boolean mapped) {
    Random random = new Random(1);
    try (OpenClContext context = open(mapped)) {
      for (int n : SIZES) {
        float[] floats = new float[n + 2];
        int[] ints = new int[n + 2];
        long[] longs = new long[n + 2];
        for (int i = 0; i < n + 2; i++) {
          // Any bits but NaN's: a NaN may change its payload on the way through a float.
          floats[i] = random.nextFloat() - 0.5f;
          ints[i] = random.nextInt();
          longs[i] = random.nextLong();
        }
        float[] floatsBack = new float[n + 2];
        int[] intsBack = new int[n + 2];
        long[] longsBack = new long[n + 2];
        try (DeviceBuffer buffer = context.allocate(8L * (n + 1))) {
          buffer.write(4, FloatBuffer.wrap(floats, 1, n));
          buffer.read(4, FloatBuffer.wrap(floatsBack, 1, n));
          buffer.write(4, IntBuffer.wrap(ints, 1, n));
          buffer.read(4, IntBuffer.wrap(intsBack, 1, n));
          buffer.write(8, LongBuffer.wrap(longs, 1, n));
          buffer.read(8, LongBuffer.wrap(longsBack, 1, n));
        }
        // What is outside the range is not touched.
        floats[0] = floats[n + 1] = 0;
        ints[0] = ints[n + 1] = 0;
        longs[0] = longs[n + 1] = 0;
        assertArrayEquals(floats, floatsBack);
        assertArrayEquals(ints, intsBack);
        assertArrayEquals(longs, longsBack);
      }
      assertEquals(0, context.liveBytes());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void buffersOfEveryKindComeBackAsTheyWent(boolean mapped) {
    try (OpenClContext context = open(mapped)) {
      for (int n : SIZES) {
        for (FloatBuffer source : floatBuffers(n)) {
          for (int i = source.position(); i < source.limit(); i++) {
            source.put(i, i * 0.5f - 3);
          }
          for (FloatBuffer target : floatBuffers(n)) {
            int from = source.position();
            int to = target.position();
            try (DeviceBuffer buffer = context.allocate(4L * n + 8)) {
              buffer.write(8, source.asReadOnlyBuffer());
              buffer.read(8, target);
            }
            assertEquals(from, source.position(), "the caller's position");
            assertEquals(to, target.position(), "the caller's position");
            assertEquals(0, source.compareTo(target), () -> source + " against " + target);
          }
        }
      }
    }
  }

  /** Heap and direct, both byte orders, position 0 and not, full and with room at the end. */
  private static List<FloatBuffer> floatBuffers(int n) {
    List<FloatBuffer> all = new ArrayList<>();
    all.add(FloatBuffer.allocate(n));
    all.add(FloatBuffer.allocate(n + 5).position(3).limit(n + 3));
    for (ByteOrder order : List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
      all.add(
          ByteBuffer.allocateDirect(4 * n + 20)
              .order(order)
              .asFloatBuffer()
              .position(3)
              .limit(n + 3));
    }
    return all;
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void bytesOfAnyLengthAtAnyOffset(boolean mapped) {
    try (OpenClContext context = open(mapped)) {
      for (boolean direct : new boolean[] {true, false}) {
        ByteBuffer source = direct ? ByteBuffer.allocateDirect(70001) : ByteBuffer.allocate(70001);
        for (int i = 0; i < source.capacity(); i++) {
          source.put(i, (byte) (i * 31));
        }
        source.position(2).limit(69999); // odd length, more than a small staging buffer
        ByteBuffer target = direct ? ByteBuffer.allocate(70000) : ByteBuffer.allocateDirect(70000);
        target.position(1).limit(69998);
        try (DeviceBuffer buffer = context.allocate(70001)) {
          buffer.write(3, source);
          buffer.read(3, target);
        }
        assertEquals(source, target);
      }
    }
  }

  @Test
  void zeroAndCopy() {
    try (OpenClContext context = OpenClTesting.open();
        DeviceBuffer a = context.allocate(4097); // odd, past the smallest size class
        DeviceBuffer b = context.allocate(4097)) {
      byte[] ones = new byte[4097];
      java.util.Arrays.fill(ones, (byte) 1);
      a.write(0, ByteBuffer.wrap(ones));
      b.zero();
      b.copyFrom(a, 1, 3, 5);
      byte[] back = new byte[4097];
      b.read(0, ByteBuffer.wrap(back));
      byte[] expected = new byte[4097];
      java.util.Arrays.fill(expected, 3, 8, (byte) 1);
      assertArrayEquals(expected, back);
    }
  }

  @Test
  void rangesAreCheckedBeforeAnythingMoves() {
    try (OpenClContext context = OpenClTesting.open();
        DeviceBuffer buffer = context.allocate(40)) {
      FloatBuffer ten = FloatBuffer.allocate(10);
      IndexOutOfBoundsException e =
          assertThrows(IndexOutOfBoundsException.class, () -> buffer.write(4, ten));
      assertTrue(e.getMessage().contains("40"), e.getMessage());
      assertThrows(IndexOutOfBoundsException.class, () -> buffer.read(-4, ten.slice(0, 1)));
      assertThrows(
          IndexOutOfBoundsException.class, () -> buffer.read(Long.MAX_VALUE - 3, ten.slice(0, 1)));
      assertThrows(IllegalArgumentException.class, () -> buffer.write(2, ten.slice(0, 1)));
      assertThrows(ReadOnlyBufferException.class, () -> buffer.read(0, ten.asReadOnlyBuffer()));
      assertThrows(IndexOutOfBoundsException.class, () -> buffer.copyFrom(buffer, 0, 39, 2));
    }
  }

  @Test
  void tooLargeNamesWantedAndAllowed() {
    try (OpenClContext context = OpenClTesting.open()) {
      long allowed = context.device().memory().maxAllocationBytes();
      OpenClException e = assertThrows(OpenClException.class, () -> context.allocate(allowed + 1));
      assertEquals(OpenClException.Kind.RESOURCE, e.kind());
      assertTrue(e.getMessage().contains(Long.toString(allowed + 1)), e.getMessage());
      assertTrue(e.getMessage().contains(Long.toString(allowed) + " bytes"), e.getMessage());
      assertThrows(IllegalArgumentException.class, () -> context.allocate(-1));
      assertEquals(0, context.liveBytes());
    }
  }

  @Test
  void memoryIsReusedBoundedAndGivenBack() {
    try (OpenClContext context = OpenClTesting.open()) {
      context.allocate(1 << 20).close();
      assertEquals(1 << 20, context.retainedBytes());
      DeviceBuffer again = context.allocate((1 << 20) - 100); // the same size class
      assertEquals(0, context.retainedBytes());
      assertEquals(1 << 20, context.liveBytes());
      again.close();
      context.trim();
      assertEquals(0, context.retainedBytes());
      assertEquals(0, context.liveBytes());
    }
  }

  @Test
  void retainedMemoryHasACapAndTheOldestGoesFirst() {
    try (OpenClContext context = OpenClTesting.open()) {
      // Room for two of the smallest buffers, so the third drops one; 1 MiB is never kept.
      BufferPool pool = new BufferPool(context.queue(), 2 * 4096);
      List<BufferPool.Block> blocks = new ArrayList<>();
      for (long bytes : new long[] {4096, 4096, 4096, 1 << 20}) {
        blocks.add(pool.take(bytes));
      }
      blocks.forEach(pool::recycle);
      assertEquals(0, pool.liveBytes());
      assertEquals(2 * 4096, pool.retainedBytes());
      pool.close();
      assertEquals(0, pool.retainedBytes());
    }
  }

  @Test
  void sizeClassesWasteAtMostAnEighth() {
    // Around every boundary: powers of two, eighths of them, and one beside.
    for (int shift = 12; shift < 40; shift++) {
      for (int eighth = 8; eighth < 16; eighth++) {
        for (int beside = -1; beside <= 1; beside++) {
          long bytes = (1L << shift) / 8 * eighth + beside;
          long rounded = BufferPool.sizeClass(bytes, Long.MAX_VALUE);
          assertTrue(rounded >= bytes, bytes + " -> " + rounded);
          assertTrue(rounded <= Math.max(4096, bytes + bytes / 8 + 1), bytes + " -> " + rounded);
          assertEquals(rounded, BufferPool.sizeClass(rounded, Long.MAX_VALUE));
        }
      }
    }
    assertEquals(5000, BufferPool.sizeClass(4999, 5000), "never more than the device allows");
  }

  @Test
  void closedWhileInUseIsGivenBackAfterTheUse() {
    try (OpenClContext context = OpenClTesting.open()) {
      DeviceBuffer buffer = context.allocate(4096);
      buffer.pin();
      buffer.close();
      assertEquals(4096, context.liveBytes());
      buffer.unpin();
      assertEquals(0, context.liveBytes());
      assertThrows(IllegalStateException.class, buffer::pin);
    }
  }
}
