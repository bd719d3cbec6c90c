package io.github.fusedloss;

import io.github.fusedloss.backend.HostMemory;
import java.io.Serializable;
import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * A weight that an option holds. It is compared by shape and values if it is on the host, and by
 * identity on a device, from where it would have to be copied. What is written to a stream are its
 * values in any case, and what is read is on the host.
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

  @Override
  public boolean equals(Object other) {
    return other instanceof Weight w
        && (tensor == w.tensor
            || !tensor.isOnDevice()
                && !w.tensor.isOnDevice()
                && Arrays.equals(tensor.dimensions(), w.tensor.dimensions())
                && sameBits((HostMemory) tensor.memory(), (HostMemory) w.tensor.memory()));
  }

  @Override
  public int hashCode() {
    if (tensor.isOnDevice()) {
      return System.identityHashCode(tensor);
    }
    int[] hash = {Arrays.hashCode(tensor.dimensions())};
    HostMemory memory = (HostMemory) tensor.memory();
    memory.runs(
        0,
        memory.length(),
        (segment, at, length, done) -> {
          FloatBuffer values = segment.floats(at, length);
          while (values.hasRemaining()) {
            hash[0] = 31 * hash[0] + Float.floatToRawIntBits(values.get());
          }
        });
    return hash[0];
  }

  /** Of memory of the same length, in whatever segments. */
  private static boolean sameBits(HostMemory a, HostMemory b) {
    boolean[] same = {true};
    a.runs(
        0,
        a.length(),
        (segment, at, length, done) ->
            b.runs(
                done,
                length,
                (other, otherAt, n, before) ->
                    same[0] &=
                        sameBits(segment.floats(at + (int) before, n), other.floats(otherAt, n))));
    return same[0];
  }

  private static boolean sameBits(FloatBuffer a, FloatBuffer b) {
    boolean same = true;
    while (same && a.hasRemaining()) {
      same = Float.floatToRawIntBits(a.get()) == Float.floatToRawIntBits(b.get());
    }
    return same;
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
