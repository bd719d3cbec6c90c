import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.MultiLabelSoftMarginLossOptions;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorArrayRefOptional;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.bytedeco.pytorch.kMean;
import org.bytedeco.pytorch.kNone;
import org.bytedeco.pytorch.kSum;

/** Runs one case in PyTorch: the output, and the gradient of (output * upstream) by autograd. */
final class Torch {

  /** Values as float64 whatever the precision they were computed in. */
  record Result(long[] shape, double[] output, Data upstream, double[] gradient) {}

  private Torch() {}

  /** Computes in {@code type}, which is Double or Float. The scope frees the native tensors. */
  @SuppressWarnings("try")
  static Result run(Case c, ScalarType type, Data.Draw draw) {
    try (PointerScope scope = new PointerScope()) {
      Tensor input = tensor(c.input(), type);
      input.set_requires_grad(true);
      Tensor output = call(c, input, type);
      Data upstream = Data.floats("upstream-" + c.loss(), output.shape(), draw);
      output.backward(
          tensor(upstream, type), new BoolOptional(), false, new TensorArrayRefOptional());
      return new Result(output.shape(), values(output), upstream, values(input.grad()));
    }
  }

  /** As torch.nn.functional calls the native functions. */
  private static Tensor call(Case c, Tensor input, ScalarType type) {
    int dim = input.ndimension() > 1 ? 1 : 0;
    Tensor target = c.target() == null ? null : tensor(c.target(), type);
    TensorOptional weight = optional(c.weight(), type);
    switch (c.loss()) {
      case "binary_cross_entropy_with_logits":
        return torch.binary_cross_entropy_with_logits(
            input, target, weight, optional(c.posWeight(), type), reduction(c));
      case "binary_cross_entropy":
        if (c.weight() != null) {
          weight = new TensorOptional(tensor(c.weight(), type).expand(c.target().shape()));
        }
        return torch.binary_cross_entropy(input, target, weight, reduction(c));
      case "kl_div":
        return Composed.divergence(c, input, target);
      case "distillation":
        return Composed.distillation(c, input, target);
      case "multilabel_soft_margin_loss":
        return multiLabel(c, input, target, type);
      case "sigmoid_focal_loss":
        return Composed.focal(c, input, target);
      case "cross_entropy":
        if (!c.more().isEmpty()) {
          return Composed.crossEntropy(c, input, target, weight);
        }
        return torch.cross_entropy_loss(
            input, target, weight, reduction(c), c.ignoreIndex(), c.labelSmoothing());
      case "nll_loss":
        return torch.nll_loss_nd(input, target, weight, reduction(c), c.ignoreIndex());
      case "log_softmax":
        return torch.log_softmax(input, dim);
      case "softmax":
        return torch.softmax(input, dim);
      case "logsumexp":
        return torch.logsumexp(input, dim);
      case "sigmoid":
        return torch.sigmoid(input);
      default:
        throw new IllegalArgumentException("loss: unknown name " + c.loss());
    }
  }

  /** Of torch.nn.functional: there is no native function. */
  private static Tensor multiLabel(Case c, Tensor input, Tensor target, ScalarType type) {
    MultiLabelSoftMarginLossOptions options = new MultiLabelSoftMarginLossOptions();
    if (c.weight() != null) {
      options.weight().put(tensor(c.weight(), type));
    }
    switch (reduction(c)) {
      case 0 -> options.reduction().put(new kNone());
      case 1 -> options.reduction().put(new kMean());
      default -> options.reduction().put(new kSum());
    }
    return torch.multilabel_soft_margin_loss(input, target, options);
  }

  static int reduction(Case c) {
    return switch (c.reduction()) {
      case "none" -> 0;
      case "mean" -> 1;
      case "sum" -> 2;
      default -> throw new IllegalArgumentException("reduction: unknown name " + c.reduction());
    };
  }

  private static TensorOptional optional(Data data, ScalarType type) {
    return data == null ? new TensorOptional() : new TensorOptional(tensor(data, type));
  }

  private static Tensor tensor(Data data, ScalarType type) {
    if (Data.count(data.shape()) == 0) {
      boolean labels = data.labels() != null;
      return torch.empty(data.shape()).toType(labels ? ScalarType.Long : type);
    }
    // clone: from_blob only borrows the memory.
    if (data.labels() != null) {
      TensorOptions options = new TensorOptions(ScalarType.Long);
      return torch.from_blob(new LongPointer(data.labels()), data.shape(), options).clone();
    }
    TensorOptions options = new TensorOptions(ScalarType.Float);
    return torch
        .from_blob(new FloatPointer(data.floats()), data.shape(), options)
        .clone()
        .toType(type);
  }

  private static double[] values(Tensor tensor) {
    Tensor flat = tensor.toType(ScalarType.Double).reshape(-1).contiguous();
    double[] values = new double[Math.toIntExact(flat.numel())];
    if (values.length > 0) {
      flat.data_ptr_double().get(values);
    }
    return values;
  }
}
