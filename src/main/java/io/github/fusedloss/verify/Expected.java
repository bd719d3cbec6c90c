package io.github.fusedloss.verify;

import io.github.fusedloss.BinaryCrossEntropy;
import io.github.fusedloss.BinaryCrossEntropyWithLogits;
import io.github.fusedloss.CrossEntropy;
import io.github.fusedloss.Loss;
import io.github.fusedloss.NllLoss;
import io.github.fusedloss.Reduction;
import io.github.fusedloss.Tensor;
import io.github.fusedloss.backend.Function;
import io.github.fusedloss.reference.ReferenceLoss;
import java.util.Arrays;

/**
 * What a call of a loss has to give, and how nearly: ULP, or absolute bounds from the size of the
 * terms that a value is made of. For binary losses each element is a row of one class.
 *
 * @param lossUlps of each row's loss
 * @param lossTerms absolute bound of each row's loss, 0 for none
 * @param gradientUlps of every gradient
 * @param gradientTerms absolute bound of each gradient before the upstream and the denominator
 * @param sizes of what the softmax of each row is multiplied by for the gradient; null if by none
 */
record Expected(
    ReferenceLoss reference,
    double[] lossUlps,
    double[] lossTerms,
    double gradientUlps,
    double[] gradientTerms,
    double[] sizes) {

  /**
   * From the reference and the promises.
   *
   * @param upstreams one factor of the gradient for each row, or null
   */
  static Expected of(Loss loss, Tensor input, Tensor target, Tensor upstreams) {
    int factors = (loss.reduction() == Reduction.MEAN ? 1 : 0) + (upstreams == null ? 0 : 1);
    return switch (Function.ofLoss(loss.name())) {
      case BINARY_CROSS_ENTROPY ->
          new ExpectedElements(input, target, factors).probabilities((BinaryCrossEntropy) loss);
      case BINARY_CROSS_ENTROPY_WITH_LOGITS ->
          new ExpectedElements(input, target, factors).logits((BinaryCrossEntropyWithLogits) loss);
      case NLL_LOSS -> new ExpectedRows(input, target).logProbabilities((NllLoss) loss);
      case CROSS_ENTROPY -> new ExpectedRows(input, target).logits((CrossEntropy) loss);
      default -> throw new IllegalArgumentException("no reference for " + loss);
    };
  }

  /** The same promise for each of several losses. */
  static double[] ulps(int count, Promise promise) {
    double[] ulps = new double[count];
    Arrays.fill(ulps, promise.ulps());
    return ulps;
  }
}
