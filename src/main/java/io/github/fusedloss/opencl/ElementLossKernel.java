package io.github.fusedloss.opencl;

import io.github.fusedloss.backend.BceTask;
import io.github.fusedloss.backend.SumShape;

/** Host side of element_loss.cl: the losses over elements that have no kernel of their own. */
final class ElementLossKernel {
  private static final String FOCAL =
      KernelSource.of(
          "storage.cl",
          "row_weights.cl",
          "elements.cl",
          "sigmoid_bce.cl",
          "sigmoid_focal.cl",
          "element_loss.cl");

  private static final String FOCAL_OF_TRANSFORMED =
      KernelSource.of(
          "storage.cl",
          "row_weights.cl",
          "logits.cl",
          "elements.cl",
          "sigmoid_bce.cl",
          "sigmoid_focal.cl",
          "element_loss.cl");

  private static final String KL_DIV =
      KernelSource.of(
          "storage.cl", "row_weights.cl", "elements.cl", "kl_div.cl", "element_loss.cl");

  private final OpenClContext context;
  private final LaunchShape shape;

  ElementLossKernel(OpenClContext context, LaunchShape shape) {
    this.context = context;
    this.shape = shape;
  }

  /** The program that has the formulas of a loss. */
  static String source(BceTask task) {
    return switch (task.function()) {
      case SIGMOID_FOCAL_LOSS -> task.logits().isPlain() ? FOCAL : FOCAL_OF_TRANSFORMED;
      case KL_DIV -> KL_DIV;
      default -> KernelSource.ELEMENTS;
    };
  }

  /**
   * Does not wait for the device.
   *
   * @param rowWeights null if the task has none
   */
  ElementLosses run(BceTask task, Operands operands, ElementWeights rowWeights) {
    ElementLosses losses = new ElementLosses(context, task, operands);
    losses.totals().buffer().zero();
    long blocks = SumShape.blocks(task.size());
    long per = shape.perGroup(blocks);
    KernelCall call =
        context
            .program(source(task), shape.elements() + ElementArguments.features(task))
            .kernel("element_loss")
            .buffer(
                losses.input(),
                losses.target(),
                operands.input(task.options().weight()),
                operands.input(task.options().posWeight()),
                operands.input(task.upstream().each()),
                operands.output(task.loss()),
                operands.output(task.gradient()),
                losses.pairs(),
                losses.totals().buffer())
            .int64(task.size(), per)
            .float32(task.upstream().scale())
            .int64(Operands.spread(task.options().weight()))
            .int64(Operands.spread(task.options().posWeight()))
            .float32(task.numbers());
    ElementArguments.bindLast(task, rowWeights, operands, call);
    call.run(shape.global(blocks, per), shape.group());
    return losses;
  }
}
