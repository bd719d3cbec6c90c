package io.github.fusedloss.backend;

/**
 * How an input consists of rows of classes. Class c of row {@code n * inner + k} is element {@code
 * (n * classes + c) * inner + k}.
 *
 * @param batch N, the product of the dimensions before the classes
 * @param classes C, the length of a row
 * @param inner the product of the dimensions behind the classes
 */
public record RowShape(long batch, int classes, long inner) {
  /** Returns the number of rows. */
  public long rows() {
    return batch * inner;
  }
}
