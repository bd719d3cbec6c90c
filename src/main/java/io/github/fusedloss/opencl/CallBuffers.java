package io.github.fusedloss.opencl;

import io.github.fusedloss.ElementType;
import io.github.fusedloss.backend.HostMemory;
import io.github.fusedloss.backend.Memory;
import io.github.fusedloss.backend.Operand;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The buffers of one call, or of one piece of it. Host operands and slices are copied to the device
 * and back; device operands are used where they are.
 */
final class CallBuffers implements AutoCloseable {
  private record Back(DeviceBuffer buffer, Memory memory) {}

  private record Part(Memory memory, DeviceBuffer buffer) {}

  private final OpenClContext context;
  private final List<DeviceBuffer> temporary = new ArrayList<>();
  private final List<Back> back = new ArrayList<>();
  private List<Part> parts = List.of(); // Few calls have one.
  private boolean bringsHome;

  CallBuffers(OpenClContext context) {
    this.context = context;
  }

  /** Makes working space of so many bytes. */
  DeviceBuffer room(long bytes) {
    return held(context.allocate(bytes));
  }

  private DeviceBuffer held(DeviceBuffer buffer) {
    try {
      temporary.add(buffer);
    } catch (Throwable e) {
      buffer.close();
      throw e;
    }
    return buffer;
  }

  /** Returns the buffer for a missing operand, which is NULL for the kernel. */
  DeviceBuffer none() {
    return room(0);
  }

  /** Returns the buffer of memory that kernels can {@linkplain OpenClContext#reaches reach}. */
  private DeviceBuffer there(OpenClMemory memory) {
    if (!memory.isPart()) {
      return memory.buffer();
    }
    // Memory that a kernel both reads and writes must be one part: OpenCL promises nothing for two
    // that overlap.
    for (Part part : parts) {
      if (part.memory() == memory) {
        return part.buffer();
      }
    }
    if (parts.isEmpty()) {
      parts = new ArrayList<>();
    }
    Part part = new Part(memory, held(context.part(memory)));
    parts.add(part);
    return part.buffer();
  }

  /** Returns a buffer with an operand that the kernel reads. */
  DeviceBuffer input(Memory memory) {
    if (memory == null) {
      return none();
    }
    if (context.reaches(memory)) {
      return there((OpenClMemory) memory);
    }
    DeviceBuffer buffer = room(memory);
    if (memory instanceof Slice slice) {
      slice.runs((from, length, done) -> write(slice.whole, from, length, buffer, done));
    } else {
      write(memory, 0, memory.length(), buffer, 0);
    }
    return buffer;
  }

  /** Returns a buffer with the values of a weight that is spread over the elements. */
  DeviceBuffer input(Operand operand) {
    return input(operand == null ? null : operand.values());
  }

  /** Returns how these values are spread: repeat, period and first. */
  static long[] spread(Operand operand) {
    return operand == null
        ? new long[] {1, 1, 0}
        : new long[] {operand.repeat(), operand.period(), operand.first()};
  }

  /** Returns a buffer that the kernel writes; {@link #finish} copies it to the memory. */
  DeviceBuffer output(Memory memory) {
    if (memory == null) {
      return none();
    }
    if (context.reaches(memory)) {
      return there((OpenClMemory) memory);
    }
    DeviceBuffer buffer = room(memory);
    back.add(new Back(buffer, memory));
    return buffer;
  }

  private DeviceBuffer room(Memory memory) {
    return room(memory.length() * memory.type().bytes());
  }

  /**
   * Copies elements from to from + length of the memory to the elements of the buffer from {@code
   * to} on.
   */
  static void write(Memory source, long from, long length, DeviceBuffer buffer, long to) {
    long bytes = source.type().bytes();
    if (source instanceof OpenClMemory device) {
      long first = device.first() + from;
      buffer.copyFrom(device.buffer(), first * bytes, to * bytes, length * bytes);
      return;
    }
    ((HostMemory) source)
        .runs(
            from,
            length,
            (s, at, n, done) -> buffer.write((to + done) * bytes, elements(s, at, n)));
  }

  /**
   * Copies elements of the buffer from {@code from} on to elements to to to + length of the memory.
   */
  static void read(DeviceBuffer buffer, long from, Memory target, long to, long length) {
    long bytes = target.type().bytes();
    if (target instanceof OpenClMemory device) {
      long first = device.first() + to;
      device.buffer().copyFrom(buffer, from * bytes, first * bytes, length * bytes);
      return;
    }
    ((HostMemory) target)
        .runs(to, length, (s, at, n, done) -> read(buffer, (from + done) * bytes, s, at, n));
  }

  /** Returns elements at to at + n of a segment; truth values are copied, one byte each. */
  private static Buffer elements(HostMemory segment, int at, int n) {
    return switch (segment.type()) {
      case FLOAT32 -> segment.floats(at, n);
      case FLOAT16, BFLOAT16, INT16 -> segment.shorts(at, n);
      case INT32 -> segment.ints(at, n);
      case INT64 -> segment.longs(at, n);
      case INT8, UINT8 -> ByteBuffer.wrap((byte[]) segment.array(), segment.offset() + at, n);
      case BOOL -> {
        ByteBuffer bytes = ByteBuffer.allocate(n);
        for (int i = 0; i < n; i++) {
          bytes.put(i, (byte) (((boolean[]) segment.array())[segment.offset() + at + i] ? 1 : 0));
        }
        yield bytes;
      }
    };
  }

  /** Reads elements at to at + n of a segment from byte {@code from} of the buffer on. */
  private static void read(DeviceBuffer buffer, long from, HostMemory segment, int at, int n) {
    Buffer elements = elements(segment, at, n);
    buffer.read(from, elements);
    if (segment.type() == ElementType.BOOL) {
      for (int i = 0; i < n; i++) {
        boolean value = ((ByteBuffer) elements).get(i) != 0;
        ((boolean[]) segment.array())[segment.offset() + at + i] = value;
      }
    }
  }

  /** Waits for the device, and copies the outputs to their memory; to be called once. */
  void finish() {
    context.finish();
    boolean onDevice = false;
    for (Back result : back) {
      bringsHome = true;
      if (result.memory() instanceof Slice slice) {
        slice.runs((from, n, done) -> read(result.buffer(), done, slice.whole, from, n));
        onDevice |= slice.whole instanceof OpenClMemory;
      } else {
        read(result.buffer(), 0, result.memory(), 0, result.memory().length());
        onDevice |= result.memory() instanceof OpenClMemory;
      }
    }
    back.clear();
    if (onDevice) {
      context.finish(); // A failure of these copies shows now.
    }
  }

  /** Returns whether {@link #finish} has begun to write results. */
  boolean bringsHome() {
    return bringsHome;
  }

  @Override
  public void close() {
    // An iterator would need memory, which may have run out.
    for (int i = 0; i < temporary.size(); i++) {
      temporary.get(i).close();
    }
  }
}
