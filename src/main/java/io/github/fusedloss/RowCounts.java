package io.github.fusedloss;

import io.github.fusedloss.backend.CrossEntropyTask;
import io.github.fusedloss.backend.Option;

/**
 * Which rows of a target count, and with which weights in PyTorch's mean. The weights are there one
 * by one; {@link LossResult#weightSum()} is their rounded sum.
 */
final class RowCounts {
  private final long[] classes;
  private final boolean[] counts;
  private final double[] weights;
  private final float[] rowWeights;

  /**
   * Reads the target; throws if it has an index that is no class.
   *
   * @param target class indices, or any target with row weights; its shapes have been checked
   */
  RowCounts(Loss loss, Target target, int classCount) {
    classes = hasClasses(loss, target) ? target.tensor().toLongArray() : null;
    long[] mask = target.mask() == null ? null : target.mask().toLongArray();
    float[] ofRow = target.rowWeights() == null ? null : target.rowWeights().toFloatArray();
    float[] ofClass =
        classes == null || loss.weight() == null ? null : loss.weight().toFloatArray();
    long ignored = classes == null ? 0 : loss.options().integer(Option.IGNORE_INDEX);
    rowWeights = ofRow;
    counts = new boolean[classes == null ? ofRow.length : classes.length];
    weights = new double[counts.length];
    for (int i = 0; i < counts.length; i++) {
      counts[i] =
          (classes == null || classes[i] != ignored)
              && (mask == null || mask[i] != 0)
              && (ofRow == null || ofRow[i] != 0);
      if (!counts[i]) {
        continue;
      }
      if (classes != null && (classes[i] < 0 || classes[i] >= classCount)) {
        throw CrossEntropyTask.refuse(i, classes[i], classCount, ignored)
            .forCaller(target.tensor().dimensions());
      }
      // The product of two floats is exact in a double.
      weights[i] =
          (ofRow == null ? 1.0 : ofRow[i])
              * (ofClass == null || ofClass.length != classCount ? 1.0 : ofClass[(int) classes[i]]);
    }
  }

  /**
   * Returns whether the target is class indices, so that the mean divides by the weights of their
   * classes.
   */
  static boolean hasClasses(Loss loss, Target target) {
    return loss.function().hasClassIndices() && !target.tensor().type().isFloating();
  }

  /** Returns whether a row counts. */
  boolean counts(int row) {
    return counts[row];
  }

  /** Returns the class of a row that counts. */
  int classOf(int row) {
    return (int) classes[row];
  }

  /** Returns the weight of the loss of a row that counts: row weight times class weight. */
  double weight(int row) {
    return weights[row];
  }

  /** Returns the row weight, without the weight of its class. */
  double rowWeight(int row) {
    return rowWeights == null ? 1.0 : rowWeights[row];
  }
}
