package io.github.fusedloss.backend;

/** What all tasks over rows have. */
public interface RowTask {
  /** How the input consists of rows; none of its dimensions is 0. */
  RowShape shape();

  /** Number of rows. */
  default long rows() {
    return shape().rows();
  }

  /** Length of a row. */
  default int classes() {
    return shape().classes();
  }

  /** How far apart the elements of a row are. */
  default long inner() {
    return shape().inner();
  }
}
