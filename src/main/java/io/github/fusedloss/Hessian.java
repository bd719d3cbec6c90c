package io.github.fusedloss;

import io.github.fusedloss.backend.Function;
import io.github.fusedloss.backend.Option;

/**
 * What {@link FusedLoss#forwardGradientAndHessian} computes in the place of a second derivative. It
 * gives the diagonal, one number for each logit. {@code p} is the probability of the logit, by the
 * softmax over {@code K} classes or by the logistic function; {@code w} is the weight of its loss:
 * the product of class weights, weights of elements and row weights.
 *
 * <p>Boosting libraries use numbers of their own in its place. As in these libraries, each number
 * has the factors that the gradient has: the sums are those of the libraries, and a mean is divided
 * by its denominator. {@code 1 - p} is not computed from a p near 1, so that no number is NaN, 0 or
 * without digits only because its logit is large.
 */
public enum Hessian {
  /** The second derivative. */
  EXACT(Float.NEGATIVE_INFINITY),

  /**
   * XGBoost's number. For cross entropy it is that of {@code multi:softprob}, {@code max(2 w p (1 -
   * p), 1e-16)}, see {@code src/objective/multiclass_obj.cu}. For binary cross entropy of logits it
   * is that of {@code binary:logistic}, {@code w max(p (1 - p), 1e-16)}, with {@code pos_weight} in
   * the place of {@code scale_pos_weight}, see {@code src/objective/regression_loss.h}.
   */
  XGBOOST(1e-16f),

  /**
   * LightGBM's number. For cross entropy it is that of {@code multiclass}, {@code w p (1 - p) K /
   * (K - 1)}, see {@code src/objective/multiclass_objective.hpp}; with one class it is 0. For
   * binary cross entropy of logits it is that of {@code binary}, the second derivative.
   */
  LIGHTGBM(Float.NEGATIVE_INFINITY);

  private final float least;

  Hessian(float least) {
    this.least = least;
  }

  /**
   * Throws unless this number is defined for this loss, with the options that it has. {@link
   * FusedLoss#forwardGradientAndHessian} checks this first of all. This method is for programs that
   * take a loss now and compute later.
   *
   * @throws IllegalArgumentException if it is not defined
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

  /**
   * Returns the least value, before the factors of the gradient; -infinity if there is no bound.
   */
  float least() {
    return least;
  }

  /** Returns the factor of the second derivative of cross entropy over so many classes. */
  float times(int classes) {
    return switch (this) {
      case EXACT -> 1f;
      case XGBOOST -> 2f;
      case LIGHTGBM -> classes > 1 ? (float) (classes / (classes - 1.0)) : 1f;
    };
  }
}
