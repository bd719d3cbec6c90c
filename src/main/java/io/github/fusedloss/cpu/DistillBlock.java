package io.github.fusedloss.cpu;

import io.github.fusedloss.Divergence;

/** One block of a row of a student's and a teacher's logits. */
final class DistillBlock {
  final Sides sides = new Sides();

  /** The sums of exponentials over the block. */
  final MassSums sums = new MassSums();

  final Masses masses = new Masses();
  final JsdTerms terms = new JsdTerms();
  final ForwardParts parts = new ForwardParts();

  Divergence divergence;
  int n;
  float[] x;
  int xAt;
  float[] z;
  int zAt;

  /** Receives the gradient; null while it is not wanted. */
  float[] out;

  int outAt;

  /** The factor of the gradient. */
  float factor;

  /** The row's divergence, a pair; for a JSD that of the student from the mixture. */
  long loss;

  /** Sums over the block: the divergence, and the student's divergence from the mixture. */
  long sum;

  long ofStudent;

  /** Returns whether the gradient is wanted, and does not depend on the row's divergence. */
  boolean hasSlopesWithTerms() {
    return divergence == Divergence.FORWARD_KL && out != null;
  }

  /** Lets go of the arrays, so that they can be collected. */
  void release() {
    x = null;
    z = null;
    out = null;
  }
}
