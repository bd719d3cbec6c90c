package io.github.fusedloss;

import io.github.fusedloss.backend.BceTask;
import io.github.fusedloss.backend.CrossEntropyTask;
import io.github.fusedloss.backend.CrossEntropyTask.Kind;
import io.github.fusedloss.backend.ElementType;
import io.github.fusedloss.backend.Memory;
import io.github.fusedloss.backend.Totals;

/** One call of a loss: checks the arguments, states the task, and packs the result. */
final class LossCall {
  private LossCall() {}

  static LossResult run(
      FusedLoss fused,
      Loss loss,
      Tensor input,
      Tensor target,
      boolean gradient,
      float upstream,
      Tensor upstreams) {
    Checks.given("loss", loss);
    Checks.floating("input", input);
    Checks.tensor("target", target);
    if (upstreams != null) {
      if (loss.reduction() != Reduction.NONE) {
        throw new IllegalArgumentException(
            "upstream must be a number unless the reduction is none, got " + upstreams);
      }
      Checks.type("upstream", upstreams, ElementType.FLOAT32);
    }
    LossResult result;
    if (loss instanceof BinaryCrossEntropyWithLogits l) {
      result =
          bce(fused, l, l.weight(), l.posWeight(), input, target, gradient, upstream, upstreams);
    } else if (loss instanceof BinaryCrossEntropy l) {
      result = bce(fused, l, l.weight(), null, input, target, gradient, upstream, upstreams);
    } else if (loss instanceof CrossEntropy l) {
      result =
          rows(
              fused,
              l,
              l.weight(),
              l.ignoreIndex(),
              l.labelSmoothing(),
              input,
              target,
              gradient,
              upstream,
              upstreams);
    } else {
      NllLoss l = (NllLoss) loss;
      result =
          rows(
              fused,
              l,
              l.weight(),
              l.ignoreIndex(),
              0f,
              input,
              target,
              gradient,
              upstream,
              upstreams);
    }
    if (fused.check() != null) {
      try {
        fused.check().check(loss, input, target, upstream, upstreams, result);
      } catch (RuntimeException | Error e) {
        result.close();
        throw e;
      }
    }
    return result;
  }

  private static LossResult bce(
      FusedLoss fused,
      Loss loss,
      Tensor weight,
      Tensor posWeight,
      Tensor input,
      Tensor target,
      boolean gradient,
      float upstream,
      Tensor upstreams) {
    Checks.floatingLike("target", target, input);
    Checks.sameShape("target", target, "input", input);
    if (upstreams != null) {
      Checks.sameShape("upstream", upstreams, "input", input);
    }
    Broadcast.check("weight", weight, input);
    Broadcast.check("posWeight", posWeight, input);
    long size = input.size();
    double denominator = denominator(loss, size);
    try (Uses uses =
        new Uses(fused)
            .add("input", input)
            .add("target", target)
            .add("weight", weight)
            .add("posWeight", posWeight)
            .add("upstream", upstreams)) {
      Tensor losses =
          loss.reduction() == Reduction.NONE
              ? uses.result(input, ElementType.FLOAT32, input.shape())
              : null;
      Tensor grad = gradient ? uses.result(input, input.type(), input.shape()) : null;
      Totals totals = new Totals(0, 0, 0);
      if (size > 0) {
        try (Broadcast w = Broadcast.of(uses, weight, input);
            Broadcast p = Broadcast.of(uses, posWeight, input)) {
          BceTask task =
              new BceTask(
                  loss instanceof BinaryCrossEntropyWithLogits,
                  size,
                  input.memory(),
                  target.memory(),
                  w.operand(),
                  p.operand(),
                  memory(upstreams),
                  scale(loss, upstream, denominator),
                  memory(losses),
                  memory(grad));
          totals = uses.run(executor -> executor.binaryCrossEntropy(task));
        }
      }
      return result(uses, loss, totals, denominator, losses, grad);
    }
  }

