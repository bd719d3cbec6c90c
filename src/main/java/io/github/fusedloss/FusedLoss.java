package io.github.fusedloss;

import io.github.fusedloss.backend.HostMemory;
import java.util.List;

/**
 * Computes losses, their gradients and the functions they are made of, such as softmax, on one
 * device. It is safe for use by many threads. Every executor gives the same bits.
 *
 * <p>Input tensors may be on the host or on this device ({@link #upload}); results live where the
 * input lives. Host tensors may have any size: they are computed piece by piece if the device does
 * not hold them at once. Do not change the tensors of a call while it runs. If another thread does,
 * the result may rest on the old elements, the new, or both, or the call throws because of what it
 * found; nothing else is harmed.
 *
 * <p>Class axis: axis 1, or axis 0 of a one-dimensional input, unless another is given.
 *
 * <p>Every computing method throws {@link IllegalArgumentException} if types or shapes do not fit,
 * or if a tensor belongs to another device, and {@link IllegalStateException} if a tensor or this
 * object is closed.
 *
 * <p>If the device fails, a FusedLoss that was opened as {@code auto} computes calls with host
 * tensors alone on the CPU, with the same bits, and logs one line. A device that is lost is opened
 * anew once; after that the CPU takes its place. {@link DeviceException} is thrown by calls that
 * need what is on the device, and by every call if the device was asked for by name. The next call
 * may succeed, unless the exception says that the device is lost: then tensors must be uploaded
 * again, and a named device must be closed and opened again.
 */
public final class FusedLoss extends Primitives implements AutoCloseable {
  /**
   * The number of the bits. It grows when a release gives another bit for anything that the release
   * before could compute, and only then. Results of equal numbers can be compared bit by bit.
   */
  public static final int NUMERICS = 2;

  private final ResultCheck check;

  FusedLoss(Engine engine) {
    this(engine, null);
  }

  private FusedLoss(Engine engine, ResultCheck check) {
    super(engine);
    this.check = check;
  }

  /** Opens the best device here. It always succeeds, in the worst case with plain Java. */
  public static FusedLoss open() {
    return open("auto");
  }

  /**
   * Opens a device by its name: {@code auto}, {@code cpu}, {@code cpu:vector}, {@code cpu:scalar},
   * {@code opencl} or {@code opencl:K}, K as {@link #devices()} numbers them.
   *
   * @throws DeviceUnavailableException if it cannot be used: why, and what would cure it
   * @throws IllegalArgumentException if it is no such name
   */
  public static FusedLoss open(String device) {
    return new FusedLoss(DeviceSelector.named(device).open());
  }

  /**
   * Opens the device that a selector chooses.
   *
   * @throws DeviceUnavailableException if it finds none that can be used
   */
  public static FusedLoss open(DeviceSelector selector) {
    Checks.given("selector", selector);
    return new FusedLoss(selector.open());
  }

  /**
   * Returns every executor here, usable or not; the automatic choice takes the usable one with the
   * highest rank.
   */
  public static List<DeviceInfo> devices() {
    return Devices.discover();
  }

  /**
   * Returns this device with every loss checked: {@code check} is called with each result before it
   * is returned, and what it throws reaches the caller. Closing either closes both. Earlier checks
   * stay, and come first: {@code checkedBy(a).checkedBy(b)} calls a and, if a throws nothing, b.
   */
  public FusedLoss checkedBy(ResultCheck check) {
    Checks.given("check", check);
    ResultCheck before = this.check;
    ResultCheck all =
        before == null
            ? check
            : (loss, input, target, upstream, upstreams, result) -> {
              before.check(loss, input, target, upstream, upstreams, result);
              check.check(loss, input, target, upstream, upstreams, result);
            };
    return new FusedLoss(engine, all);
  }

  /**
   * Returns the executor's name, such as opencl:0 or cpu:vector. It changes if the device is lost.
   */
  public String device() {
    return engine.device();
  }

