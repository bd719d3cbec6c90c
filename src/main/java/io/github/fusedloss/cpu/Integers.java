package io.github.fusedloss.cpu;

import io.github.fusedloss.ElementType;
import io.github.fusedloss.backend.HostMemory;
import io.github.fusedloss.backend.Memory;
import java.nio.IntBuffer;
import java.nio.LongBuffer;

/** Integers or booleans wherever they are on the host, read one at a time. */
final class Integers {
  private final HostMemory host;
  private final int offset;
  // Both are null if the elements are in neither kind of array.
  private final int[] ints;
  private final long[] longs;

  Integers(Memory memory) {
    host = (HostMemory) memory;
    offset = host.offset();
    ints = host.array() instanceof int[] array ? array : null;
    longs = host.array() instanceof long[] array ? array : null;
  }

  /** Returns one element; true is 1. */
  long get(int i) {
    return ints != null ? ints[offset + i] : longs != null ? longs[offset + i] : elsewhere(i);
  }

  private long elsewhere(int i) {
    Object array = host.array();
    if (array instanceof byte[] bytes) {
      byte value = bytes[offset + i];
      return host.type() == ElementType.UINT8 ? Byte.toUnsignedInt(value) : value;
    }
    if (array instanceof short[] shorts) {
      return shorts[offset + i];
    }
    if (array instanceof boolean[] booleans) {
      return booleans[offset + i] ? 1 : 0;
    }
    return host.buffer() instanceof IntBuffer buffer
        ? buffer.get(i)
        : ((LongBuffer) host.buffer()).get(i);
  }

  /** Copies elements start to start + n as floats, each rounded once. */
  void copy(int start, int n, float[] to, int at) {
    for (int i = 0; i < n; i++) {
      to[at + i] = get(start + i);
    }
  }
}
