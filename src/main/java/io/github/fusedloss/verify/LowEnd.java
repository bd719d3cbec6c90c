package io.github.fusedloss.verify;

import io.github.fusedloss.backend.SumShape;

/**
 * The errors that the lower end of the range of floats may cause, as absolute bounds besides those
 * of a {@link Promise}. Numbers there are multiples of 2^-149, whatever their size.
 */
final class LowEnd {
  /** Gradients of rows below this may have lost their relative accuracy. */
  private static final double COARSE_GRADIENT = 0x1p-94;

  /** How far such a gradient may be off. */
  private static final double LOST_GRADIENT = 0x1p-117;

  /** The share of a class below which gradients are coarse in rows of any length. */
  private static final double LEAST_SHARE = 0x1p-93;

  /**
   * Where exp(-abs(x)) is below this, losses and gradients of logits, before weights, are multiples
   * of 2^-149.
   */
  private static final double COARSE_TAIL = 0x1p-102;

  /** Powers below this, and their products, may have lost digits. */
  static final double COARSE_POWER = 0x1p-76;

  /** A class's part of the loss of a row with soft targets is a multiple of this. */
  static final double SOFT_UNIT = 0x1p-125;

  private LowEnd() {}

  /**
   * Returns the bound for a gradient of a row, or for its softmax.
   *
   * @param value the exact value
   * @param size the factor of the softmax of the row
   */
  static double gradient(double value, double size, int classes) {
    boolean coarse = classes > SumShape.BLOCK || size < LEAST_SHARE * classes;
    double lost = coarse && Math.abs(value) < COARSE_GRADIENT ? LOST_GRADIENT : 0;
    // Subnormal probabilities are rounded. So is half of each probability that adds up to what a
    // target lacks.
    double rounding = Math.max(1, size) * Math.max(1, classes / 2.0) * Float.MIN_VALUE;
    return Math.abs(value) < size * Float.MIN_NORMAL ? Math.max(lost, rounding) : lost;
  }

  /**
   * Returns the bound for the loss of a row: from classes that do not count, digits lost in a
   * subnormal logarithm, and those lost in the parts of soft targets.
   *
   * @param loss the exact loss
   * @param size the factor of the logarithm
   */
  static double rowLoss(double loss, double size, int classes, boolean soft) {
    double lost = size * (classes * 0x1p-150 + 0x1p-149);
    double parts = soft ? classes * SOFT_UNIT : 0;
    boolean low = Math.abs(loss) < Math.max(size * 0x1p-126, parts * 0x1p24);
    return low ? 2 * (lost + parts) : 0;
  }

  /**
   * Returns the bound for the entropy of a row: from classes that do not count, and from subnormal
   * parts.
   */
  static double entropy(double entropy, int classes) {
    double lost = classes * 0x1p-142 + 0x1p-147; // 105 2^-150 for each class
    return entropy < lost * 0x1p25 ? lost : 0;
  }

  /**
   * Returns the bound for loss and gradient of a logit.
   *
   * @param size the factor of both
   */
  static double element(float logit, double size) {
    return Math.exp(-Math.abs(logit)) < COARSE_TAIL ? Float.MIN_VALUE * size : 0;
  }
}
