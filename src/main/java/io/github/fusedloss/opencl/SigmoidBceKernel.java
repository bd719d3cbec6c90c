package io.github.fusedloss.opencl;

import io.github.fusedloss.ElementType;
import io.github.fusedloss.backend.BceTask;
import io.github.fusedloss.backend.Operand;

/** Host side of sigmoid_bce.cl: the logistic function, binary cross entropy of logits. */
final class SigmoidBceKernel {
  private final OpenClContext context;
  private final LaunchShape shape;

  SigmoidBceKernel(OpenClContext context, LaunchShape shape) {
    this.context = context;
    this.shape = shape;
  }

  void sigmoid(ElementType type, DeviceBuffer x, DeviceBuffer y, long n) {
    long blocks = ReduceKernel.blocks(n);
    long per = shape.perGroup(blocks);
    context
        .program(KernelSource.ELEMENTS, shape.options() + Storage.input(type))
        .kernel("sigmoid")
        .buffer(x)
        .buffer(y)
        .int64(n)
        .int64(per)
        .run(shape.global(blocks, per), shape.group());
  }

  /** One pair for each block of losses; does not wait. */
  DeviceBuffer run(BceTask task, Operands operands) {
    long blocks = ReduceKernel.blocks(task.size());
    long per = shape.perGroup(blocks);
    DeviceBuffer partial = operands.room(blocks * 8);
    boolean plain =
        task.options().weight() == null
            && task.options().posWeight() == null
            && task.upstream().each() == null;
    context
        .program(KernelSource.ELEMENTS, shape.options() + Storage.of(task.input(), task.target()))
        .kernel(plain ? "sigmoid_bce_plain" : "sigmoid_bce")
        .buffer(operands.input(task.input()))
        .buffer(operands.input(task.target()))
        .buffer(values(operands, task.options().weight()))
        .buffer(values(operands, task.options().posWeight()))
        .buffer(operands.input(task.upstream().each()))
        .buffer(operands.output(task.loss()))
        .buffer(operands.output(task.gradient()))
        .buffer(partial)
        .int64(task.size())
        .int64(per)
        .float32(task.upstream().scale())
        .int64(repeat(task.options().weight()))
        .int64(period(task.options().weight()))
        .int64(first(task.options().weight()))
        .int64(repeat(task.options().posWeight()))
        .int64(period(task.options().posWeight()))
        .int64(first(task.options().posWeight()))
        .run(shape.global(blocks, per), shape.group());
    return partial;
  }

  static DeviceBuffer values(Operands operands, Operand operand) {
    return operands.input(operand == null ? null : operand.values());
  }

  static long repeat(Operand operand) {
    return operand == null ? 1 : operand.repeat();
  }

  static long period(Operand operand) {
    return operand == null ? 1 : operand.period();
  }

  static long first(Operand operand) {
    return operand == null ? 0 : operand.first();
  }
}
