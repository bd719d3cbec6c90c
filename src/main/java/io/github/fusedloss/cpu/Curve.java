package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.hi;

import io.github.fusedloss.backend.Curvature;

/**
 * What the second derivative of one row, or of one block of it, needs for each class: the arguments
 * of {@code hessian_of} in kernels/hessian.cl.
 */
final class Curve {
  float factor;
  float share;
  float crest;
  float rest;
  float bend;
  float tail;
  float least;

  // For softmax focal loss only:

  /** The second derivative at the target's class. */
  float atTarget;

  private final FocalCurve focal = new FocalCurve();

  /**
   * Sets all numbers.
   *
   * @param row a row that has a softmax
   * @param block the row, or the block of it to whose reference the exponentials are relative
   * @param factor the factor of the block's gradient
   * @param scale the factor of the gradients of all rows
   */
  void of(
      SoftmaxRow row,
      SoftmaxRow block,
      RowTarget target,
      float factor,
      float scale,
      Curvature wanted) {
    float ofRow = GeneratedNumerics.reciprocal(hi(row.total));
    this.factor = factor * wanted.times();
    rest = hi(row.others) * ofRow;
    share = block == row ? ofRow : GeneratedRows.coefficient(block, row, ofRow);
    crest =
        block.max == row.max
            ? GeneratedHessian.likelyTerm(
                row.max, row.shift, row.magic, hi(row.others), hi(row.total))
            : Float.NaN;
    bend = GeneratedHessian.bendOf(hi(target.penaltyScale), share);
    tail = share;
    least = least(wanted, scale);
  }

  /**
   * Changes the numbers to those of softmax focal loss; {@code e} is the exponential of the
   * target's class.
   */
  void focal(SoftmaxRow row, SoftmaxRow block, RowTarget target, float e, Settings settings) {
    GeneratedFocalCurves.curveOf(row, target, settings, focal);
    bend = GeneratedFocalCurves.bendOf(focal.bend, share);
    tail = block == row ? focal.tail : GeneratedRows.coefficient(block, row, focal.tail);
    atTarget = GeneratedHessian.hessianAtY(e, factor, share, crest, rest, focal.bend, focal.others);
  }

  static float least(Curvature wanted, float scale) {
    return wanted.least() > 0f ? wanted.least() * scale : Float.NEGATIVE_INFINITY;
  }
}
