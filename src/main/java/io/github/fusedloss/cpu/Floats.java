package io.github.fusedloss.cpu;

import io.github.fusedloss.ElementType;
import io.github.fusedloss.backend.HostMemory;
import io.github.fusedloss.backend.Memory;
import java.nio.Buffer;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;
import java.util.Arrays;

/**
 * Float elements wherever they are on the host. An array is used in place; buffers, 16-bit storage,
 * integers and segments are copied.
 */
final class Floats {
  private final BlockKernels kernels;
  private final ElementType type;
  private final float[] array;
  private final short[] shorts;
  private final int offset;
  // A buffer of floats or of 16-bit numbers.
  private final Buffer buffer;
  // Integers, which targets of losses over elements may be.
  private final Integers integers;
  private final Floats[] segments;
  // Where the segments start, and then where the last one ends.
  private final long[] starts;

  Floats(Memory memory, BlockKernels kernels) {
    this((HostMemory) memory, true, kernels);
  }

  private Floats(HostMemory host, boolean inPlace, BlockKernels kernels) {
    this.kernels = kernels;
    type = host.type();
    offset = host.offset();
    int parts = host.segments();
    boolean one = parts == 1;
    boolean wide = type == ElementType.FLOAT32;
    integers = type.isFloating() ? null : new Integers(host);
    array = one && wide && inPlace ? host.floats() : null;
    boolean sixteenBit = one && type.isSixteenBit();
    shorts = sixteenBit ? host.shorts() : null;
    buffer =
        sixteenBit
            ? host.shortBuffer()
            : one && wide && array == null ? host.floats(0, (int) host.length()).slice() : null;
    segments = one ? null : new Floats[parts];
    starts = one ? null : new long[parts + 1];
    for (int s = 0; !one && s < parts; s++) {
      segments[s] = new Floats(host.segment(s), true, kernels);
      starts[s + 1] = starts[s] + host.segment(s).length();
    }
  }

  static Floats orNull(Memory memory, BlockKernels kernels) {
    return memory == null ? null : new Floats(memory, kernels);
  }

  /**
   * Makes an input. If the result is written to the same memory, {@link #array} copies the input
   * first.
   */
  static Floats input(Memory memory, Memory result, BlockKernels kernels) {
    return new Floats((HostMemory) memory, memory != result, kernels);
  }

  /** Returns an array that holds elements start to start + n, from {@link #at} on. */
  float[] array(long start, int n, Scratch scratch, Scratch.Slot slot) {
    if (array != null) {
      return array;
    }
    float[] copy = scratch.floats(slot, n);
    copy(start, n, copy, 0);
    return copy;
  }

  /**
   * Returns an array for n results, to be written from {@link #at} on; {@link #written} must
   * follow.
   */
  float[] result(int n, Scratch scratch, Scratch.Slot slot) {
    return array != null ? array : scratch.floats(slot, n);
  }

  /** Says that the array of {@link #result} now holds elements start to start + n. */
  void written(long start, int n, float[] values) {
    if (array == null) {
      paste(values, 0, n, start);
    }
  }

  /** Returns where element start is in {@link #array(long, int, Scratch, Scratch.Slot)}. */
  int at(long start) {
    return array != null ? offset + (int) start : 0;
  }

  /**
   * Returns whether {@link #array(long, int, Scratch, Scratch.Slot)} and {@link #result} copy
   * nothing.
   */
  boolean inPlace() {
    return array != null;
  }

  /** Copies elements start, start + stride, ... to {@code to}. */
  void gather(long start, long stride, int n, float[] to) {
    gather(start, stride, n, to, 0);
  }

  private void gather(long start, long stride, int n, float[] to, int at) {
    if (stride == 1) {
      copy(start, n, to, at);
      return;
    }
    if (segments == null) {
      for (int i = 0; i < n; i++) {
        to[at + i] = get(start + i * stride);
      }
      return;
    }
    for (int done = 0, m; done < n; done += m) {
      long from = start + done * stride;
      int s = segment(from);
      m = within(s, from, stride, n - done);
      segments[s].gather(from - starts[s], stride, m, to, at + done);
    }
  }

