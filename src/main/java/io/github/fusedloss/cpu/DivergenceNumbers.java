package io.github.fusedloss.cpu;

import io.github.fusedloss.Divergence;
import io.github.fusedloss.backend.CrossEntropyTask;
import io.github.fusedloss.backend.Option;

/**
 * Numbers that all rows of a distillation share.
 *
 * @param inverse 1 / temperature, a pair
 * @param beta the teacher's share of a mixture
 * @param keep the student's share of a mixture
 * @param times the factor of divergences, a pair
 * @param slopeTimes one more factor of gradients
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
