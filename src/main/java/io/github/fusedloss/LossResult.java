package io.github.fusedloss;

import io.github.fusedloss.backend.Totals;
import java.util.Locale;

/**
 * What a loss computed. Closing it closes its tensors, but for a gradient whose tensor was given;
 * only those on a device need that.
 *
 * <p>For accumulation over micro-batches add up {@link #sum()} and {@link #weightSum()}.
 */
public final class LossResult implements AutoCloseable {
  private final Totals totals;
  private final double denominator;
  private final Reduction reduction;
  private final Tensor losses;
  private final Tensor gradient;
  private final boolean ownsGradient;
  private final String device;

  LossResult(
      Totals totals,
      double denominator,
      Reduction reduction,
      Tensor losses,
      Tensor gradient,
      boolean ownsGradient,
      String device) {
    this.totals = totals;
    this.denominator = denominator;
    this.reduction = reduction;
    this.losses = losses;
    this.gradient = gradient;
    this.ownsGradient = ownsGradient;
    this.device = device;
  }

  /**
   * The reduced loss. The mean over nothing, or over weights that add up to 0 or to no finite
   * number, is NaN; the sum over nothing 0. One that is 0 is never -0.
   *
   * @throws IllegalStateException if the reduction is {@link Reduction#NONE}
   */
  public float loss() {
    float loss =
        switch (reduction) {
          case SUM -> (float) totals.sum();
          case MEAN ->
              denominator == 0 || Double.isInfinite(denominator)
                  ? Float.NaN
                  : (float) (totals.sum() / denominator);
          case NONE -> throw new IllegalStateException("reduction none has losses, not one loss");
        };
    return loss == loss ? loss + 0f : Float.NaN;
  }

  /**
   * One loss per element or row.
   *
   * @throws IllegalStateException unless the reduction is {@link Reduction#NONE}
   */
  public Tensor losses() {
    if (losses == null) {
      throw new IllegalStateException(
          "reduction " + reduction.name().toLowerCase(Locale.ROOT) + " has one loss, not losses");
    }
    return losses;
  }

  /**
   * The gradient with respect to the input, of the input's shape; for {@link Reduction#NONE} that
   * of the sum.
   *
   * @throws IllegalStateException if only the forward pass was asked for
   */
  public Tensor gradient() {
    if (gradient == null) {
      throw new IllegalStateException("forward computes no gradient: use forwardAndGradient");
    }
    return gradient;
  }

  /** Whether {@link #gradient()} is there. */
  public boolean hasGradient() {
    return gradient != null;
  }

  /**
   * The sum of the losses, whatever the reduction. It may be beyond the range of floats. Adding up
   * costs less than 2^-44 of the sum of their magnitudes; the losses themselves, which are not
   * rounded to floats for it, are right to 2^-22 of their sum for targets in [0, 1] and weights >=
   * 0.
   */
  public double sum() {
    return totals.sum();
  }

  /** PyTorch's denominator of the mean: the weights of the targets, or the number of losses. */
  public double weightSum() {
    return totals.weightSum();
  }

  /** How many losses count: elements, or rows not ignored. */
  public long count() {
    return totals.count();
  }

  /** The reduction that was asked for. */
  public Reduction reduction() {
    return reduction;
  }

  /** The executor that computed it, such as opencl:0 or cpu:vector. */
  public String device() {
    return device;
  }

  @Override
  public void close() {
    if (losses != null) {
      losses.close();
    }
    if (gradient != null && ownsGradient) {
      gradient.close();
    }
  }
}
