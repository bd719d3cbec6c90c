package io.github.fusedloss;

import java.util.Arrays;

/** The raw bits of results, to be compared. */
public final class Bits {
  private int[] bits = new int[64];
  private int size;

  /** All that a result holds; closes it. */
  public static int[] of(LossResult result) {
    Bits bits = new Bits();
    bits.add(result);
    return bits.all();
  }

  /** All elements; closes the tensor. */
  static int[] of(Tensor tensor) {
    Bits bits = new Bits();
    bits.add(tensor);
    return bits.all();
  }

  /** Returns the bits of floats. */
  public static int[] of(float... values) {
    Bits bits = new Bits();
    bits.add(values);
    return bits.all();
  }

  /** All that a result holds; closes it. */
  void add(LossResult result) {
    try (result) {
      if (result.reduction() == Reduction.NONE) {
        add(result.losses().toFloatArray());
      } else {
        add(result.loss());
      }
      add(result.sum());
      add(result.weightSum());
      add(result.zLossSum());
      add((int) result.count());
      if (result.hasGradient()) {
        add(result.gradient().toFloatArray());
      }
      if (result.hasHessian()) {
        add(result.hessian().toFloatArray());
      }
      for (Output output : Output.values()) {
        if (result.hasOutput(output)) {
          addNumbers(result.output(output));
        }
      }
    }
  }

  private void addNumbers(Tensor tensor) {
    if (tensor.type().isFloating()) {
      add(tensor.toFloatArray());
    } else {
      for (long v : tensor.toLongArray()) {
        add((int) v);
      }
    }
  }

  /** All elements; closes the tensor. */
  void add(Tensor tensor) {
    add(tensor.toFloatArray());
    tensor.close();
  }

  void add(float... values) {
    for (float v : values) {
      add(Float.floatToRawIntBits(v));
    }
  }

  private void add(double value) {
    long word = Double.doubleToRawLongBits(value);
    add((int) word);
    add((int) (word >>> 32));
  }

  private void add(int word) {
    if (size == bits.length) {
      bits = Arrays.copyOf(bits, 2 * size);
    }
    bits[size++] = word;
  }

  int[] all() {
    return Arrays.copyOf(bits, size);
  }
}
