package io.github.fusedloss.cpu;

/** What a class adds to a JSD: {@code jsd_terms} of kernels/distillation.cl. */
final class JsdTerms {
  float term;

  /** To the student's divergence from the mixture. */
  float student;
}
