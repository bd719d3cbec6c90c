package io.github.fusedloss.opencl;

import io.github.fusedloss.DeviceInfo;
import io.github.fusedloss.ElementType;
import io.github.fusedloss.Output;
import io.github.fusedloss.backend.BceTask;
import io.github.fusedloss.backend.CrossEntropyTask;
import io.github.fusedloss.backend.Executor;
import io.github.fusedloss.backend.Function;
import io.github.fusedloss.backend.HostMemory;
import io.github.fusedloss.backend.Memory;
import io.github.fusedloss.backend.Operand;
import io.github.fusedloss.backend.Results;
import io.github.fusedloss.backend.SoftmaxTask;
import io.github.fusedloss.backend.SumShape;
import io.github.fusedloss.backend.Totals;
import io.github.fusedloss.backend.Upstream;
import java.util.stream.Stream;

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
  private final TargetsKernel targets;

  OpenClExecutor(DeviceInfo info, OpenClContext context) {
    this.info = info;
    this.context = context;
    LaunchShape shape = LaunchShape.of(context.device());
    reduce = new ReduceKernel(context, shape);
    sigmoidBce = new SigmoidBceKernel(context, shape);
    elementLoss = new ElementLossKernel(context, shape);
    softmax = new SoftmaxKernel(context, shape);
    targets = new TargetsKernel(context, shape, reduce);
    crossEntropy = new CrossEntropyKernel(context, shape, reduce, targets);
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
      OpenClMemory there = (OpenClMemory) to;
      CallBuffers.write(from, 0, from.length(), there.buffer(), there.first());
    }
  }

  @Override
  public void download(Memory from, HostMemory to) {
    try (Lifetime.Use use = context.enter()) {
      OpenClMemory there = (OpenClMemory) from;
      CallBuffers.read(there.buffer(), there.first(), to, 0, to.length());
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
  public void mask(long size, Memory weights, Memory mask, Memory output) {
    try (Lifetime.Use use = context.enter()) {
      new Pieces(context, size, weights, output, mask)
          .run(
              size,
              Pieces.blocks(size),
              (operands, at, n) ->
                  targets.mask(
                      operands.input(Slice.of(weights, at, n)),
                      Slice.of(mask, at, n),
                      operands.output(Slice.of(output, at, n)),
                      operands));
    }
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
    Totals[] weights = new Totals[1];
    try (Lifetime.Use use = context.enter();
        PairSum sum = new PairSum(context, reduce, SumShape.blocks(size))) {
      Pieces pieces =
          new Pieces(
              context,
              size,
              task.input(),
              task.gradient(),
              task.target(),
              task.rowWeights(),
              values(task.options().weight()),
              values(task.options().posWeight()),
              task.upstream().each(),
              task.loss(),
              task.hessianMemory());
      pieces.run(
          size,
          Pieces.blocks(size),
          (operands, at, n) -> {
            if (n < size && task.rowWeights() != null && weights[0] == null) {
              weights[0] = weights(task); // It comes before anything is written.
            }
            BceTask piece = piece(task, at, n, pieces.inPlace(), weights[0]);
            long blocks = SumShape.blocks(n);
            LossTotals counted = task.rowWeights() == null ? null : new LossTotals(operands);
            ElementWeights each = ElementWeights.of(piece, counted, targets, operands);
            if (task.function() == Function.BINARY_CROSS_ENTROPY_WITH_LOGITS) {
              sum.add(operands, sigmoidBce.run(piece, operands, each), blocks);
            } else {
              sum.add(operands, elementLoss.run(piece, operands, each), blocks, at);
            }
            if (n == size && counted != null) {
              counted.read();
              weights[0] = new Totals(0, counted.weightSum(), counted.count());
            }
          });
      Totals of = weights[0];
      return of == null
          ? new Totals(sum.total(), size, size)
          : new Totals(sum.total(), of.weightSum(), of.count());
    }
  }

  /** Adds up all row weights of a task that comes in pieces. */
  private Totals weights(BceTask task) {
    return targets.totals(TargetRows.of(task), null);
  }

  private static Memory values(Operand operand) {
    return operand == null ? null : operand.values();
  }

  /**
   * Returns the task of elements at to at + n.
   *
   * @param weights the row weights of the whole task added up, if it comes in pieces and has row
   *     weights
   */
  private static BceTask piece(BceTask task, long at, long n, boolean inPlace, Totals weights) {
    if (n == task.size() && !inPlace) {
      return task;
    }
    Upstream upstream =
        weights == null
            ? task.upstream()
            : new Upstream(task.upstream().factor(weights.weightSum()), false, null);
    return new BceTask(
        task.function(),
        n,
        Slice.of(task.input(), at, n),
        Slice.of(task.target(), at, n),
        task.options()
            .with(
                Slice.of(task.options().weight(), at, n),
                Slice.of(task.options().posWeight(), at, n))
            .withRowWeights(Slice.of(task.rowWeights(), at, n)),
        upstream.withEach(Slice.of(task.upstream().each(), at, n)),
        Results.of(
                Slice.of(task.loss(), at, n),
                inPlace ? Slice.apart(task.gradient(), at, n) : Slice.of(task.gradient(), at, n))
            .with(Slice.of(task.hessian(), at, n)));
  }

  @Override
  public Totals crossEntropy(CrossEntropyTask task) {
    try (Lifetime.Use use = context.enter()) {
      return crossEntropy.run(
          task,
          new Pieces(context, task.input().length(), task.input(), task.gradient(), others(task)));
    }
  }

  /**
   * Returns what a task reads and writes besides logits and their gradient; null for what it does
   * not have.
   */
  private static Memory[] others(CrossEntropyTask task) {
    Stream<Memory> operands =
        Stream.of(
            task.target(),
            task.rowWeights(),
            task.upstream().each(),
            task.loss(),
            task.hessianMemory());
    return Stream.concat(operands, Stream.of(Output.values()).map(task::output))
        .toArray(Memory[]::new);
  }

  @Override
  public void close() {
    context.close();
  }
}
