package io.github.fusedloss;

import io.github.fusedloss.backend.Function;
import io.github.fusedloss.backend.Option;

/**
 * How far a student's predictions are from a teacher's. It is the divergence between the softmaxes
 * of two tensors of logits along the class axis. The logits of both are divided by a temperature
 * first.
 *
 * <p>The input is the student's logits, (C), (N, C) or (N, C, d1, ...): float32, float16 or
 * bfloat16. The target is the teacher's logits, of the input's shape: float32, or of the input's
 * type. The gradient is that of the student's logits; the teacher has none.
 *
 * <p>With student s and teacher t as probabilities, {@link Divergence} says what is computed.
 * {@link Reduction#MEAN} divides by the number of rows that count, or by the sum of their row
 * weights ({@link Target}): for an input (N, C) it is what PyTorch's {@code kl_div} calls
 * batchmean. A row whose weight is 0 is ignored, whatever it holds.
 *
 * <p>The terms have a form that does not cancel, {@code t * (log(t) - log(s)) - t + s}: the loss
 * keeps its digits where student and teacher agree, is never below 0, and exactly 0 where their
 * logits are equal.
 *
 * <p>A class of probability 0 (its logit is -infinity) adds nothing where that probability is the
 * factor of its term. If a probability is 0 for the student alone, forward KL is infinite, and its
 * gradient is still {@code s - t}. If one is 0 for the teacher alone, reverse KL is infinite, and
 * the row's gradient is NaN, because there is none. A row with NaN or +infinity, or nothing but
 * -infinity, on either side has the loss and gradient NaN.
 *
 * <p>Formulas: Hinton et al., Distilling the Knowledge in a Neural Network, 2015; for the JSD and
 * its beta Agarwal et al., On-Policy Distillation of Language Models, 2023, as Liger Kernel has it.
 */
@CheckReturnValue
public final class Distillation extends TypedLoss<Distillation> {
  /** KL(teacher | student) with temperature 1 and reduction mean. */
  public static final Distillation FORWARD_KL =
      new Distillation(Options.defaults(Function.DISTILLATION));

  /** KL(student | teacher) with temperature 1 and reduction mean. */
  public static final Distillation REVERSE_KL = FORWARD_KL.withDivergence(Divergence.REVERSE_KL);

  /** The default options, which are those of {@link #FORWARD_KL}. */
  public static final Distillation DEFAULT = FORWARD_KL;

  private static final long serialVersionUID = 1;

  private Distillation(Options options) {
    super(options);
  }

  /**
   * Returns the generalised Jensen-Shannon divergence {@link Divergence#JSD} with temperature 1 and
   * reduction mean.
   *
   * @param beta the teacher's share of the mixture, in [0, 1]. As in Liger Kernel, 0 means forward
   *     KL and 1 reverse KL. These are not the limits of the formula, which are 0
   * @throws IllegalArgumentException if it is not in [0, 1]
   */
  public static Distillation jsd(float beta) {
    return FORWARD_KL.withDivergence(Divergence.JSD).withBeta(beta);
  }

  @Override
  Distillation with(Options options) {
    return new Distillation(options);
  }

  /** Returns how the distance is measured. */
  public Divergence divergence() {
    return (Divergence) options().choice(Option.DIVERGENCE);
  }

  /** Returns a copy with this divergence, and with beta at its default again. */
  public Distillation withDivergence(Divergence divergence) {
    return with(options().with(Option.DIVERGENCE, divergence));
  }

  /** Returns the teacher's share of the mixture of a {@link Divergence#JSD}. */
  public float beta() {
    return options().number(Option.BETA);
  }

  /**
   * Returns a copy with this share of the teacher in the mixture; only {@link Divergence#JSD} has
   * one.
   *
   * @param beta in [0, 1]; {@link #jsd} says what the ends mean
   * @throws IllegalArgumentException if it is not in [0, 1], or the divergence is another
   */
  public Distillation withBeta(float beta) {
    return with(options().with(Option.BETA, beta));
  }

  /** Returns the number that the logits of both are divided by. */
  public float temperature() {
    return options().number(Option.TEMPERATURE);
  }

  /**
   * Returns a copy that divides the logits of both by this number.
   *
   * @param temperature in [1e-6, 1e6]
   * @throws IllegalArgumentException if it is not in this range
   */
  public Distillation withTemperature(float temperature) {
    return with(options().with(Option.TEMPERATURE, temperature));
  }

  /** Returns whether the loss is multiplied by the square of the temperature. */
  public boolean temperatureSquared() {
    return options().flag(Option.TEMPERATURE_SQUARED);
  }

  /**
   * Returns a copy that multiplies loss and gradient by the square of the temperature, or does not,
   * which is the default. The factor keeps gradients as large as they are with temperature 1.
   */
  public Distillation withTemperatureSquared(boolean temperatureSquared) {
    return with(options().with(Option.TEMPERATURE_SQUARED, temperatureSquared));
  }

  /** Returns the axis of the input that holds the classes. */
  public int classAxis() {
    return (int) options().integer(Option.CLASS_AXIS);
  }

  /**
   * Returns a copy that has the classes on another axis, see {@link CrossEntropy#withClassAxis}.
   */
  public Distillation withClassAxis(int classAxis) {
    return with(options().with(Option.CLASS_AXIS, (long) classAxis));
  }
}
