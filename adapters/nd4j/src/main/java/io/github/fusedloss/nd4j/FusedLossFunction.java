package io.github.fusedloss.nd4j;

import io.github.fusedloss.FusedLoss;
import io.github.fusedloss.Loss;
import io.github.fusedloss.LossResult;
import io.github.fusedloss.Reduction;
import io.github.fusedloss.Target;
import io.github.fusedloss.Tensor;
import java.lang.ref.Reference;
import java.util.Arrays;
import java.util.Objects;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.serde.jackson.shaded.NDArrayTextDeSerializer;
import org.nd4j.serde.jackson.shaded.NDArrayTextSerializer;
import org.nd4j.shade.jackson.annotation.JsonAutoDetect;
import org.nd4j.shade.jackson.annotation.JsonInclude;
import org.nd4j.shade.jackson.databind.annotation.JsonDeserialize;
import org.nd4j.shade.jackson.databind.annotation.JsonSerialize;

/**
 * What the loss functions here share. As DL4J wants it, scores are the sum over the outputs of an
 * example, and the gradient is that of the sum over all examples.
 *
 * <p>Everything is computed in float32, whatever the arrays' type; gradients have that of the
 * output. One {@link FusedLoss} serves all networks of a JVM, opened at the first loss as the
 * system property {@code fusedloss.device} says, {@code auto} without it.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonAutoDetect(
    fieldVisibility = JsonAutoDetect.Visibility.ANY,
    getterVisibility = JsonAutoDetect.Visibility.NONE,
    isGetterVisibility = JsonAutoDetect.Visibility.NONE)
abstract class FusedLossFunction implements ILossFunction {
  private static final long serialVersionUID = 1;

  private static final class Shared {
    static final FusedLoss FUSED = FusedLoss.open(System.getProperty("fusedloss.device", "auto"));
  }

  @JsonSerialize(using = NDArrayTextSerializer.class)
  @JsonDeserialize(using = NDArrayTextDeSerializer.class)
  private final INDArray weights;

  /** Makes a loss whose outputs have these weights, or all 1 if null. */
  FusedLossFunction(INDArray weights) {
    this.weights = weights;
  }

  /** The weights of the outputs, or null. */
  public final INDArray weights() {
    return weights;
  }

  /**
   * One call: a loss with its operands. DL4J's logits often lie in f order; then tensors have the
   * outputs on their first axis and the examples on their second, so that nothing is copied.
   *
   * @param order c or f
   * @param alive the arrays whose memory the tensors are
   */
  record Call(Loss loss, Tensor input, Target target, char order, Object... alive) {}

  /** The activation that belongs to the loss. */
  abstract Class<? extends IActivation> activation();

  /**
   * A call for logits (N, C) that are dense in this order.
   *
   * @param mask of examples (N, 1) or of outputs (N, C), or null
   */
  abstract Call call(INDArray labels, INDArray logits, INDArray mask, char order);

  private Call call(INDArray labels, INDArray preOutput, IActivation activation, INDArray mask) {
    Class<? extends IActivation> own = activation();
    if (!own.isInstance(activation) && !Activations.isIdentity(activation)) {
      throw new IllegalArgumentException(
          "activation must be "
              + Activations.name(own)
              + ", whose gradient the loss contains, or identity, got "
              + activation);
    }
    if (preOutput.rank() != 2) {
      throw new IllegalArgumentException(
          "output must be a matrix of examples and outputs, got shape "
              + Arrays.toString(preOutput.shape()));
    }
    INDArray floats = preOutput.castTo(DataType.FLOAT);
    boolean f = !Nd4jTensors.isDense(floats, 'c') && Nd4jTensors.isDense(floats, 'f');
    char order = f ? 'f' : 'c';
    return call(labels, Nd4jTensors.dense(floats, order), mask, order);
  }

  @Override
  public final double computeScore(
      INDArray labels, INDArray preOutput, IActivation activation, INDArray mask, boolean average) {
    Call call = call(labels, preOutput, activation, mask);
    try (LossResult result = Shared.FUSED.forward(call.loss(), call.input(), call.target())) {
      return score(result, preOutput, average);
    } finally {
      Reference.reachabilityFence(call);
    }
  }

  @Override
  public final INDArray computeScoreArray(
      INDArray labels, INDArray preOutput, IActivation activation, INDArray mask) {
    Call call = call(labels, preOutput, activation, mask);
    Loss each = call.loss().withReduction(Reduction.NONE);
    try (LossResult result = Shared.FUSED.forward(each, call.input(), call.target())) {
      INDArray losses = Nd4j.createFromArray(result.losses().toFloatArray());
      long n = preOutput.size(0);
      INDArray scores =
          losses.length() == n
              ? losses.reshape(n, 1)
              : losses.reshape(call.order(), n, preOutput.size(1)).sum(true, 1);
      return scores.castTo(preOutput.dataType());
    } finally {
      Reference.reachabilityFence(call);
    }
  }

  @Override
  public final INDArray computeGradient(
      INDArray labels, INDArray preOutput, IActivation activation, INDArray mask) {
    return computeGradientAndScore(labels, preOutput, activation, mask, false).getSecond();
  }

  @Override
  public final Pair<Double, INDArray> computeGradientAndScore(
      INDArray labels, INDArray preOutput, IActivation activation, INDArray mask, boolean average) {
    Call call = call(labels, preOutput, activation, mask);
    INDArray gradient = Nd4j.createUninitialized(DataType.FLOAT, preOutput.shape(), call.order());
    Tensor into = Nd4jTensors.around(gradient, call.input().shape());
    try (LossResult result =
        Shared.FUSED.forwardAndGradient(call.loss(), call.input(), call.target(), into)) {
      return new Pair<>(score(result, preOutput, average), gradient.castTo(preOutput.dataType()));
    } finally {
      Reference.reachabilityFence(call);
      Reference.reachabilityFence(gradient);
    }
  }

  private static double score(LossResult result, INDArray preOutput, boolean average) {
    return average ? result.sum() / preOutput.size(0) : result.sum();
  }

  static void requireShape(INDArray labels, INDArray logits) {
    if (!labels.equalShapes(logits)) {
      throw new IllegalArgumentException(
          "labels must have the shape of the output, "
              + Arrays.toString(logits.shape())
              + ", got "
              + Arrays.toString(labels.shape()));
    }
  }

  /**
   * A tensor of one number for each output, or null.
   *
   * @param shape (C) or (C, 1)
   */
  static Tensor ofOutputs(INDArray vector, String name, long... shape) {
    if (vector == null) {
      return null;
    }
    if (vector.length() != shape[0]) {
      throw new IllegalArgumentException(
          name + " must have one element per output, " + shape[0] + ", got " + vector.length());
    }
    return Tensor.of(vector.castTo(DataType.FLOAT).toFloatVector(), shape);
  }

  @Override
  public boolean equals(Object other) {
    return other != null
        && other.getClass() == getClass()
        && Objects.equals(weights, ((FusedLossFunction) other).weights);
  }

  @Override
  public int hashCode() {
    return Objects.hash(getClass(), weights);
  }

  @Override
  public final String name() {
    return toString();
  }
}
