package io.github.fusedloss.cpu;

/**
 * What the second derivative of softmax focal loss needs besides {@link Curve}: {@code focal_curve}
 * in kernels/cross_entropy.cl, whose functions fill it.
 */
final class FocalCurve {
  float bend;

  /** The probability of all classes together, without the target's. */
  float others;

  /** 2^-32 over the sum of the terms of these classes. */
  float tail;
}
