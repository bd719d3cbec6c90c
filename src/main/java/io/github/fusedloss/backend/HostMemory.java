package io.github.fusedloss.backend;

import io.github.fusedloss.ElementType;
import java.lang.reflect.Array;
import java.nio.Buffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Memory of the JVM: a Java array, a buffer, or several of these one after the other (segments). It
 * is used in place, and never copied.
 */
public final class HostMemory extends Memory {
  /** Work on adjacent elements of one segment. */
  @FunctionalInterface
  public interface Run {
    /**
     * Called for each run in order.
     *
     * @param segment memory that is one array or buffer
     * @param at index of the first element in the segment, from 0
     * @param length number of elements
     * @param done number of elements in the runs before
     */
    void run(HostMemory segment, int at, int length, long done);
  }

  /** An executor that hands out memory and takes it back. */
  @FunctionalInterface
  public interface Allocator {
    /** Takes memory back that is no longer in use. */
    void freed(HostMemory memory);
  }

  private final Object array;
  private final int offset;
  private final Buffer buffer;
  // Null if the memory is one array or buffer.
  private final List<HostMemory> segments;
  private final Allocator allocator;

  private HostMemory(
      ElementType type,
      long length,
      Object array,
      int offset,
      Buffer buffer,
      List<HostMemory> segments,
      Allocator allocator) {
    super(type, length);
    this.array = array;
    this.offset = offset;
    this.buffer = buffer;
    this.segments = segments;
    this.allocator = allocator;
  }

  /** Makes a part of memory that an executor has handed out, which is one array. */
  private HostMemory(HostMemory whole, int from, long length) {
    super(whole.type(), length, whole);
    array = whole.array;
    offset = whole.offset + from;
    buffer = null;
    segments = null;
    allocator = whole.allocator;
  }

  private static HostMemory array(ElementType type, Object array, int offset, int length) {
    return new HostMemory(type, length, array, offset, null, null, null);
  }

  /**
   * Returns memory of a whole array that an executor on the host hands out. The array is of the
   * type's Java type.
   */
  public static HostMemory of(ElementType type, Object array, Allocator allocator) {
    return new HostMemory(type, Array.getLength(array), array, 0, null, null, allocator);
  }

  /** Returns FLOAT32 memory of the whole array. */
  public static HostMemory of(float[] values) {
    return array(ElementType.FLOAT32, values, 0, values.length);
  }

  /** Returns INT32 memory of the whole array. */
  public static HostMemory of(int[] values) {
    return array(ElementType.INT32, values, 0, values.length);
  }

  /** Returns INT64 memory of the whole array. */
  public static HostMemory of(long[] values) {
    return array(ElementType.INT64, values, 0, values.length);
  }

  /** Returns INT8 or UINT8 memory of the whole array. */
  public static HostMemory of(ElementType type, byte[] values) {
    return array(type, values, 0, values.length);
  }

  /** Returns BOOL memory of the whole array. */
  public static HostMemory of(boolean[] values) {
    return array(ElementType.BOOL, values, 0, values.length);
  }

  /** Returns INT32 memory of the buffer's remaining elements. */
  public static HostMemory of(IntBuffer values) {
    IntBuffer here = values.slice();
    int length = here.remaining();
    return here.hasArray()
        ? array(ElementType.INT32, here.array(), here.arrayOffset(), length)
        : new HostMemory(ElementType.INT32, length, null, 0, here, null, null);
  }

  /** Returns INT64 memory of the buffer's remaining elements. */
  public static HostMemory of(LongBuffer values) {
    LongBuffer here = values.slice();
    int length = here.remaining();
    return here.hasArray()
        ? array(ElementType.INT64, here.array(), here.arrayOffset(), length)
        : new HostMemory(ElementType.INT64, length, null, 0, here, null, null);
  }

