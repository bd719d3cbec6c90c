package io.github.fusedloss.cpu;

/**
 * What the classes of a row share for distillation: {@code sides} in kernels/distillation.cl, whose
 * functions fill the last three.
 */
final class Sides {
  /** The largest logits of both sides. */
  float studentMax;

  float teacherMax;

  /** 1 / temperature, a pair. */
  long inverse;

  /** The teacher's share of a mixture, and the student's. */
  float beta;

  float keep;

  /** 1 over the sums of exponentials. */
  float studentInverse;

  float teacherInverse;

  /** The logarithm of the ratio of these sums, a pair. */
  long shift;
}
