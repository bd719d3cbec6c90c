package io.github.fusedloss.opencl;

import io.github.fusedloss.backend.BceTask;
import io.github.fusedloss.backend.CrossEntropyTask;
import io.github.fusedloss.backend.Memory;
import io.github.fusedloss.backend.Upstream;

/**
 * The rows whose targets are looked at, or the elements, with their weights.
 *
 * @param target class indices, or null
 * @param rowWeights row weights of the same length, or null
 * @param penalized whether there is a penalty
 */
record TargetRows(
    long count,
    Memory target,
    Memory rowWeights,
    ClassRange classes,
    boolean penalized,
    Upstream upstream) {
  /**
   * The classes that an index may name.
   *
   * @param count how many classes there are
   * @param wanted whether the classes of the rows are wanted even if there are no indices
   * @param weighted whether classes have weights
   */
  record ClassRange(int count, long ignoreIndex, boolean wanted, boolean weighted) {
    private ClassRange unweighted() {
      return new ClassRange(count, ignoreIndex, wanted, false);
    }
  }

  static TargetRows of(CrossEntropyTask task) {
    boolean indices = task.function().hasClassIndices();
    boolean weighted = indices && task.options().weight() != null;
    return new TargetRows(
        task.rows(),
        indices ? task.target() : null,
        task.rowWeights(),
        new ClassRange(task.classes(), task.options().ignoreIndex(), true, weighted),
        task.options().penalty() > 0,
        task.upstream());
  }

  /** Returns elements of a loss, each of which may count or not. */
  static TargetRows of(BceTask task) {
    ClassRange none = new ClassRange(1, -1, false, false);
    return new TargetRows(task.size(), null, task.rowWeights(), none, false, task.upstream());
  }

  /** Returns whether rows have weights, and not only a mask. */
  boolean weighsRows() {
    return rowWeights != null && rowWeights.type().isFloating();
  }

  /**
   * Returns whether the mean of a penalty is over a sum of its own: that of the row weights,
   * without those of the classes.
   */
  boolean penalizedApart() {
    return penalized && weighsRows() && classes.weighted;
  }

  /** Returns these rows without the weights of classes, with the penalty in place of the loss. */
  TargetRows ofPenalty() {
    Upstream ofPenalty = new Upstream(upstream.penaltyScale(), upstream.byWeights(), null);
    return new TargetRows(count, target, rowWeights, classes.unweighted(), false, ofPenalty);
  }

  /** Returns rows at to at + n of these. */
  TargetRows piece(long at, long n) {
    return new TargetRows(
        n, Slice.of(target, at, n), Slice.of(rowWeights, at, n), classes, penalized, upstream);
  }

  /** Returns whether the sum of the weights is another number than that of the rows that count. */
  boolean summed() {
    return classes.weighted || weighsRows();
  }
}
