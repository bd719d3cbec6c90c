package io.github.fusedloss.cpu;

/** Adjacent logits, and what is done to them: where to read, where to write. One per thread. */
final class LogitBlock {
  int n;

  /** As they were given. */
  float[] x;

  int xAt;

  /** As they are used; before, the same as x. */
  float[] y;

  int yAt;

  /** Of each; or null. */
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

  /** Takes the numbers of another. */
  void numbersOf(LogitBlock other) {
    softcap = other.softcap;
    cap = other.cap;
    twice = other.twice;
    temperature = other.temperature;
    inverse = other.inverse;
  }

  /** Lets go of the arrays. */
  void release() {
    x = null;
    y = null;
    bias = null;
    e = null;
  }
}
