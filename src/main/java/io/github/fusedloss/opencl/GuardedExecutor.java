package io.github.fusedloss.opencl;

import io.github.fusedloss.DeviceInfo;
import io.github.fusedloss.ElementType;
import io.github.fusedloss.backend.BceTask;
import io.github.fusedloss.backend.CrossEntropyTask;
import io.github.fusedloss.backend.Executor;
import io.github.fusedloss.backend.HostMemory;
import io.github.fusedloss.backend.KnownAnswers;
import io.github.fusedloss.backend.Memory;
import io.github.fusedloss.backend.Question;
import io.github.fusedloss.backend.SoftmaxTask;
import io.github.fusedloss.backend.Totals;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * An executor whose calls return even if the driver's do not (see {@link Watchdog}). Before it
 * computes something, it asks the questions of {@link KnownAnswers} about that. After one wrong
 * answer the device counts as lost.
 */
final class GuardedExecutor implements Executor {
  private final Executor executor;
  private final OpenClContext context;
  private final Set<Question> known = ConcurrentHashMap.newKeySet();

  /**
   * Guards an executor.
   *
   * @param executor computes in this context
   * @throws OpenClException if it does not give the first answer
   */
  GuardedExecutor(Executor executor, OpenClContext context) {
    this.executor = executor;
    this.context = context;
    watched(() -> ask(Set.of(KnownAnswers.BASIC)));
  }

  /**
   * Asks the questions that are not answered yet. Several threads may ask at once, so that none
   * waits for one that hangs.
   */
  private void ask(Set<Question> questions) {
    for (Question question : questions) {
      if (!known.contains(question)) {
        String wrong = question.wrong(executor);
        if (wrong != null) {
          throw context.noted(
              OpenClException.of(
                  OpenClException.Kind.DEVICE_LOST, "-", context.device().name(), wrong));
        }
        known.add(question);
      }
    }
  }

  private <T> T known(Set<Question> questions, Supplier<T> work) {
    return watched(
        () -> {
          ask(questions);
          return work.get();
        });
  }

  private void known(Set<Question> questions, Runnable work) {
    known(
        questions,
        () -> {
          work.run();
          return null;
        });
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
  public DeviceInfo info() {
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
    known(KnownAnswers.of(input.type()), () -> executor.sigmoid(size, input, output));
  }

  @Override
  public void softmax(SoftmaxTask task) {
    known(KnownAnswers.of(task), () -> executor.softmax(task));
  }

  @Override
  public void mask(long size, Memory weights, Memory mask, Memory output) {
    known(KnownAnswers.of(weights.type()), () -> executor.mask(size, weights, mask, output));
  }

  @Override
  public double sum(long size, Memory input, float factor) {
    return known(KnownAnswers.of(input.type()), () -> executor.sum(size, input, factor));
  }

  @Override
  public float max(long size, Memory input) {
    return known(KnownAnswers.of(input.type()), () -> executor.max(size, input));
  }

  @Override
  public Totals binaryCrossEntropy(BceTask task) {
    return known(KnownAnswers.of(task), () -> executor.binaryCrossEntropy(task));
  }

  @Override
  public Totals crossEntropy(CrossEntropyTask task) {
    return known(KnownAnswers.of(task), () -> executor.crossEntropy(task));
  }

  @Override
  public void close() {
    executor.close();
  }
}