  private static LossResult rows(
      FusedLoss fused,
      Loss loss,
      Tensor weight,
      long ignoreIndex,
      float labelSmoothing,
      Tensor input,
      Tensor target,
      boolean gradient,
      float upstream,
      Tensor upstreams) {
    Rows rows = Rows.of("input", input);
    Kind kind = kind(loss, target);
    if (kind == Kind.PROBABILITIES) {
      Checks.floatingLike("target", target, input);
      Checks.sameShape("target", target, "input", input);
      if (ignoreIndex >= 0) {
        throw new IllegalArgumentException(
            "ignoreIndex must be negative for class probabilities, got " + ignoreIndex);
      }
    } else if (!java.util.Arrays.equals(target.shape(), rows.rowShape())) {
      throw new IllegalArgumentException(
          "target must have the shape of the input without its class axis, "
              + Tensor.text(rows.rowShape())
              + ", got "
              + Tensor.text(target.shape()));
    }
    if (weight != null && (weight.rank() != 1 || weight.size() != rows.classes())) {
      throw new IllegalArgumentException(
          "weight must have one element per class, ("
              + rows.classes()
              + ",), got "
              + Tensor.text(weight.shape()));
    }
    if (upstreams != null && !java.util.Arrays.equals(upstreams.shape(), rows.rowShape())) {
      throw new IllegalArgumentException(
          "upstream must have the shape of the losses, "
              + Tensor.text(rows.rowShape())
              + ", got "
              + Tensor.text(upstreams.shape()));
    }
    if (rows.rows() > 0) {
      rows.needClasses();
    }
    try (Uses uses =
        new Uses(fused)
            .add("input", input)
            .add("target", target)
            .add("weight", weight)
            .add("upstream", upstreams)) {
      Tensor losses =
          loss.reduction() == Reduction.NONE
              ? uses.result(input, ElementType.FLOAT32, rows.rowShape())
              : null;
      Tensor grad = gradient ? uses.result(input, input.type(), input.shape()) : null;
      boolean own = loss.reduction() == Reduction.MEAN && Double.isNaN(loss.denominator());
      boolean divideByWeights = own && kind != Kind.PROBABILITIES;
      double denominator = own ? rows.rows() : loss.denominator();
      Totals totals = new Totals(0, 0, 0);
      if (rows.rows() > 0) {
        CrossEntropyTask task =
            new CrossEntropyTask(
                kind,
                rows.batch(),
                rows.classes(),
                rows.inner(),
                input.memory(),
                target.memory(),
                memory(weight),
                ignoreIndex,
                labelSmoothing,
                divideByWeights,
                divideByWeights ? upstream : scale(loss, upstream, denominator),
                memory(upstreams),
                memory(losses),
                memory(grad));
        totals = uses.run(executor -> executor.crossEntropy(task));
      }
      return result(
          uses, loss, totals, divideByWeights ? totals.weightSum() : denominator, losses, grad);
    }
  }

  private static Kind kind(Loss loss, Tensor target) {
    boolean floating = target.type().isFloating();
    if (loss instanceof NllLoss) {
      if (floating) {
        throw new IllegalArgumentException(
            "target must be class indices, int32 or int64, got " + Checks.text(target.type()));
      }
      return Kind.NLL;
    }
    return floating ? Kind.PROBABILITIES : Kind.INDICES;
  }

  private static double denominator(Loss loss, long count) {
    return Double.isNaN(loss.denominator()) ? count : loss.denominator();
  }

  private static float scale(Loss loss, float upstream, double denominator) {
    return loss.reduction() == Reduction.MEAN ? (float) (upstream / denominator) : upstream;
  }

  private static Memory memory(Tensor tensor) {
    return tensor == null ? null : tensor.memory();
  }

  private static LossResult result(
      Uses uses, Loss loss, Totals totals, double denominator, Tensor losses, Tensor gradient) {
    uses.keep(losses);
    uses.keep(gradient);
    return new LossResult(totals, denominator, loss.reduction(), losses, gradient, uses.device());
  }
}
