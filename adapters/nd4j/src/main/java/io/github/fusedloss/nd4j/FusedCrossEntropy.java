package io.github.fusedloss.nd4j;

import io.github.fusedloss.CrossEntropy;
import io.github.fusedloss.Reduction;
import io.github.fusedloss.Target;
import io.github.fusedloss.Tensor;
import java.util.Arrays;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Cross entropy of the logits: in place of LossMCXENT, LossNegativeLogLikelihood and
 * LossSparseMCXENT with softmax, without their clipping.
 *
 * <p>Labels are probabilities (one-hot ones too) of the output's shape, or class indices of shape
 * (N, 1). A mask has one number for each example, which multiplies its loss; where it is 0 neither
 * output nor label count, not even NaN.
 */
public final class FusedCrossEntropy extends FusedLossFunction {
  private static final long serialVersionUID = 1;

  private final float labelSmoothing;

  /** Without weights and smoothing. */
  public FusedCrossEntropy() {
    this(null, 0);
  }

  /**
   * With both.
   *
   * @param weights one for each class, or null
   * @param labelSmoothing the share of the labels that is spread over all classes, in [0, 1]
   */
  @JsonCreator
  public FusedCrossEntropy(
      @JsonProperty("weights") INDArray weights,
      @JsonProperty("labelSmoothing") float labelSmoothing) {
    super(weights);
    this.labelSmoothing = CrossEntropy.DEFAULT.withLabelSmoothing(labelSmoothing).labelSmoothing();
  }

  /** The share of the labels that is spread over all classes. */
  public float labelSmoothing() {
    return labelSmoothing;
  }

  @Override
  Class<? extends IActivation> activation() {
    return ActivationSoftmax.class;
  }

  @Override
  Call call(INDArray labels, INDArray logits, INDArray mask, char order) {
    long n = logits.size(0);
    long c = logits.size(1);
    CrossEntropy loss =
        CrossEntropy.DEFAULT
            .withWeight(ofOutputs(weights(), "weights", c))
            .withLabelSmoothing(labelSmoothing)
            .withReduction(Reduction.SUM)
            .withClassAxis(order == 'c' ? 1 : 0);
    long[] shape = order == 'c' ? new long[] {n, c} : new long[] {c, n};
    Tensor input = Nd4jTensors.around(logits, shape);
    if (labels.rank() == 2 && labels.size(0) == n && labels.size(1) == 1 && c > 1) {
      Target target = Target.of(Tensor.of(classes(labels), n)).rowWeights(examples(mask, n));
      return new Call(loss, input, target, order, logits);
    }
    requireShape(labels, logits);
    INDArray dense = Nd4jTensors.dense(labels, order);
    Target target = Target.of(Nd4jTensors.around(dense, shape)).rowWeights(examples(mask, n));
    return new Call(loss, input, target, order, logits, dense);
  }

  private static int[] classes(INDArray labels) {
    double[] values = labels.castTo(DataType.DOUBLE).ravel().toDoubleVector();
    int[] classes = new int[values.length];
    for (int i = 0; i < classes.length; i++) {
      classes[i] = (int) values[i];
      if (classes[i] != values[i]) {
        throw new IllegalArgumentException(
            "labels must be class indices where they have one column, got "
                + values[i]
                + " in example "
                + i);
      }
    }
    return classes;
  }

  private static Tensor examples(INDArray mask, long n) {
    if (mask == null) {
      return null;
    }
    if (mask.length() != n) {
      throw new IllegalArgumentException(
          "mask must have one element per example, "
              + n
              + ", with softmax, got shape "
              + Arrays.toString(mask.shape()));
    }
    return Tensor.of(mask.castTo(DataType.FLOAT).ravel().toFloatVector(), n);
  }

  @Override
  public boolean equals(Object other) {
    return super.equals(other) && ((FusedCrossEntropy) other).labelSmoothing == labelSmoothing;
  }

  @Override
  public int hashCode() {
    return super.hashCode() * 31 + Float.hashCode(labelSmoothing);
  }

  @Override
  public String toString() {
    return "FusedCrossEntropy(weights=" + weights() + ", labelSmoothing=" + labelSmoothing + ")";
  }
}
