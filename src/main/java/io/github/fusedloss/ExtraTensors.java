package io.github.fusedloss;

import io.github.fusedloss.backend.Curvature;
import io.github.fusedloss.backend.Memory;
import io.github.fusedloss.backend.Results;
import java.util.EnumMap;
import java.util.Map;

/**
 * The tensors that few calls ask for.
 *
 * @param hessian the diagonal of the second derivative, or null
 * @param rows what is wanted of each row
 */
record ExtraTensors(Tensor hessian, Map<Output, Tensor> rows) {
  /** Nothing. */
  static final ExtraTensors NONE = new ExtraTensors(null, Map.of());

  /** With this second derivative, or the same if it is null. */
  ExtraTensors withHessian(Tensor hessian) {
    return hessian == null ? this : new ExtraTensors(hessian, rows);
  }

  /**
   * For an executor.
   *
   * @param curvature the second derivative with what else an executor has to know of it; or null
   */
  Results.Extras memory(Curvature curvature) {
    if (this == NONE) {
      return Results.Extras.NONE;
    }
    Map<Output, Memory> memory = new EnumMap<>(Output.class);
    rows.forEach((output, tensor) -> memory.put(output, tensor.memory()));
    return new Results.Extras(curvature, memory);
  }

  void close() {
    if (hessian != null) {
      hessian.close();
    }
    rows.values().forEach(Tensor::close);
  }
}
