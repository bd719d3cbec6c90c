package io.github.fusedloss.backend;

/**
 * What is wanted of a loss beside its {@link Totals}.
 *
 * @param loss float32, receives one loss for each element or row; or null
 * @param gradient of the input's type and size, receives the gradient with respect to the input; or
 *     null. It may be the input itself: a call that fails has then changed the input and must not
 *     be tried again
 */
public record Outputs(Memory loss, Memory gradient) {
  /** Only the totals. */
  public static final Outputs NONE = new Outputs(null, null);

  /** Both, or none at no cost. */
  public static Outputs of(Memory loss, Memory gradient) {
    return loss == null && gradient == null ? NONE : new Outputs(loss, gradient);
  }
}
