package io.github.fusedloss.cpu;

/**
 * Adjacent logits and the transform applied to them: where to read, and where to write. Each thread
 * has one.
 */
final class LogitBlock {
  int n;

  /** The logits as they were given. */
  float[] x;

  int xAt;

  /** The transformed logits; before the transform, the same as x. */
  float[] y;

  int yAt;

  /** The bias of each logit; or null. */
  float[] bias;

  int biasAt;

  /** Gradients with respect to y, which become those with respect to x. */
  float[] e;

  int eAt;
  boolean softcap;
  float cap;

  /** 2 / cap, a pair. */
  long twice;

  boolean temperature;

  /** 1 / temperature, a pair. */
  long inverse;

  /** Takes over the numbers of another block. */
  void numbersOf(LogitBlock other) {
    softcap = other.softcap;
    cap = other.cap;
    twice = other.twice;
    temperature = other.temperature;
    inverse = other.inverse;
  }

  /** Lets go of the arrays, so that they can be collected. */
  void release() {
    x = null;
    y = null;
    bias = null;
    e = null;
  }
}
