package io.github.fusedloss;

import io.github.fusedloss.backend.Curvature;
import io.github.fusedloss.backend.Upstream;

/**
 * What a call wants besides the loss: of the gradient, and of the rows.
 *
 * @param wanted whether it wants one at all
 * @param into a tensor of the caller's for it, or null for a new one
 * @param upstream factor of the gradient
 * @param upstreams one factor for each loss, or null
 * @param extras what few calls ask for
 */
record GradientRequest(
    boolean wanted, Tensor into, float upstream, Tensor upstreams, Extras extras) {
  /**
   * What few calls ask for; apart, so that others do not carry it.
   *
   * @param hessian what is wanted of the second derivative, or null
   * @param outputs of the rows
   */
  record Extras(Hessian hessian, Outputs outputs) {
    static final Extras NONE = new Extras(null, Outputs.NONE);
  }

  /** No second derivative, and nothing of the rows. */
  GradientRequest(boolean wanted, Tensor into, float upstream, Tensor upstreams) {
    this(wanted, into, upstream, upstreams, Extras.NONE);
  }

  /** No gradient. */
  static final GradientRequest NONE = new GradientRequest(false, null, 1f, null);

  /** That of the loss, in a tensor of its own. */
  static final GradientRequest NEW = new GradientRequest(true, null, 1f, null);

  /** That of the loss, in this tensor. */
  static GradientRequest into(Tensor into) {
    return new GradientRequest(true, into, 1f, null);
  }

  /** That of upstream times the loss. */
  static GradientRequest times(float upstream) {
    return new GradientRequest(true, null, upstream, null);
  }

  /** That of the sum of upstreams times losses. */
  static GradientRequest times(Tensor upstreams) {
    return new GradientRequest(true, null, 1f, upstreams);
  }

  /** That of the loss, and its derivative. */
  static GradientRequest with(Hessian hessian) {
    return new GradientRequest(true, null, 1f, null, new Extras(hessian, Outputs.NONE));
  }

  /** What is wanted of the second derivative, or null. */
  Hessian hessian() {
    return extras.hessian();
  }

  /** What is wanted of the rows. */
  Outputs outputs() {
    return extras.outputs();
  }

  /** Where the second derivative goes; null if none is wanted. */
  Tensor hessian(Call call, Tensor input) {
    return hessian() == null ? null : call.result(input, ElementType.FLOAT32, input.dimensions());
  }

  /** What goes to that tensor, of rows of so many classes; null of null. */
  Curvature curvature(Tensor to, int classes) {
    return to == null
        ? null
        : new Curvature(to.memory(), hessian().times(classes), hessian().least());
  }

  /** And these of the rows. */
  GradientRequest and(Outputs outputs) {
    Checks.given("outputs", outputs);
    return new GradientRequest(wanted, into, upstream, upstreams, new Extras(hessian(), outputs));
  }

  /** Where the gradient goes; null if none is wanted. */
  Tensor tensor(Call call, Tensor input) {
    if (!wanted) {
      return null;
    }
    return into == null
        ? call.result(input, input.type(), input.dimensions())
        : call.gradient(into, input);
  }

  /** Whether the result closes the gradient. */
  boolean isClosedWithResult() {
    return into == null;
  }

  /** The factor of the gradient where its divisor is known. */
  Upstream over(double divisor) {
    return wanted
        ? new Upstream((float) (upstream / divisor), false, Tensor.memoryOf(upstreams))
        : Upstream.ONE;
  }

  /** The factor of the gradient whose divisor are the weights of the rows that count. */
  Upstream overWeights() {
    return upstream == 1f && upstreams == null
        ? Upstream.OVER_WEIGHTS
        : new Upstream(upstream, true, Tensor.memoryOf(upstreams));
  }
}
