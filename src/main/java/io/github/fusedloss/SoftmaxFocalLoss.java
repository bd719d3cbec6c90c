package io.github.fusedloss;

import io.github.fusedloss.backend.Function;
import io.github.fusedloss.backend.Option;

/**
 * Focal loss of logits with class indices: {@code weight[y] * (1 - p_y)^gamma * -log(p_y)}, where
 * {@code p} is the softmax along the class axis (Lin et al., Focal Loss for Dense Object Detection,
 * 2017, for several classes). With gamma 0 it is {@link CrossEntropy}. The mean is that of cross
 * entropy, too: it divides by the weights of the targets.
 *
 * <p>The input is (C), (N, C) or (N, C, d1, ...): float32, float16 or bfloat16. The target is class
 * indices, int8 to int64 or uint8, of the input's shape without its class axis. The class weight is
 * float32, (C). There is no label smoothing, and there are no class probabilities: there is no
 * agreed definition of the focusing factor for them. {@code 1 - p_y} is computed as the sum of the
 * other classes' probabilities, and keeps all digits where the target is almost certain.
 */
@CheckReturnValue
public final class SoftmaxFocalLoss extends TypedLoss<SoftmaxFocalLoss> {
  /** The default options: gamma 2, no weight, ignore_index -100, reduction mean. */
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

  /** Returns the exponent of the focusing factor {@code (1 - p_y)}. */
  public float gamma() {
    return options().number(Option.GAMMA);
  }

  /**
   * Returns a copy with this exponent of the focusing factor {@code (1 - p_y)}; with 0 this is
   * cross entropy.
   *
   * @param gamma in [0, 1024]
   * @throws IllegalArgumentException if it is not in this range
   */
  public SoftmaxFocalLoss withGamma(float gamma) {
    return with(options().with(Option.GAMMA, gamma));
  }

  /** Returns the class index of rows that are ignored. */
  public long ignoreIndex() {
    return options().integer(Option.IGNORE_INDEX);
  }

  /**
   * Returns a copy that ignores rows with this class index, which may be a class or any other
   * number.
   */
  public SoftmaxFocalLoss withIgnoreIndex(long ignoreIndex) {
    return with(options().with(Option.IGNORE_INDEX, ignoreIndex));
  }

  /** Returns what is done to the logits before the loss is computed. */
  public LogitTransform logits() {
    return LogitTransform.of(options());
  }

  /**
   * Returns a copy that does this to the logits first. Gradients are with respect to the logits as
   * given.
   */
  public SoftmaxFocalLoss withLogits(LogitTransform logits) {
    return with(Checks.given("logits", logits).in(options()));
  }

  /** Returns the axis of the input that holds the classes. */
  public int classAxis() {
    return (int) options().integer(Option.CLASS_AXIS);
  }

  /**
   * Returns a copy that has the classes on another axis, see {@link CrossEntropy#withClassAxis}.
   */
  public SoftmaxFocalLoss withClassAxis(int classAxis) {
    return with(options().with(Option.CLASS_AXIS, (long) classAxis));
  }
}