  /** Returns what is known of the executor. */
  public DeviceInfo info() {
    return engine.executor().info();
  }

  /** Returns why this device was opened: one sentence. */
  public String choice() {
    return engine.choice();
  }

  /** Returns how many bytes of device memory uploaded tensors and results hold now. */
  public long liveBytes() {
    return engine.executor().liveBytes();
  }

  /**
   * Measures the device's own copy bandwidth, which limits every function here: bytes read plus
   * bytes written per second, the median of several copies.
   *
   * @param bytes size of the copy, at least 4; larger than the caches if the memory is to be
   *     measured
   * @throws IllegalArgumentException if it is less than 4
   */
  public double copyBandwidth(long bytes) {
    if (bytes < 4) {
      throw new IllegalArgumentException("bytes must be at least 4, got " + bytes);
    }
    return engine.run(engine.executor(), true, executor -> executor.copyBandwidth(bytes));
  }

  // ---- losses

  /** Computes the loss of {@code input} against {@code target}. */
  public LossResult forward(Loss loss, Tensor input, Tensor target) {
    return run(loss, input, target, RowWeights.NONE, GradientRequest.NONE);
  }

  /** Computes the loss of {@code input} against a target with row weights or a mask. */
  public LossResult forward(Loss loss, Tensor input, Target target) {
    return run(loss, input, target, GradientRequest.NONE);
  }

  /**
   * Computes the loss and, in the same pass, other numbers for each row, see {@link Outputs}.
   *
   * @throws IllegalArgumentException if the loss has no such output, or not for this target
   */
  public LossResult forward(Loss loss, Tensor input, Target target, Outputs outputs) {
    return run(loss, input, target, GradientRequest.NONE.and(outputs));
  }

  /** Computes the loss and, in the same pass, its gradient with respect to the input. */
  public LossResult forwardAndGradient(Loss loss, Tensor input, Tensor target) {
    return run(loss, input, target, RowWeights.NONE, GradientRequest.NEW);
  }

  /** Computes the loss and its gradient for a target with row weights or a mask. */
  public LossResult forwardAndGradient(Loss loss, Tensor input, Target target) {
    return run(loss, input, target, GradientRequest.NEW);
  }

  /**
   * Computes the loss, its gradient and, in the same pass, other numbers for each row, see {@link
   * Outputs}.
   *
   * @throws IllegalArgumentException if the loss has no such output, or not for this target
   */
  public LossResult forwardAndGradient(Loss loss, Tensor input, Target target, Outputs outputs) {
    return run(loss, input, target, GradientRequest.NEW.and(outputs));
  }

  /**
   * Computes the loss, and writes its gradient to a tensor of the caller's, which the result does
   * not close. It may be the input itself: then the gradient replaces the input, and no memory of
   * the input's size is needed. This also works for host tensors of 2^31 elements and more.
   *
   * <p>If the call fails, the content of {@code gradient} is undefined, even if it is the input.
   *
   * @param gradient on the host or on this device, of the input's type and shape. It must be the
   *     input itself, or share no memory with any operand; nor may two of its segments share
   *     memory. Shared memory is not noticed where buffers do not give their array away (direct and
   *     read-only buffers, views of byte buffers)
   */
  public LossResult forwardAndGradient(Loss loss, Tensor input, Tensor target, Tensor gradient) {
    TensorChecks.tensor("gradient", gradient);
    return run(loss, input, target, RowWeights.NONE, GradientRequest.into(gradient));
  }

  /**
   * Computes the loss for a target with row weights or a mask, and writes its gradient to a tensor
   * of the caller's, see {@link #forwardAndGradient(Loss, Tensor, Tensor, Tensor)}.
   */
  public LossResult forwardAndGradient(Loss loss, Tensor input, Target target, Tensor gradient) {
    TensorChecks.tensor("gradient", gradient);
    return run(loss, input, target, GradientRequest.into(gradient));
  }

