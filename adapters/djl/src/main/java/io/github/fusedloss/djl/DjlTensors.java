package io.github.fusedloss.djl;

import ai.djl.ndarray.NDArray;
import io.github.fusedloss.ElementType;
import io.github.fusedloss.Tensor;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** NDArrays as tensors. */
public final class DjlTensors {
  private DjlTensors() {}

  /** Returns a tensor of the array's shape, see {@link #tensor(NDArray, long...)}. */
  public static Tensor tensor(NDArray array) {
    return tensor(array, array.getShape().getShape());
  }

  /**
   * Returns a tensor with the array's elements in another shape.
   *
   * <p>Floating-point numbers, int64 and int32 are used where they lie if the engine lends its
   * memory, as PyTorch does on the CPU for arrays without gaps. The tensor does not keep that
   * memory alive: keep the array reachable, and its manager open, until the last use.
   *
   * @param array float32, float16, int64, int32, int8, uint8 or bool
   * @throws IllegalArgumentException if it is of another type, or the shape does not fit
   */
  public static Tensor tensor(NDArray array, long... shape) {
    return switch (array.getDataType()) {
      case FLOAT32 -> Tensor.of(memory(array).asFloatBuffer(), shape);
      case FLOAT16 -> Tensor.of(ElementType.FLOAT16, List.of(memory(array).asShortBuffer()), shape);
      case INT64 -> Tensor.of(memory(array).asLongBuffer(), shape);
      case INT32 -> Tensor.of(memory(array).asIntBuffer(), shape);
      case INT8 -> Tensor.of(ElementType.INT8, bytes(array), shape);
      case UINT8 -> Tensor.of(ElementType.UINT8, bytes(array), shape);
      case BOOLEAN -> Tensor.of(truths(bytes(array)), shape);
      default ->
          throw new IllegalArgumentException(
              "array must be float32, float16, int64, int32, int8, uint8 or bool, got "
                  + array.getDataType()
                  + ": convert it with toType");
    };
  }

  /** All elements, in the order of indices, as long as the array and its manager live. */
  static ByteBuffer memory(NDArray array) {
    return array.toByteBuffer(true).order(ByteOrder.nativeOrder());
  }

  private static byte[] bytes(NDArray array) {
    ByteBuffer all = memory(array);
    byte[] bytes = new byte[all.remaining()];
    all.get(bytes);
    Reference.reachabilityFence(array);
    return bytes;
  }

  private static boolean[] truths(byte[] bytes) {
    boolean[] truths = new boolean[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      truths[i] = bytes[i] != 0;
    }
    return truths;
  }
}
