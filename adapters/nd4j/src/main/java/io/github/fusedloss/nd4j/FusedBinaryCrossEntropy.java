package io.github.fusedloss.nd4j;

import io.github.fusedloss.BinaryCrossEntropyWithLogits;
import io.github.fusedloss.Reduction;
import io.github.fusedloss.Target;
import java.util.Arrays;
import java.util.Objects;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.serde.jackson.shaded.NDArrayTextDeSerializer;
import org.nd4j.serde.jackson.shaded.NDArrayTextSerializer;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;
import org.nd4j.shade.jackson.databind.annotation.JsonDeserialize;
import org.nd4j.shade.jackson.databind.annotation.JsonSerialize;

/**
 * Binary cross entropy of the logits: in place of LossBinaryXENT with sigmoid, without its
 * clipping.
 *
 * <p>Labels have the output's shape. A mask has one number for each example or for each output,
 * which multiplies the loss; where it is 0 neither output nor label count, not even NaN.
 */
public final class FusedBinaryCrossEntropy extends FusedLossFunction {
  private static final long serialVersionUID = 1;

  @JsonSerialize(using = NDArrayTextSerializer.class)
  @JsonDeserialize(using = NDArrayTextDeSerializer.class)
  private final INDArray posWeights;

  /** Without weights. */
  public FusedBinaryCrossEntropy() {
    this(null, null);
  }

  /**
   * With weights.
   *
   * @param weights one for each output, or null
   * @param posWeights the weight of each output's positive labels, or null
   */
  @JsonCreator
  public FusedBinaryCrossEntropy(
      @JsonProperty("weights") INDArray weights, @JsonProperty("posWeights") INDArray posWeights) {
    super(weights);
    this.posWeights = posWeights;
  }

  /** The weights of the outputs' positive labels, or null. */
  public INDArray posWeights() {
    return posWeights;
  }

  @Override
  Class<? extends IActivation> activation() {
    return ActivationSigmoid.class;
  }

  @Override
  Call call(INDArray labels, INDArray logits, INDArray mask, char order) {
    requireShape(labels, logits);
    long n = logits.size(0);
    long c = logits.size(1);
    long[] shape = order == 'c' ? new long[] {n, c} : new long[] {c, n};
    long[] outputs = order == 'c' ? new long[] {c} : new long[] {c, 1};
    BinaryCrossEntropyWithLogits loss =
        BinaryCrossEntropyWithLogits.DEFAULT
            .withWeight(ofOutputs(weights(), "weights", outputs))
            .withPosWeight(ofOutputs(posWeights, "posWeights", outputs))
            .withReduction(Reduction.SUM);
    INDArray target = Nd4jTensors.dense(labels, order);
    INDArray rows = mask == null ? null : elements(mask, n, c, order);
    return new Call(
        loss,
        Nd4jTensors.around(logits, shape),
        Target.of(Nd4jTensors.around(target, shape))
            .rowWeights(rows == null ? null : Nd4jTensors.around(rows, shape)),
        order,
        logits,
        target,
        rows);
  }

  /** The mask with one element for each output, dense in this order. */
  private static INDArray elements(INDArray mask, long n, long c, char order) {
    INDArray floats = mask.castTo(DataType.FLOAT);
    if (floats.length() == n * c) {
      return Nd4jTensors.dense(floats.reshape(n, c), order);
    }
    if (floats.length() != n) {
      throw new IllegalArgumentException(
          "mask must have one element per example, "
              + n
              + ", or per output, "
              + n * c
              + ", got shape "
              + Arrays.toString(mask.shape()));
    }
    return Nd4jTensors.dense(floats.reshape(n, 1).repeat(1, c), order);
  }

  @Override
  public boolean equals(Object other) {
    return super.equals(other)
        && Objects.equals(posWeights, ((FusedBinaryCrossEntropy) other).posWeights);
  }

  @Override
  public int hashCode() {
    return super.hashCode() * 31 + Objects.hashCode(posWeights);
  }

  @Override
  public String toString() {
    return "FusedBinaryCrossEntropy(weights=" + weights() + ", posWeights=" + posWeights + ")";
  }
}
