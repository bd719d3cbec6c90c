package io.github.fusedloss;

import java.util.ArrayList;
import java.util.List;

/** The raw bits of results, to be compared. */
final class Bits {
  private final List<Integer> bits = new ArrayList<>();

  /** All that a result holds; closes it. */
  void add(LossResult result) {
    try (result) {
      if (result.reduction() == Reduction.NONE) {
        add(result.losses().toFloatArray());
      } else {
        add(result.loss());
      }
      long sum = Double.doubleToLongBits(result.sum());
      bits.add((int) sum);
      bits.add((int) (sum >>> 32));
      bits.add(Float.floatToRawIntBits((float) result.weightSum()));
      bits.add((int) result.count());
      if (result.hasGradient()) {
        add(result.gradient().toFloatArray());
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
      bits.add(Float.floatToRawIntBits(v));
    }
  }

  int[] all() {
    return bits.stream().mapToInt(Integer::intValue).toArray();
  }
}
