package io.github.fusedloss.cpu;

/**
 * The rows of a task and how they are worked at.
 *
 * @param result of the input's layout; or null
 * @param hessian of the input's layout; or null
 * @param keep whether the results are made of the exponentials
 */
record RowOperands(
    RowLayout layout,
    Floats input,
    Floats result,
    Floats hessian,
    boolean keep,
    BlockKernels kernels) {}
