package io.github.fusedloss.generator;

import java.util.List;

/** What an {@link Evaluator} computes with. */
interface Domain<V> {
  V constant(Type kind, int bits);

  V apply(Op op, List<V> arguments);

  /** The value of a constant mask or int, or null: only such can steer an {@code if}. */
  Integer known(V value);

  /** That the kernel calls a value so; of use to readers only. */
  void name(V value, String name);
}
