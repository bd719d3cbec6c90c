package io.github.fusedloss.verify;

import io.github.fusedloss.Loss;
import io.github.fusedloss.LossResult;
import io.github.fusedloss.ResultCheck;
import io.github.fusedloss.Target;
import io.github.fusedloss.Tensor;

/**
 * Checks every loss of a running program against the reference: {@code fused.checkedBy(new
 * ReferenceCheck())}. It takes about a microsecond per element. Tolerances are those of the command
 * {@code fusedloss verify}: each {@link Promise}, and a bound from the size of the terms where
 * these cancel by the nature of the formula (soft targets, smoothing, negative weights).
 */
public final class ReferenceCheck implements ResultCheck {
  /**
   * {@inheritDoc}
   *
   * @throws VerificationException if a value is not within its tolerance
   */
  @Override
  public void check(
      Loss loss, Tensor input, Target target, float upstream, Tensor upstreams, LossResult result) {
    LossJudge judge = new LossJudge();
    judge.judge(loss.name(), loss, input, target, upstream, upstreams, result);
    String worst = judge.worst();
    if (!worst.isEmpty()) {
      throw new VerificationException(worst + " on " + result.device());
    }
  }
}
