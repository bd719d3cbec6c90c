package io.github.fusedloss.cpu;

/**
 * What rows of logits are compared with, one row at a time. Losses and gradients are made of
 * kernels/cross_entropy.cl, for each kind of target.
 */
abstract class RowTarget implements RowSource.Results {
  final BlockKernels kernels;
  final ClassWeights weights;

  /** Of the row whose gradient is being made. */
  SoftmaxRow row;

  long scale;

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

  /** Makes the exponentials the gradient, which is to be multiplied by s. */
  void gradient(RowSource rows, SoftmaxRow row, long s) {
    this.row = row;
    scale = s;
    rows.results(this);
  }
}
