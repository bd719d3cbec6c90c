package io.github.fusedloss.opencl;

import io.github.fusedloss.backend.HostMemory;
import io.github.fusedloss.backend.Memory;
import java.util.ArrayList;
import java.util.List;

/** The buffers of one call: host operands are shipped there and back, device operands used. */
final class Operands implements AutoCloseable {
  private record Back(DeviceBuffer buffer, HostMemory memory) {}

  private final OpenClContext context;
  private final List<DeviceBuffer> temporary = new ArrayList<>();
  private final List<Back> back = new ArrayList<>();

  Operands(OpenClContext context) {
    this.context = context;
  }

  /** Working space. */
  DeviceBuffer room(long bytes) {
    DeviceBuffer buffer = context.allocate(bytes);
    temporary.add(buffer);
    return buffer;
  }

  /** No operand: NULL to the kernel. */
  DeviceBuffer none() {
    return room(0);
  }

  /** What the kernel reads. */
  DeviceBuffer input(Memory memory) {
    if (memory == null) {
      return none();
    }
    if (memory instanceof OpenClMemory device) {
      return device.buffer();
    }
    DeviceBuffer buffer = room(memory.length() * memory.type().bytes());
    write((HostMemory) memory, buffer);
    return buffer;
  }

  /** What the kernel writes; {@link #finish} brings it home. */
  DeviceBuffer output(Memory memory) {
    if (memory == null) {
      return none();
    }
    if (memory instanceof OpenClMemory device) {
      return device.buffer();
    }
    DeviceBuffer buffer = room(memory.length() * memory.type().bytes());
    back.add(new Back(buffer, (HostMemory) memory));
    return buffer;
  }

  static void write(HostMemory from, DeviceBuffer to) {
    int length = (int) from.length();
    switch (from.type()) {
      case FLOAT32 -> {
        if (from.buffer() != null) {
          to.write(0, from.buffer().duplicate());
        } else {
          to.write(0, from.floats(), from.offset(), length);
        }
      }
      case FLOAT16, BFLOAT16 -> to.write(0, from.shorts(), 0, length);
      case INT32 -> to.write(0, from.ints(), 0, length);
      case INT64 -> to.write(0, from.longs(), 0, length);
    }
  }

  static void read(DeviceBuffer from, HostMemory to) {
    int length = (int) to.length();
    switch (to.type()) {
      case FLOAT32 -> {
        if (to.buffer() != null) {
          from.read(0, to.buffer().duplicate());
        } else {
          from.read(0, to.floats(), to.offset(), length);
        }
      }
      case FLOAT16, BFLOAT16 -> from.read(0, to.shorts(), 0, length);
      case INT32 -> from.read(0, to.ints(), 0, length);
      case INT64 -> from.read(0, to.longs(), 0, length);
    }
  }

  /** Waits for the device and copies the outputs to the host. */
  void finish() {
    context.finish();
    for (Back result : back) {
      read(result.buffer(), result.memory());
    }
  }

  @Override
  public void close() {
    temporary.forEach(DeviceBuffer::close);
  }
}
