package io.github.fusedloss.cpu;

import io.github.fusedloss.backend.HostMemory;
import io.github.fusedloss.backend.Memory;
import java.nio.FloatBuffer;

/** Float elements wherever they are on the host: an array in place, a direct buffer by copies. */
final class Floats {
  private final float[] array;
  private final int offset;
  private final FloatBuffer buffer;

  Floats(Memory memory) {
    HostMemory host = (HostMemory) memory;
    array = host.floats();
    offset = host.offset();
    buffer = host.buffer();
  }

  static Floats orNull(Memory memory) {
    return memory == null ? null : new Floats(memory);
  }

  /** An array that holds elements start to start + n, from {@link #at} on. */
  float[] array(long start, int n, Scratch scratch, int slot) {
    if (array != null) {
      return array;
    }
    float[] copy = scratch.floats(slot, n);
    buffer.get((int) start, copy, 0, n);
    return copy;
  }

  /** Where element start is in {@link #array(long, int, Scratch, int)}. */
  int at(long start) {
    return array != null ? offset + (int) start : 0;
  }

  /** Copies elements start, start + stride, ... to {@code to}. */
  void gather(long start, long stride, int n, float[] to) {
    for (int i = 0; i < n; i++) {
      int from = (int) (start + i * stride);
      to[i] = array != null ? array[offset + from] : buffer.get(from);
    }
  }

  /** Copies elements start to start + n. */
  void copy(long start, int n, float[] to, int at) {
    if (array != null) {
      System.arraycopy(array, offset + (int) start, to, at, n);
    } else {
      buffer.get((int) start, to, at, n);
    }
  }

  /** Writes elements start to start + n. */
  void paste(float[] from, int at, int n, long start) {
    System.arraycopy(from, at, array, offset + (int) start, n);
  }

  float get(long i) {
    return array != null ? array[offset + (int) i] : buffer.get((int) i);
  }

  void put(long i, float value) {
    array[offset + (int) i] = value;
  }
}
