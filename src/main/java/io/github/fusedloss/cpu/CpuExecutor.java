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

/** Computes on the host's cores, block by block. */
final class CpuExecutor implements Executor {
  /** Below this many elements a second thread costs more than it brings. */
  static final long PARALLEL = 1 << 15;

  private final DeviceInfo info;
  private final BlockKernels kernels;
  private final Workers workers;
  private final CpuRows rows;
  private final AtomicLong liveBytes = new AtomicLong();
  private final ArrayPool pool = new ArrayPool();
  private final HostMemory.Allocator allocator = this::freed;
  private final ReentrantReadWriteLock open = new ReentrantReadWriteLock();
  private volatile boolean closed;

  CpuExecutor(DeviceInfo info, BlockKernels kernels, int threads) {
    this.info = info;
    this.kernels = kernels;
    this.workers = new Workers(threads);
    this.rows = new CpuRows(kernels, workers);
  }

  @Override
  public DeviceInfo info() {
    return info;
  }

  /** Keeps this from being closed until {@link #end()}. */
  private void begin() {
    open.readLock().lock();
    if (closed) {
      end();
      throw new IllegalStateException(info.name() + " is closed");
    }
  }

  private void end() {
    open.readLock().unlock();
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
    begin();
    try {
      Memory memory = HostMemory.of(type, pool.take(type, (int) length), allocator);
      liveBytes.addAndGet(bytes(memory));
      return memory;
    } finally {
      end();
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
    begin();
    try {
      from.copyTo(to);
    } finally {
      end();
    }
  }

  @Override
  public long liveBytes() {
    return closed ? 0 : liveBytes.get(); // Its tensors have ended with it.
  }

  @Override
  public double copyBandwidth(long bytes) {
    begin();
    try {
      return copyBandwidth((int) Math.min(bytes / 4, 1 << 28));
    } finally {
      end();
    }
  }

  private double copyBandwidth(int n) {
    float[] from = new float[n];
    float[] to = new float[n];
    double[] rates = new double[9];
    for (int i = -1; i < rates.length; i++) {
      long start = System.nanoTime();
      workers.run(
          (n + (1 << 16) - 1) >> 16,
          true,
          (part, scratch) -> {
            int at = (int) part << 16;
            System.arraycopy(from, at, to, at, Math.min(1 << 16, n - at));
          });
      long nanos = Math.max(1, System.nanoTime() - start);
      if (i >= 0) {
        rates[i] = 8e9 * n / nanos;
      }
    }
    java.util.Arrays.sort(rates);
    return rates[rates.length / 2];
  }

  @Override
  public void sigmoid(long size, Memory input, Memory output) {
    Floats x = new Floats(input, kernels);
    Floats out = new Floats(output, kernels);
    begin();
    try {
      forBlocks(
          size,
          (start, n, scratch) -> {
            float[] from = x.array(start, n, scratch, 0);
            float[] to = out.result(n, scratch, 1);
            kernels.sigmoid(from, x.at(start), n, to, out.at(start), scratch.lanes);
            out.written(start, n, to);
          });
    } finally {
      end();
    }
  }

  @Override
  public double sum(long size, Memory input, float factor) {
    Floats x = new Floats(input, kernels);
    begin();
    try {
      return sumOfBlocks(
          size,
          (start, n, scratch) -> {
            float[] from = x.array(start, n, scratch, 0);
            if (factor == 1f) {
              return kernels.sum(from, x.at(start), n, scratch.lanes);
            }
            float[] scaled = scratch.floats(1, n);
            System.arraycopy(from, x.at(start), scaled, 0, n);
            kernels.scale(scaled, 0, n, factor);
            return kernels.sum(scaled, 0, n, scratch.lanes);
          });
    } finally {
      end();
    }
  }

  @Override
  public float max(long size, Memory input) {
    Floats x = new Floats(input, kernels);
    begin();
    try {
      float[] maxima = new float[(int) Blocks.count(size)];
      forBlocks(
          size,
          (start, n, scratch) ->
              maxima[(int) (start / Blocks.BLOCK)] =
                  kernels.max(x.array(start, n, scratch, 0), x.at(start), n));
      return kernels.max(maxima, 0, maxima.length);
    } finally {
      end();
    }
  }

  @Override
  public void softmax(SoftmaxTask task) {
    begin();
    try {
      rows.softmax(task);
    } finally {
      end();
    }
  }

  @Override
  public Totals crossEntropy(CrossEntropyTask task) {
    begin();
    try {
      return rows.crossEntropy(task);
    } finally {
      end();
    }
  }

  @Override
  public Totals binaryCrossEntropy(BceTask task) {
    begin();
    try {
      double sum = sumOfBlocks(task.size(), new CpuBce(task, kernels));
      return new Totals(sum, task.size(), task.size());
    } finally {
      end();
    }
  }

  // ---- blocks

  /** Work on elements start to start + n. */
  interface BlockWork {
    void run(long start, int n, Scratch scratch);
  }

  /** The same, with a sum. */
  interface BlockSum {
    long run(long start, int n, Scratch scratch);
  }

  private void forBlocks(long size, BlockWork work) {
    long blocks = Blocks.count(size);
    int per = (int) Math.max(1, Math.min(16, blocks / (8L * workers.threads())));
    workers.run(
        (blocks + per - 1) / per,
        size >= PARALLEL,
        (part, scratch) -> {
          long end = Math.min(size, (part + 1) * per * Blocks.BLOCK);
          for (long start = part * per * Blocks.BLOCK; start < end; start += Blocks.BLOCK) {
            work.run(start, (int) Math.min(Blocks.BLOCK, end - start), scratch);
          }
        });
  }

  private double sumOfBlocks(long size, BlockSum work) {
    if (size <= Blocks.BLOCK) {
      Scratch scratch = workers.take();
      try {
        return ScalarMath.toDouble(work.run(0, (int) size, scratch));
      } finally {
        workers.giveBack(scratch);
      }
    }
    int blocks = (int) Blocks.count(size);
    float[] hi = new float[blocks];
    float[] lo = new float[blocks];
    forBlocks(
        size,
        (start, n, scratch) -> {
          long sum = work.run(start, n, scratch);
          int b = (int) (start / Blocks.BLOCK);
          hi[b] = ScalarMath.hi(sum);
          lo[b] = ScalarMath.lo(sum);
        });
    return ScalarMath.toDouble(Blocks.sum(hi, lo, blocks, kernels, workers));
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
