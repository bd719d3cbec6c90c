package io.github.fusedloss.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.loss.Loss;
import io.github.fusedloss.FusedLoss;
import io.github.fusedloss.LossResult;
import io.github.fusedloss.Reduction;
import io.github.fusedloss.Tensor;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.util.stream.LongStream;

/**
 * A loss of FusedLoss as a loss of DJL. Value and gradient have the bits that FusedLoss gives.
 *
 * <p>Predictions are float32, float16 or float64. The loss is computed in float32: predictions are
 * converted first, and so is their gradient. Labels are what the loss takes; class indices may also
 * be floating-point numbers, and may keep the class axis with length 1, as is usual in DJL: (N, 1)
 * for predictions (N, C).
 *
 * <p>The engine differentiates what {@link #evaluate} returns. That is the loss plus a sum of
 * products whose value is 0 and whose derivative is our gradient.
 */
public final class FusedDjlLoss extends Loss {
  private final FusedLoss fused;
  private final io.github.fusedloss.Loss loss;

  /**
   * A loss named as in PyTorch.
   *
   * @param fused stays open as long as this is used
   * @param loss with any reduction but none; the class axis is 1 where it is not given, also where
   *     DJL's own loss takes the last
   */
  public FusedDjlLoss(FusedLoss fused, io.github.fusedloss.Loss loss) {
    this(loss.name(), fused, loss);
  }

  /** A loss with a name of the caller's, which tells it from others in listeners. */
  public FusedDjlLoss(String name, FusedLoss fused, io.github.fusedloss.Loss loss) {
    super(name);
    if (loss.reduction() == Reduction.NONE) {
      throw new IllegalArgumentException(
          "loss must have a reduction, since DJL wants one number, got " + loss);
    }
    this.fused = fused;
    this.loss = loss;
  }

  @Override
  public NDArray evaluate(NDList labels, NDList predictions) {
    NDArray label = labels.singletonOrThrow();
    NDArray prediction = predictions.singletonOrThrow();
    DataType type = prediction.getDataType();
    if (type != DataType.FLOAT32 && type != DataType.FLOAT16 && type != DataType.FLOAT64) {
      throw new IllegalArgumentException(
          "predictions must be float32, float16 or float64, got " + type);
    }
    NDManager manager = prediction.getManager();
    NDArray floats = prediction.toType(DataType.FLOAT32, false); // itself if it is that
    ByteBuffer bytes =
        ByteBuffer.allocateDirect(Math.toIntExact(4 * floats.size()))
            .order(ByteOrder.nativeOrder());
    Tensor input = DjlTensors.tensor(floats);
    Tensor into = Tensor.of(bytes.asFloatBuffer(), input.shape());
    // The engine does not tell whether anyone wants the gradient.
    try (LossResult result =
        fused.forwardAndGradient(loss, input, target(label, floats.getShape()), into)) {
      // Shares the memory, and keeps it as long as the manager is open.
      NDArray gradient = manager.create(bytes, floats.getShape(), DataType.FLOAT32);
      return zero(prediction, gradient.toType(type, false)).add(manager.create(result.loss()));
    } finally {
      Reference.reachabilityFence(floats);
      Reference.reachabilityFence(label);
    }
  }

  /** 0, with this gradient. */
  private static NDArray zero(NDArray prediction, NDArray gradient) {
    NDArray products = prediction.flatten().dot(gradient.flatten());
    if (Float.isFinite(products.toType(DataType.FLOAT32, false).getFloat())) {
      return products.sub(products.stopGradient());
    }
    // Infinite predictions whose gradient is 0, or a sum beyond the range of floats.
    NDArray used = NDArrays.where(gradient.eq(0), prediction.zerosLike(), prediction);
    return used.sub(used.stopGradient()).mul(gradient).sum();
  }

  private static Tensor target(NDArray label, Shape prediction) {
    if (label.getShape().equals(prediction)) {
      return DjlTensors.tensor(
          label.getDataType() == DataType.FLOAT64 ? label.toType(DataType.FLOAT32, true) : label);
    }
    long[] shape = withoutClassAxis(label.getShape(), prediction);
    return label.getDataType().isFloating()
        ? Tensor.of(indices(label), shape)
        : DjlTensors.tensor(label, shape);
  }

  /** The label's shape without the first dimension that is 1 where the prediction's is not. */
  private static long[] withoutClassAxis(Shape label, Shape prediction) {
    long[] shape = label.getShape();
    if (label.dimension() != prediction.dimension()) {
      return shape;
    }
    for (int i = 0; i < shape.length; i++) {
      if (shape[i] == 1 && prediction.get(i) != 1) {
        int axis = i;
        return LongStream.range(0, shape.length)
            .filter(d -> d != axis)
            .map(d -> shape[(int) d])
            .toArray();
      }
    }
    return shape;
  }

  private static long[] indices(NDArray label) {
    NDArray values = label.toType(DataType.FLOAT64, false);
    DoubleBuffer memory = DjlTensors.memory(values).asDoubleBuffer();
    long[] indices = new long[memory.remaining()];
    for (int i = 0; i < indices.length; i++) {
      indices[i] = (long) memory.get(i);
      if (indices[i] != memory.get(i)) {
        throw new IllegalArgumentException(
            "labels must be class indices, or of the predictions' shape, got "
                + memory.get(i)
                + " at position "
                + i);
      }
    }
    Reference.reachabilityFence(values);
    return indices;
  }
}
