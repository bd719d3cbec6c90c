package io.github.fusedloss.cpu;

/**
 * What the second derivative of a row's softmax focal loss is made of besides: {@code focal_curve}
 * of kernels/cross_entropy.cl, whose functions fill it.
 */
final class FocalCurve {
  float bend;

  /** What the classes but the target's are given. */
  float others;

  /** 2^-32 over the sum of their exponentials. */
  float tail;
}
