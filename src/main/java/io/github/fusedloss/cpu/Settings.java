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
  final float zLoss;
  final float gamma;

  /** The sum of the class weights, if the target is a class and smooth. */
  final long all;

  /** The factor of all gradients of the z-loss. */
  final float zFactor;

  /** Without a gradient of the z-loss. */
  Settings(OptionValues options, int classes, long all) {
    this(options, classes, all, 0f);
  }

  Settings(OptionValues options, int classes, long all, float zFactor) {
    float labelSmoothing = options.number(Option.LABEL_SMOOTHING);
    this.all = all;
    this.zFactor = zFactor;
    zLoss = options.number(Option.Z_LOSS);
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
