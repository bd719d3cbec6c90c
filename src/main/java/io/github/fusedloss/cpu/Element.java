package io.github.fusedloss.cpu;

/**
 * What a loss is at one element, without its factors: {@code element} of kernels/elements.cl, whose
 * functions fill it.
 */
final class Element {
  /** A pair. */
  long loss;

  float slope;

  /** The second derivative. */
  float bend;
}
