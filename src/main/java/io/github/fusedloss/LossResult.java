package io.github.fusedloss;

import io.github.fusedloss.backend.Totals;
import java.util.Locale;

/**
 * What a loss computed. Closing it closes its tensors, except a gradient that the caller gave a
 * tensor for. Only tensors on a device need closing.
 *
 * <p>For accumulation over micro-batches add up {@link #sum()} and {@link #weightSum()}; with a
 * z-loss {@link #zLossSum()} and {@link #count()} too. {@link LossSummary} gives a total whose bits
 * do not depend on how the losses are cut into batches.
 */
public final class LossResult implements AutoCloseable {
  private final Totals totals;
  private final double divisor;
  private final Reduction reduction;
  private final Tensor losses;
  private final Tensor gradient;
  private final boolean ownsGradient;
  private final String device;
  private ExtraTensors extras = ExtraTensors.NONE;
  private boolean overWeights;

  /**
   * Makes the result of one call.
   *
   * @param divisor what the sum is divided by, unless it is {@link #overWeights}
   */
  LossResult(
      Totals totals,
      double divisor,
      Reduction reduction,
      Tensor losses,
      Tensor gradient,
      boolean ownsGradient,
      String device) {
    this.totals = totals;
    this.divisor = divisor;
    this.reduction = reduction;
    this.losses = losses;
    this.gradient = gradient;
    this.ownsGradient = ownsGradient;
    this.device = device;
  }

  /**
   * Sets whether a mean is divided by the weights of the rows that count, and the sum of the z-loss
   * by their number or by their row weights.
   */
  LossResult overWeights(boolean so) {
    overWeights = so;
    return this;
  }

  /** Adds the tensors that few calls ask for. */
  LossResult with(ExtraTensors extras) {
    this.extras = extras;
    return this;
  }

  /**
   * Returns the reduced loss. The mean over nothing is NaN, and so is one over weights that add up
   * to 0 or to no finite number; the sum over nothing is 0. A loss of 0 is never -0.
   *
   * @throws IllegalStateException if the reduction is {@link Reduction#NONE}
   */
  public float loss() {
    double z = totals.penaltySum() == 0 ? 0 : penalty();
    return canonical(reduced(totals.sum(), totals.weightSum()) + z);
  }

  /**
   * Returns what the z-loss adds to {@link #loss()}; 0 for a loss without it. Its mean divides by
   * the number of rows that count, whatever their classes weigh, or by the sum of their row
   * weights; or by the denominator that was given.
   *
   * @throws IllegalStateException if the reduction is {@link Reduction#NONE}
   */
  public float zLoss() {
    return canonical(penalty());
  }

  private double penalty() {
    return reduced(totals.penaltySum(), totals.rowWeightSum());
  }

  /** Reduces a sum; {@code weights} is the sum of the weights of its terms. */
  private double reduced(double sum, double weights) {
    double number = overWeights ? weights : divisor;
    return switch (reduction) {
      case SUM -> sum;
      case MEAN, BATCHMEAN -> number == 0 || Double.isInfinite(number) ? Double.NaN : sum / number;
      case NONE -> throw new IllegalStateException("reduction none has losses, not one loss");
    };
  }

  private static float canonical(double loss) {
    return loss == loss ? (float) loss + 0f : Float.NaN;
  }

  /**
   * Returns one loss per element or row; float32.
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
   * Returns the gradient with respect to the input, of the input's type and shape; for {@link
   * Reduction#NONE} that of the sum.
   *
   * @throws IllegalStateException if only the forward pass was asked for
   */
  public Tensor gradient() {
    if (gradient == null) {
      throw new IllegalStateException("forward computes no gradient: use forwardAndGradient");
    }
    return gradient;
  }

  /**
   * Returns the diagonal of the second derivative with respect to the input, or what {@link
   * Hessian} puts in its place: float32, of the input's shape, with the factors of the gradient.
   *
   * @throws IllegalStateException if it was not asked for
   */
  public Tensor hessian() {
    if (extras.hessian() == null) {
      throw new IllegalStateException(
          "no second derivative was asked for: use forwardGradientAndHessian");
    }
    return extras.hessian();
  }

  /** Returns whether there is a {@link #hessian()}. */
  public boolean hasHessian() {
    return extras.hessian() != null;
  }

  /** Returns whether there is a {@link #gradient()}. */
  public boolean hasGradient() {
    return gradient != null;
  }

  /**
   * Returns one number for each row, of the shape of the losses with reduction none.
   *
   * @throws IllegalStateException if it was not asked for
   */
  public Tensor output(Output output) {
    Tensor rows = extras.rows().get(Checks.given("output", output));
    if (rows == null) {
      throw new IllegalStateException(
          output + " was not asked for: give the call Outputs.of(Output." + output + ")");
    }
    return rows;
  }

  /** Returns whether there is this {@link #output}. */
  public boolean hasOutput(Output output) {
    return extras.rows().containsKey(Checks.given("output", output));
  }

  /**
   * Returns the sum of the losses without their z-losses, whatever the reduction. It may be beyond
   * the range of floats. It is a double, but not right to the last digit of one. The losses that it
   * adds up are not rounded to floats for it, and are right to 2^-22 of their sum for targets in
   * [0, 1] and weights >= 0. So at least 22 of its 53 bits are right; 26 to 35 were measured.
   * Adding up costs less than 2^-44 of the sum of magnitudes more, and depends on how losses are
   * cut into batches: {@link LossSummary} has a sum that does not.
   */
  public double sum() {
    return totals.sum();
  }

  /**
   * Returns the sum of what the z-loss adds to the losses, as exact as {@link #sum()}; 0 for a loss
   * without it. It stands apart because its mean is over {@link #count()}.
   */
  public double zLossSum() {
    return totals.penaltySum();
  }

  /**
   * Returns PyTorch's denominator of the mean: the weights of the targets, or the number of losses.
   */
  public double weightSum() {
    return totals.weightSum();
  }

  /** Returns how many losses count: elements, or rows that are not ignored. */
  public long count() {
    return totals.count();
  }

  /** Returns the reduction that was asked for. */
  public Reduction reduction() {
    return reduction;
  }

  /** Returns the executor that computed it, such as opencl:0 or cpu:vector. */
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
    extras.close();
  }
}
