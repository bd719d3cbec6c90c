package io.github.fusedloss;

import io.github.fusedloss.backend.Function;
import java.util.EnumSet;
import java.util.Set;

/**
 * What a call computes for each row besides the losses: {@code forward(loss, input, target,
 * Outputs.of(Output.ENTROPY, Output.ARGMAX))}. Immutable.
 *
 * <p>It is computed in the same pass. {@link LossResult#output} gives one number for each row, of
 * the shape of the losses with reduction none; the tensors live where the input lives, and are
 * closed with the result. {@link CrossEntropy} and {@link SoftmaxFocalLoss} have outputs. Class
 * probabilities have no target class, so with them there is no {@link
 * Output#TARGET_LOG_PROBABILITY} and no {@link Output#RANK}.
 *
 * <p>All outputs are those of the logits as the loss uses them, after their {@link LogitTransform}.
 * Weights of classes and rows, label smoothing and the reduction do not change them. Rows that are
 * ignored, by ignore_index, a mask, or a row weight of 0, have 0, and -1 for classes and ranks,
 * whatever they hold. A row with NaN has NaN and -1. A row with +infinity, or nothing but
 * -infinity, has no probabilities, so that {@link Output#TARGET_LOG_PROBABILITY} and {@link
 * Output#ENTROPY} are NaN; its {@link Output#LSE} is that infinity, and class and rank are found as
 * in any other row.
 */
public final class Outputs {
  /** No outputs. */
  public static final Outputs NONE = new Outputs(EnumSet.noneOf(Output.class));

  private final Set<Output> wanted;

  private Outputs(EnumSet<Output> wanted) {
    this.wanted = wanted;
  }

  /**
   * Returns the outputs given.
   *
   * @throws IllegalArgumentException if there are none, or one is null or given twice
   */
  public static Outputs of(Output... outputs) {
    Checks.given("outputs", outputs);
    EnumSet<Output> wanted = EnumSet.noneOf(Output.class);
    for (Output output : outputs) {
      if (output == null || !wanted.add(output)) {
        throw new IllegalArgumentException(
            "outputs must be different ones, got " + (output == null ? "null" : output + " twice"));
      }
    }
    if (wanted.isEmpty()) {
      throw new IllegalArgumentException(
          "outputs must name one or more, got none: call without them where nothing is wanted");
    }
    return new Outputs(wanted);
  }

  /** Returns whether this output is wanted. */
  public boolean has(Output output) {
    return wanted.contains(output);
  }

  /** Throws if outputs are wanted of a loss that has none. */
  void checkHas(Function function) {
    boolean has = function == Function.CROSS_ENTROPY || function == Function.SOFTMAX_FOCAL_LOSS;
    if (!has && !wanted.isEmpty()) {
      throw new IllegalArgumentException(
          "outputs must not be asked of "
              + function.torchName()
              + ": only cross_entropy and softmax_focal_loss have them");
    }
  }

  /** Throws if an output is wanted that needs a target class, and there is none. */
  void checkMeets(Function function) {
    if (function.hasClassIndices()) {
      return; // Small calls should not make an iterator.
    }
    for (Output output : wanted) {
      if (output == Output.TARGET_LOG_PROBABILITY || output == Output.RANK) {
        throw new IllegalArgumentException(
            "target must be class indices for "
                + output
                + ", got class probabilities: there is no target class");
      }
    }
  }

  boolean isEmpty() {
    return wanted.isEmpty();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Outputs o && wanted.equals(o.wanted);
  }

  @Override
  public int hashCode() {
    return wanted.hashCode();
  }

  @Override
  public String toString() {
    return "Outputs" + wanted;
  }
}