  /**
   * Computes the loss and other numbers for each row, see {@link Outputs}, and writes the gradient
   * to a tensor of the caller's, see {@link #forwardAndGradient(Loss, Tensor, Tensor, Tensor)}.
   *
   * @throws IllegalArgumentException if the loss has no such output, or not for this target
   */
  public LossResult forwardAndGradient(
      Loss loss, Tensor input, Target target, Outputs outputs, Tensor gradient) {
    TensorChecks.tensor("gradient", gradient);
    return run(loss, input, target, GradientRequest.into(gradient).and(outputs));
  }

  /**
   * Computes the losses and, in the same pass, the gradient of {@code sum(upstream * losses)} with
   * respect to the input.
   *
   * @param loss with reduction none
   * @param upstream float32, of the losses' shape
   * @param gradient as in {@link #forwardAndGradient(Loss, Tensor, Tensor, Tensor)}; null for a new
   *     tensor, which the result closes
   */
  public LossResult forwardAndGradient(
      Loss loss, Tensor input, Target target, Tensor upstream, Tensor gradient) {
    TensorChecks.tensor("upstream", upstream);
    return run(loss, input, target, new GradientRequest(true, gradient, 1f, upstream));
  }

  /**
   * Computes the loss and, in the same pass, its gradient and the diagonal of its second derivative
   * with respect to the input, as boosting needs them. {@link LossResult#hessian()} is the latter.
   *
   * <p>XGBoost and LightGBM hand over margins (logits) class by class, (K, N). Without a copy,
   * these are an input of shape (1, K, N) with a target of shape (1, N).
   *
   * @param loss binary cross entropy of logits, or cross entropy; with {@link Hessian#EXACT} also
   *     both focal losses. It must have no {@link LogitTransform}, and a z-loss only with {@link
   *     Hessian#EXACT}. With reduction none the derivatives are those of the sum
   * @param hessian what to compute in the place of the second derivative
   * @throws IllegalArgumentException if this loss has none
   */
  public LossResult forwardGradientAndHessian(
      Loss loss, Tensor input, Target target, Hessian hessian) {
    Checks.given("hessian", hessian);
    return run(loss, input, target, GradientRequest.with(hessian));
  }

  /**
   * Computes the loss, its gradient, its second derivative and, in the same pass, other numbers for
   * each row, see {@link Outputs}.
   *
   * @throws IllegalArgumentException if the loss has no such output or no second derivative
   */
  public LossResult forwardGradientAndHessian(
      Loss loss, Tensor input, Target target, Hessian hessian, Outputs outputs) {
    Checks.given("hessian", hessian);
    return run(loss, input, target, GradientRequest.with(hessian).and(outputs));
  }

  /**
   * Computes the loss, its gradient and its second derivative for a target without row weights or
   * mask.
   *
   * @throws IllegalArgumentException if this loss has no second derivative
   */
  public LossResult forwardGradientAndHessian(
      Loss loss, Tensor input, Tensor target, Hessian hessian) {
    Checks.given("hessian", hessian);
    return run(loss, input, target, RowWeights.NONE, GradientRequest.with(hessian));
  }

  /**
   * Returns the gradient of {@code upstream * loss} with respect to the input; with reduction none
   * that of {@code upstream * sum}.
   */
  public Tensor backward(Loss loss, Tensor input, Tensor target, float upstream) {
    return gradient(run(loss, input, target, RowWeights.NONE, GradientRequest.times(upstream)));
  }

  /**
   * Returns the gradient of {@code upstream * loss} for a target with row weights or a mask; with
   * reduction none that of {@code upstream * sum}.
   */
  public Tensor backward(Loss loss, Tensor input, Target target, float upstream) {
    return gradient(run(loss, input, target, GradientRequest.times(upstream)));
  }

  /**
   * Returns the gradient of {@code sum(upstream * losses)} with respect to the input.
   *
   * @param loss with reduction none
   * @param upstream float32, of the losses' shape
   */
  public Tensor backward(Loss loss, Tensor input, Tensor target, Tensor upstream) {
    TensorChecks.tensor("upstream", upstream);
    return gradient(run(loss, input, target, RowWeights.NONE, GradientRequest.times(upstream)));
  }

