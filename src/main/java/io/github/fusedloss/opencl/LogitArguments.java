package io.github.fusedloss.opencl;

import io.github.fusedloss.backend.Logits;

/** The arguments of logits.cl. */
final class LogitArguments {
  private final Logits logits;

  /** The bias on the device; null for plain logits, whose kernels have no such arguments. */
  private final DeviceBuffer bias;

  private LogitArguments(Logits logits, DeviceBuffer bias) {
    this.logits = logits;
    this.bias = bias;
  }

  /**
   * Makes the arguments of one call. However many kernels it launches, a bias is brought to the
   * device once.
   */
  static LogitArguments of(Logits logits, CallBuffers operands) {
    return new LogitArguments(logits, logits.isPlain() ? null : operands.input(logits.bias()));
  }

  /** Binds the arguments, if there are any. */
  void bind(KernelCall call) {
    if (bias != null) {
      call.buffer(bias).float32(logits.softcap()).pair(logits.twice()).pair(logits.inverse());
    }
  }
}
