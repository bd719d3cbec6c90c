package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.pair;

/** Label smoothing e over C classes: the target's share 1 - e and each class's share e / C. */
final class Smoothing {
  static final Smoothing NONE = new Smoothing(0f, 1, 0L);

  final boolean present;
  final long keep;
  final long spread;

  /** The sum of the class weights. */
  final long all;

  Smoothing(float labelSmoothing, int classes, long all) {
    this.all = all;
    present = labelSmoothing > 0f;
    keep = split(1.0 - labelSmoothing);
    spread = split((double) labelSmoothing / classes);
  }

  private static long split(double value) {
    float hi = (float) value;
    return pair(hi, (float) (value - hi));
  }
}
