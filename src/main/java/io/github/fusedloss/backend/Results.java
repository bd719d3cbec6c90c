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
   * @param hessian float32, of the input's size, receives the diagonal of the second derivative; or
   *     null
   * @param rows what is wanted of each row, of the output's type
   */
  public record Extras(Memory hessian, Map<Output, Memory> rows) {
    /** Nothing. */
    public static final Extras NONE = new Extras(null, Map.of());
  }

  /** Only the totals. */
  public static final Results NONE = new Results(null, null, Extras.NONE);

  /** Both, or none at no cost. */
  public static Results of(Memory loss, Memory gradient) {
    return loss == null && gradient == null ? NONE : new Results(loss, gradient, Extras.NONE);
  }

  /** With these too. */
  public Results with(Extras extras) {
    return new Results(loss, gradient, extras);
  }
}
