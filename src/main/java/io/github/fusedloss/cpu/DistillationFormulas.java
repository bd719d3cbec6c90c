package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.INF;
import static io.github.fusedloss.cpu.ScalarMath.hi;

/** What is done to the classes of a block, one by one: all of them, or the rest of passes. */
final class DistillationFormulas {
  private DistillationFormulas() {}

  /** Adds the masses of classes from on to lanes, lanes.more and lanes.more.more. */
  static void masses(DistillBlock b, int from, Lanes lanes) {
    for (int i = from; i < b.n; i++) {
      GeneratedDistillation.masses(b.x[b.xAt + i], b.z[b.zAt + i], b.sides, b.masses);
      lanes.add(i, b.masses.student, 0f);
      lanes.more.add(i, b.masses.teacher, 0f);
      lanes.more.more.add(i, b.masses.difference, 0f);
    }
  }

  /** Adds the terms of classes from on to lanes, and of a JSD to lanes.more. */
  static void terms(DistillBlock b, int from, Lanes lanes) {
    for (int i = from; i < b.n; i++) {
      float x = b.x[b.xAt + i];
      float z = b.z[b.zAt + i];
      switch (b.divergence) {
        case FORWARD_KL -> lanes.add(i, GeneratedDistillation.forwardTerm(x, z, b.sides), 0f);
        case REVERSE_KL -> lanes.add(i, GeneratedDistillation.reverseTerm(x, z, b.sides), 0f);
        case JSD -> {
          GeneratedDistillation.jsdTerms(x, z, b.sides, b.terms);
          lanes.add(i, b.terms.term, 0f);
          lanes.more.add(i, b.terms.student, 0f);
        }
      }
    }
  }

  /** The gradient at classes from on. */
  static void slopes(DistillBlock b, int from) {
    for (int i = from; i < b.n; i++) {
      float x = b.x[b.xAt + i];
      float z = b.z[b.zAt + i];
      b.out[b.outAt + i] =
          switch (b.divergence) {
            case FORWARD_KL -> GeneratedDistillation.forwardSlope(x, z, b.sides, b.factor);
            case REVERSE_KL -> GeneratedDistillation.reverseSlope(x, z, b.sides, b.loss, b.factor);
            case JSD -> GeneratedDistillation.jsdSlope(x, z, b.sides, b.loss, b.factor);
          };
    }
  }

  /** Whether both sides of a row have a softmax. */
  static boolean isDefined(Sides sides, MassSums sums) {
    return Math.abs(sides.studentMax) < INF
        && Math.abs(sides.teacherMax) < INF
        && hi(sums.student) == hi(sums.student)
        && hi(sums.teacher) == hi(sums.teacher);
  }
}
