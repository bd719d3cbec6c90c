package io.github.fusedloss;

import io.github.fusedloss.backend.Logits;
import io.github.fusedloss.backend.Option;
import java.util.Objects;

/**
 * What is done to logits before a function of them is computed, in this order: a soft cap c, {@code
 * c * tanh(x / c)}; a temperature T, {@code x / T}; a bias for each class, {@code x + bias}.
 * Gradients are those with respect to the logits as they were given. Immutable: {@code withX}
 * returns a changed copy.
 *
 * <p>The transformed logits are floats, within 2 ULP of the exact ones before the bias is added.
 * What is promised of a function of logits holds for these floats. The derivative that gradients
 * are multiplied by is within 2 ULP.
 *
 * <p>Two are equal if all three parts are. Biases on the host are compared by shape and values, as
 * weights of losses are.
 */
@CheckReturnValue
public final class LogitTransform {
  /** Leaves logits unchanged. */
  public static final LogitTransform NONE = new LogitTransform(0f, 1f, null);

  private final float softcap;
  private final float temperature;
  private final Tensor bias;

  private LogitTransform(float softcap, float temperature, Tensor bias) {
    this.softcap = softcap;
    this.temperature = temperature;
    this.bias = bias;
  }

  /** Returns the transform that the options of a loss have. */
  static LogitTransform of(Options options) {
    return new LogitTransform(
        options.number(Option.SOFTCAP),
        options.number(Option.TEMPERATURE),
        options.tensor(Option.LOGIT_BIAS));
  }

  /** Returns the options with this transform in place of their own. */
  Options in(Options options) {
    Options changed = options.with(Option.SOFTCAP, softcap).with(Option.TEMPERATURE, temperature);
    // A loss without classes has no option for a bias.
    return bias == null && options.tensor(Option.LOGIT_BIAS) == null
        ? changed
        : changed.with(Option.LOGIT_BIAS, bias);
  }

  /** Describes the transform to an executor. */
  Logits logits() {
    return Logits.of(softcap, temperature, Tensor.memoryOf(bias));
  }

  /** Returns the soft cap, or 0 if there is none. */
  public float softcap() {
    return softcap;
  }

  /**
   * Returns a copy with this soft cap.
   *
   * @param softcap in [1e-6, 1e6], or 0 for none
   * @throws IllegalArgumentException if it is another
   */
  public LogitTransform withSoftcap(float softcap) {
    return new LogitTransform(Checks.number(Option.SOFTCAP, softcap), temperature, bias);
  }

  /** Returns the temperature. */
  public float temperature() {
    return temperature;
  }

  /**
   * Returns a copy with this temperature.
   *
   * @param temperature in [1e-6, 1e6]; 1 for none
   * @throws IllegalArgumentException if it is not in this range
   */
  public LogitTransform withTemperature(float temperature) {
    return new LogitTransform(softcap, Checks.number(Option.TEMPERATURE, temperature), bias);
  }

  /** Returns the bias, or null if there is none. */
  public Tensor bias() {
    return bias;
  }

  /**
   * Returns a copy with this bias, such as the logarithms of the classes' frequencies (logit
   * adjustment). -infinity leaves a class out.
   *
   * @param bias float32, (C); null for none
   */
  public LogitTransform withBias(Tensor bias) {
    return new LogitTransform(softcap, temperature, TensorChecks.weight("logitBias", bias));
  }

  private Weight weight() {
    return bias == null ? null : new Weight(bias);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof LogitTransform o
        && softcap == o.softcap
        && temperature == o.temperature
        && Objects.equals(weight(), o.weight());
  }

  @Override
  public int hashCode() {
    return Objects.hash(softcap, temperature, weight());
  }

  /** Returns text such as LogitTransform(softcap=30.0, temperature=1.0, bias=none). */
  @Override
  public String toString() {
    return "LogitTransform(softcap="
        + softcap
        + ", temperature="
        + temperature
        + ", bias="
        + (bias == null ? "none" : bias)
        + ")";
  }
}
