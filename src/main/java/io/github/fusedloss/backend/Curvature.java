package io.github.fusedloss.backend;

/**
 * The diagonal of a second derivative, or what stands in its place.
 *
 * @param to float32, of the input's size, receives it
 * @param times what that of rows is multiplied by
 * @param least the least that it is before the factor of the whole gradient, and of elements before
 *     all weights; not above 0 for none
 */
public record Curvature(Memory to, float times, float least) {
  /** The same elsewhere. */
  public Curvature in(Memory to) {
    return new Curvature(to, times, least);
  }
}
