package io.github.fusedloss.cpu;

/**
 * What the gradient of one row, or of one block of it, needs for each class: {@code slope} of
 * kernels/cross_entropy.cl, whose functions fill it.
 */
final class Slope {
  /** The weights' sum times the scale over the total: of exponentials. */
  float factor;

  /** The gradient at the target's class. */
  float atY;

  // With label smoothing and class probabilities:

  float scale;

  /** Times e / C. */
  float spread;

  /** The exponential of a maximum more likely than not, or -1. */
  float top;

  /** The product of such a maximum's probability. */
  long likely;
}
