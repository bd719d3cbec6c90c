package io.github.fusedloss.opencl;

import io.github.fusedloss.DeviceInfo;
import io.github.fusedloss.ElementType;
import io.github.fusedloss.backend.BceTask;
import io.github.fusedloss.backend.CrossEntropyTask;
import io.github.fusedloss.backend.Executor;
import io.github.fusedloss.backend.Function;
import io.github.fusedloss.backend.HostMemory;
import io.github.fusedloss.backend.Memory;
import io.github.fusedloss.backend.Operand;
import io.github.fusedloss.backend.Outputs;
import io.github.fusedloss.backend.SoftmaxTask;
import io.github.fusedloss.backend.SumShape;
import io.github.fusedloss.backend.Totals;

/** Computes on one OpenCL device. */
@SuppressWarnings("try") // A Use is held, not looked at.
final class OpenClExecutor implements Executor {
  private final DeviceInfo info;
  private final OpenClContext context;
  private final ReduceKernel reduce;
  private final SigmoidBceKernel sigmoidBce;
  private final ElementLossKernel elementLoss;
  private final SoftmaxKernel softmax;
  private final CrossEntropyKernel crossEntropy;

  OpenClExecutor(DeviceInfo info, OpenClContext context) {
    this.info = info;
    this.context = context;
    LaunchShape shape = LaunchShape.of(context.device());
    reduce = new ReduceKernel(context, shape);
    sigmoidBce = new SigmoidBceKernel(context, shape);
    elementLoss = new ElementLossKernel(context, shape);
    softmax = new SoftmaxKernel(context, shape);
    crossEntropy = new CrossEntropyKernel(context, shape, reduce);
  }

  @Override
  public DeviceInfo info() {
    return info;
  }

  @Override
  public Memory allocate(ElementType type, long length) {
    long bytes = Math.multiplyExact(length, type.bytes());
    DeviceBuffer buffer = context.allocate(bytes);
    try {
      return new OpenClMemory(type, length, buffer);
    } catch (Throwable e) {
      buffer.close();
      throw e;
    }
  }

  @Override
  public boolean owns(Memory memory) {
    return memory instanceof OpenClMemory device && context.owns(device.buffer());
  }

  @Override
  public void upload(HostMemory from, Memory to) {
    try (Lifetime.Use use = context.enter()) {
      Operands.write(from, 0, from.length(), ((OpenClMemory) to).buffer(), 0);
    }
  }

  @Override
  public void download(Memory from, HostMemory to) {
    try (Lifetime.Use use = context.enter()) {
      Operands.read(((OpenClMemory) from).buffer(), 0, to, 0, to.length());
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
    try (Lifetime.Use use = context.enter()) {
      new Pieces(context, size, input, output)
          .run(
              size,
              Pieces.blocks(size),
              (operands, at, n) ->
                  sigmoidBce.sigmoid(
                      input.type(),
                      operands.input(Slice.of(input, at, n)),
                      operands.output(Slice.of(output, at, n)),
                      n));
    }
  }

  @Override
  public void softmax(SoftmaxTask task) {
    try (Lifetime.Use use = context.enter()) {
      new Pieces(context, task.input().length(), task.input(), task.output())
          .run(
              task.rows(),
              Pieces.rows(task.shape()),
              (operands, at, rows) -> softmax.run(piece(task, at, rows), operands));
    }
  }

  private static SoftmaxTask piece(SoftmaxTask task, long at, long rows) {
    if (rows == task.rows()) {
      return task;
    }
    RowSlice slice = new RowSlice(at, rows, task.shape());
    return new SoftmaxTask(
        task.function(),
        slice.shape(),
        slice.elements(task.input()),
        task.function() == Function.LOGSUMEXP
            ? slice.rows(task.output())
            : slice.elements(task.output()),
        task.logits());
  }

  @Override
  public double sum(long size, Memory input, float factor) {
    try (Lifetime.Use use = context.enter();
        PairSum sum = new PairSum(context, reduce, SumShape.blocks(size))) {
      new Pieces(context, size, input, null)
          .run(
              size,
              Pieces.blocks(size),
              (operands, at, n) -> {
                DeviceBuffer x = operands.input(Slice.of(input, at, n));
                sum.add(
                    operands,
                    reduce.sumOfBlocks(operands, input.type(), x, n, factor),
                    SumShape.blocks(n));
              });
      return sum.total();
    }
  }

  @Override
  public float max(long size, Memory input) {
    int[] key = {Integer.MIN_VALUE};
    try (Lifetime.Use use = context.enter()) {
      new Pieces(context, size, input, null)
          .run(
              size,
              Pieces.blocks(size),
              (operands, at, n) -> {
                DeviceBuffer x = operands.input(Slice.of(input, at, n));
                key[0] = Math.max(key[0], reduce.maxKey(operands, input.type(), x, n));
              });
    }
    return ReduceKernel.ofKey(key[0]);
  }

  @Override
  public Totals binaryCrossEntropy(BceTask task) {
    long size = task.size();
    try (Lifetime.Use use = context.enter();
        PairSum sum = new PairSum(context, reduce, SumShape.blocks(size))) {
      Pieces pieces =
          new Pieces(
              context,
              size,
              task.input(),
              task.gradient(),
              task.target(),
              values(task.options().weight()),
              values(task.options().posWeight()),
              task.upstream().each(),
              task.loss());
      pieces.run(
          size,
          Pieces.blocks(size),
          (operands, at, n) -> {
            BceTask piece = piece(task, at, n, pieces.inPlace());
            long blocks = SumShape.blocks(n);
            if (task.function() == Function.BINARY_CROSS_ENTROPY_WITH_LOGITS) {
              sum.add(operands, sigmoidBce.run(piece, operands), blocks);
            } else {
              sum.add(operands, elementLoss.run(piece, operands), blocks, at);
            }
          });
      return new Totals(sum.total(), size, size);
    }
  }

  private static Memory values(Operand operand) {
    return operand == null ? null : operand.values();
  }

  private static BceTask piece(BceTask task, long at, long n, boolean inPlace) {
    if (n == task.size() && !inPlace) {
      return task;
    }
    return new BceTask(
        task.function(),
        n,
        Slice.of(task.input(), at, n),
        Slice.of(task.target(), at, n),
        task.options()
            .with(
                Slice.of(task.options().weight(), at, n),
                Slice.of(task.options().posWeight(), at, n)),
        task.upstream().withEach(Slice.of(task.upstream().each(), at, n)),
        new Outputs(
            Slice.of(task.loss(), at, n),
            inPlace ? Slice.apart(task.gradient(), at, n) : Slice.of(task.gradient(), at, n)));
  }

  @Override
  public Totals crossEntropy(CrossEntropyTask task) {
    try (Lifetime.Use use = context.enter()) {
      return crossEntropy.run(
          task,
          new Pieces(
              context,
              task.input().length(),
              task.input(),
              task.gradient(),
              task.target(),
              task.upstream().each(),
              task.loss()));
    }
  }

  @Override
  public void close() {
    context.close();
  }
}
