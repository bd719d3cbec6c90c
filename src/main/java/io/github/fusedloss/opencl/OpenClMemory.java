package io.github.fusedloss.opencl;

import io.github.fusedloss.ElementType;
import io.github.fusedloss.backend.Memory;

/** A buffer on a device, or a part of one, as a tensor's memory. */
final class OpenClMemory extends Memory {
  private final DeviceBuffer buffer;
  private final long first;

  OpenClMemory(ElementType type, long length, DeviceBuffer buffer) {
    super(type, length);
    this.buffer = buffer;
    first = 0;
  }

  private OpenClMemory(OpenClMemory whole, long from, long length) {
    super(whole.type(), length, whole);
    buffer = whole.buffer;
    first = whole.first + from;
  }

  /** Returns the whole buffer, of which this may be a part. */
  DeviceBuffer buffer() {
    return buffer;
  }

  /** Returns the place of the first element in the buffer, counted in elements. */
  long first() {
    return first;
  }

  @Override
  public OpenClMemory slice(long from, long length) {
    return new OpenClMemory(this, from, length);
  }

  @Override
  public boolean overlaps(Memory other) {
    boolean meet =
        other instanceof OpenClMemory there
            && buffer == there.buffer
            && first < there.first + there.length()
            && there.first < first + length();
    return this == other || meet;
  }

  @Override
  protected void free() {
    if (!isPart()) {
      buffer.close();
    }
  }
}
