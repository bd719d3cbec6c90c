package io.github.fusedloss.cpu;

/** The exponentials of a class on both sides: {@code masses} of kernels/distillation.cl. */
final class Masses {
  float student;
  float teacher;

  /** The teacher's less the student's. */
  float difference;
}
