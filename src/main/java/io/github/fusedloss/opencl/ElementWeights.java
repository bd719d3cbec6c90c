package io.github.fusedloss.opencl;

import io.github.fusedloss.backend.BceTask;

/**
 * What kernels over elements need of row weights.
 *
 * @param weights one for each element, or a mask
 * @param totals of them, from targets.cl
 */
record ElementWeights(DeviceBuffer weights, DeviceBuffer totals) {
  /** Of one piece of a task; null if it has none. Does not wait for the device. */
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
