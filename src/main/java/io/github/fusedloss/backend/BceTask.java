package io.github.fusedloss.backend;

/**
 * Binary cross entropy over {@code size} elements, loss and gradient at once.
 *
 * @param logits true if the input holds logits, false if probabilities (checked to be in [0, 1], as
 *     are the targets then)
 * @param size number of elements, at least 1
 * @param input floating-point
 * @param target floating-point
 * @param weight or null
 * @param posWeight or null; always null for probabilities
 * @param upstream one factor per element of the gradient, or null
 * @param scale factor of the whole gradient
 * @param loss receives the element losses; or null
 * @param gradient receives the gradient with respect to the input; or null. It may be the input
 *     itself: a call that fails has then changed the input and must not be tried again
 */
public record BceTask(
    boolean logits,
    long size,
    Memory input,
    Memory target,
    Operand weight,
    Operand posWeight,
    Memory upstream,
    float scale,
    Memory loss,
    Memory gradient) {

  /** What to throw for probability p and target t at this position; null if both are in [0, 1]. */
  public static BadElementException refuse(long position, float p, float t) {
    if (!(p >= 0f && p <= 1f)) {
      return BadElementException.value("input", position, "a probability in [0, 1]", p);
    }
    if (!(t >= 0f && t <= 1f)) {
      return BadElementException.value("target", position, "in [0, 1]", t);
    }
    return null;
  }
}
