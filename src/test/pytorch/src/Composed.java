import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Losses that PyTorch's users put together from its functions: kl_div's batchmean as
 * torch.nn.functional has it, sigmoid_focal_loss as torchvision has it, the z-loss, the soft cap and
 * a JSD as Liger has them, distillation.
 */
final class Composed {
  /** Values of the option divergence. */
  static final int FORWARD_KL = 0;

  static final int REVERSE_KL = 1;
  static final int JSD = 2;

  private Composed() {}

  static Tensor divergence(Case c, Tensor input, Tensor target) {
    boolean logTarget = c.option("log_target", 0) != 0;
    if (!c.reduction().equals("batchmean")) {
      return torch.kl_div(input, target, Torch.reduction(c), logTarget);
    }
    return torch.kl_div(input, target, 2, logTarget).div(new Scalar((double) input.size(0)));
  }

  /** Of logits over the temperature: PyTorch's kl_div of log_softmax, and as Liger has a JSD. */
  static Tensor distillation(Case c, Tensor input, Tensor target) {
    Scalar temperature = new Scalar((double) c.option("temperature", 1));
    Tensor student = torch.log_softmax(input.div(temperature), 1);
    Tensor teacher = torch.log_softmax(target.div(temperature), 1);
    Tensor classes =
        switch ((int) c.option("divergence", FORWARD_KL)) {
          case FORWARD_KL -> torch.kl_div(student, teacher, 0, true);
          case REVERSE_KL -> torch.kl_div(teacher, student, 0, true);
          default -> jsd(student, teacher, c.option("beta", 0.5f));
        };
    Tensor rows = classes.sum(1);
    if (c.option("temperature_squared", 0) != 0) {
      rows = rows.mul(temperature).mul(temperature);
    }
    return reduced(c, rows);
  }

  private static Tensor jsd(Tensor student, Tensor teacher, double share) {
    Tensor mixture =
        student.exp().mul(new Scalar(1 - share)).add(teacher.exp().mul(new Scalar(share))).log();
    Tensor ofTeacher = torch.kl_div(mixture, teacher, 0, true).mul(new Scalar(share));
    return ofTeacher.add(torch.kl_div(mixture, student, 0, true).mul(new Scalar(1 - share)));
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
