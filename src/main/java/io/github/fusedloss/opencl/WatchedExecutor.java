package io.github.fusedloss.opencl;

import io.github.fusedloss.backend.BceTask;
import io.github.fusedloss.backend.CrossEntropyTask;
import io.github.fusedloss.backend.ElementType;
import io.github.fusedloss.backend.Executor;
import io.github.fusedloss.backend.ExecutorInfo;
import io.github.fusedloss.backend.HostMemory;
import io.github.fusedloss.backend.Memory;
import io.github.fusedloss.backend.SoftmaxTask;
import io.github.fusedloss.backend.Totals;
import java.util.function.Supplier;

/** An executor whose calls return even where the driver's do not; see {@link Watchdog}. */
final class WatchedExecutor implements Executor {
  private final Executor executor;
  private final OpenClContext context;

  /** The executor computes in this context. */
  WatchedExecutor(Executor executor, OpenClContext context) {
    this.executor = executor;
    this.context = context;
  }

  private <T> T watched(Supplier<T> work) {
    return Watchdog.run(context.device().name(), context::abandon, work);
  }

  private void watched(Runnable work) {
    watched(
        () -> {
          work.run();
          return null;
        });
  }

  @Override
  public ExecutorInfo info() {
    return executor.info();
  }

  @Override
  public Memory allocate(ElementType type, long length) {
    return watched(() -> executor.allocate(type, length));
  }

  @Override
  public boolean owns(Memory memory) {
    return executor.owns(memory);
  }

  @Override
  public void upload(HostMemory from, Memory to) {
    watched(() -> executor.upload(from, to));
  }

  @Override
  public void download(Memory from, HostMemory to) {
    watched(() -> executor.download(from, to));
  }

  @Override
  public long liveBytes() {
    return executor.liveBytes();
  }

  @Override
  public double copyBandwidth(long bytes) {
    return watched(() -> executor.copyBandwidth(bytes));
  }

  @Override
  public void sigmoid(long size, Memory input, Memory output) {
    watched(() -> executor.sigmoid(size, input, output));
  }

  @Override
  public void softmax(SoftmaxTask task) {
    watched(() -> executor.softmax(task));
  }

  @Override
  public double sum(long size, Memory input) {
    return watched(() -> executor.sum(size, input));
  }

  @Override
  public float max(long size, Memory input) {
    return watched(() -> executor.max(size, input));
  }

  @Override
  public Totals binaryCrossEntropy(BceTask task) {
    return watched(() -> executor.binaryCrossEntropy(task));
  }

  @Override
  public Totals crossEntropy(CrossEntropyTask task) {
    return watched(() -> executor.crossEntropy(task));
  }

  @Override
  public void close() {
    executor.close();
  }
}
