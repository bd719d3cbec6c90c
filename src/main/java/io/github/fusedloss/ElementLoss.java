package io.github.fusedloss;

import io.github.fusedloss.backend.BceTask;
import io.github.fusedloss.backend.Option;
import io.github.fusedloss.backend.Results;
import io.github.fusedloss.backend.Totals;
import java.util.Arrays;

/** A loss over elements: checks the arguments, states the task, and packs the result. */
final class ElementLoss {
  private ElementLoss() {}

  static LossResult run(
      Engine engine,
      Loss loss,
      Tensor input,
      Tensor target,
      RowWeights rows,
      GradientRequest gradient) {
    Tensor weight = loss.weight();
    Tensor posWeight = loss.options().tensor(Option.POS_WEIGHT);
    if (target.type().isFloating()) {
      TensorChecks.floatingLike("target", target, input, ": make it target.astype('float32')");
    }
    if (!Arrays.equals(target.dimensions(), input.dimensions())) {
      throw new IllegalArgumentException(
          "target must have the shape of the input, "
              + Shapes.text(input.dimensions())
              + ", got "
              + Shapes.text(target.dimensions())
              + Advice.binary(target, input));
    }
    if (gradient.upstreams() != null) {
      TensorChecks.sameShape("upstream", gradient.upstreams(), "input", input);
    }
    Broadcast.check("weight", weight, input);
    Broadcast.check("posWeight", posWeight, input);
    if (rows.given()) {
      rows.check(input.dimensions());
    }
    boolean overWeights =
        rows.given() && loss.reduction() == Reduction.MEAN && loss.denominator().isEmpty();
    double divisor =
        loss.reduction() == Reduction.BATCHMEAN ? samples(input) : loss.divisor(input.size());
    try (Call call =
        new Call(engine)
            .add("input", input)
            .add("target", target)
            .add("rowWeights", rows.weights())
            .add("mask", rows.mask())
            .add("weight", weight)
            .add("posWeight", posWeight)
            .add("upstream", gradient.upstreams())) {
      Tensor losses =
          loss.reduction() == Reduction.NONE ? call.losses(input, input.dimensions()) : null;
      Tensor grad = gradient.tensor(call, input);
      Tensor hessian = gradient.hessian(call, input);
      Totals totals = Totals.NONE;
      if (input.size() > 0) {
        try (Broadcast w = Broadcast.of(call, weight, input);
            Broadcast p = Broadcast.of(call, posWeight, input)) {
          BceTask task =
              new BceTask(
                  loss.function(),
                  input.size(),
                  input.memory(),
                  target.memory(),
                  BceTask.Options.of(
                      w.operand(), p.operand(), rows.memory(call), loss.options().values()),
                  overWeights ? gradient.overWeights() : gradient.over(divisor),
                  Results.of(Tensor.memoryOf(losses), Tensor.memoryOf(grad))
                      .with(gradient.curvature(hessian, 1)));
          totals =
              call.run(
                  task.function(),
                  grad != null,
                  1,
                  executor -> call.ranOn(executor).binaryCrossEntropy(task));
          if (!Double.isFinite(totals.sum()) && !call.isInPlace()) {
            totals = inRange(call, totals, task, weight, input);
          }
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
              .with(ExtraTensors.NONE.withHessian(hessian)));
    }
  }

  private static long samples(Tensor input) {
    return input.rank() == 0 ? 1 : input.dimensions()[0];
  }

  /**
   * Returns the totals of losses whose sum is not finite. The sum may have left the range of floats
   * on its way, so it is computed again with smaller weights.
   */
  private static Totals inRange(
      Call call, Totals totals, BceTask task, Tensor weight, Tensor input) {
    ScaledWeights scaled = ScaledWeights.of(weight, new long[0], ScaledWeights.FOR_SUM);
    if (scaled == null) {
      return totals;
    }
    try (Broadcast w = Broadcast.of(call, scaled.tensor(), input)) {
      BceTask again =
          BceTask.of(task.function(), task.size(), task.input(), task.target())
              .with(task.options().with(w.operand(), task.options().posWeight()));
      Totals sums =
          call.run(task.function(), false, 1, executor -> executor.binaryCrossEntropy(again));
      return new Totals(scaled.unscaled(sums.sum()), totals.weightSum(), totals.count());
    }
  }
}
