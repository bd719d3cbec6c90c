package io.github.fusedloss;

import java.io.Serializable;
import java.util.Locale;

/**
 * The total of many losses, batch by batch, without any rounding: the same bits in whatever order
 * and batches the losses come, on whatever executors they were computed, and however many summaries
 * of parts were {@linkplain #merge merged}. Only what {@link #sum()}, {@link #mean()} and the
 * others return is rounded, once.
 *
 * <pre>{@code
 * LossSummary total = new LossSummary();
 * for (...) {
 *   try (LossResult result = fused.forward(loss.withReduction(Reduction.NONE), logits, target)) {
 *     total.add(result);
 *   }
 * }
 * total.mean();
 * }</pre>
 *
 * <p>One infinite loss makes sum and mean infinite, one NaN, or infinities of both signs, make them
 * NaN. It can be serialized, for the same version of the library. Not safe for use by many threads:
 * give each its own, and merge them.
 */
public final class LossSummary implements Serializable {
  private static final long serialVersionUID = 1;

  private final ExactSum sum = new ExactSum();
  private final ExactSum weights = new ExactSum();
  private long count;

  /** Makes a summary of no losses. */
  public LossSummary() {}

  /**
   * Adds the losses of a result as they are: multiplied by their weights, with their z-losses, and
   * 0 where a row is ignored.
   *
   * <p>The result's {@link LossResult#weightSum()} is added exactly. It is exact itself unless
   * class or row weights were given; then it was rounded, and the last digits of {@link #mean()}
   * can depend on the batches. {@link #add(LossResult, Loss, Target)} takes the weights one by one.
   *
   * @param result of a loss with {@link Reduction#NONE}
   * @return this
   * @throws IllegalArgumentException if it has another reduction, so that its losses are not there
   */
  public LossSummary add(LossResult result) {
    requireLosses(result);
    sum.add(result.losses().toFloatArray());
    weights.add(result.weightSum());
    count += result.count();
    return this;
  }

  /**
   * Adds the losses of a result, with every weight exact. So no bit of {@link #mean()} depends on
   * the batches, even with weights of classes or rows.
   *
   * @param result of a loss with {@link Reduction#NONE}
   * @param loss the loss that computed the result
   * @param target the target that it was computed from
   * @return this
   * @throws IllegalArgumentException if the result has another reduction, the target has another
   *     number of rows, or its row weights or mask have another shape than the losses
   */
  public LossSummary add(LossResult result, Loss loss, Target target) {
    requireLosses(result);
    Checks.given("loss", loss);
    Checks.given("target", target);
    target.rows().check(result.losses().dimensions());
    boolean ofClasses = loss.weight() != null && RowCounts.hasClasses(loss, target);
    if (!ofClasses && target.rowWeights() == null) {
      return add(result);
    }
    float[] losses = result.losses().toFloatArray();
    if (RowCounts.hasClasses(loss, target) && target.tensor().size() != losses.length) {
      throw new IllegalArgumentException(
          "target must be that of the result, of "
              + losses.length
              + " losses, got one of "
              + target.tensor().size());
    }
    int classes = ofClasses ? (int) loss.weight().size() : Integer.MAX_VALUE;
    RowCounts rows = new RowCounts(loss, target, classes);
    for (int i = 0; i < losses.length; i++) {
      if (rows.counts(i)) {
        addProduct(losses[i], rows.weight(i));
      }
    }
    return this;
  }

  private static void requireLosses(LossResult result) {
    Checks.given("result", result);
    if (result.reduction() != Reduction.NONE) {
      throw new IllegalArgumentException(
          "result must have reduction none, so that its losses can be added, got "
              + result.reduction().name().toLowerCase(Locale.ROOT)
              + ": compute it with loss.withReduction(Reduction.NONE)");
    }
  }

  /**
   * Adds losses times their weights. The products are added exactly.
   *
   * @param losses floating-point, before they are multiplied by any weight
   * @param weights floating-point, of the same shape; null if all are 1. Where a weight is 0 the
   *     loss does not count, whatever it is
   * @return this
   */
  public LossSummary add(Tensor losses, Tensor weights) {
    TensorChecks.floating("losses", losses);
    if (weights != null) {
      TensorChecks.floating("weights", weights);
      TensorChecks.sameShape("weights", weights, "losses", losses);
    }
    float[] values = losses.toFloatArray();
    if (weights == null) {
      sum.add(values);
      this.weights.add(values.length);
      count += values.length;
      return this;
    }
    float[] factors = weights.toFloatArray();
    for (int i = 0; i < values.length; i++) {
      add(values[i], factors[i]);
    }
    return this;
  }

  /**
   * Adds one loss.
   *
   * @param loss any float, not multiplied by its weight
   * @param weight the weight of the loss; with 0 it does not count at all
   * @return this
   */
  public LossSummary add(float loss, float weight) {
    if (weight != 0) {
      addProduct((double) loss * weight, weight);
    }
    return this;
  }

  /** Adds a loss that was multiplied by its weight, which may be 0. */
  void addProduct(double product, double weight) {
    sum.add(product);
    weights.add(weight);
    count++;
  }

  /**
   * Adds the losses of another summary, which does not change.
   *
   * @return this
   */
  public LossSummary merge(LossSummary other) {
    Checks.given("other", other);
    sum.add(other.sum);
    weights.add(other.weights);
    count += other.count;
    return this;
  }

  /** Returns how many losses count. */
  public long count() {
    return count;
  }

  /**
   * Returns the sum of the losses times their weights, to the nearest double; 0 if there are none.
   */
  public double sum() {
    return sum.value();
  }

  /**
   * Returns the sum of the weights, to the nearest double; it is the count where no weights were
   * given.
   */
  public double weightSum() {
    return weights.value();
  }

  /**
   * Returns the exact sum divided by the exact sum of the weights, to the nearest double. NaN if
   * the weights add up to 0, as those of no losses do, or to no finite number.
   */
  public double mean() {
    return sum.over(weights);
  }

  /** Returns the exponential of {@link #mean()}, within 1 ULP. */
  public double perplexity() {
    return StrictMath.exp(mean()); // Math.exp may differ from machine to machine.
  }

  /** Returns whether both have the same exact sums and counts. */
  @Override
  public boolean equals(Object other) {
    return other instanceof LossSummary that
        && count == that.count
        && sum.equals(that.sum)
        && weights.equals(that.weights);
  }

  @Override
  public int hashCode() {
    return 31 * sum.hashCode() + Long.hashCode(count);
  }

  @Override
  public String toString() {
    return "LossSummary(count=" + count + ", mean=" + mean() + ")";
  }
}
