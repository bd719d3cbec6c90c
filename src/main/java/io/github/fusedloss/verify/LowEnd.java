package io.github.fusedloss.verify;

import io.github.fusedloss.backend.SumShape;

/**
 * What the lower end of the range of floats may cost, as absolute bounds beside those of a {@link
 * Promise}. Numbers there are multiples of 2^-149, whatever their size.
 */
final class LowEnd {
  /** Smaller gradients of rows may have lost their relative accuracy. */
  private static final double COARSE_GRADIENT = 0x1p-94;

  /** What such a gradient may be off by. */
  private static final double LOST_GRADIENT = 0x1p-117;

  /** The share of a class below which gradients get coarse in rows of any length. */
  private static final double LEAST_SHARE = 0x1p-93;

  /**
   * exp(-abs(x)) below: losses and gradients of logits, before weights, are multiples of 2^-149.
   */
  private static final double COARSE_TAIL = 0x1p-102;

  /** Powers below, and what they are multiplied by, may have lost digits. */
  static final double COARSE_POWER = 0x1p-76;

  /** What a class's part of a loss of a row with soft targets is a multiple of. */
  static final double SOFT_UNIT = 0x1p-125;

  private LowEnd() {}

  /**
   * Of the gradient of a row, or of its softmax.
   *
   * @param value exact
   * @param size of what the softmax of the row is multiplied by
   */
  static double gradient(double value, double size, int classes) {
    boolean coarse = classes > SumShape.BLOCK || size < LEAST_SHARE * classes;
    double lost = coarse && Math.abs(value) < COARSE_GRADIENT ? LOST_GRADIENT : 0;
    // Subnormal probabilities, or half of each that add up to what a target lacks.
    double rounding = Math.max(1, size) * Math.max(1, classes / 2.0) * Float.MIN_VALUE;
    return Math.abs(value) < size * Float.MIN_NORMAL ? Math.max(lost, rounding) : lost;
  }

  /**
   * Of the loss of a row: what does not count, what is lost of a subnormal logarithm, and of the
   * parts of soft targets.
   *
   * @param loss exact
   * @param size of what the logarithm is multiplied by
   */
  static double rowLoss(double loss, double size, int classes, boolean soft) {
    double lost = size * (classes * 0x1p-150 + 0x1p-149);
    double parts = soft ? classes * SOFT_UNIT : 0;
    boolean low = Math.abs(loss) < Math.max(size * 0x1p-126, parts * 0x1p24);
    return low ? 2 * (lost + parts) : 0;
  }

  /** Of the entropy of a row: what does not count, and what is lost of subnormal parts. */
  static double entropy(double entropy, int classes) {
    double lost = classes * 0x1p-142 + 0x1p-147; // of a class 105 2^-150
    return entropy < lost * 0x1p25 ? lost : 0;
  }

  /**
   * Of loss and gradient of a logit.
   *
   * @param size of what both are multiplied by
   */
  static double element(float logit, double size) {
    return Math.exp(-Math.abs(logit)) < COARSE_TAIL ? Float.MIN_VALUE * size : 0;
  }
}
