package io.github.fusedloss.backend;

/** What the tasks of all losses share. Loss and gradient are computed at once. */
public interface LossTask {
  /** Returns which loss is computed. */
  Function function();

  /** Returns the input, which is floating-point. */
  Memory input();

  /** Returns the target: floating-point or class indices, as the function takes it. */
  Memory target();

  /**
   * Returns the factors of the losses, one for each row, or for each element of a loss over
   * elements. They are FLOAT32 weights, or a mask of integers or booleans, in which all but 0 mean
   * 1; or null for none. A row or element with the factor 0 is ignored, whatever its other numbers
   * are.
   */
  Memory rowWeights();

  /** Returns whether the row weights are a mask. */
  default boolean isMasked() {
    return rowWeights() != null && !rowWeights().type().isFloating();
  }

  /** Returns whether the row weights are numbers, and no mask. */
  default boolean weighsRows() {
    return rowWeights() != null && rowWeights().type().isFloating();
  }

  /** Returns the factor of the gradient. */
  Upstream upstream();

  /** Returns what is wanted, and where it is written. */
  Results results();

  /** Returns where the losses are written, or null. */
  default Memory loss() {
    return results().loss();
  }

  /** Returns where the gradient is written, or null. */
  default Memory gradient() {
    return results().gradient();
  }

  /** Returns what is wanted of the second derivative, or null. */
  default Curvature hessian() {
    return results().extras().hessian();
  }

  /** Returns where the second derivative is written, or null. */
  default Memory hessianMemory() {
    return hessian() == null ? null : hessian().to();
  }
}
