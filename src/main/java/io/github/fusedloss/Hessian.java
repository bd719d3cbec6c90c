package io.github.fusedloss;

import io.github.fusedloss.backend.Function;
import io.github.fusedloss.backend.Option;

/**
 * What stands in the place of a second derivative: {@link FusedLoss#forwardGradientAndHessian}
 * gives the diagonal, one number for each logit. {@code p} is the probability that the logit has,
 * of {@code K} classes or by the logistic function; {@code w} what its loss weighs: class weights,
 * weights of elements and rows.
 *
 * <p>Boosting libraries have numbers of their own there. As they do, each of these has the factors
 * that the gradient has: sums are as theirs, and a mean is divided by its denominator. {@code 1 -
 * p} is not taken of a p near 1, so that none is NaN, 0 or without digits only because its logit is
 * large.
 */
public enum Hessian {
  /** The second derivative. */
  EXACT(Float.NEGATIVE_INFINITY),

  /**
   * XGBoost's. Of cross entropy, as {@code multi:softprob} has it, {@code max(2 w p (1 - p),
   * 1e-16)}, see {@code src/objective/multiclass_obj.cu}. Of binary cross entropy of logits, as
   * {@code binary:logistic} has it, {@code w max(p (1 - p), 1e-16)}, with {@code pos_weight} in the
   * place of {@code scale_pos_weight}: {@code src/objective/regression_loss.h}.
   */
  XGBOOST(1e-16f),

  /**
   * LightGBM's. Of cross entropy, as {@code multiclass} has it, {@code w p (1 - p) K / (K - 1)},
   * see {@code src/objective/multiclass_objective.hpp}; of one class 0. Of binary cross entropy of
   * logits, as {@code binary} has it, the second derivative.
   */
  LIGHTGBM(Float.NEGATIVE_INFINITY);

  private final float least;

  Hessian(float least) {
    this.least = least;
  }

  /**
   * Throws unless this loss has it, with the options that it has. {@link
   * FusedLoss#forwardGradientAndHessian} does so first of all; this is for programs that take a
   * loss now and compute later.
   *
   * @throws IllegalArgumentException if it has not
   */
  public void requireOf(Loss loss) {
    Function function = Checks.given("loss", loss).function();
    boolean focal =
        function == Function.SIGMOID_FOCAL_LOSS || function == Function.SOFTMAX_FOCAL_LOSS;
    boolean boosted =
        function == Function.CROSS_ENTROPY || function == Function.BINARY_CROSS_ENTROPY_WITH_LOGITS;
    if (!boosted && !focal) {
      throw new IllegalArgumentException(
          "loss must be binary_cross_entropy_with_logits, cross_entropy, sigmoid_focal_loss or"
              + " softmax_focal_loss for a second derivative, got "
              + loss.name()
              + ": of others there is only the gradient");
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
    if (this != EXACT && (focal || loss.options().isGiven(Option.PENALTY))) {
      throw new IllegalArgumentException(
          "hessian must be EXACT for "
              + (focal ? loss.name() : loss.name() + " with " + Option.PENALTY.torchName())
              + ", of which "
              + (this == XGBOOST ? "XGBoost" : "LightGBM")
              + " has none, got "
              + this);
    }
  }

  /** The least that it is, before the factors of the gradient; -infinity for none. */
  float least() {
    return least;
  }

  /** What the second derivative of cross entropy of so many classes is multiplied by. */
  float times(int classes) {
    return switch (this) {
      case EXACT -> 1f;
      case XGBOOST -> 2f;
      case LIGHTGBM -> classes > 1 ? (float) (classes / (classes - 1.0)) : 1f;
    };
  }
}
