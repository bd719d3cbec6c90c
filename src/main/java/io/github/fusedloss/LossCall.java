package io.github.fusedloss;

import io.github.fusedloss.backend.BadElementException;

/** One call of a loss: the checks that all losses share, before and after it is computed. */
final class LossCall {
  private LossCall() {}

  /**
   * Computes a loss.
   *
   * @param check judges the result; or null
   */
  static LossResult run(
      Engine engine,
      ResultCheck check,
      Loss loss,
      Tensor input,
      Tensor target,
      RowWeights rows,
      GradientRequest gradient) {
    Checks.given("loss", loss);
    TensorChecks.floating("input", input);
    TensorChecks.tensor("target", target);
    if (gradient.hessian() != null) {
      gradient.hessian().requireOf(loss);
    }
    Tensor upstreams = gradient.upstreams();
    if (upstreams != null) {
      if (loss.reduction() != Reduction.NONE) {
        throw new IllegalArgumentException(
            "upstream must be a number unless the reduction is none, got " + upstreams);
      }
      TensorChecks.type("upstream", upstreams, ElementType.FLOAT32);
    }
    if (gradient.into() == input && check != null) {
      throw new IllegalArgumentException(
          "gradient must not be the input where results are checked: the check needs both");
    }
    gradient.outputs().checkHas(loss.function());
    LossResult result;
    try {
      result =
          loss.function().isOverRows()
              ? RowLoss.run(engine, loss, input, target, rows, gradient)
              : ElementLoss.run(engine, loss, input, target, rows, gradient);
    } catch (BadElementException e) {
      // Target and input of a loss over elements have one shape, so this shape is right for both.
      throw e.forCaller(target.dimensions());
    }
    if (check != null) {
      try {
        check.check(loss, input, new Target(target, rows), gradient.upstream(), upstreams, result);
      } catch (Throwable e) { // Other languages throw checked exceptions without declaring them.
        result.close();
        throw e;
      }
    }
    return result;
  }
}
