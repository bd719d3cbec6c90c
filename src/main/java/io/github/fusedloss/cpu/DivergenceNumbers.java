package io.github.fusedloss.cpu;

import io.github.fusedloss.Divergence;
import io.github.fusedloss.backend.CrossEntropyTask;
import io.github.fusedloss.backend.Option;

/**
 * What all rows of a distillation have in common.
 *
 * @param inverse 1 / temperature, a pair
 * @param beta the teacher's share of a mixture
 * @param keep the student's
 * @param times what divergences are multiplied by, a pair
 * @param slopeTimes what gradients are multiplied by besides
 */
record DivergenceNumbers(
    Divergence divergence, long inverse, float beta, float keep, long times, float slopeTimes) {
  static DivergenceNumbers of(CrossEntropyTask.Options options) {
    float beta = options.values().number(Option.BETA);
    return new DivergenceNumbers(
        options.divergence(),
        Settings.split(1.0 / options.values().number(Option.TEMPERATURE)),
        beta,
        (float) (1.0 - beta),
        Settings.split(options.divergenceFactor()),
        options.divergenceSlope());
  }
}
