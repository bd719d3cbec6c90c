package io.github.fusedloss.opencl;

import io.github.fusedloss.ElementType;
import io.github.fusedloss.backend.Memory;

/** A buffer on a device, as a tensor's memory. */
final class OpenClMemory extends Memory {
  private final DeviceBuffer buffer;

  OpenClMemory(ElementType type, long length, DeviceBuffer buffer) {
    super(type, length);
    this.buffer = buffer;
  }

  DeviceBuffer buffer() {
    return buffer;
  }

  @Override
  protected void free() {
    buffer.close();
  }
}
