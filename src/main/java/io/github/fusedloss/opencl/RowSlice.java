package io.github.fusedloss.opencl;

import io.github.fusedloss.Output;
import io.github.fusedloss.backend.Curvature;
import io.github.fusedloss.backend.Memory;
import io.github.fusedloss.backend.Results;
import io.github.fusedloss.backend.RowShape;
import java.util.EnumMap;
import java.util.Map;

/**
 * Rows at to at + count of a larger problem: of whole items of the batch, or of one item, as {@link
 * Pieces#rows} cuts them.
 */
record RowSlice(long at, long count, RowShape whole) {
  private boolean items() {
    return at % whole.inner() == 0 && count % whole.inner() == 0;
  }

  /** How the piece consists of rows. */
  RowShape shape() {
    return items()
        ? new RowShape(count / whole.inner(), whole.classes(), whole.inner())
        : new RowShape(1, whole.classes(), count);
  }

  /** What has one value for each row; null of null. */
  Memory rows(Memory memory) {
    return Slice.of(memory, at, count);
  }

  /** What few ask for. */
  Results.Extras extras(Results.Extras all) {
    if (all == Results.Extras.NONE) {
      return all;
    }
    Map<Output, Memory> rows = new EnumMap<>(Output.class);
    all.rows().forEach((output, memory) -> rows.put(output, rows(memory)));
    return new Results.Extras(curvature(all.hessian()), rows);
  }

  /** What has one value for each element; null of null. */
  Memory elements(Memory memory) {
    boolean all = memory == null || items() && count * whole.classes() == memory.length();
    return all ? memory : apart(memory);
  }

  private Curvature curvature(Curvature hessian) {
    return hessian == null ? null : hessian.in(elements(hessian.to()));
  }

  /** The same, but a buffer of its own in any case. */
  Memory apart(Memory memory) {
    int classes = whole.classes();
    long inner = whole.inner();
    return items()
        ? Slice.apart(memory, at * classes, count * classes)
        : Slice.strided(memory, at / inner * inner * classes + at % inner, count, inner, classes);
  }
}
