package io.github.fusedloss.cpu;

import io.github.fusedloss.backend.Curvature;

/**
 * What a loss of rows of logits is made of, whoever works at the rows.
 *
 * @param transform what is done to the logits first, or null
 * @param wanted what is of the second derivative, or null
 */
record LogitLoss(
    Transform transform,
    TargetOperands targets,
    RowFormulas formulas,
    Settings settings,
    Curvature wanted) {
  /** Whether it is softmax focal loss, whose second derivative bends more. */
  boolean isFocal() {
    return formulas instanceof GeneratedFocalClassFormulas;
  }

  /** Whether each class has a share of the target. */
  boolean hasShares() {
    return targets.haveShares(settings);
  }
}
