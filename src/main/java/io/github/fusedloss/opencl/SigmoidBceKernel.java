package io.github.fusedloss.opencl;

import io.github.fusedloss.ElementType;
import io.github.fusedloss.backend.BceTask;
import io.github.fusedloss.backend.SumShape;

/** Host side of sigmoid_bce.cl: the logistic function, and binary cross entropy of logits. */
final class SigmoidBceKernel {
  private final OpenClContext context;
  private final LaunchShape shape;

  SigmoidBceKernel(OpenClContext context, LaunchShape shape) {
    this.context = context;
    this.shape = shape;
  }

  void sigmoid(ElementType type, DeviceBuffer x, DeviceBuffer y, long n) {
    long blocks = SumShape.blocks(n);
    long per = shape.perGroup(blocks);
    context
        .program(KernelSource.ELEMENTS, shape.elements() + Storage.input(type))
        .kernel("sigmoid")
        .buffer(x, y)
        .int64(n, per)
        .run(shape.global(blocks, per), shape.group());
  }

  /**
   * Returns a buffer with one pair for each block of losses; does not wait.
   *
   * @param rowWeights null if the task has none
   */
  DeviceBuffer run(BceTask task, CallBuffers operands, ElementWeights rowWeights) {
    long blocks = SumShape.blocks(task.size());
    long per = shape.perGroup(blocks);
    DeviceBuffer partial = operands.room(blocks * 8);
    boolean plain =
        task.options().weight() == null
            && task.options().posWeight() == null
            && task.upstream().each() == null
            && task.rowWeights() == null;
    KernelCall call =
        context
            .program(KernelSource.ELEMENTS, shape.elements() + ElementArguments.features(task))
            .kernel(plain ? "sigmoid_bce_plain" : "sigmoid_bce")
            .buffer(operands.input(task.input()), operands.input(task.target()));
    ElementArguments.bindFirst(task, per, operands, call, partial);
    call.float32(task.isSmooth() ? task.numbers() : new float[0]);
    ElementArguments.bindLast(task, rowWeights, operands, call);
    call.run(shape.global(blocks, per), shape.group());
    return partial;
  }
}
