package io.github.fusedloss.benchmarks;

import io.github.fusedloss.ElementType;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * One thing to measure: a function, its options, a shape.
 *
 * @param shape of the input; the class axis is axis 1, or 0 if there is only one
 * @param dtype of the input, the gradient and targets that are no indices; losses and weights are
 *     float32
 * @param gradient forward and gradient together, or forward alone
 * @param quick part of the quick run, whose results stand in docs/speed.md
 */
record Work(
    Function function,
    Options options,
    long[] shape,
    ElementType dtype,
    boolean gradient,
    boolean quick) {

  /** What is computed, by PyTorch's name, and the file in kernels/ that computes it on a device. */
  enum Function {
    BINARY_CROSS_ENTROPY_WITH_LOGITS("sigmoid_bce.cl"),
    BINARY_CROSS_ENTROPY("bce.cl"),
    SIGMOID_FOCAL_LOSS("sigmoid_focal.cl"),
    KL_DIV("kl_div.cl"),
    CROSS_ENTROPY("cross_entropy.cl"),
    NLL_LOSS("nll.cl"),
    SOFTMAX("softmax.cl"),
    LOGSUMEXP("softmax.cl"),
    SUM("reduce.cl");

    final String kernel;

    Function(String kernel) {
      this.kernel = kernel;
    }

    /** Whether every element is a problem of its own; otherwise rows are. */
    boolean elementwise() {
      return isLoss() && !inTable().isOverRows();
    }

    boolean isLoss() {
      return inTable().isLoss();
    }

    /** The same function in the library's table. */
    io.github.fusedloss.backend.Function inTable() {
      return io.github.fusedloss.backend.Function.valueOf(name());
    }
  }

  /** Which of a loss's options are in use. */
  enum Options {
    /** Class indices; no weights. */
    NONE(""),
    /** Binary: a weight for every element and one pos_weight. */
    WEIGHTS("weights"),
    /** Class probabilities instead of indices. */
    PROBABILITIES("probabilities"),
    /** Class indices with label smoothing, class weights and every tenth row ignored. */
    SMOOTHING_WEIGHTS_IGNORE("smoothing, weights, ignore_index");

    final String text;

    Options(String text) {
      this.text = text;
    }
  }

  /** The JSON line's "benchmark". */
  String benchmark() {
    String name = function.name().toLowerCase();
    String with = options == Options.NONE ? "" : " (" + options.text + ")";
    return name + with + (function.isLoss() ? gradient ? " forward+gradient" : " forward" : "");
  }

  /** 1024x32768. */
  String shapeText() {
    return Arrays.stream(shape).mapToObj(Long::toString).collect(Collectors.joining("x"));
  }

  /** The JSON line's "dtype": f32, f16, bf16. */
  String dtypeText() {
    return dtype.name().toLowerCase().replace("loat", "");
  }

  /** Names the work among all: JMH's parameter. */
  String key() {
    String type = dtype.isSixteenBit() ? " " + dtypeText() : "";
    return benchmark() + " " + shapeText() + type;
  }

  int elements() {
    long n = 1;
    for (long d : shape) {
      n *= d;
    }
    return Math.toIntExact(n);
  }

  int batch() {
    return function.elementwise() ? elements() : shape.length == 1 ? 1 : (int) shape[0];
  }

  int classes() {
    return function.elementwise() ? 1 : (int) (shape.length == 1 ? shape[0] : shape[1]);
  }

  int inner() {
    return elements() / batch() / classes();
  }

  int rows() {
    return batch() * inner();
  }

  /** The shape of one value per row: class indices. */
  long[] rowShape() {
    if (shape.length == 1) {
      return new long[0];
    }
    long[] rows = new long[shape.length - 1];
    rows[0] = shape[0];
    System.arraycopy(shape, 2, rows, 1, rows.length - 1);
    return rows;
  }

  /**
   * The least that has to move: every operand read once, every result written once. Class indices
   * count 4 bytes, also where a library asks for 8.
   */
  long bytes() {
    long n = (long) dtype.bytes() * elements();
    long indices = 4L * rows();
    long write = gradient ? n : 0;
    return switch (function) {
      case BINARY_CROSS_ENTROPY_WITH_LOGITS, BINARY_CROSS_ENTROPY, SIGMOID_FOCAL_LOSS, KL_DIV ->
          2 * n + write + (options == Options.WEIGHTS ? 4L * elements() : 0);
      case CROSS_ENTROPY -> n + write + (options == Options.PROBABILITIES ? n : indices);
      // Only the target's log-probability is read.
      case NLL_LOSS -> 2 * indices + write;
      case SOFTMAX -> 2 * n;
      case LOGSUMEXP -> n + indices;
      case SUM -> n;
    };
  }

  /** Whether there is a floor: below, the price of a call is all there is to measure. */
  boolean movesMemory() {
    return bytes() >= 1 << 21;
  }

  @Override
  public String toString() {
    return key();
  }
}
