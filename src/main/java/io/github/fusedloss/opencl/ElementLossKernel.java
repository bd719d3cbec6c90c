package io.github.fusedloss.opencl;

import io.github.fusedloss.backend.BceTask;
import io.github.fusedloss.backend.Function;
import io.github.fusedloss.backend.SumShape;

/** Host side of element_loss.cl: the losses over elements that have no kernel of their own. */
final class ElementLossKernel {
  private static final String FOCAL =
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

  /** The VEC with which a GPU's kernels over elements are compiled. */
  private static final int GPU_VECTOR = 4;

  private final OpenClContext context;
  private final LaunchShape shape;

  ElementLossKernel(OpenClContext context, LaunchShape shape) {
    this.context = context;
    this.shape = shape;
  }

  /** Returns the source of the program that has the formulas of a loss. */
  static String source(Function function) {
    return switch (function) {
      case SIGMOID_FOCAL_LOSS -> FOCAL;
      case KL_DIV -> KL_DIV;
      case BINARY_CROSS_ENTROPY, BINARY_CROSS_ENTROPY_WITH_LOGITS -> KernelSource.ELEMENTS;
      default -> throw new IllegalArgumentException("no loss over elements: " + function);
    };
  }

  /**
   * Returns the build options of that program.
   *
   * <p>A GPU computes the focal loss of adjacent elements one after the other. Side by side they
   * would take so many registers that only a third of the GPU's places for work-items could be
   * used. If a task needs more than the usual work, two elements are read at once, since four would
   * still leave less than half of the places.
   */
  static String options(LaunchShape shape, BceTask task) {
    String features = ElementArguments.features(task);
    if (task.function() != Function.SIGMOID_FOCAL_LOSS || shape.vector() != GPU_VECTOR) {
      return shape.elements() + features;
    }
    boolean usual =
        task.isSquare()
            && task.hessian() == null
            && task.rowWeights() == null
            && task.logits().isPlain();
    return shape.with(1, usual ? 4 : 2, shape.group()).options() + " -D RUNS" + features;
  }

  /**
   * Enqueues the kernel, and does not wait for the device.
   *
   * @param rowWeights null if the task has none
   */
  ElementLosses run(BceTask task, CallBuffers operands, ElementWeights rowWeights) {
    ElementLosses losses = new ElementLosses(context, task, operands);
    losses.totals().buffer().zero();
    long blocks = SumShape.blocks(task.size());
    long per = shape.perGroup(blocks);
    KernelCall call =
        context
            .program(source(task.function()), options(shape, task))
            .kernel("element_loss")
            .buffer(losses.input(), losses.target());
    ElementArguments.bindFirst(task, per, operands, call, losses.pairs(), losses.totals().buffer());
    call.float32(task.numbers());
    ElementArguments.bindLast(task, rowWeights, operands, call);
    call.run(shape.global(blocks, per), shape.group());
    return losses;
  }
}
