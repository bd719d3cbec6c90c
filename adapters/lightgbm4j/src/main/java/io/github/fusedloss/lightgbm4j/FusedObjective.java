package io.github.fusedloss.lightgbm4j;

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
import io.github.metarank.lightgbm4j.LGBMBooster;
import io.github.metarank.lightgbm4j.LGBMDataset;
import io.github.metarank.lightgbm4j.LGBMException;

/**
 * A loss as an objective of LightGBM: {@link #update} in the place of {@code
 * booster.updateOneIter()}.
 *
 * <p>Cross entropy gives what {@code multiclass} gives, binary cross entropy with logits what
 * {@code binary} gives ({@link Hessian#LIGHTGBM}), focal losses their second derivative, or 0 where
 * that is negative. Weights of the training data multiply both derivatives. Scores are rounded to
 * floats.
 */
public final class FusedObjective {
  private final FusedLoss fused;
  private final Loss loss;
  private final int rows;
  private final float[] labels;
  private final float[] weights;

  /**
   * Makes an objective of this loss on these data.
   *
   * @param fused stays open until the last update
   * @param loss one that {@link FusedLoss#forwardGradientAndHessian} takes: cross entropy, binary
   *     cross entropy with logits, or a focal loss. Its reduction, denominator and class axis are
   *     not used here
   * @param training what the booster is created with, labels and weights set, which are read here.
   *     Labels are the indices of the classes, or between 0 and 1 for the binary losses
   * @throws IllegalArgumentException if it is another loss, one of its options has no second
   *     derivative, or there are other labels
   */
  public FusedObjective(FusedLoss fused, Loss loss, LGBMDataset training) throws LGBMException {
    this.fused = fused;
    kind(loss).requireOf(loss);
    Loss sum = loss.withoutDenominator().withReduction(Reduction.SUM);
    this.loss = isOverClasses(sum) ? sum.with("class_axis", 1L) : sum;
    this.rows = training.getNumData();
    this.labels = training.getFieldFloat("label");
    float[] given = training.getFieldFloat("weight");
    this.weights = given.length == 0 ? null : given;
    boolean classes = isOverClasses(loss);
    for (int i = 0; i < labels.length; i++) {
      float label = labels[i];
      if (!(label >= 0 && (classes ? label == (int) label : label <= 1))) {
        throw new IllegalArgumentException(
            "labels must be "
                + (classes ? "the indices of the classes, from 0 on" : "between 0 and 1")
                + ", got "
                + label
                + " in row "
                + i);
      }
    }
  }

  /**
   * Adds a tree for each class, or one.
   *
   * @param booster created with {@code objective=none} and, for losses over classes, {@code
   *     num_class}
   * @return true if nothing can be split any more: the training is finished
   * @throws IllegalArgumentException if the booster was created with an objective or another number
   *     of classes
   */
  public boolean update(LGBMBooster booster) throws LGBMException {
    double[] scores = booster.getPredict(0);
    int classes = booster.getNumClasses();
    boolean binary = !isOverClasses(loss);
    if (binary ? classes != 1 : classes < 2) {
      throw new IllegalArgumentException(
          "booster must have num_class "
              + (binary ? "1" : "of at least 2")
              + " for "
              + loss.name()
              + ", got "
              + classes);
    }
    if (scores.length != (long) rows * classes) {
      throw new IllegalArgumentException(
          "booster must be created with the training data of this objective, "
              + rows
              + " rows, got "
              + scores.length / classes);
    }
    Hessian kind = kind(loss);
    try (LossResult result =
        fused.forwardGradientAndHessian(
            loss,
            binary ? Tensor.of(scores, rows) : Tensor.of(scores, 1, classes, rows),
            target(binary, classes),
            kind)) {
      float[] hessian = result.hessian().toFloatArray();
      for (int i = 0; kind == Hessian.EXACT && i < hessian.length; i++) {
        hessian[i] = Math.max(hessian[i], 0f); // trees are for convex losses
      }
      return booster.updateOneIterCustom(result.gradient().toFloatArray(), hessian);
    } catch (LGBMException e) {
      if (String.valueOf(e.getMessage()).contains("objective_function_ == nullptr")) {
        throw new IllegalArgumentException(
            "booster must be created with objective=none: its own objective is in the way", e);
      }
      throw e;
    }
  }

  private Target target(boolean binary, int classes) {
    long[] shape = binary ? new long[] {rows} : new long[] {1, rows};
    Tensor rowWeights = weights == null ? null : Tensor.of(weights, shape);
    if (binary) {
      return Target.of(Tensor.of(labels, shape)).rowWeights(rowWeights);
    }
    int[] indices = new int[rows];
    for (int i = 0; i < rows; i++) {
      indices[i] = (int) labels[i];
      if (indices[i] >= classes) {
        throw new IllegalArgumentException(
            "labels must be below num_class, " + classes + ", got " + labels[i] + " in row " + i);
      }
    }
    return Target.of(Tensor.of(indices, shape)).rowWeights(rowWeights);
  }

  private static Hessian kind(Loss loss) {
    boolean focal = loss instanceof SigmoidFocalLoss || loss instanceof SoftmaxFocalLoss;
    return focal ? Hessian.EXACT : Hessian.LIGHTGBM;
  }

  private static boolean isOverClasses(Loss loss) {
    return loss instanceof CrossEntropy || loss instanceof SoftmaxFocalLoss;
  }

  @Override
  public String toString() {
    return "FusedObjective(" + loss + ")";
  }
}
