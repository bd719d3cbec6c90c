package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.pair;

import io.github.fusedloss.backend.Option;
import io.github.fusedloss.backend.OptionValues;

/**
 * The numbers that the options of cross entropy come to: {@code settings} in
 * kernels/cross_entropy.cl, whose functions read them. With label smoothing e over C classes the
 * target's share is 1 - e, and each class's share is e / C.
 */
final class Settings {
  /** The default options, for any number of classes. */
  static final Settings DEFAULT = new Settings(OptionValues.DEFAULT, 1, 0L);

  final boolean smooth;
  final long keep;
  final long spread;

  /** The factor of a penalty; 0 if there is none. */
  final float penalty;

  final float gamma;

  /** The sum of the class weights, needed if the target is a class and smoothed. */
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

  /** Returns a value as a pair. */
  static long split(double value) {
    float hi = (float) value;
    return pair(hi, (float) (value - hi));
  }
}