  /** Writes n values to elements start, start + stride, ... */
  void scatter(float[] from, int at, int n, long start, long stride) {
    if (stride == 1) {
      paste(from, at, n, start);
      return;
    }
    if (segments == null) {
      for (int i = 0; i < n; i++) {
        put(start + i * stride, from[at + i]);
      }
      return;
    }
    for (int done = 0, m; done < n; done += m) {
      long to = start + done * stride;
      int s = segment(to);
      m = within(s, to, stride, n - done);
      segments[s].scatter(from, at + done, m, to - starts[s], stride);
    }
  }

  /** Sets n elements start, start + stride, ... to a value. */
  void fill(long start, long stride, int n, float value) {
    if (stride == 1 && array != null) {
      int at = offset + (int) start;
      Arrays.fill(array, at, at + n, value);
      return;
    }
    if (stride == 1 && shorts != null) {
      int at = offset + (int) start;
      Arrays.fill(shorts, at, at + n, type.encode(value));
      return;
    }
    if (segments == null) {
      for (int i = 0; i < n; i++) {
        put(start + i * stride, value);
      }
      return;
    }
    for (int done = 0, m; done < n; done += m) {
      long to = start + done * stride;
      int s = segment(to);
      m = within(s, to, stride, n - done);
      segments[s].fill(to - starts[s], stride, m, value);
    }
  }

  /**
   * Returns how many of n elements, {@code stride} apart from {@code from} on, are in segment s.
   */
  private int within(int s, long from, long stride, int n) {
    return (int) Math.min(n, (starts[s + 1] - 1 - from) / stride + 1);
  }

  /** Copies elements start to start + n to an array. */
  void copy(long start, int n, float[] to, int at) {
    if (array != null) {
      System.arraycopy(array, offset + (int) start, to, at, n);
    } else if (shorts != null) {
      kernels.decode(type, shorts, offset + (int) start, n, to, at);
    } else if (buffer instanceof FloatBuffer floats) {
      floats.get((int) start, to, at, n);
    } else if (buffer instanceof ShortBuffer shortBuffer) {
      for (int i = 0; i < n; i++) {
        to[at + i] = type.decode(shortBuffer.get((int) start + i));
      }
    } else if (integers != null) {
      integers.copy((int) start, n, to, at);
    } else {
      int done = 0;
      for (int s = segment(start); done < n; s++) {
        int m = (int) Math.min(n - done, starts[s + 1] - start - done);
        segments[s].copy(start + done - starts[s], m, to, at + done);
        done += m;
      }
    }
  }

  /** Writes elements start to start + n from an array. */
  void paste(float[] from, int at, int n, long start) {
    if (array != null) {
      System.arraycopy(from, at, array, offset + (int) start, n);
    } else if (shorts != null) {
      kernels.encode(type, from, at, n, shorts, offset + (int) start);
    } else if (buffer instanceof FloatBuffer floats) {
      floats.put((int) start, from, at, n);
    } else if (buffer instanceof ShortBuffer shortBuffer) {
      for (int i = 0; i < n; i++) {
        shortBuffer.put((int) start + i, type.encode(from[at + i]));
      }
    } else {
      int done = 0;
      for (int s = segment(start); done < n; s++) {
        int m = (int) Math.min(n - done, starts[s + 1] - start - done);
        segments[s].paste(from, at + done, m, start + done - starts[s]);
        done += m;
      }
    }
  }

  float get(long i) {
    if (array != null) {
      return array[offset + (int) i];
    }
    if (shorts != null) {
      return type.decode(shorts[offset + (int) i]);
    }
    return elsewhere(i);
  }

  private float elsewhere(long i) {
    if (buffer instanceof FloatBuffer floats) {
      return floats.get((int) i);
    }
    if (buffer instanceof ShortBuffer shortBuffer) {
      return type.decode(shortBuffer.get((int) i));
    }
    int s = segment(i);
    return segments[s].get(i - starts[s]);
  }

  void put(long i, float value) {
    if (array != null) {
      array[offset + (int) i] = value;
    } else if (shorts != null) {
      shorts[offset + (int) i] = type.encode(value);
    } else {
      putElsewhere(i, value);
    }
  }

  private void putElsewhere(long i, float value) {
    if (buffer instanceof FloatBuffer floats) {
      floats.put((int) i, value);
    } else if (buffer instanceof ShortBuffer shortBuffer) {
      shortBuffer.put((int) i, type.encode(value));
    } else {
      int s = segment(i);
      segments[s].put(i - starts[s], value);
    }
  }

  private int segment(long i) {
    int s = Arrays.binarySearch(starts, i);
    return s >= 0 ? s : -s - 2;
  }
}
