package io.github.fusedloss.cpu;

/**
 * The rows of a task and how they are worked at.
 *
 * @param result of the input's layout; or null
 * @param hessian of the input's layout; or null
 * @param keep whether the results are made of the exponentials
 * @param outputs what is wanted of each row besides; or null
 */
record RowOperands(
    RowLayout layout,
    Floats input,
    Floats result,
    Floats hessian,
    boolean keep,
    RowOutputs outputs,
    BlockKernels kernels) {
  /** Whether exponentials are to be seen, though the results are not made of them. */
  boolean needTerms() {
    return outputs != null && outputs.needTerms();
  }
}
