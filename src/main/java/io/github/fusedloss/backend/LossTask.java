package io.github.fusedloss.backend;

/** What the tasks of all losses have: loss and gradient are computed at once. */
public interface LossTask {
  /** Which loss. */
  Function function();

  /** Floating-point. */
  Memory input();

  /** Floating-point or class indices, as the function wants it. */
  Memory target();

  /**
   * Factors of the losses, one for each row or, of binary losses, element: FLOAT32 weights, or a
   * mask of integers or booleans, in which all but 0 are 1; or null for none. What has the factor 0
   * is ignored, whatever else belongs to it.
   */
  Memory rowWeights();

  /** Whether row weights are a mask. */
  default boolean isMasked() {
    return rowWeights() != null && !rowWeights().type().isFloating();
  }

  /** Whether rows that count have weights. */
  default boolean weighsRows() {
    return rowWeights() != null && rowWeights().type().isFloating();
  }

  /** The factor of the gradient. */
  Upstream upstream();

  /** Where the results go. */
  Results results();

  /** Where the losses go, or null. */
  default Memory loss() {
    return results().loss();
  }

  /** Where the gradient goes, or null. */
  default Memory gradient() {
    return results().gradient();
  }

  /** What goes where of the second derivative, or null. */
  default Curvature hessian() {
    return results().extras().hessian();
  }

  /** Where that goes, or null. */
  default Memory hessianMemory() {
    return hessian() == null ? null : hessian().to();
  }
}
