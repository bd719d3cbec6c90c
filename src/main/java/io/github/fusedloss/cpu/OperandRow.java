package io.github.fusedloss.cpu;

/**
 * One row of an operand, for work on one block of it after the other, or on several at a time.
 * Elements that are adjacent in an array are used where they are. Others are copied. A row of up to
 * {@code whole} elements is copied at once, to the scratch space of the thread that has the row. A
 * longer row is copied block by block, to the scratch space of the thread that has the block.
 */
final class OperandRow {
  // Null if the row is nothing but the array.
  private final Floats of;
  private final long first;
  private final long step;
  private final int length;
  private final Scratch.Slot slot;
  // Null if the row is copied block by block.
  private final float[] array;
  private final int at;

  private int watched = -1;
  private float value;

  private OperandRow(
      Floats of, long first, long step, int length, Scratch.Slot slot, float[] array, int at) {
    this.of = of;
    this.first = first;
    this.step = step;
    this.length = length;
    this.slot = slot;
    this.array = array;
    this.at = at;
  }

  /** Makes a row of the first elements of an array. */
  static OperandRow of(float[] values, int length) {
    return new OperandRow(null, 0, 1, length, null, values, 0);
  }

  /**
   * Makes a row to be written.
   *
   * @param first index of its first element
   * @param step from one element to the next
   * @param whole rows of up to so many elements are copied as a whole
   * @param slot the slot of the scratch space for a copy
   */
  static OperandRow result(
      Floats to, long first, long step, int length, int whole, Scratch scratch, Scratch.Slot slot) {
    boolean inPlace = to.inPlace() && step == 1;
    float[] array = inPlace ? to.result(length, scratch, slot) : room(length, whole, scratch, slot);
    return new OperandRow(to, first, step, length, slot, array, inPlace ? to.at(first) : 0);
  }

  private static float[] room(int length, int whole, Scratch scratch, Scratch.Slot slot) {
    return length <= whole ? scratch.floats(slot, length) : null;
  }

  /** Makes a row to be read; for the parameters see {@link #result}. */
  static OperandRow input(
      Floats from,
      long first,
      long step,
      int length,
      int whole,
      Scratch scratch,
      Scratch.Slot slot) {
    OperandRow row = result(from, first, step, length, whole, scratch, slot);
    if (row.copied()) {
      from.gather(first, step, length, row.array);
    }
    return row;
  }

  private boolean copied() {
    return of != null && array != null && !(of.inPlace() && step == 1);
  }

  /** Returns whether what is written to a block stays there for a second look. */
  boolean remembers() {
    return array != null;
  }

  /** Returns an array that has elements i to i + n, from {@link #at} on. */
  float[] block(int i, int n, Scratch scratch) {
    if (array != null) {
      return array;
    }
    float[] copy = scratch.floats(slot, n);
    of.gather(first + i * step, step, n, copy);
    return copy;
  }

  /**
   * Returns an array for n elements, to be written from {@link #at} on; {@link #written} must
   * follow.
   */
  float[] room(int n, Scratch scratch) {
    return array != null ? array : scratch.floats(slot, n);
  }

  /** Returns where element i is in the array of {@link #block} or {@link #room}. */
  int at(int i) {
    return array != null ? at + i : 0;
  }

  /** Says that the array of {@link #room} now holds elements i to i + n. */
  void written(int i, int n, float[] values) {
    if (array == null) {
      of.scatter(values, 0, n, first + i * step, step);
    }
  }

  /** Remembers this element for {@link #get}, whatever is written meanwhile. */
  void watch(int i) {
    watched = i;
    if (array == null) {
      value = of.get(first + i * step);
    }
  }

  /** Returns an element; if it is watched, as it was when {@link #watch} was called. */
  float get(int i) {
    if (array != null) {
      return array[at + i];
    }
    return watched == i ? value : of.get(first + i * step);
  }

  /** Ends the writing of the row. */
  void store() {
    if (copied()) {
      of.scatter(array, 0, length, first, step);
    }
  }
}