  /** Returns memory of the whole array: of INT16, or of the bits of FLOAT16 or BFLOAT16 numbers. */
  public static HostMemory of(ElementType type, short[] bits) {
    return array(type, bits, 0, bits.length);
  }

  /**
   * Returns FLOAT32 memory of the buffer's remaining elements, from its present position to its
   * limit.
   */
  public static HostMemory of(FloatBuffer values) {
    FloatBuffer here = values.slice(); // The caller may change position and limit of its own.
    int length = here.remaining();
    return here.hasArray()
        ? array(ElementType.FLOAT32, here.array(), here.arrayOffset(), length)
        : new HostMemory(ElementType.FLOAT32, length, null, 0, here, null, null);
  }

  /** Returns memory of the buffer's remaining elements, the bits of FLOAT16 or BFLOAT16 numbers. */
  public static HostMemory of(ElementType type, ShortBuffer bits) {
    ShortBuffer here = bits.slice();
    int length = here.remaining();
    return here.hasArray()
        ? array(type, here.array(), here.arrayOffset(), length)
        : new HostMemory(type, length, null, 0, here, null, null);
  }

  @Override
  public HostMemory slice(long from, long length) {
    if (allocator != null) {
      return new HostMemory(this, (int) from, length);
    }
    List<HostMemory> parts = new ArrayList<>();
    runs(from, length, (segment, at, n, done) -> parts.add(segment.part(at, n)));
    return of(type(), parts);
  }

  private HostMemory part(int at, int length) {
    if (array != null) {
      return array(type(), array, offset + at, length);
    }
    Buffer here = buffer.slice(at, length);
    return new HostMemory(type(), length, null, 0, here, null, null);
  }

  /** Joins segments one after the other. All are of this type, and none has segments itself. */
  public static HostMemory of(ElementType type, List<HostMemory> segments) {
    List<HostMemory> used = segments.stream().filter(s -> s.length() > 0).toList();
    if (used.size() == 1) {
      return used.get(0);
    }
    long length = used.stream().mapToLong(Memory::length).sum();
    return new HostMemory(type, length, null, 0, null, used, null);
  }

  /** Returns the backing array, or null if the elements are elsewhere. */
  public Object array() {
    return array;
  }

  /** Returns the backing array of FLOAT32 memory, or null if the elements are elsewhere. */
  public float[] floats() {
    return (float[]) array;
  }

  /** Returns the backing array of 16-bit memory, or null if the elements are elsewhere. */
  public short[] shorts() {
    return (short[]) array;
  }

  /** Returns the index of the first element in the backing array. */
  public int offset() {
    return offset;
  }

  /** Returns the FLOAT32 elements as a buffer at position 0, or null if they are elsewhere. */
  public FloatBuffer floatBuffer() {
    return (FloatBuffer) buffer;
  }

  /**
   * Returns the bits of 16-bit elements as a buffer at position 0, or null if they are elsewhere.
   */
  public ShortBuffer shortBuffer() {
    return (ShortBuffer) buffer;
  }

  /** Returns the buffer with the elements at position 0, or null if they are in an array. */
  public Buffer buffer() {
    return buffer;
  }

  /** Returns true if this allocator has handed the memory out. */
  public boolean isFrom(Allocator allocator) {
    return this.allocator == allocator;
  }

  /** Returns how many arrays and buffers this memory is made of. */
  public int segments() {
    return segments == null ? 1 : segments.size();
  }

  /**
   * Returns one of these arrays or buffers, in order; if there is only one, this memory itself. It
   * is not empty if there are several.
   */
  public HostMemory segment(int i) {
    return segments == null ? this : segments.get(i);
  }

  /**
   * Calls {@code work} for each run of adjacent elements among the {@code length} elements from
   * {@code from} on.
   */
  public void runs(long from, long length, Run work) {
    long start = 0;
    long done = 0;
    for (int i = 0; i < segments(); i++) {
      HostMemory segment = segment(i);
      long at = from + done - start;
      if (done < length && at < segment.length()) {
        int n = (int) Math.min(length - done, segment.length() - at);
        work.run(segment, (int) at, n, done);
        done += n;
      }
      start += segment.length();
    }
  }

