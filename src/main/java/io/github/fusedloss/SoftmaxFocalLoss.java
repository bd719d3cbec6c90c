package io.github.fusedloss;

import io.github.fusedloss.backend.Function;
import io.github.fusedloss.backend.Option;

/**
 * Focal loss of logits with class indices: {@code weight[y] * (1 - p_y)^gamma * -log(p_y)}, {@code
 * p} the softmax along the class axis (Lin et al., Focal Loss for Dense Object Detection, 2017, for
 * several classes). With gamma 0 it is {@link CrossEntropy}, whose mean it has too: it divides by
 * the weights of the targets.
 *
 * <p>The input is (C), (N, C) or (N, C, d1, ...): float32, float16 or bfloat16. The target is class
 * indices, int8 to int64 or uint8, of the input's shape without its class axis. The class weight is
 * float32, (C). There is no label smoothing, and there are no class probabilities: what the focus
 * would be there is not agreed. {@code 1 - p_y} is the sum of the other classes' probabilities, and
 * keeps all digits where the target is almost certain.
 */
@CheckReturnValue
public final class SoftmaxFocalLoss extends TypedLoss<SoftmaxFocalLoss> {
  /** Gamma 2, no weight, ignore_index -100, mean. */
  public static final SoftmaxFocalLoss DEFAULT =
      new SoftmaxFocalLoss(Options.defaults(Function.SOFTMAX_FOCAL_LOSS));

  private static final long serialVersionUID = 1;

  private SoftmaxFocalLoss(Options options) {
    super(options);
  }

  @Override
  SoftmaxFocalLoss with(Options options) {
    return new SoftmaxFocalLoss(options);
  }

  /** The power of how much of the target was missed. */
  public float gamma() {
    return options().number(Option.GAMMA);
  }

  /**
   * With this power of how much of the target was missed; with 0 this is cross entropy.
   *
   * @param gamma in [0, 1024]
   * @throws IllegalArgumentException if it is another
   */
  public SoftmaxFocalLoss withGamma(float gamma) {
    return with(options().with(Option.GAMMA, gamma));
  }

  /** The class index of rows that count for nothing. */
  public long ignoreIndex() {
    return options().integer(Option.IGNORE_INDEX);
  }

  /** With this class index for rows that count for nothing, a class or any other number. */
  public SoftmaxFocalLoss withIgnoreIndex(long ignoreIndex) {
    return with(options().with(Option.IGNORE_INDEX, ignoreIndex));
  }

  /** What is done to the logits first. */
  public LogitTransform logits() {
    return LogitTransform.of(options());
  }

  /** With this done to the logits first; gradients are those with respect to the given ones. */
  public SoftmaxFocalLoss withLogits(LogitTransform logits) {
    return with(Checks.given("logits", logits).in(options()));
  }

  /** The axis of the input that holds the classes. */
  public int classAxis() {
    return (int) options().integer(Option.CLASS_AXIS);
  }

  /** With the classes on another axis, as {@link CrossEntropy#withClassAxis}. */
  public SoftmaxFocalLoss withClassAxis(int classAxis) {
    return with(options().with(Option.CLASS_AXIS, (long) classAxis));
  }
}
