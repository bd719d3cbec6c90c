package io.github.fusedloss;

import java.io.Serializable;
import java.util.Arrays;

/**
 * A weight that an option holds. It is compared by shape and values if it is on the host and fits
 * an array, else by identity. A stream gets its values in any case; what is read from it is on the
 * host.
 */
final class Weight implements Serializable {
  private static final long serialVersionUID = 1;

  private final transient Tensor tensor;

  Weight(Tensor tensor) {
    this.tensor = tensor;
  }

  Tensor tensor() {
    return tensor;
  }

  private boolean isByValue() {
    return !tensor.isOnDevice() && tensor.size() <= Integer.MAX_VALUE - 8;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Weight weight && (tensor == weight.tensor || hasValuesOf(weight));
  }

  private boolean hasValuesOf(Weight other) {
    return isByValue()
        && other.isByValue()
        && Arrays.equals(tensor.dimensions(), other.tensor.dimensions())
        && Arrays.equals(tensor.toFloatArray(), other.tensor.toFloatArray());
  }

  @Override
  public int hashCode() {
    return isByValue()
        ? 31 * Arrays.hashCode(tensor.dimensions()) + Arrays.hashCode(tensor.toFloatArray())
        : System.identityHashCode(tensor);
  }

  @Override
  public String toString() {
    return tensor.toString();
  }

  private Object writeReplace() {
    return new Written(tensor.toFloatArray(), tensor.shape());
  }

  private record Written(float[] values, long[] shape) implements Serializable {
    private Object readResolve() {
      return new Weight(Tensor.of(values, shape));
    }
  }
}
