package io.github.fusedloss.cpu;

import io.github.fusedloss.Divergence;

/**
 * Rows of a student's and a teacher's logits side by side, class c of row t in element {@code c *
 * stride + t}: {@link DistillBlock} and {@link Sides} of all of them. One per thread.
 */
final class DivergenceTile {
  Divergence divergence;
  int classes;
  int stride;
  float[] x;
  float[] z;

  /** Receives the gradient; null where it is not wanted. */
  float[] out;

  /** Where the class at hand is in each of these. */
  int xAt;

  int zAt;
  int outAt;

  final float[] studentMax = new float[RowTile.ROWS];
  final float[] teacherMax = new float[RowTile.ROWS];
  final float[] studentInverse = new float[RowTile.ROWS];
  final float[] teacherInverse = new float[RowTile.ROWS];
  final float[] shiftHi = new float[RowTile.ROWS];
  final float[] shiftLo = new float[RowTile.ROWS];

  /** What the gradients are multiplied by. */
  final float[] factor = new float[RowTile.ROWS];

  /** Whether a row has a softmax on both sides. */
  final boolean[] defined = new boolean[RowTile.ROWS];

  long inverse;
  float beta;
  float keep;

  /** {@link MassSums}: student, teacher, difference; then the divergences, of a JSD two. */
  final LineSums first = new LineSums();

  final LineSums second = new LineSums();
  final LineSums third = new LineSums();

  /** What gradients depend on: the second sums of a JSD, else the first. */
  LineSums loss = first;

  /** The largest of these logits are looked for, and where they go. */
  float[] largestOf;

  float[] largest;

  LineSums sums(int k) {
    return k == 0 ? first : k == 1 ? second : third;
  }

  /** Comes to class c. */
  void at(int c) {
    xAt = c * stride;
    zAt = xAt;
    outAt = xAt;
    first.at(c);
    second.at(c);
    third.at(c);
  }

  /** Whether the gradient is wanted, and comes with the terms. */
  boolean hasSlopesWithTerms() {
    return divergence == Divergence.FORWARD_KL && out != null;
  }

  /** What {@link BlockKernels#masses(DivergenceTile, Lanes)} found of row t. */
  boolean isDefined(int t) {
    return Math.abs(studentMax[t]) < ScalarMath.INF
        && Math.abs(teacherMax[t]) < ScalarMath.INF
        && first.hi[t] == first.hi[t]
        && second.hi[t] == second.hi[t];
  }
}
