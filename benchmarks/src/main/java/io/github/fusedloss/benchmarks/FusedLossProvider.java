package io.github.fusedloss.benchmarks;

import io.github.fusedloss.BinaryCrossEntropy;
import io.github.fusedloss.BinaryCrossEntropyWithLogits;
import io.github.fusedloss.CrossEntropy;
import io.github.fusedloss.FusedLoss;
import io.github.fusedloss.KlDivLoss;
import io.github.fusedloss.Loss;
import io.github.fusedloss.LossResult;
import io.github.fusedloss.NllLoss;
import io.github.fusedloss.SigmoidFocalLoss;
import io.github.fusedloss.Tensor;
import io.github.fusedloss.benchmarks.Work.Options;
import java.util.ArrayList;
import java.util.List;

/** This library: tensors on the device, or arrays of the caller's, for the gradient too. */
final class FusedLossProvider implements Provider {
  private final FusedLoss fused;
  private final boolean onDevice;

  FusedLossProvider(String device, boolean onDevice) {
    this(FusedLoss.open(device), onDevice);
  }

  FusedLossProvider(FusedLoss fused, boolean onDevice) {
    this.fused = fused;
    this.onDevice = onDevice;
  }

  @Override
  public String device() {
    return fused.device() + ": " + fused.info().description();
  }

  @Override
  public double copyBandwidth(long bytes) {
    return fused.info().backend().equals("cpu") ? 0 : fused.copyBandwidth(bytes);
  }

  @Override
  public Call prepare(Problem p) {
    Work work = p.work();
    List<Tensor> tensors = new ArrayList<>();
    Tensor x = tensor(tensors, host(p, p.x()));
    Tensor target =
        p.target() != null
            ? tensor(tensors, host(p, p.target()))
            : p.classes() != null ? tensor(tensors, Tensor.of(p.classes(), work.rowShape())) : null;
    Tensor weight =
        p.weight() == null ? null : tensor(tensors, Tensor.of(p.weight(), p.weight().length));
    Tensor posWeight = p.posWeight() == null ? null : tensor(tensors, Tensor.of(p.posWeight(), 1));
    Loss loss =
        switch (work.function()) {
          case BINARY_CROSS_ENTROPY_WITH_LOGITS ->
              BinaryCrossEntropyWithLogits.DEFAULT.withWeight(weight).withPosWeight(posWeight);
          case BINARY_CROSS_ENTROPY -> BinaryCrossEntropy.DEFAULT;
          case SIGMOID_FOCAL_LOSS -> SigmoidFocalLoss.DEFAULT;
          case KL_DIV -> KlDivLoss.DEFAULT;
          case CROSS_ENTROPY ->
              CrossEntropy.DEFAULT
                  .withWeight(weight)
                  .withLabelSmoothing(
                      work.options() == Options.SMOOTHING_WEIGHTS_IGNORE
                          ? Problem.LABEL_SMOOTHING
                          : 0);
          case NLL_LOSS -> NllLoss.DEFAULT;
          default -> null;
        };
    // The gradient goes to an array of the caller, as in programs that compute more than once.
    Tensor gradient = onDevice || !work.gradient() ? null : host(p, new float[p.x().length]);
    return loss == null
        ? primitive(work, x, tensors)
        : loss(work, loss, x, target, gradient, tensors);
  }

  private static Tensor host(Problem p, float[] values) {
    Work work = p.work();
    return work.dtype().isSixteenBit()
        ? Tensor.of(work.dtype(), p.bits(values), work.shape())
        : Tensor.of(values, work.shape());
  }

  private Tensor tensor(List<Tensor> tensors, Tensor host) {
    Tensor tensor = onDevice ? fused.upload(host) : host;
    tensors.add(tensor);
    return tensor;
  }

  private Call loss(
      Work work, Loss loss, Tensor x, Tensor target, Tensor gradient, List<Tensor> tensors) {
    return new Call() {
      private LossResult result;

      @Override
      public Object run() {
        if (result != null) {
          result.close();
        }
        result =
            !work.gradient()
                ? fused.forward(loss, x, target)
                : gradient == null
                    ? fused.forwardAndGradient(loss, x, target)
                    : fused.forwardAndGradient(loss, x, target, gradient);
        return result.loss();
      }

      @Override
      public Outcome outcome() {
        return new Outcome(
            result.loss(), work.gradient() ? result.gradient().toFloatArray() : null);
      }

      @Override
      public void close() {
        if (result != null) {
          result.close();
        }
        tensors.forEach(Tensor::close);
      }
    };
  }

  private Call primitive(Work work, Tensor x, List<Tensor> tensors) {
    return new Call() {
      private Tensor result;
      private float scalar;

      @Override
      public Object run() {
        if (result != null) {
          result.close();
        }
        switch (work.function()) {
          case SUM -> scalar = fused.sum(x);
          case SOFTMAX -> result = fused.softmax(x);
          default -> {
            result = fused.logSumExp(x);
            scalar = result.item();
          }
        }
        return scalar;
      }

      @Override
      public Outcome outcome() {
        return new Outcome(
            scalar, work.function() == Work.Function.SOFTMAX ? result.toFloatArray() : null);
      }

      @Override
      public void close() {
        if (result != null) {
          result.close();
        }
        tensors.forEach(Tensor::close);
      }
    };
  }

  @Override
  public void close() {
    fused.close();
  }
}
