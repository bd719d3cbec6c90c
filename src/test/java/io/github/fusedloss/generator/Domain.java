package io.github.fusedloss.generator;

import java.util.List;

/** The values and operations that an {@link Evaluator} computes with. */
interface Domain<V> {
  V constant(Type kind, int bits);

  V apply(Op op, List<V> arguments);

  /** The value of a constant mask or int, or null: only such can steer an {@code if}. */
  Integer known(V value);

  /** Notes the kernel's name for a value; it only makes generated code easier to read. */
  void name(V value, String name);
}
