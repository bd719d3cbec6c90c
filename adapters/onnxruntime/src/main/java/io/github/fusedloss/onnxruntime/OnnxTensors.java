package io.github.fusedloss.onnxruntime;

import ai.onnxruntime.OnnxTensor;
import io.github.fusedloss.ElementType;
import io.github.fusedloss.Tensor;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;
import java.util.List;

/** Tensors of ONNX Runtime as tensors of FusedLoss. */
public final class OnnxTensors {
  private OnnxTensors() {}

  /** Returns a tensor of the same shape, see {@link #tensor(OnnxTensor, long...)}. */
  public static Tensor tensor(OnnxTensor tensor) {
    return tensor(tensor, tensor.getInfo().getShape());
  }

  /**
   * Returns a tensor with the same elements in another shape, for example (N * T, V) instead of (N,
   * T, V).
   *
   * <p>Nothing is copied if the tensor was made from a Java buffer: one of the caller's that is
   * direct and has no more elements than the tensor (give a {@code slice()} of a larger one), or
   * the one that ONNX Runtime makes itself for heap buffers and arrays. What it allocated natively
   * is copied, as it lends that to nobody: the outputs of {@code session.run}, unless the caller
   * gave it the tensors for them. What is returned may be used after the other is closed.
   *
   * @param tensor float32, float16, bfloat16, int64, int32, int8, uint8 or bool
   * @param shape with as many elements
   * @throws IllegalArgumentException if the tensor is of another type, or the shape does not fit
   */
  public static Tensor tensor(OnnxTensor tensor, long... shape) {
    Buffer lent = lent(tensor);
    return switch (tensor.getInfo().type) {
      case FLOAT -> Tensor.of(lent instanceof FloatBuffer b ? b : tensor.getFloatBuffer(), shape);
      case FLOAT16 -> Tensor.of(ElementType.FLOAT16, List.of(shorts(tensor, lent)), shape);
      case BFLOAT16 -> Tensor.of(ElementType.BFLOAT16, List.of(shorts(tensor, lent)), shape);
      case INT64 -> Tensor.of(lent instanceof LongBuffer b ? b : tensor.getLongBuffer(), shape);
      case INT32 -> Tensor.of(lent instanceof IntBuffer b ? b : tensor.getIntBuffer(), shape);
      case INT8 -> Tensor.of(ElementType.INT8, bytes(tensor), shape);
      case UINT8 -> Tensor.of(ElementType.UINT8, bytes(tensor), shape);
      case BOOL -> Tensor.of(truths(bytes(tensor)), shape);
      default ->
          throw new IllegalArgumentException(
              "tensor must be float32, float16, bfloat16, int64, int32, int8, uint8 or bool, got "
                  + tensor.getInfo().type
                  + ": add a Cast to the model, or convert it");
    };
  }

  private static ShortBuffer shorts(OnnxTensor tensor, Buffer lent) {
    return lent instanceof ShortBuffer b ? b : tensor.getShortBuffer();
  }

  /** The tensor's memory with all of its elements, or null if it cannot be used in place. */
  private static Buffer lent(OnnxTensor tensor) {
    Buffer buffer = buffer(tensor);
    long elements = tensor.getInfo().getNumElements();
    if (buffer instanceof ByteBuffer bytes) {
      // ONNX Runtime reads native order, whatever order the buffer is set to.
      ByteBuffer all = bytes.duplicate().clear().order(ByteOrder.nativeOrder());
      buffer =
          switch (tensor.getInfo().type) {
            case FLOAT -> all.asFloatBuffer();
            case FLOAT16, BFLOAT16 -> all.asShortBuffer();
            case INT64 -> all.asLongBuffer();
            case INT32 -> all.asIntBuffer();
            default -> null;
          };
    }
    // Where in a larger buffer the tensor began is not kept: its position may have changed since.
    return buffer == null || buffer.capacity() != elements || !isNative(buffer)
        ? null
        : buffer.duplicate().clear();
  }

  private static Buffer buffer(OnnxTensor tensor) {
    try {
      return tensor.getBufferRef().orElse(null);
    } catch (NullPointerException e) {
      // ONNX Runtime 1.22 throws it for a tensor that was not made from a buffer.
      return null;
    }
  }

  private static boolean isNative(Buffer buffer) {
    ByteOrder order =
        buffer instanceof FloatBuffer f
            ? f.order()
            : buffer instanceof ShortBuffer s
                ? s.order()
                : buffer instanceof LongBuffer l
                    ? l.order()
                    : buffer instanceof IntBuffer i ? i.order() : null;
    return order == ByteOrder.nativeOrder();
  }

  private static byte[] bytes(OnnxTensor tensor) {
    ByteBuffer all = tensor.getByteBuffer();
    byte[] bytes = new byte[all.remaining()];
    all.get(bytes);
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
