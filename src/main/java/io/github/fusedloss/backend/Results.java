package io.github.fusedloss.backend;

import io.github.fusedloss.Output;
import java.util.Map;

/**
 * What is wanted of a loss besides its {@link Totals}, and where it is written; null if it is not
 * wanted.
 *
 * @param loss float32, receives one loss for each element or row
 * @param gradient of the input's type and size, receives the gradient with respect to the input. It
 *     may be the input itself: a call that fails has then changed the input and must not be tried
 *     again
 * @param extras what few calls ask for
 */
public record Results(Memory loss, Memory gradient, Extras extras) {
  /**
   * What few calls ask for.
   *
   * @param hessian the diagonal of the second derivative, or null; if it is wanted, so is the
   *     gradient
   * @param rows the outputs that are wanted of each row, of the output's type
   */
  public record Extras(Curvature hessian, Map<Output, Memory> rows) {
    /** No extras are wanted. */
    public static final Extras NONE = new Extras(null, Map.of());
  }

  /** The totals alone are wanted. */
  public static final Results NONE = new Results(null, null, Extras.NONE);

  /** Wants losses and gradient; if both are null, makes no object. */
  public static Results of(Memory loss, Memory gradient) {
    return loss == null && gradient == null ? NONE : new Results(loss, gradient, Extras.NONE);
  }

  /** Returns a copy that wants this second derivative too; this if it is null. */
  public Results with(Curvature hessian) {
    return hessian == null ? this : with(new Extras(hessian, extras.rows()));
  }

  /** Returns a copy that wants these extras; this if they are the same. */
  public Results with(Extras extras) {
    return extras == this.extras ? this : new Results(loss, gradient, extras);
  }
}
