package io.github.fusedloss.generator;

import java.util.Arrays;
import java.util.List;

/** Computes functions of the kernels as they are written, for many arguments at once. */
public final class Interpreter implements Domain<int[]> {
  private final int n;

  /** Makes an interpreter of arrays; each holds the bits of n values. */
  public Interpreter(int n) {
    this.n = n;
  }

  @Override
  public int[] constant(Type kind, int bits) {
    int[] all = new int[n];
    Arrays.fill(all, bits);
    return all;
  }

  @Override
  public int[] apply(Op op, List<int[]> arguments) {
    int last = arguments.size() - 1;
    int[] a = arguments.get(0);
    int[] b = arguments.get(Math.min(1, last));
    int[] c = arguments.get(last);
    int[] to = new int[n];
    for (int i = 0; i < n; i++) {
      to[i] = op.evaluate(a[i], b[i], c[i]);
    }
    return to;
  }

  @Override
  public Integer known(int[] value) {
    int first = value[0];
    return Arrays.stream(value).allMatch(v -> v == first) ? first : null;
  }

  @Override
  public void name(int[] value, String name) {}
}
