package io.github.fusedloss.onnxruntime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import io.github.fusedloss.ElementType;
import io.github.fusedloss.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OnnxTensorsTest {
  private static final OrtEnvironment ENV = OrtEnvironment.getEnvironment();
  private static final float[] VALUES = {1, -2, 3.5f, 4, 0.25f, 6};

  private static ByteBuffer direct(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
  }

  @Test
  void directBufferIsNotCopied() throws OrtException {
    FloatBuffer memory = direct(24).asFloatBuffer().put(0, VALUES);
    try (OnnxTensor onnx = OnnxTensor.createTensor(ENV, memory, new long[] {2, 3})) {
      Tensor tensor = OnnxTensors.tensor(onnx);
      assertEquals("float32(2, 3)", tensor.toString());
      assertArrayEquals(VALUES, tensor.toFloatArray());
      memory.put(4, 7f);
      assertEquals(7f, tensor.toFloatArray()[4]);
      assertEquals("float32(6,)", OnnxTensors.tensor(onnx, 6).toString());
    }
  }

  @Test
  void heapBufferIsCopiedOnceByOnnxRuntimeAlone() throws OrtException {
    try (OnnxTensor onnx =
        OnnxTensor.createTensor(ENV, FloatBuffer.wrap(VALUES), new long[] {2, 3})) {
      Tensor one = OnnxTensors.tensor(onnx);
      Tensor two = OnnxTensors.tensor(onnx);
      assertArrayEquals(VALUES, one.toFloatArray());
      ((FloatBuffer) onnx.getBufferRef().orElseThrow()).put(0, 9f);
      assertEquals(9f, one.toFloatArray()[0]);
      assertEquals(9f, two.toFloatArray()[0]);
    }
  }

  @Test
  void partOfABuffer() throws OrtException {
    FloatBuffer memory = direct(40).asFloatBuffer().put(2, VALUES);
    memory.position(2).limit(8);
    try (OnnxTensor onnx = OnnxTensor.createTensor(ENV, memory, new long[] {2, 3})) {
      memory.clear(); // as a program may that goes on with its buffer
      assertArrayEquals(VALUES, OnnxTensors.tensor(onnx).toFloatArray());
    }
    FloatBuffer slice = memory.slice(2, 6);
    try (OnnxTensor onnx = OnnxTensor.createTensor(ENV, slice, new long[] {2, 3})) {
      Tensor tensor = OnnxTensors.tensor(onnx);
      memory.put(2, 5f);
      assertEquals(5f, tensor.toFloatArray()[0]);
    }
  }

  /** ONNX Runtime takes the bytes of a direct buffer as they are, whatever the view's order. */
  @Test
  void bufferOfTheOtherByteOrder() throws OrtException {
    ByteBuffer bytes = direct(24);
    bytes.asFloatBuffer().put(VALUES);
    FloatBuffer other =
        bytes
            .order(
                ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN
                    ? ByteOrder.LITTLE_ENDIAN
                    : ByteOrder.BIG_ENDIAN)
            .asFloatBuffer();
    try (OnnxTensor onnx = OnnxTensor.createTensor(ENV, other, new long[] {6})) {
      assertArrayEquals(VALUES, OnnxTensors.tensor(onnx).toFloatArray());
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT16", "BFLOAT16"})
  void sixteenBits(ElementType type) throws OrtException {
    OnnxJavaType onnxType = OnnxJavaType.valueOf(type.name());
    ByteBuffer bytes = direct(12);
    ShortBuffer memory = bytes.asShortBuffer();
    for (int i = 0; i < VALUES.length; i++) {
      memory.put(i, type.encode(VALUES[i]));
    }
    try (OnnxTensor onnx = OnnxTensor.createTensor(ENV, bytes, new long[] {2, 3}, onnxType)) {
      Tensor tensor = OnnxTensors.tensor(onnx);
      assertEquals(type, tensor.type());
      assertArrayEquals(VALUES, tensor.toFloatArray());
      assertEquals(FloatBuffer.wrap(tensor.toFloatArray()), onnx.getFloatBuffer());
      memory.put(5, type.encode(-8f));
      assertEquals(-8f, tensor.toFloatArray()[5]);
    }
  }

  @Test
  void bytesThatHoldFloats() throws OrtException {
    ByteBuffer bytes = direct(24);
    bytes.asFloatBuffer().put(VALUES);
    try (OnnxTensor onnx =
        OnnxTensor.createTensor(ENV, bytes, new long[] {3, 2}, OnnxJavaType.FLOAT)) {
      Tensor tensor = OnnxTensors.tensor(onnx);
      assertEquals("float32(3, 2)", tensor.toString());
      bytes.asFloatBuffer().put(0, 11f);
      assertEquals(11f, tensor.toFloatArray()[0]);
    }
  }

  @Test
  void labels() throws OrtException {
    LongBuffer memory = direct(16).asLongBuffer().put(0, new long[] {1, -100});
    try (OnnxTensor longs = OnnxTensor.createTensor(ENV, memory, new long[] {2});
        OnnxTensor ints =
            OnnxTensor.createTensor(ENV, IntBuffer.wrap(new int[] {3, 4}), new long[] {2});
        OnnxTensor bytes =
            OnnxTensor.createTensor(
                ENV,
                ByteBuffer.wrap(new byte[] {5, (byte) 200}),
                new long[] {2},
                OnnxJavaType.UINT8);
        OnnxTensor truths = OnnxTensor.createTensor(ENV, new boolean[] {true, false})) {
      Tensor tensor = OnnxTensors.tensor(longs);
      assertArrayEquals(new long[] {1, -100}, tensor.toLongArray());
      memory.put(1, 2);
      assertArrayEquals(new long[] {1, 2}, tensor.toLongArray());
      assertArrayEquals(new long[] {3, 4}, OnnxTensors.tensor(ints).toLongArray());
      assertArrayEquals(new long[] {5, 200}, OnnxTensors.tensor(bytes).toLongArray());
      assertEquals("bool(2,)", OnnxTensors.tensor(truths).toString());
      assertArrayEquals(new long[] {1, 0}, OnnxTensors.tensor(truths).toLongArray());
    }
  }

  @Test
  void refusesOtherTypesAndShapes() throws OrtException {
    try (OnnxTensor doubles =
            OnnxTensor.createTensor(ENV, DoubleBuffer.wrap(new double[] {1}), new long[] {1});
        OnnxTensor floats = OnnxTensor.createTensor(ENV, new float[] {1, 2})) {
      String message =
          assertThrows(IllegalArgumentException.class, () -> OnnxTensors.tensor(doubles))
              .getMessage();
      assertTrue(message.endsWith("got DOUBLE: add a Cast to the model, or convert it"), message);
      assertThrows(IllegalArgumentException.class, () -> OnnxTensors.tensor(floats, 3));
    }
  }
}
