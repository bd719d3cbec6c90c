package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.add;
import static io.github.fusedloss.cpu.ScalarMath.hi;
import static io.github.fusedloss.cpu.ScalarMath.multiply;

/**
 * What rows of logits are compared with, one row at a time. The gradient at class c is {@code s (A
 * p_c - b_c)}, at a maximum {@code s (A - b_c) - coefficient * others} (kernels/cross_entropy.cl).
 * Kinds of targets differ in A, in b_c and in the loss; these are what they say here.
 */
abstract class RowTarget implements RowSource.Results {
  final BlockKernels kernels;
  final ClassWeights weights;

  /** Of the row whose gradient is being made: s, A, and s A / total. */
  SoftmaxRow row;

  long scale;
  long all;
  float coefficient;

  RowTarget(BlockKernels kernels, ClassWeights weights) {
    this.kernels = kernels;
    this.weights = weights;
  }

  /** Goes to a row; false if that counts for nothing. */
  abstract boolean begin(long r, Scratch scratch);

  /** Reads it, the t-th of these, with all that its loss needs. */
  abstract SoftmaxRow read(RowSource rows, int t);

  /** Its loss, of a row that has one. */
  abstract long loss(SoftmaxRow row);

  /** A. */
  abstract long all(SoftmaxRow row);

  /** Makes the exponentials the gradient, which is to be multiplied by s. */
  void gradient(RowSource rows, SoftmaxRow row, long s) {
    this.row = row;
    scale = s;
    all = all(row);
    coefficient = ScalarMath.divide(multiply(all, s), row.total);
    rows.results(coefficient, this);
  }

  /** s A p_c of a maximum: all of s A less the others', which keeps its digits near p_c = 1. */
  final long likely() {
    return add(multiply(all, hi(scale)), multiply(row.others, -coefficient));
  }
}
