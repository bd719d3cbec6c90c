package io.github.fusedloss.cpu;

/** The sums of {@link Masses} over a row or a block, as pairs. */
final class MassSums {
  long student;
  long teacher;
  long difference;

  void clear() {
    student = 0L;
    teacher = 0L;
    difference = 0L;
  }
}
