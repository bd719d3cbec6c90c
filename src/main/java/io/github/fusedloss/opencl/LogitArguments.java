package io.github.fusedloss.opencl;

import io.github.fusedloss.backend.Logits;

/** The arguments of logits.cl. */
final class LogitArguments {
  private LogitArguments() {}

  /** Binds those that there are. */
  static void bind(Logits logits, Operands operands, KernelCall call) {
    if (!logits.isPlain()) {
      call.buffer(operands.input(logits.bias()))
          .float32(logits.softcap())
          .pair(logits.twice())
          .pair(logits.inverse());
    }
  }
}
