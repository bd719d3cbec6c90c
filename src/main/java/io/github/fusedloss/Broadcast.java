package io.github.fusedloss;

import io.github.fusedloss.backend.HostMemory;
import io.github.fusedloss.backend.Memory;
import io.github.fusedloss.backend.Operand;

/**
 * A weight broadcast to an input's shape by NumPy's rules. Nearly every broadcast in use (a scalar,
 * one weight per element, per class or per row) is one run of values, each repeated so many times,
 * and the whole run repeated again. An {@link Operand} states these numbers; any other broadcast is
 * written out in full.
 */
final class Broadcast implements AutoCloseable {
  private static final Broadcast ABSENT = new Broadcast(null, null);

  private final Operand operand;
  private final Memory temporary;

  private Broadcast(Operand operand, Memory temporary) {
    this.operand = operand;
    this.temporary = temporary;
  }

  Operand operand() {
    return operand;
  }

  /** Throws unless the weight broadcasts to the input's shape. */
  static void check(String name, Tensor weight, Tensor input) {
    if (weight == null) {
      return;
    }
    long[] from = weight.dimensions();
    long[] to = input.dimensions();
    boolean fits = from.length <= to.length;
    for (int i = 0; fits && i < from.length; i++) {
      fits = from[i] == 1 || from[i] == to[to.length - from.length + i];
    }
    if (!fits) {
      throw new IllegalArgumentException(
          name
              + " must broadcast to the shape of the input, "
              + Shapes.text(to)
              + ", got "
              + Shapes.text(from)
              + Advice.broadcast(name, from, to));
    }
  }

  static Broadcast of(Call call, Tensor weight, Tensor input) {
    if (weight == null) {
      return ABSENT;
    }
    long[] to = input.dimensions();
    long[] from = new long[to.length];
    int lead = to.length - weight.rank();
    for (int i = 0; i < to.length; i++) {
      from[i] = i < lead ? 1 : weight.dimensions()[i - lead];
    }
    // From the right: dimensions of 1 repeat, then a run that matches, then again dimensions of 1.
    int i = to.length - 1;
    long repeat = 1;
    for (; i >= 0 && from[i] == 1; i--) {
      repeat *= to[i];
    }
    long period = 1;
    for (; i >= 0 && from[i] == to[i]; i--) {
      period *= to[i];
    }
    for (; i >= 0 && from[i] == 1; i--) {}
    if (i < 0) {
      return new Broadcast(new Operand(weight.memory(), repeat, period), null);
    }
    HostMemory expanded = HostMemory.of(expand(weight.toFloatArray(), from, to, input.size()));
    if (!input.isOnDevice()) {
      return new Broadcast(new Operand(expanded, 1, input.size()), null);
    }
    Memory memory = call.upload(expanded);
    try {
      return new Broadcast(new Operand(memory, 1, input.size()), memory);
    } catch (Throwable e) {
      memory.close();
      throw e;
    }
  }

  private static float[] expand(float[] weight, long[] from, long[] to, long size) {
    if (size > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          "a weight broadcast in this pattern is written out in full and "
              + size
              + " elements do not fit a Java array");
    }
    float[] values = new float[(int) size];
    long[] index = new long[to.length];
    for (int i = 0; i < values.length; i++) {
      long at = 0;
      for (int d = 0; d < to.length; d++) {
        at = at * from[d] + (from[d] == 1 ? 0 : index[d]);
      }
      values[i] = weight[(int) at];
      for (int d = to.length - 1; d >= 0 && ++index[d] == to[d]; d--) {
        index[d] = 0;
      }
    }
    return values;
  }

  @Override
  public void close() {
    if (temporary != null) {
      temporary.close();
    }
  }
}