  /**
   * Returns {@code length} elements of FLOAT32 memory, which must be one array or buffer, from
   * {@code at} on.
   */
  public FloatBuffer floats(int at, int length) {
    return buffer == null
        ? FloatBuffer.wrap(floats(), offset + at, length)
        : floatBuffer().slice(at, length);
  }

  /**
   * Returns the bits of {@code length} elements of 16-bit memory, one array or buffer, from {@code
   * at} on.
   */
  public ShortBuffer shorts(int at, int length) {
    return buffer == null
        ? ShortBuffer.wrap(shorts(), offset + at, length)
        : shortBuffer().slice(at, length);
  }

  /**
   * Returns {@code length} elements of INT32 memory, which must be one array or buffer, from {@code
   * at} on.
   */
  public IntBuffer ints(int at, int length) {
    return buffer == null
        ? IntBuffer.wrap((int[]) array, offset + at, length)
        : ((IntBuffer) buffer).slice(at, length);
  }

  /**
   * Returns {@code length} elements of INT64 memory, which must be one array or buffer, from {@code
   * at} on.
   */
  public LongBuffer longs(int at, int length) {
    return buffer == null
        ? LongBuffer.wrap((long[]) array, offset + at, length)
        : ((LongBuffer) buffer).slice(at, length);
  }

  /** Copies all elements to memory of the same type and length. */
  public void copyTo(HostMemory to) {
    runs(
        0,
        length(),
        (source, at, n, done) ->
            to.runs(
                done,
                n,
                (target, targetAt, m, before) ->
                    copy(source, at + (int) before, target, targetAt, m)));
  }

  private static void copy(HostMemory from, int at, HostMemory to, int toAt, int length) {
    switch (from.type()) {
      case FLOAT32 -> to.floats(toAt, length).put(from.floats(at, length));
      case FLOAT16, BFLOAT16 -> to.shorts(toAt, length).put(from.shorts(at, length));
      case INT32 -> to.ints(toAt, length).put(from.ints(at, length));
      case INT64 -> to.longs(toAt, length).put(from.longs(at, length));
      case BOOL, INT8, UINT8, INT16 ->
          System.arraycopy(from.array, from.offset + at, to.array, to.offset + toAt, length);
    }
  }

  /** Returns true if writing to this memory would fail. */
  public boolean isReadOnly() {
    for (int i = 0; i < segments(); i++) {
      if (segment(i).buffer != null && segment(i).buffer.isReadOnly()) {
        return true;
      }
    }
    return false;
  }

  /**
   * Returns true if the two share an element, as far as Java can tell. It always can for arrays.
   * Buffers that do not give their array away, direct ones among them, do not tell where their
   * elements are.
   */
  @Override
  public boolean overlaps(Memory other) {
    return other instanceof HostMemory host && overlaps(host);
  }

  private boolean overlaps(HostMemory other) {
    for (int i = 0; i < segments(); i++) {
      for (int j = 0; j < other.segments(); j++) {
        if (share(segment(i), other.segment(j))) {
          return true;
        }
      }
    }
    return false;
  }

  /** Returns true if two of the segments share an element, as far as {@link #overlaps} can tell. */
  public boolean overlapsItself() {
    for (int i = 0; i < segments(); i++) {
      for (int j = 0; j < i; j++) {
        if (share(segment(i), segment(j))) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean share(HostMemory a, HostMemory b) {
    boolean sameArray =
        a.array != null
            && a.array == b.array
            && a.offset < b.offset + b.length()
            && b.offset < a.offset + a.length();
    return a == b || sameArray;
  }

  @Override
  protected void free() {
    if (allocator != null && !isPart()) {
      allocator.freed(this);
    }
  }
}
