package io.github.fusedloss.generator;

import java.util.Arrays;

/** Computes functions of the kernels as they are written, for many arguments at once. */
public final class Interpreter implements Domain<int[]> {
  private final int n;

  /** For arrays of the bits of n values each. */
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
  public int[] apply(Op op, int[] a, int[] b, int[] c) {
    int[] to = new int[n];
    for (int i = 0; i < n; i++) {
      to[i] = op.evaluate(a[i], b == null ? 0 : b[i], c == null ? 0 : c[i]);
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
