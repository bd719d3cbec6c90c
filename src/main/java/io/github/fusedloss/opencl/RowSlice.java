package io.github.fusedloss.opencl;

import io.github.fusedloss.backend.Memory;

/**
 * Rows at to at + count of a larger problem: of whole items of the batch, or of one item, as {@link
 * Pieces#rows} cuts them.
 */
record RowSlice(long at, long count, int classes, long inner) {
  private boolean items() {
    return at % inner == 0 && count % inner == 0;
  }

  /** N of the piece. */
  long batch() {
    return items() ? count / inner : 1;
  }

  /** The piece's product of the dimensions behind the classes. */
  long width() {
    return items() ? inner : count;
  }

  /** What has one value for each row; null of null. */
  Memory rows(Memory memory) {
    return Slice.of(memory, at, count);
  }

  /** What has one value for each element; null of null. */
  Memory elements(Memory memory) {
    return memory == null || items() && count * classes == memory.length() ? memory : apart(memory);
  }

  /** The same, but a buffer of its own in any case. */
  Memory apart(Memory memory) {
    return items()
        ? Slice.apart(memory, at * classes, count * classes)
        : Slice.strided(memory, at / inner * inner * classes + at % inner, count, inner, classes);
  }
}
