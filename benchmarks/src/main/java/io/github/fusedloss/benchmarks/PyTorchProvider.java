package io.github.fusedloss.benchmarks;

import io.github.fusedloss.benchmarks.Work.Options;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** PyTorch, eager, through JavaCPP: the native functions that torch.nn.functional calls. */
@SuppressWarnings("try") // A scope is held, not looked at.
final class PyTorchProvider implements Provider {
  private static final int MEAN = 1;

  PyTorchProvider() {
    torch.set_num_threads(Machine.threads());
  }

  @Override
  public String device() {
    return Machine.processor() + ", PyTorch 2.10.0, " + torch.get_num_threads() + " threads";
  }

  /** Log-probabilities, sigmoids and the loss are 16-bit tensors too. */
  @Override
  public boolean roundsOnce() {
    return false;
  }

  @Override
  public Call prepare(Problem p) {
    Work work = p.work();
    Tensor x = tensor(p.x(), work);
    Tensor target =
        p.target() != null
            ? tensor(p.target(), work)
            : p.classes() != null
                ? torch
                    .from_blob(
                        new LongPointer(p.longClasses()),
                        work.rowShape(),
                        new TensorOptions(ScalarType.Long))
                    .clone()
                : null;
    TensorOptional weight = optional(p.weight());
    TensorOptional posWeight = optional(p.posWeight());
    if (work.gradient()) {
      x.set_requires_grad(true);
    }
    return new Call() {
      private Tensor output;
      private double scalar;

      @Override
      public Object run() {
        if (!work.gradient()) {
          try (NoGradGuard guard = new NoGradGuard()) {
            forward();
          }
          return scalar;
        }
        try (PointerScope scope = new PointerScope()) {
          x.mutable_grad().put(new Tensor()); // zero_grad(set_to_none=True)
          Tensor loss = apply();
          loss.backward();
          scalar = loss.item_float();
        }
        return scalar;
      }

      private void forward() {
        if (output != null) {
          output.close();
        }
        output = apply();
        if (work.function() != Work.Function.SOFTMAX) {
          scalar = output.item_float();
        }
      }

      private Tensor apply() {
        return switch (work.function()) {
          case BINARY_CROSS_ENTROPY_WITH_LOGITS ->
              torch.binary_cross_entropy_with_logits(x, target, weight, posWeight, MEAN);
          case BINARY_CROSS_ENTROPY -> torch.binary_cross_entropy(x, target, weight, MEAN);
          case SIGMOID_FOCAL_LOSS ->
              throw new UnsupportedOperationException("torchvision's, which has no Java");
          case KL_DIV -> torch.kl_div(x, target, MEAN, false);
          case CROSS_ENTROPY ->
              torch.cross_entropy_loss(
                  x,
                  target,
                  weight,
                  MEAN,
                  Problem.IGNORE_INDEX,
                  work.options() == Options.SMOOTHING_WEIGHTS_IGNORE ? Problem.LABEL_SMOOTHING : 0);
          case NLL_LOSS -> torch.nll_loss_nd(x, target, weight, MEAN, Problem.IGNORE_INDEX);
          case SOFTMAX -> torch.softmax(x, 1);
          case LOGSUMEXP -> torch.logsumexp(x, 0);
          case SUM -> torch.sum(x);
        };
      }

      @Override
      public Outcome outcome() {
        Tensor values =
            work.gradient() ? x.grad() : work.function() == Work.Function.SOFTMAX ? output : null;
        if (values == null) {
          return new Outcome(scalar, null);
        }
        float[] array = new float[work.elements()];
        values.toType(ScalarType.Float).contiguous().data_ptr_float().get(array);
        return new Outcome(scalar, array);
      }

      @Override
      public void close() {
        if (output != null) {
          output.close();
        }
        x.close();
        if (target != null) {
          target.close();
        }
      }
    };
  }

  /** Returns a tensor of the work's shape and type; it is copied, as from_blob only borrows. */
  private static Tensor tensor(float[] values, Work work) {
    try (FloatPointer memory = new FloatPointer(values)) {
      Tensor tensor = torch.from_blob(memory, work.shape(), new TensorOptions(ScalarType.Float));
      return switch (work.dtype()) {
        case FLOAT16 -> tensor.toType(ScalarType.Half);
        case BFLOAT16 -> tensor.toType(ScalarType.BFloat16);
        default -> tensor.clone();
      };
    }
  }

  private static TensorOptional optional(float[] values) {
    return values == null
        ? new TensorOptional()
        : new TensorOptional(
            torch
                .from_blob(
                    new FloatPointer(values),
                    new long[] {values.length},
                    new TensorOptions(ScalarType.Float))
                .clone());
  }
}
