package io.github.fusedloss;

import io.github.fusedloss.backend.CrossEntropyTask;
import io.github.fusedloss.backend.Function;
import io.github.fusedloss.backend.Memory;
import io.github.fusedloss.backend.Option;
import io.github.fusedloss.backend.Results;
import io.github.fusedloss.backend.Totals;
import java.util.Arrays;

/** A loss over rows of classes: checks the arguments, states the task, and packs the result. */
final class RowLoss {
  private RowLoss() {}

  static LossResult run(
      Engine engine,
      Loss loss,
      Tensor input,
      Tensor target,
      RowWeights rows,
      GradientRequest gradient) {
    ClassAxis axis = ClassAxis.of("input", input, loss.options().integer(Option.CLASS_AXIS));
    Function function = function(loss, target, axis);
    checkTarget(function, loss, axis, target, input);
    checkRest(function, axis, loss.weight(), gradient.upstreams());
    Outputs outputs = gradient.outputs();
    outputs.checkMeets(function);
    if (rows.given()) {
      rows.check(axis.rowShape());
    }
    Tensor logitBias = loss.options().tensor(Option.LOGIT_BIAS);
    TensorChecks.logitBias(logitBias, axis);
    // PyTorch's mean over class indices divides by the weights of the rows that count.
    boolean overWeights =
        loss.reduction() == Reduction.MEAN
            && loss.denominator().isEmpty()
            && (function.hasClassIndices() || rows.given());
    double divisor = loss.divisor(axis.rows());
    try (Call call =
        new Call(engine)
            .add("input", input)
            .add("target", target)
            .add("rowWeights", rows.weights())
            .add("mask", rows.mask())
            .add("weight", loss.weight())
            .add("logitBias", logitBias)
            .add("upstream", gradient.upstreams())) {
      Tensor losses =
          loss.reduction() == Reduction.NONE ? call.losses(input, axis.rowShape()) : null;
      Tensor grad = gradient.tensor(call, input);
      Tensor hessian = gradient.hessian(call, input);
      ExtraTensors extras =
          (outputs.isEmpty()
                  ? ExtraTensors.NONE
                  : new ExtraTensors(null, call.outputs(outputs, input, axis.rowShape())))
              .withHessian(hessian);
      Totals totals = Totals.NONE;
      if (axis.rows() > 0) {
        CrossEntropyTask task =
            new CrossEntropyTask(
                function,
                axis.shape(),
                input.memory(),
                target.memory(),
                options(loss, rows.memory(call)),
                overWeights ? gradient.overWeights() : gradient.over(divisor),
                Results.of(Tensor.memoryOf(losses), Tensor.memoryOf(grad))
                    .with(extras.memory(gradient.curvature(hessian, axis.classes()))));
        totals =
            call.run(
                function,
                grad != null,
                axis.classes(),
                executor -> call.ranOn(executor).crossEntropy(task));
        // The mean over class probabilities does not divide by class weights.
        boolean divides =
            !overWeights || !function.hasClassIndices() || divides(totals.weightSum());
        if (!(Double.isFinite(totals.sum()) && divides) && !call.isInPlace()) {
          totals = inRange(call, totals, task, loss.weight(), divides ? null : grad);
        }
      }
      return call.keep(
          new LossResult(
                  totals,
                  divisor,
                  loss.reduction(),
                  losses,
                  grad,
                  gradient.isClosedWithResult(),
                  call.device())
              .overWeights(overWeights)
              .with(extras));
    }
  }

  private static CrossEntropyTask.Options options(Loss loss, Memory rowWeights) {
    return CrossEntropyTask.Options.of(
        Tensor.memoryOf(loss.weight()),
        rowWeights,
        loss.options().values(),
        Tensor.memoryOf(loss.options().tensor(Option.LOGIT_BIAS)));
  }

  static IllegalArgumentException noIndices(ElementType type, String advice) {
    return new IllegalArgumentException(
        "target must be class indices, int8 to int64 or uint8, got " + Checks.text(type) + advice);
  }

  /** Returns what is computed. For cross entropy the target's type decides. */
  static Function function(Loss loss, Tensor target, ClassAxis axis) {
    if (loss.function().hasTeacher()) {
      return loss.function();
    }
    boolean floating = target.type().isFloating();
    if (target.type() == ElementType.BOOL) {
      throw noIndices(target.type(), Advice.noTruths(loss.function(), axis, target.dimensions()));
    }
    if (loss.function() != Function.CROSS_ENTROPY && floating) {
      throw noIndices(target.type(), Advice.noIndices(axis, target.dimensions()));
    }
    return floating ? Function.CROSS_ENTROPY_OF_PROBABILITIES : loss.function();
  }