  /**
   * Returns the gradient of {@code sum(upstream * losses)} for a target with row weights or a mask.
   *
   * @param loss with reduction none
   * @param upstream float32, of the losses' shape
   */
  public Tensor backward(Loss loss, Tensor input, Target target, Tensor upstream) {
    TensorChecks.tensor("upstream", upstream);
    return gradient(run(loss, input, target, GradientRequest.times(upstream)));
  }

  /** Evaluates a model's logits against class indices, see {@link ClassificationSummary}. */
  public ClassificationSummary evaluate(CrossEntropy loss, Tensor input, Tensor target) {
    return evaluate(loss, input, Target.of(target), null);
  }

  /**
   * Evaluates a model's logits against class indices, and adds the result to a summary of other
   * batches. The loss's reduction, denominator and z-loss have no effect. Large host tensors are
   * computed piece by piece.
   *
   * @param into the summary that is added to, which is returned; null for a new one. If the call
   *     fails, some rows may have been added
   */
  public ClassificationSummary evaluate(
      CrossEntropy loss, Tensor input, Target target, ClassificationSummary into) {
    engine.requireOpen(); // An empty batch computes nothing that would notice.
    return new Evaluation(this::forward, this::softmax).add(loss, input, target, into);
  }

  private LossResult run(Loss loss, Tensor input, Target target, GradientRequest gradient) {
    Checks.given("target", target);
    return run(loss, input, target.tensor(), target.rows(), gradient);
  }

  private LossResult run(
      Loss loss, Tensor input, Tensor target, RowWeights rows, GradientRequest gradient) {
    return LossCall.run(engine, check, loss, input, target, rows, gradient);
  }

  private static Tensor gradient(LossResult result) {
    if (result.reduction() == Reduction.NONE) {
      result.losses().close();
    }
    return result.gradient();
  }

  // ---- tensors on the device

  /**
   * Copies a host tensor to this device. Close the result to give its memory back.
   *
   * @throws IllegalArgumentException if the tensor is on a device already
   * @throws DeviceException if the device fails, for example because its memory is full. With
   *     {@code auto}, a device that is lost is replaced first
   */
  public Tensor upload(Tensor tensor) {
    if (tensor == null || tensor.isOnDevice()) {
      throw new IllegalArgumentException("tensor must be on the host, got " + tensor);
    }
    return Tensor.owning(engine.upload((HostMemory) tensor.memory()), engine, tensor.dimensions());
  }

  /**
   * Copies a host tensor into one that this device has already, uploaded or as a result, so that
   * the next batch needs no new memory. Calls that run meanwhile see the old elements, the new, or
   * both.
   *
   * @param to a tensor on this device, of the same type and shape
   * @throws IllegalArgumentException if {@code tensor} is not on the host, {@code to} is not on
   *     this device, or they differ in type or shape
   * @throws DeviceException if the device fails; the content of {@code to} is then undefined
   */
  public void upload(Tensor tensor, Tensor to) {
    if (tensor == null || tensor.isOnDevice()) {
      throw new IllegalArgumentException("tensor must be on the host, got " + tensor);
    }
    if (to == null || !to.isOnDevice()) {
      throw new IllegalArgumentException("to must be on this device, got " + to);
    }
    TensorChecks.type("to", to, tensor.type());
    TensorChecks.sameShape("to", to, "tensor", tensor);
    try (Call call = new Call(engine).add("to", to)) {
      call.fill((HostMemory) tensor.memory(), to.memory());
    }
  }

  /**
   * Gives the device back; its tensors end with it. It waits for running calls. Closing twice does
   * nothing.
   */
  @Override
  public void close() {
    engine.close();
  }

  @Override
  public String toString() {
    return "FusedLoss on " + device() + " (" + choice() + ")";
  }
}
