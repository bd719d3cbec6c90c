package io.github.fusedloss;

import io.github.fusedloss.backend.HostMemory;
import java.util.List;

/**
 * Computes losses, their gradients and what they rest on, on one device. Safe for use by many
 * threads. Every executor gives the same bits.
 *
 * <p>Input tensors may be on the host or on this device ({@link #upload}); results live where the
 * input lives. Host tensors of any size are computed, piece by piece where the device does not hold
 * them at once. All tensors of a call are read as they are during the call: of what another thread
 * changes meanwhile the result may have the old, the new, or both. It then means nothing, or the
 * call is refused for what it found; nothing else is harmed.
 *
 * <p>Class axis: axis 1, or axis 0 of a one-dimensional input, unless another is given.
 *
 * <p>Every computing method throws {@link IllegalArgumentException} if types or shapes do not fit,
 * or if a tensor belongs to another device, {@link IllegalStateException} if a tensor or this
 * object is closed.
 *
 * <p>Where a device fails, what was opened as {@code auto} computes calls with host tensors alone
 * on the CPU, with the same bits, and logs one line. A device that is lost is opened anew once;
 * after that the CPU takes its place. Calls that need what is on the device, and every call of a
 * device that was asked for by name, throw {@link DeviceException}: the next call may succeed
 * unless it says that the device is lost, and then tensors must be uploaded again, and a named
 * device closed and opened again.
 */
public final class FusedLoss extends Primitives implements AutoCloseable {
  /**
   * The number of the bits: it grows when a release gives another bit for anything that the release
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

  /** The best device here: always succeeds, in the worst case on plain Java. */
  public static FusedLoss open() {
    return open("auto");
  }

  /**
   * A device by name: {@code auto}, {@code cpu}, {@code cpu:vector}, {@code cpu:scalar}, {@code
   * opencl} or {@code opencl:K}, K as {@link #devices()} numbers them.
   *
   * @throws DeviceUnavailableException if it cannot serve: why, and what would cure it
   * @throws IllegalArgumentException if it is no such name
   */
  public static FusedLoss open(String device) {
    return new FusedLoss(DeviceSelector.named(device).open());
  }

  /**
   * The device a selector chooses.
   *
   * @throws DeviceUnavailableException if it finds none that can serve
   */
  public static FusedLoss open(DeviceSelector selector) {
    Checks.given("selector", selector);
    return new FusedLoss(selector.open());
  }

  /** Every executor here, usable or not; the automatic choice takes the usable one of top rank. */
  public static List<DeviceInfo> devices() {
    return Devices.discover();
  }

  /**
   * The same device, every loss checked: {@code check} is called with each result before it is
   * returned, and what it throws reaches the caller. Closing either closes both. A check that was
   * asked for before stays, and comes first: {@code checkedBy(a).checkedBy(b)} is checked by a,
   * then, if a throws nothing, by b.
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

  /** The executor's name, such as opencl:0 or cpu:vector; another once the device is lost. */
  public String device() {
    return engine.device();
  }

  /** The executor. */
  public DeviceInfo info() {
    return engine.executor().info();
  }

  /** Why this device was opened: one sentence. */
  public String choice() {
    return engine.choice();
  }

  /** Bytes of device memory that uploaded tensors and results hold now. */
  public long liveBytes() {
    return engine.executor().liveBytes();
  }

  /**
   * The device's own copy bandwidth, the floor of everything here: bytes read plus bytes written
   * per second, the median of several copies.
   *
   * @param bytes size of the copy, at least 4; beyond the caches to mean memory
   */
  public double copyBandwidth(long bytes) {
    if (bytes < 4) {
      throw new IllegalArgumentException("bytes must be at least 4, got " + bytes);
    }
    return engine.run(engine.executor(), true, executor -> executor.copyBandwidth(bytes));
  }

  // ---- losses

  /** The loss of {@code input} against {@code target}. */
  public LossResult forward(Loss loss, Tensor input, Tensor target) {
    return run(loss, input, target, RowWeights.NONE, GradientRequest.NONE);
  }

  /** The same with what belongs to the batch. */
  public LossResult forward(Loss loss, Tensor input, Target target) {
    return run(loss, input, target, GradientRequest.NONE);
  }

  /**
   * The same, and in the same pass what else is wanted of each row.
   *
   * @throws IllegalArgumentException if the loss has no such output, or not for this target
   */
  public LossResult forward(Loss loss, Tensor input, Target target, Outputs outputs) {
    return run(loss, input, target, GradientRequest.NONE.and(outputs));
  }

  /** The loss and, in the same pass, its gradient with respect to the input. */
  public LossResult forwardAndGradient(Loss loss, Tensor input, Tensor target) {
    return run(loss, input, target, RowWeights.NONE, GradientRequest.NEW);
  }

  /** The same with what belongs to the batch. */
  public LossResult forwardAndGradient(Loss loss, Tensor input, Target target) {
    return run(loss, input, target, GradientRequest.NEW);
  }

  /**
   * The same, and in the same pass what else is wanted of each row, as {@link #forward} does it.
   */
  public LossResult forwardAndGradient(Loss loss, Tensor input, Target target, Outputs outputs) {
    return run(loss, input, target, GradientRequest.NEW.and(outputs));
  }

  /**
   * The same with the gradient written to a tensor of the caller's, which the result does not
   * close. It may be the input itself: then the gradient takes the place of the input, and no
   * memory of the input's size is needed. So it goes with host tensors of 2^31 elements and more,
   * too.
   *
   * <p>If the call fails the content of {@code gradient} is undefined, also where it is the input.
   *
   * @param gradient on the host or on this device, of the input's type and shape; the input itself,
   *     or without memory in common with any operand; two of its segments share none either. It is
   *     not noticed where buffers do not give their array away (direct and read-only buffers, views
   *     of byte buffers)
   */
  public LossResult forwardAndGradient(Loss loss, Tensor input, Tensor target, Tensor gradient) {
    TensorChecks.tensor("gradient", gradient);
    return run(loss, input, target, RowWeights.NONE, GradientRequest.into(gradient));
  }

