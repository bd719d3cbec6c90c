package io.github.fusedloss.onnxruntime;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Writes models as ONNX files: the few fields of the protocol buffers in onnx.proto that they need.
 * Numbers of fields and types are those of that file.
 */
final class TinyOnnx {
  static final int FLOAT = 1;
  static final int BOOL = 9;
  static final int FLOAT16 = 10;
  static final int BFLOAT16 = 16;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /**
   * Logits {@code x * w + b}; those of the rows where the second input is true, if there is one.
   *
   * @param type of the logits
   */
  static byte[] linear(float[] w, float[] b, int features, int classes, int type, boolean chosen) {
    TinyOnnx graph =
        new TinyOnnx()
            .add(1, node("MatMul", "product", "x", "w"))
            .add(1, node("Add", "all", "product", "b"));
    String last = "all";
    if (chosen) {
      graph.add(1, node("Compress", "some", last, "keep").add(5, attribute("axis", 0)));
      last = "some";
    }
    graph.add(1, node("Cast", "logits", last).add(5, attribute("to", type)));
    graph
        .add(2, "linear")
        .add(5, tensor("w", w, features, classes))
        .add(5, tensor("b", b, classes))
        .add(11, value("x", FLOAT, "n", features));
    if (chosen) {
      graph.add(11, value("keep", BOOL, "n", -1));
    }
    graph.add(12, value("logits", type, chosen ? "some" : "n", classes));
    TinyOnnx opset = new TinyOnnx().add(1, "").add(2, 17);
    return new TinyOnnx().add(1, 8).add(8, opset).add(7, graph).out.toByteArray();
  }

  private static TinyOnnx node(String operator, String output, String... inputs) {
    TinyOnnx node = new TinyOnnx();
    for (String input : inputs) {
      node.add(1, input);
    }
    return node.add(2, output).add(3, output).add(4, operator);
  }

  private static TinyOnnx attribute(String name, long value) {
    return new TinyOnnx().add(1, name).add(3, value).add(20, 2);
  }

  private static TinyOnnx tensor(String name, float[] values, long... shape) {
    TinyOnnx tensor = new TinyOnnx();
    for (long dimension : shape) {
      tensor.add(1, dimension);
    }
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return tensor.add(2, FLOAT).add(8, name).add(9, bytes.array());
  }

  /** Describes a tensor of shape (rows, width), or (rows) if width is negative. */
  private static TinyOnnx value(String name, int type, String rows, long width) {
    TinyOnnx shape = new TinyOnnx().add(1, new TinyOnnx().add(2, rows));
    if (width >= 0) {
      shape.add(1, new TinyOnnx().add(1, width));
    }
    TinyOnnx tensor = new TinyOnnx().add(1, type).add(2, shape);
    return new TinyOnnx().add(1, name).add(2, new TinyOnnx().add(1, tensor));
  }

  private TinyOnnx varint(long value) {
    long left = value;
    while ((left & ~0x7fL) != 0) {
      out.write((int) (left & 0x7f | 0x80));
      left >>>= 7;
    }
    out.write((int) left);
    return this;
  }

  private TinyOnnx add(int field, long value) {
    return varint((long) field << 3).varint(value);
  }

  private TinyOnnx add(int field, byte[] value) {
    varint((long) field << 3 | 2).varint(value.length);
    out.writeBytes(value);
    return this;
  }

  private TinyOnnx add(int field, String value) {
    return add(field, value.getBytes(StandardCharsets.UTF_8));
  }

  private TinyOnnx add(int field, TinyOnnx value) {
    return add(field, value.out.toByteArray());
  }
}
