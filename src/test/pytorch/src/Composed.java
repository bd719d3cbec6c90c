import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Losses that PyTorch's users put together from its functions: kl_div's batchmean as
 * torch.nn.functional has it, sigmoid_focal_loss as torchvision has it, the z-loss and the soft cap
 * as Liger has them.
 */
final class Composed {
  private Composed() {}

  static Tensor divergence(Case c, Tensor input, Tensor target) {
    boolean logTarget = c.option("log_target", 0) != 0;
    if (!c.reduction().equals("batchmean")) {
      return torch.kl_div(input, target, Torch.reduction(c), logTarget);
    }
    return torch.kl_div(input, target, 2, logTarget).div(new Scalar((double) input.size(0)));
  }

  static Tensor focal(Case c, Tensor input, Tensor target) {
    double alpha = c.option("alpha", 0.25f);
    Scalar one = new Scalar(1.0);
    Tensor p = torch.sigmoid(input);
    TensorOptional no = new TensorOptional();
    Tensor ce = torch.binary_cross_entropy_with_logits(input, target, no, no, 0);
    Tensor rest = torch.rsub(target, one);
    // 1 - p_t; torchvision's own way loses digits that its float64 has
    Tensor missed = torch.rsub(p, one).mul(target).add(p.mul(rest));
    Tensor loss = ce.mul(missed.pow(new Scalar((double) c.option("gamma", 2))));
    if (alpha >= 0) {
      Tensor factor = target.mul(new Scalar(alpha)).add(rest.mul(new Scalar(1 - alpha)));
      loss = factor.mul(loss);
    }
    return reduced(c, loss);
  }

  private static Tensor reduced(Case c, Tensor loss) {
    return switch (c.reduction()) {
      case "mean" -> loss.mean();
      case "sum" -> loss.sum();
      default -> loss;
    };
  }

  static Tensor crossEntropy(Case c, Tensor input, Tensor target, TensorOptional weight) {
    Tensor x = input;
    double cap = c.option("softcap", 0);
    if (cap > 0) {
      x = torch.tanh(x.div(new Scalar(cap))).mul(new Scalar(cap));
    }
    x = x.div(new Scalar((double) c.option("temperature", 1)));
    Tensor ce =
        torch.cross_entropy_loss(
            x, target, weight, Torch.reduction(c), c.ignoreIndex(), c.labelSmoothing());
    double lambda = c.option("z_loss", 0);
    if (lambda == 0) {
      return ce;
    }
    Tensor lse = torch.logsumexp(x, new long[] {1}, false);
    Tensor counts = target.ne(new Scalar(c.ignoreIndex())).toType(ScalarType.Double);
    Tensor z = lse.mul(lse).mul(counts).mul(new Scalar(lambda));
    return switch (c.reduction()) {
      case "mean" -> ce.add(z.sum().div(counts.sum()));
      case "sum" -> ce.add(z.sum());
      default -> ce.add(z);
    };
  }
}
