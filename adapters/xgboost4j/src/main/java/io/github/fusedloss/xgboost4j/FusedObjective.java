package io.github.fusedloss.xgboost4j;

import io.github.fusedloss.CrossEntropy;
import io.github.fusedloss.FusedLoss;
import io.github.fusedloss.Hessian;
import io.github.fusedloss.Loss;
import io.github.fusedloss.LossResult;
import io.github.fusedloss.Reduction;
import io.github.fusedloss.SigmoidFocalLoss;
import io.github.fusedloss.SoftmaxFocalLoss;
import io.github.fusedloss.Target;
import io.github.fusedloss.Tensor;
import java.util.List;
import ml.dmlc.xgboost4j.java.DMatrix;
import ml.dmlc.xgboost4j.java.IObjective;
import ml.dmlc.xgboost4j.java.XGBoostError;

/**
 * A loss as an objective of XGBoost: for {@code XGBoost.train} or {@code Booster.update}.
 *
 * <p>Cross entropy gives what {@code multi:softprob} gives, binary cross entropy with logits what
 * {@code binary:logistic} gives ({@link Hessian#XGBOOST}), focal losses their second derivative, or
 * 0 where that is negative. Weights of the training data multiply both derivatives.
 *
 * <p>It can be serialized. One {@link FusedLoss} serves all objectives of a JVM, opened at the
 * first gradient as the system property {@code fusedloss.device} says, {@code auto} without it.
 */
public final class FusedObjective implements IObjective {
  private static final long serialVersionUID = 1;

  private static final class Shared {
    static final FusedLoss FUSED = FusedLoss.open(System.getProperty("fusedloss.device", "auto"));
  }

  private final Loss loss;

  /**
   * Makes an objective of this loss.
   *
   * @param loss one that {@link FusedLoss#forwardGradientAndHessian} takes: cross entropy, binary
   *     cross entropy with logits, or a focal loss. Its reduction, denominator and class axis are
   *     not used here
   * @throws IllegalArgumentException if it is another, or one of its options has no second
   *     derivative
   */
  public FusedObjective(Loss loss) {
    kind(loss).requireOf(loss);
    Loss sum = loss.withoutDenominator().withReduction(Reduction.SUM);
    this.loss = isOverClasses(sum) ? sum.with("class_axis", 1L) : sum;
  }

  /**
   * Gradient and second derivatives, row by row as XGBoost wants them.
   *
   * @param margins a row for each of the training data, of one margin for each class; for the
   *     binary losses of one for each label
   * @param training with labels, and with weights of the rows or without. Labels are the indices of
   *     the classes, or between 0 and 1 for the binary losses
   * @throws IllegalArgumentException if labels and margins do not fit
   */
  @Override
  public List<float[]> getGradient(float[][] margins, DMatrix training) {
    float[] labels;
    float[] weights;
    try {
      labels = training.getLabel();
      weights = training.getWeight();
    } catch (XGBoostError e) {
      throw new IllegalStateException("training data cannot be read: " + e.getMessage(), e);
    }
    int n = margins.length;
    int outputs = n == 0 ? 1 : margins[0].length;
    boolean classes = isOverClasses(loss);
    long[] rows = classes ? new long[] {n} : new long[] {n, outputs};
    Tensor target;
    if (classes) {
      requireLabels(labels, n, "one label per row");
      if (outputs == 1 && n > 0) {
        throw new IllegalArgumentException(
            "margins must be those of at least 2 classes for "
                + loss.name()
                + ", got 1 for each row: set num_class, and an objective such as multi:softprob");
      }
      target = Tensor.of(classes(labels, outputs), rows);
    } else {
      requireLabels(labels, (long) n * outputs, "one label per margin");
      requireProbabilities(labels);
      target = Tensor.of(labels, rows);
    }
    Tensor rowWeights =
        weights == null || weights.length == 0
            ? null
            : Tensor.of(classes ? weights : repeated(weights, outputs), rows);
    Hessian kind = kind(loss);
    try (LossResult result =
        Shared.FUSED.forwardGradientAndHessian(
            loss, Tensor.of(margins), Target.of(target).rowWeights(rowWeights), kind)) {
      float[] hessian = result.hessian().toFloatArray();
      for (int i = 0; kind == Hessian.EXACT && i < hessian.length; i++) {
        hessian[i] = Math.max(hessian[i], 0f); // trees are for convex losses
      }
      return List.of(result.gradient().toFloatArray(), hessian);
    }
  }

  private void requireLabels(float[] labels, long expected, String words) {
    if (labels.length != expected) {
      throw new IllegalArgumentException(
          "training data must have "
              + words
              + " for "
              + loss.name()
              + ", "
              + expected
              + ", got "
              + labels.length);
    }
  }

  private static int[] classes(float[] labels, int classes) {
    int[] indices = new int[labels.length];
    for (int i = 0; i < indices.length; i++) {
      indices[i] = (int) labels[i];
      if (!(labels[i] >= 0 && labels[i] < classes && indices[i] == labels[i])) {
        throw new IllegalArgumentException(
            "labels must be the indices of the classes, 0 to "
                + (classes - 1)
                + ", got "
                + labels[i]
                + " in row "
                + i);
      }
    }
    return indices;
  }

  private static void requireProbabilities(float[] labels) {
    for (int i = 0; i < labels.length; i++) {
      if (!(labels[i] >= 0 && labels[i] <= 1)) {
        throw new IllegalArgumentException(
            "labels must be between 0 and 1, got " + labels[i] + " at position " + i);
      }
    }
  }

  private static float[] repeated(float[] weights, int times) {
    if (times == 1) {
      return weights;
    }
    float[] all = new float[weights.length * times];
    for (int i = 0; i < all.length; i++) {
      all[i] = weights[i / times];
    }
    return all;
  }

  private static Hessian kind(Loss loss) {
    boolean focal = loss instanceof SigmoidFocalLoss || loss instanceof SoftmaxFocalLoss;
    return focal ? Hessian.EXACT : Hessian.XGBOOST;
  }

  private static boolean isOverClasses(Loss loss) {
    return loss instanceof CrossEntropy || loss instanceof SoftmaxFocalLoss;
  }

  @Override
  public String toString() {
    return "FusedObjective(" + loss + ")";
  }
}
