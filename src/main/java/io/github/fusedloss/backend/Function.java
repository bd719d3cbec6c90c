package io.github.fusedloss.backend;

import io.github.fusedloss.Reduction;
import java.util.ArrayList;
import java.util.List;

/**
 * The table of functions: all that an executor computes. What differs from function to function is
 * found by these constants: the names that users see, {@code -D} features of kernels, the
 * known-answer probe, and which executor is faster.
 */
public enum Function {
  /** 1 / (1 + exp(-x)). */
  SIGMOID("sigmoid", Over.ELEMENTS),
  /** exp(x - logsumexp(x)). */
  SOFTMAX("softmax", Over.ROWS),
  /** x - logsumexp(x). */
  LOG_SOFTMAX("log_softmax", Over.ROWS),
  /** The logarithm of the sum of exp(x); one number for each row. */
  LOGSUMEXP("logsumexp", Over.ROWS),
  /** The sum of all elements. */
  SUM("sum", Over.ALL),
  /** The largest element. */
  MAX("max", Over.ALL),
  /** Binary cross entropy of probabilities. */
  BINARY_CROSS_ENTROPY("binary_cross_entropy", Over.ELEMENTS, Target.NUMBERS),
  /** Binary cross entropy of logits. */
  BINARY_CROSS_ENTROPY_WITH_LOGITS(
      "binary_cross_entropy_with_logits", Over.ELEMENTS, Target.NUMBERS),
  /** Focal loss of logits, for each element by itself. */
  SIGMOID_FOCAL_LOSS("sigmoid_focal_loss", Over.ELEMENTS, Target.NUMBERS),
  /** The terms of the Kullback-Leibler divergence; the input is log-probabilities. */
  KL_DIV("kl_div", Over.ELEMENTS, Target.NUMBERS),
  /** Cross entropy of logits and class indices. */
  CROSS_ENTROPY("cross_entropy", Over.ROWS, Target.INDICES),
  /** Cross entropy of logits and a probability for each class. */
  CROSS_ENTROPY_OF_PROBABILITIES("cross_entropy", Over.ROWS, Target.NUMBERS),
  /** Negative log likelihood of log-probabilities and class indices. */
  NLL_LOSS("nll_loss", Over.ROWS, Target.INDICES),
  /** Focal loss of logits and class indices. */
  SOFTMAX_FOCAL_LOSS("softmax_focal_loss", Over.ROWS, Target.INDICES),
  /** The divergence between the softmaxes of two tensors of logits. */
  DISTILLATION("distillation", Over.ROWS, Target.NUMBERS);

  private enum Over {
    ELEMENTS,
    ROWS,
    ALL
  }

  private enum Target {
    NONE,
    /** One number for each element of the input. */
    NUMBERS,
    /** One class index for each row. */
    INDICES
  }

  private final String torchName;
  private final Over over;
  private final Target target;

  Function(String torchName, Over over) {
    this(torchName, over, Target.NONE);
  }

  Function(String torchName, Over over, Target target) {
    this.torchName = torchName;
    this.over = over;
    this.target = target;
  }

  /** Returns PyTorch's name, such as {@code nll_loss}; both cross entropies have the same. */
  public String torchName() {
    return torchName;
  }

  /** Returns whether it is computed along the class axis. */
  public boolean isOverRows() {
    return over == Over.ROWS;
  }

  /** Returns whether it compares an input with a target, and has a gradient. */
  public boolean isLoss() {
    return target != Target.NONE;
  }

  /** Returns the reductions that its losses can have. */
  public List<Reduction> reductions() {
    List<Reduction> all = new ArrayList<>(List.of(Reduction.values()));
    if (this != KL_DIV) {
      all.remove(Reduction.BATCHMEAN);
    }
    return all;
  }

  /** Returns whether its target holds class indices. */
  public boolean hasClassIndices() {
    return target == Target.INDICES;
  }

  /** Returns whether the target of this function is the logits of a teacher. */
  public boolean hasTeacher() {
    return this == DISTILLATION;
  }

  /** Returns the loss of this name; for cross entropy, the one with class indices. */
  public static Function ofLoss(String torchName) {
    for (Function function : values()) {
      if (function.isLoss() && function.torchName.equals(torchName)) {
        return function;
      }
    }
    throw new IllegalArgumentException("no loss: " + torchName);
  }
}
