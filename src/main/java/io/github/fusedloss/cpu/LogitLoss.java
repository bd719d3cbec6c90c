package io.github.fusedloss.cpu;

import io.github.fusedloss.backend.Curvature;

/**
 * What a loss over rows of logits consists of, whichever class computes the rows.
 *
 * @param transform what is done to the logits first, or null
 * @param wanted what is wanted of the second derivative, or null
 */
record LogitLoss(
    Transform transform,
    TargetOperands targets,
    RowFormulas formulas,
    Settings settings,
    Curvature wanted) {
  /** Returns whether it is softmax focal loss, whose second derivative has more terms. */
  boolean isFocal() {
    return formulas instanceof GeneratedFocalClassFormulas;
  }

  /** Returns whether each class has a share of the target. */
  boolean hasShares() {
    return targets.haveShares(settings);
  }
}
