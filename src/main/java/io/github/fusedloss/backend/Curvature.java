package io.github.fusedloss.backend;

/**
 * The diagonal of a second derivative, or what stands in its place.
 *
 * @param to float32, of the input's size, receives it
 * @param times a factor; losses over rows alone use it
 * @param least the least value before the factor of the whole gradient is applied, and for losses
 *     over elements before any weight is; a number not above 0 means that there is no bound
 */
public record Curvature(Memory to, float times, float least) {
  /** Returns a copy that is written to other memory. */
  public Curvature in(Memory to) {
    return new Curvature(to, times, least);
  }
}
