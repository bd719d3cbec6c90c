package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.INF;
import static io.github.fusedloss.cpu.ScalarMath.hi;

import io.github.fusedloss.Divergence;

/** Computes the classes of a block one by one: all of them, or those that vectors left over. */
final class DistillationFormulas {
  private DistillationFormulas() {}

  /**
   * Adds the masses of the classes from {@code from} on to lanes, lanes.more and lanes.more.more.
   */
  static void masses(DistillBlock b, int from, Lanes lanes) {
    for (int i = from; i < b.n; i++) {
      GeneratedDistillation.masses(b.x[b.xAt + i], b.z[b.zAt + i], b.sides, b.masses);
      lanes.add(i, b.masses.student, 0f);
      lanes.more.add(i, b.masses.teacher, 0f);
      lanes.more.more.add(i, b.masses.difference, 0f);
    }
  }

  /**
   * Adds the terms of the classes from {@code from} on to lanes; for a JSD, also to lanes.more. For
   * a forward KL the gradient is computed with the terms, if it is wanted.
   */
  static void terms(DistillBlock b, int from, Lanes lanes) {
    for (int i = from; i < b.n; i++) {
      float x = b.x[b.xAt + i];
      float z = b.z[b.zAt + i];
      switch (b.divergence) {
        case FORWARD_KL -> {
          if (b.hasSlopesWithTerms()) {
            GeneratedDistillation.forwardParts(x, z, b.sides, b.factor, b.parts);
            b.out[b.outAt + i] = b.parts.slope;
            lanes.add(i, b.parts.term, 0f);
          } else {
            lanes.add(i, GeneratedDistillation.forwardTerm(x, z, b.sides), 0f);
          }
        }
        case REVERSE_KL -> lanes.add(i, GeneratedDistillation.reverseTerm(x, z, b.sides), 0f);
        case JSD -> {
          GeneratedDistillation.jsdTerms(x, z, b.sides, b.terms);
          lanes.add(i, b.terms.term, 0f);
          lanes.more.add(i, b.terms.student, 0f);
        }
      }
    }
  }

  /**
   * Computes the gradient at the classes from {@code from} on, where it is not computed with the
   * terms.
   */
  static void slopes(DistillBlock b, int from) {
    boolean jsd = b.divergence == Divergence.JSD;
    for (int i = from; i < b.n; i++) {
      float x = b.x[b.xAt + i];
      float z = b.z[b.zAt + i];
      b.out[b.outAt + i] =
          jsd
              ? GeneratedDistillation.jsdSlope(x, z, b.sides, b.loss, b.factor)
              : GeneratedDistillation.reverseSlope(x, z, b.sides, b.loss, b.factor);
    }
  }

  /** Returns whether both sides of a row have a softmax. */
  static boolean isDefined(Sides sides, MassSums sums) {
    return Math.abs(sides.studentMax) < INF
        && Math.abs(sides.teacherMax) < INF
        && hi(sums.student) == hi(sums.student)
        && hi(sums.teacher) == hi(sums.teacher);
  }
}
