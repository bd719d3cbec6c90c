package io.github.fusedloss.cpu;

import io.github.fusedloss.DeviceInfo;
import io.github.fusedloss.ElementType;
import io.github.fusedloss.backend.BceTask;
import io.github.fusedloss.backend.CrossEntropyTask;
import io.github.fusedloss.backend.Executor;
import io.github.fusedloss.backend.HostMemory;
import io.github.fusedloss.backend.Memory;
import io.github.fusedloss.backend.SoftmaxTask;
import io.github.fusedloss.backend.Totals;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Computes on the host's cores. Its tensors are in the heap. It is not closed while it computes.
 */
final class CpuExecutor implements Executor {
  private interface Use extends AutoCloseable {
    @Override
    void close();
  }

  private final DeviceInfo info;
  private final Workers workers;
  private final CpuElements elements;
  private final CpuRows rows;
  private final AtomicLong liveBytes = new AtomicLong();
  private final ArrayPool pool = new ArrayPool();
  private final HostMemory.Allocator allocator = this::freed;
  private final ReentrantReadWriteLock open = new ReentrantReadWriteLock();
  // One for all uses: a small call should make few objects.
  private final Use end = open.readLock()::unlock;
  private volatile boolean closed;

  CpuExecutor(DeviceInfo info, BlockKernels kernels, int threads) {
    this.info = info;
    this.workers = new Workers(threads);
    this.elements = new CpuElements(kernels, workers);
    this.rows = new CpuRows(kernels, workers);
  }

  @Override
  public DeviceInfo info() {
    return info;
  }

  /** Keeps this executor from being closed until the use is closed. */
  private Use begin() {
    open.readLock().lock();
    if (closed) {
      end.close();
      throw new IllegalStateException(info.name() + " is closed");
    }
    return end;
  }

  private static long bytes(Memory memory) {
    return memory.length() * memory.type().bytes();
  }

  @Override
  public Memory allocate(ElementType type, long length) {
    if (length > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          "a tensor on " + info.name() + " must have fewer than 2^31 elements, got " + length);
    }
    try (Use use = begin()) {
      Memory memory = HostMemory.of(type, pool.take(type, (int) length), allocator);
      liveBytes.addAndGet(bytes(memory));
      return memory;
    }
  }

  private void freed(HostMemory memory) {
    liveBytes.addAndGet(-bytes(memory));
    if (!closed) {
      pool.giveBack(memory.array());
    }
  }

  @Override
  public boolean owns(Memory memory) {
    return memory instanceof HostMemory host && host.isFrom(allocator);
  }

  @Override
  public void upload(HostMemory from, Memory to) {
    copy(from, (HostMemory) to);
  }

  @Override
  public void download(Memory from, HostMemory to) {
    copy((HostMemory) from, to);
  }

  private void copy(HostMemory from, HostMemory to) {
    try (Use use = begin()) {
      from.copyTo(to);
    }
  }

  @Override
  public long liveBytes() {
    return closed ? 0 : liveBytes.get(); // Its tensors end with it.
  }

  @Override
  public double copyBandwidth(long bytes) {
    try (Use use = begin()) {
      return CpuBandwidth.ofCopies((int) Math.min(bytes / 4, 1 << 28), workers);
    }
  }

  @Override
  public void sigmoid(long size, Memory input, Memory output) {
    try (Use use = begin()) {
      elements.sigmoid(size, input, output);
    }
  }

  @Override
  public void mask(long size, Memory weights, Memory mask, Memory output) {
    try (Use use = begin()) {
      elements.mask(size, weights, mask, output);
    }
  }

  @Override
  public double sum(long size, Memory input, float factor) {
    try (Use use = begin()) {
      return elements.sum(size, input, factor);
    }
  }

  @Override
  public float max(long size, Memory input) {
    try (Use use = begin()) {
      return elements.max(size, input);
    }
  }

  @Override
  public void softmax(SoftmaxTask task) {
    try (Use use = begin()) {
      rows.softmax(task);
    }
  }

  @Override
  public Totals crossEntropy(CrossEntropyTask task) {
    try (Use use = begin()) {
      return rows.crossEntropy(task);
    }
  }

  @Override
  public Totals binaryCrossEntropy(BceTask task) {
    try (Use use = begin()) {
      return elements.binaryCrossEntropy(task);
    }
  }

  @Override
  public void close() {
    open.writeLock().lock();
    try {
      closed = true;
      pool.clear();
      workers.close();
    } finally {
      open.writeLock().unlock();
    }
  }
}
