package io.github.fusedloss.cpu;

/**
 * What the gradient of one row, or of one block of it, needs for each class: {@code slope} in
 * kernels/cross_entropy.cl, whose functions fill it.
 */
final class Slope {
  /** The factor of exponentials: the sum of the shares times the scale, over the total. */
  float factor;

  /** The gradient at the target's class. */
  float atY;

  // With label smoothing or class probabilities only:

  float scale;

  /** The scale times e / C, where e is the label smoothing. */
  float spread;

  /** The exponential of a maximum that is more likely than not; -1 if there is none. */
  float top;

  /** The pair that stands for the product of that exponential and the factor. */
  long likely;
}
