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
  /** No such tensors. */
  static final ExtraTensors NONE = new ExtraTensors(null, Map.of());

  /** Returns a copy with this second derivative; this if it is null. */
  ExtraTensors withHessian(Tensor hessian) {
    return hessian == null ? this : new ExtraTensors(hessian, rows);
  }

  /**
   * Returns the memory of these tensors, for an executor.
   *
   * @param curvature the second derivative with its factors; or null
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
