package io.github.fusedloss.cpu;

import io.github.fusedloss.Divergence;

/**
 * Rows of a student's and a teacher's logits side by side: class c of row t is element {@code c *
 * stride + t}. It has the fields of {@link DistillBlock} and {@link Sides} for all rows. Each
 * thread has one.
 */
final class DivergenceTile {
  Divergence divergence;
  int classes;
  int stride;
  float[] x;
  float[] z;

  /** Receives the gradient; null if it is not wanted. */
  float[] out;

  /** Where the class that is computed begins in x, z and out. */
  int xAt;

  int zAt;
  int outAt;

  final float[] studentMax = new float[RowTile.ROWS];
  final float[] teacherMax = new float[RowTile.ROWS];
  final float[] studentInverse = new float[RowTile.ROWS];
  final float[] teacherInverse = new float[RowTile.ROWS];
  final float[] shiftHi = new float[RowTile.ROWS];
  final float[] shiftLo = new float[RowTile.ROWS];

  /** The factors of the gradients. */
  final float[] factor = new float[RowTile.ROWS];

  /** Whether a row has a softmax on both sides. */
  final boolean[] defined = new boolean[RowTile.ROWS];

  long inverse;
  float beta;
  float keep;

  /**
   * First the {@link MassSums} student, teacher and difference; then the divergences, two for a
   * JSD.
   */
  final LineSums first = new LineSums();

  final LineSums second = new LineSums();
  final LineSums third = new LineSums();

  /** The sums that gradients depend on: the second for a JSD, else the first. */
  LineSums loss = first;

  /** The logits whose maxima are looked for, and where the maxima are written. */
  float[] largestOf;

  float[] largest;

  LineSums sums(int k) {
    return k == 0 ? first : k == 1 ? second : third;
  }

  /** Moves on to class c. */
  void at(int c) {
    xAt = c * stride;
    zAt = xAt;
    outAt = xAt;
    first.at(c);
    second.at(c);
    third.at(c);
  }

  /** Returns whether the gradient is wanted, and is computed with the terms. */
  boolean hasSlopesWithTerms() {
    return divergence == Divergence.FORWARD_KL && out != null;
  }

  /**
   * Returns whether row t has a softmax on both sides, by {@link
   * BlockKernels#masses(DivergenceTile, Lanes)}.
   */
  boolean isDefined(int t) {
    return Math.abs(studentMax[t]) < ScalarMath.INF
        && Math.abs(teacherMax[t]) < ScalarMath.INF
        && first.hi[t] == first.hi[t]
        && second.hi[t] == second.hi[t];
  }
}
