package io.github.fusedloss.cpu;

/** The exponentials of a class on both sides: {@code masses} in kernels/distillation.cl. */
final class Masses {
  float student;
  float teacher;

  /** The teacher's exponential less the student's. */
  float difference;
}
