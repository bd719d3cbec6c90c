package io.github.fusedloss.backend;

import io.github.fusedloss.Output;
import java.util.Map;

/**
 * What is wanted of a loss beside its {@link Totals}: where each goes, or null.
 *
 * @param loss float32, receives one loss for each element or row
 * @param gradient of the input's type and size, receives the gradient with respect to the input. It
 *     may be the input itself: a call that fails has then changed the input and must not be tried
 *     again
 * @param extras what few ask for
 */
public record Results(Memory loss, Memory gradient, Extras extras) {
  /**
   * What few calls ask for.
   *
   * @param hessian the diagonal of the second derivative, or null; there is a gradient then
   * @param rows what is wanted of each row, of the output's type
   */
  public record Extras(Curvature hessian, Map<Output, Memory> rows) {
    /** Nothing. */
    public static final Extras NONE = new Extras(null, Map.of());
  }

  /** Only the totals. */
  public static final Results NONE = new Results(null, null, Extras.NONE);

  /** Both, or none at no cost. */
  public static Results of(Memory loss, Memory gradient) {
    return loss == null && gradient == null ? NONE : new Results(loss, gradient, Extras.NONE);
  }

  /** With this too, or the same if it is null. */
  public Results with(Curvature hessian) {
    return hessian == null ? this : with(new Extras(hessian, extras.rows()));
  }

  /** With these too, or the same at no cost. */
  public Results with(Extras extras) {
    return extras == this.extras ? this : new Results(loss, gradient, extras);
  }
}
