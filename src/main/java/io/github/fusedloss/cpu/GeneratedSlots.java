// Generated from kernels by ci/generate. Do not edit.
package io.github.fusedloss.cpu;

/** How many arrays of a {@link Strip} generated code takes. */
final class GeneratedSlots {
  private GeneratedSlots() {}

  static final int COUNT = 24;
}
