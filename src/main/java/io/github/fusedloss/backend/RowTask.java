package io.github.fusedloss.backend;

/** What the tasks of all functions over rows share. */
public interface RowTask {
  /** Returns how the input consists of rows; none of its dimensions is 0. */
  RowShape shape();

  /** Returns the number of rows. */
  default long rows() {
    return shape().rows();
  }

  /** Returns the length of a row. */
  default int classes() {
    return shape().classes();
  }

  /** Returns how far apart the elements of a row are. */
  default long inner() {
    return shape().inner();
  }
}
