package io.github.fusedloss.cpu;

/** What a class adds to a JSD: {@code jsd_terms} in kernels/distillation.cl. */
final class JsdTerms {
  float term;

  /** What it adds to the student's divergence from the mixture. */
  float student;
}
