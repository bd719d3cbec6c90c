package io.github.fusedloss;

import io.github.fusedloss.backend.BadElementException;
import io.github.fusedloss.backend.Function;
import io.github.fusedloss.backend.Option;

/** One call of a loss: what all losses check, before and after. */
final class LossCall {
  private LossCall() {}

  /**
   * Computes a loss.
   *
   * @param check of the result, or null
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
      checkHessian(loss, gradient.hessian());
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
      // Targets and inputs of a loss over elements have one shape.
      throw e.forCaller(target.dimensions());
    }
    if (check != null) {
      try {
        check.check(loss, input, new Target(target, rows), gradient.upstream(), upstreams, result);
      } catch (Throwable e) { // A checked one as well, which other languages throw as they please.
        result.close();
        throw e;
      }
    }
    return result;
  }

  private static void checkHessian(Loss loss, Hessian hessian) {
    Function function = loss.function();
    boolean focal = function == Function.SIGMOID_FOCAL_LOSS;
    boolean boosted =
        function == Function.CROSS_ENTROPY || function == Function.BINARY_CROSS_ENTROPY_WITH_LOGITS;
    if (!boosted && !focal) {
      throw new IllegalArgumentException(
          "loss must be binary_cross_entropy_with_logits, cross_entropy or sigmoid_focal_loss for a"
              + " second derivative, got "
              + loss.name()
              + ": use forwardAndGradient");
    }
    for (Option option : Option.values()) {
      if (option.isOfLogits() && loss.options().isGiven(option)) {
        throw new IllegalArgumentException(
            "loss must have no "
                + option.torchName()
                + " for a second derivative, got "
                + loss
                + ": apply it to the input, whose derivatives these are then");
      }
    }
    if (hessian != Hessian.EXACT && (focal || loss.options().isGiven(Option.Z_LOSS))) {
      throw new IllegalArgumentException(
          "hessian must be EXACT for "
              + (focal ? loss.name() : loss.name() + " with z_loss")
              + ", of which "
              + (hessian == Hessian.XGBOOST ? "XGBoost" : "LightGBM")
              + " has none, got "
              + hessian);
    }
  }
}
