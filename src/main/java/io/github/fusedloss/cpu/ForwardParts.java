package io.github.fusedloss.cpu;

/**
 * What a class adds to a forward KL, and its gradient: {@code forward_parts} in
 * kernels/distillation.cl.
 */
final class ForwardParts {
  float term;
  float slope;
}
