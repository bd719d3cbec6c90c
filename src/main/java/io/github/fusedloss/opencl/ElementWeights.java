package io.github.fusedloss.opencl;

import io.github.fusedloss.backend.BceTask;

/**
 * The row weights as kernels over elements take them.
 *
 * @param weights one weight for each element, or a mask
 * @param totals what they add up to, from targets.cl
 */
record ElementWeights(DeviceBuffer weights, DeviceBuffer totals) {
  /**
   * Adds up the row weights of one piece of a task; null if it has none. Does not wait for the
   * device.
   */
  static ElementWeights of(
      BceTask task, LossTotals totals, TargetsKernel kernel, CallBuffers operands) {
    if (task.rowWeights() == null) {
      return null;
    }
    TargetRows rows = TargetRows.of(task);
    TargetsKernel.Classes found = kernel.run(rows, operands, operands.none(), totals.buffer());
    return new ElementWeights(found.rowWeights(), totals.buffer());
  }
}
