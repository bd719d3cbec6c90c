package io.github.fusedloss.opencl;

import io.github.fusedloss.Output;
import io.github.fusedloss.backend.Curvature;
import io.github.fusedloss.backend.Memory;
import io.github.fusedloss.backend.Results;
import io.github.fusedloss.backend.RowShape;
import java.util.EnumMap;
import java.util.Map;

/**
 * Rows at to at + count of a larger problem: whole items of the batch, or rows of one item, as
 * {@link Pieces#rows} cuts them.
 */
record RowSlice(long at, long count, RowShape whole) {
  private boolean items() {
    return at % whole.inner() == 0 && count % whole.inner() == 0;
  }

  /** Returns how the piece consists of rows. */
  RowShape shape() {
    return items()
        ? new RowShape(count / whole.inner(), whole.classes(), whole.inner())
        : new RowShape(1, whole.classes(), count);
  }

  /** Returns the part of an operand with one value for each row; null if it is null. */
  Memory rows(Memory memory) {
    return Slice.of(memory, at, count);
  }

  /** Returns the part of the extras that few calls ask for. */
  Results.Extras extras(Results.Extras all) {
    if (all == Results.Extras.NONE) {
      return all;
    }
    Map<Output, Memory> rows = new EnumMap<>(Output.class);
    all.rows().forEach((output, memory) -> rows.put(output, rows(memory)));
    return new Results.Extras(curvature(all.hessian()), rows);
  }

  /** Returns the part of an operand with one value for each element; null if it is null. */
  Memory elements(Memory memory) {
    boolean all = memory == null || items() && count * whole.classes() == memory.length();
    return all ? memory : apart(memory);
  }

  private Curvature curvature(Curvature hessian) {
    return hessian == null ? null : hessian.in(elements(hessian.to()));
  }

  /**
   * Returns the part of an operand with one value for each element, in a buffer of its own in any
   * case.
   */
  Memory apart(Memory memory) {
    int classes = whole.classes();
    long inner = whole.inner();
    return items()
        ? Slice.apart(memory, at * classes, count * classes)
        : Slice.strided(memory, at / inner * inner * classes + at % inner, count, inner, classes);
  }
}