  /** The same with what belongs to the batch. */
  public LossResult forwardAndGradient(Loss loss, Tensor input, Target target, Tensor gradient) {
    TensorChecks.tensor("gradient", gradient);
    return run(loss, input, target, GradientRequest.into(gradient));
  }

  /** The same, and in the same pass what else is wanted of each row. */
  public LossResult forwardAndGradient(
      Loss loss, Tensor input, Target target, Outputs outputs, Tensor gradient) {
    TensorChecks.tensor("gradient", gradient);
    return run(loss, input, target, GradientRequest.into(gradient).and(outputs));
  }

  /**
   * The losses and, in the same pass, the gradient of {@code sum(upstream * losses)} with respect
   * to the input.
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
   * The loss and, in the same pass, its gradient and the diagonal of its second derivative with
   * respect to the input, as boosting needs them: {@link LossResult#hessian()}.
   *
   * <p>Margins that lie class by class, (K, N) as XGBoost and LightGBM hand them over, are an input
   * of shape (1, K, N) with a target of shape (1, N), without a copy.
   *
   * @param loss binary cross entropy of logits, or cross entropy; for {@link Hessian#EXACT} both
   *     focal losses too, and else no z-loss; all without a {@link LogitTransform}. With reduction
   *     none the derivatives are those of the sum
   * @param hessian what to give in the place of the second derivative
   * @throws IllegalArgumentException if this loss has none
   */
  public LossResult forwardGradientAndHessian(
      Loss loss, Tensor input, Target target, Hessian hessian) {
    Checks.given("hessian", hessian);
    return run(loss, input, target, GradientRequest.with(hessian));
  }

  /** The same, and in the same pass what else is wanted of each row. */
  public LossResult forwardGradientAndHessian(
      Loss loss, Tensor input, Target target, Hessian hessian, Outputs outputs) {
    Checks.given("hessian", hessian);
    return run(loss, input, target, GradientRequest.with(hessian).and(outputs));
  }

  /** The same of a target alone. */
  public LossResult forwardGradientAndHessian(
      Loss loss, Tensor input, Tensor target, Hessian hessian) {
    Checks.given("hessian", hessian);
    return run(loss, input, target, RowWeights.NONE, GradientRequest.with(hessian));
  }

  /**
   * The gradient of {@code upstream * loss} with respect to the input; with reduction none that of
   * {@code upstream * sum}.
   */
  public Tensor backward(Loss loss, Tensor input, Tensor target, float upstream) {
    return gradient(run(loss, input, target, RowWeights.NONE, GradientRequest.times(upstream)));
  }

  /** The same with what belongs to the batch. */
  public Tensor backward(Loss loss, Tensor input, Target target, float upstream) {
    return gradient(run(loss, input, target, GradientRequest.times(upstream)));
  }

  /**
   * The gradient of {@code sum(upstream * losses)} with respect to the input.
   *
   * @param loss with reduction none
   * @param upstream float32, of the losses' shape
   */
  public Tensor backward(Loss loss, Tensor input, Tensor target, Tensor upstream) {
    TensorChecks.tensor("upstream", upstream);
    return gradient(run(loss, input, target, RowWeights.NONE, GradientRequest.times(upstream)));
  }

  /** The same with what belongs to the batch. */
  public Tensor backward(Loss loss, Tensor input, Target target, Tensor upstream) {
    TensorChecks.tensor("upstream", upstream);
    return gradient(run(loss, input, target, GradientRequest.times(upstream)));
  }

  /** How good a model's logits are of class indices, see {@link ClassificationSummary}. */
  public ClassificationSummary evaluate(CrossEntropy loss, Tensor input, Tensor target) {
    return evaluate(loss, input, Target.of(target), null);
  }

  /**
   * The same, added to that of other batches. The loss's reduction, denominator and z-loss are left
   * out. Large host tensors are computed piece by piece.
   *
   * @param into what is added to, which is returned; null for a new one. If the call fails, some
   *     rows may have been added
   */
  public ClassificationSummary evaluate(
      CrossEntropy loss, Tensor input, Target target, ClassificationSummary into) {
    engine.requireOpen(); // Of an empty batch nothing is computed that would notice.
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
   * @throws DeviceException if the device fails, its memory is full for example; one that is lost
   *     is replaced first where it was opened as {@code auto}
   */
  public Tensor upload(Tensor tensor) {
    if (tensor == null || tensor.isOnDevice()) {
      throw new IllegalArgumentException("tensor must be on the host, got " + tensor);
    }
    return Tensor.owning(engine.upload((HostMemory) tensor.memory()), engine, tensor.dimensions());
  }

  /**
   * Copies a host tensor into one that was uploaded, or is a result, here: the next batch without
   * new memory. Calls that run meanwhile see the old elements, the new, or both.
   *
   * @param to on this device, of the same type and shape
   * @throws IllegalArgumentException if one of the two is not where it has to be, or they differ in
   *     type or shape
   * @throws DeviceException if the device fails; what is in {@code to} is then undefined
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

  /** Gives the device back; its tensors end with it. Idempotent, waits for running calls. */
  @Override
  public void close() {
    engine.close();
  }

  @Override
  public String toString() {
    return "FusedLoss on " + device() + " (" + choice() + ")";
  }
}