  static void checkTarget(
      Function function, Loss loss, ClassAxis axis, Tensor target, Tensor input) {
    if (function.hasClassIndices()) {
      if (!axis.hasOneEach(target)) {
        throw new IllegalArgumentException(
            "target must have the shape of the input without its class axis, "
                + Shapes.text(axis.rowShape())
                + ", got "
                + Shapes.text(target.dimensions())
                + Advice.indices(function, axis, target.dimensions()));
      }
      return;
    }
    TensorChecks.floatingLike("target", target, input, ": make it target.astype('float32')");
    if (!Arrays.equals(target.dimensions(), input.dimensions())) {
      throw new IllegalArgumentException(
          "target must have the shape of the input, "
              + Shapes.text(input.dimensions())
              + (function.hasTeacher()
                  ? ", for the teacher's logits, got "
                  : ", for class probabilities, got ")
              + Shapes.text(target.dimensions())
              + Advice.probabilities(axis, target.dimensions()));
    }
    long ignoreIndex = loss.options().integer(Option.IGNORE_INDEX);
    if (ignoreIndex >= 0) {
      throw new IllegalArgumentException(
          "ignoreIndex must be negative for class probabilities, got " + ignoreIndex);
    }
  }

  private static void checkRest(
      Function function, ClassAxis axis, Tensor weight, Tensor upstreams) {
    if (weight != null && (weight.rank() != 1 || weight.size() != axis.classes())) {
      throw new IllegalArgumentException(
          "weight must have one element per class, ("
              + axis.classes()
              + ",), got "
              + Shapes.text(weight.dimensions())
              + Advice.classWeight(function, axis, weight.dimensions()));
    }
    if (upstreams != null && !axis.hasOneEach(upstreams)) {
      throw new IllegalArgumentException(
          "upstream must have the shape of the losses, "
              + Shapes.text(axis.rowShape())
              + ", got "
              + Shapes.text(upstreams.dimensions())
              + Advice.shape("upstream", upstreams.dimensions(), axis.rowShape()));
    }
    if (axis.rows() > 0) {
      axis.needClasses();
    }
  }

  /**
   * Returns whether losses and gradients divided by this sum of weights are in the range of floats.
   */
  private static boolean divides(double weightSum) {
    double size = Math.abs(weightSum);
    return size == 0 || size >= 0x1p-64 && size <= 0x1p100;
  }

  /**
   * Returns the totals of losses whose sum is not finite, or whose weights add up to a number that
   * losses cannot be divided by. The sum may have left the range of floats on its way, so it is
   * computed again with scaled weights.
   *
   * @param gradient the gradient, to be computed again too; null if it is right already
   */
  private static Totals inRange(
      Call call, Totals totals, CrossEntropyTask task, Tensor weight, Tensor gradient) {
    ScaledWeights scaled =
        ScaledWeights.of(
            weight,
            new long[] {task.classes()},
            Double.isFinite(totals.sum()) ? ScaledWeights.FOR_WEIGHTS : ScaledWeights.FOR_SUM);
    if (scaled == null) {
      return totals;
    }
    // If the targets' weights add up to little, and the largest weight is not small, then no target
    // has that weight. Scaled by it, the gradient would lose its digits.
    boolean up = scaled.exponent() > 0;
    Tensor gradientAgain = up || !(Math.abs(totals.weightSum()) < 1) ? gradient : null;
    if (gradientAgain == null && Double.isFinite(totals.sum())) {
      return totals;
    }
    CrossEntropyTask again =
        task.with(task.options().withWeight(scaled.tensor().memory()))
            .with(task.upstream().withEach(null))
            .with(
                Results.of(null, Tensor.memoryOf(gradientAgain))
                    .with(gradientAgain == null ? null : scaled.curvature(task.hessian())));
    Totals sums =
        call.run(
            task.function(),
            gradientAgain != null,
            task.classes(),
            executor -> executor.crossEntropy(again));
    // A sum that is finite is right, and weights that were scaled down may have lost digits.
    boolean sum = !Double.isFinite(totals.sum()) || up && Double.isFinite(sums.sum());
    boolean weights =
        task.function().hasClassIndices() && (up || !Double.isFinite(totals.weightSum()));
    return totals.with(
        sum ? scaled.unscaled(sums.sum()) : totals.sum(),
        weights ? scaled.unscaled(sums.weightSum()) : totals.weightSum());
  }
}
