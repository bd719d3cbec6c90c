package io.github.fusedloss.cpu;

import io.github.fusedloss.backend.ElementType;
import io.github.fusedloss.backend.HostMemory;
import io.github.fusedloss.backend.Memory;
import java.nio.FloatBuffer;

/**
 * Float elements wherever they are on the host: an array in place, a direct buffer by copies,
 * 16-bit storage by conversion.
 */
final class Floats {
  private final ElementType type;
  private final short[] shorts;
  private final float[] array;
  private final int offset;
  private final FloatBuffer buffer;

  Floats(Memory memory) {
    HostMemory host = (HostMemory) memory;
    type = host.type();
    shorts = type.isSixteenBit() ? host.shorts() : null;
    array = shorts == null ? host.floats() : null;
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
    copy(start, n, copy, 0);
    return copy;
  }

  /**
   * An array to write elements start to start + n to, from {@link #at} on; {@link #written} ends
   * it.
   */
  float[] result(int n, Scratch scratch, int slot) {
    return array != null ? array : scratch.floats(slot, n);
  }

  /** The array of {@link #result} holds elements start to start + n now. */
  void written(long start, int n, float[] values) {
    if (shorts != null) {
      paste(values, 0, n, start);
    }
  }

  /** Where element start is in {@link #array(long, int, Scratch, int)}. */
  int at(long start) {
    return array != null ? offset + (int) start : 0;
  }

  /** Copies elements start, start + stride, ... to {@code to}. */
  void gather(long start, long stride, int n, float[] to) {
    for (int i = 0; i < n; i++) {
      to[i] = get(start + i * stride);
    }
  }

  /** Copies elements start to start + n. */
  void copy(long start, int n, float[] to, int at) {
    if (array != null) {
      System.arraycopy(array, offset + (int) start, to, at, n);
    } else if (shorts != null) {
      for (int i = 0; i < n; i++) {
        to[at + i] = type.decode(shorts[(int) start + i]);
      }
    } else {
      buffer.get((int) start, to, at, n);
    }
  }

  /** Writes elements start to start + n. */
  void paste(float[] from, int at, int n, long start) {
    if (array != null) {
      System.arraycopy(from, at, array, offset + (int) start, n);
      return;
    }
    for (int i = 0; i < n; i++) {
      shorts[(int) start + i] = type.encode(from[at + i]);
    }
  }

  float get(long i) {
    if (array != null) {
      return array[offset + (int) i];
    }
    return shorts != null ? type.decode(shorts[(int) i]) : buffer.get((int) i);
  }

  void put(long i, float value) {
    if (array != null) {
      array[offset + (int) i] = value;
    } else {
      shorts[(int) i] = type.encode(value);
    }
  }
}
