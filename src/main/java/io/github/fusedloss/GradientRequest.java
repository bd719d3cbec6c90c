package io.github.fusedloss;

import io.github.fusedloss.backend.Curvature;
import io.github.fusedloss.backend.Upstream;

/**
 * What a call computes besides the loss: the gradient, and numbers for each row.
 *
 * @param wanted whether the gradient is wanted
 * @param into the caller's tensor for the gradient, or null for a new one
 * @param upstream a factor of the gradient
 * @param upstreams one factor of the gradient for each loss, or null
 * @param extras what few calls ask for
 */
record GradientRequest(
    boolean wanted, Tensor into, float upstream, Tensor upstreams, Extras extras) {
  /**
   * What few calls ask for. It stands apart, so that the other calls do not carry it.
   *
   * @param hessian what is wanted of the second derivative, or null
   * @param outputs the numbers that are wanted of each row
   */
  record Extras(Hessian hessian, Outputs outputs) {
    static final Extras NONE = new Extras(null, Outputs.NONE);
  }

  /** Requests a gradient, but no second derivative and no numbers for each row. */
  GradientRequest(boolean wanted, Tensor into, float upstream, Tensor upstreams) {
    this(wanted, into, upstream, upstreams, Extras.NONE);
  }

  /** No gradient is wanted. */
  static final GradientRequest NONE = new GradientRequest(false, null, 1f, null);

  /** The gradient of the loss, in a new tensor. */
  static final GradientRequest NEW = new GradientRequest(true, null, 1f, null);

  /** Requests the gradient of the loss, in this tensor. */
  static GradientRequest into(Tensor into) {
    return new GradientRequest(true, into, 1f, null);
  }

  /** Requests the gradient of upstream times the loss. */
  static GradientRequest times(float upstream) {
    return new GradientRequest(true, null, upstream, null);
  }

  /** Requests the gradient of the sum of upstreams times losses. */
  static GradientRequest times(Tensor upstreams) {
    return new GradientRequest(true, null, 1f, upstreams);
  }

  /** Requests the gradient of the loss and the second derivative. */
  static GradientRequest with(Hessian hessian) {
    return new GradientRequest(true, null, 1f, null, new Extras(hessian, Outputs.NONE));
  }

  /** Returns what is wanted of the second derivative, or null. */
  Hessian hessian() {
    return extras.hessian();
  }

  /** Returns the numbers that are wanted of each row. */
  Outputs outputs() {
    return extras.outputs();
  }

  /** Makes the tensor for the second derivative; null if none is wanted. */
  Tensor hessian(Call call, Tensor input) {
    return hessian() == null ? null : call.result(input, ElementType.FLOAT32, input.dimensions());
  }

  /**
   * Describes the second derivative to an executor; null if {@code to} is null.
   *
   * @param to where it is written
   * @param classes the length of the rows; 1 for a loss over elements
   */
  Curvature curvature(Tensor to, int classes) {
    return to == null
        ? null
        : new Curvature(to.memory(), hessian().times(classes), hessian().least());
  }

  /** Returns a copy that also requests these numbers for each row. */
  GradientRequest and(Outputs outputs) {
    Checks.given("outputs", outputs);
    return new GradientRequest(wanted, into, upstream, upstreams, new Extras(hessian(), outputs));
  }

  /** Makes or takes the tensor for the gradient; null if none is wanted. */
  Tensor tensor(Call call, Tensor input) {
    if (!wanted) {
      return null;
    }
    return into == null
        ? call.result(input, input.type(), input.dimensions())
        : call.gradient(into, input);
  }

  /** Returns whether closing the result closes the gradient. */
  boolean isClosedWithResult() {
    return into == null;
  }

  /** Returns the factors of the gradient, divided by a number that is known. */
  Upstream over(double divisor) {
    return wanted
        ? new Upstream((float) (upstream / divisor), false, Tensor.memoryOf(upstreams))
        : Upstream.ONE;
  }

  /** Returns the factors of a gradient that is divided by the weights of the rows that count. */
  Upstream overWeights() {
    return upstream == 1f && upstreams == null
        ? Upstream.OVER_WEIGHTS
        : new Upstream(upstream, true, Tensor.memoryOf(upstreams));
  }
}
