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
import java.util.function.Function;

/** Computes on one OpenCL device. */
@SuppressWarnings("try") // A Use is held, not looked at.
final class OpenClExecutor implements Executor {
  private final ExecutorInfo info;
  private final OpenClContext context;
  private final ReduceKernel reduce;
  private final SigmoidBceKernel sigmoidBce;
  private final BceKernel bce;
  private final SoftmaxKernel softmax;
  private final CrossEntropyKernel crossEntropy;

  OpenClExecutor(ExecutorInfo info, OpenClContext context) {
    this.info = info;
    this.context = context;
    LaunchShape shape = LaunchShape.of(context.device());
    reduce = new ReduceKernel(context, shape);
    sigmoidBce = new SigmoidBceKernel(context, shape, reduce);
    bce = new BceKernel(context, shape, reduce);
    softmax = new SoftmaxKernel(context, shape);
    crossEntropy = new CrossEntropyKernel(context, shape, reduce);
  }

  private <T> T run(Function<Operands, T> work) {
    try (OpenClContext.Use use = context.enter();
        Operands operands = new Operands(context)) {
      T result = work.apply(operands);
      operands.finish();
      return result;
    }
  }

  @Override
  public ExecutorInfo info() {
    return info;
  }

  @Override
  public Memory allocate(ElementType type, long length) {
    long bytes = Math.multiplyExact(length, type.bytes());
    return new OpenClMemory(type, length, context.allocate(bytes));
  }

  @Override
  public boolean owns(Memory memory) {
    return memory instanceof OpenClMemory device && device.buffer().context() == context;
  }

  @Override
  public void upload(HostMemory from, Memory to) {
    try (OpenClContext.Use use = context.enter()) {
      Operands.write(from, ((OpenClMemory) to).buffer());
    }
  }

  @Override
  public void download(Memory from, HostMemory to) {
    try (OpenClContext.Use use = context.enter()) {
      Operands.read(((OpenClMemory) from).buffer(), to);
    }
  }

  @Override
  public long liveBytes() {
    return context.liveBytes();
  }

  @Override
  public double copyBandwidth(long bytes) {
    return context.copyBandwidth(bytes, 9);
  }

  @Override
  public void sigmoid(long size, Memory input, Memory output) {
    run(
        operands -> {
          sigmoidBce.sigmoid(input.type(), operands.input(input), operands.output(output), size);
          return null;
        });
  }

  @Override
  public void softmax(SoftmaxTask task) {
    run(
        operands -> {
          softmax.run(task, operands);
          return null;
        });
  }

  @Override
  public double sum(long size, Memory input) {
    return run(operands -> reduce.sumFloats(operands, input.type(), operands.input(input), size));
  }

  @Override
  public float max(long size, Memory input) {
    return run(operands -> reduce.max(operands, input.type(), operands.input(input), size));
  }

  @Override
  public Totals binaryCrossEntropy(BceTask task) {
    return run(
        operands ->
            new Totals(
                task.logits() ? sigmoidBce.run(task, operands) : bce.run(task, operands),
                task.size(),
                task.size()));
  }

  @Override
  public Totals crossEntropy(CrossEntropyTask task) {
    return run(operands -> crossEntropy.run(task, operands));
  }

  @Override
  public void close() {
    context.close();
  }
}
