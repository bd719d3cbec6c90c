package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.pair;

import io.github.fusedloss.backend.Option;
import io.github.fusedloss.backend.OptionValues;

/**
 * What the options of cross entropy come to: {@code settings} of kernels/cross_entropy.cl, whose
 * functions read it. With label smoothing e over C classes the target's share is 1 - e, and each
 * class's is e / C.
 */
final class Settings {
  /** Of all defaults, for any number of classes. */
  static final Settings DEFAULT = new Settings(OptionValues.DEFAULT, 1, 0L);

  final boolean smooth;
  final long keep;
  final long spread;

  /** What a penalty is multiplied by; 0 for none. */
  final float penalty;

  final float gamma;

  /** The sum of the class weights, if the target is a class and smooth. */
  final long all;

  Settings(OptionValues options, int classes, long all) {
    float labelSmoothing = options.number(Option.LABEL_SMOOTHING);
    this.all = all;
    penalty = options.number(Option.PENALTY);
    gamma = options.number(Option.GAMMA);
    smooth = labelSmoothing > 0f;
    keep = split(1.0 - labelSmoothing);
    spread = split((double) labelSmoothing / classes);
  }

  /** As a pair. */
  static long split(double value) {
    float hi = (float) value;
    return pair(hi, (float) (value - hi));
  }
}
