package io.github.fusedloss;

import io.github.fusedloss.Shipping.Work;
import io.github.fusedloss.backend.BadElementException;
import io.github.fusedloss.backend.BceTask;
import io.github.fusedloss.backend.CrossEntropyTask;
import io.github.fusedloss.backend.CrossEntropyTask.Kind;
import io.github.fusedloss.backend.Memory;
import io.github.fusedloss.backend.Totals;
import java.util.Arrays;

/** One call of a loss: checks the arguments, states the task, and packs the result. */
final class LossCall {
  private static final Totals NOTHING = new Totals(0, 0, 0);

  private LossCall() {}

  static LossResult run(
      FusedLoss fused,
      Loss loss,
      Tensor input,
      Tensor target,
      boolean gradient,
      Tensor gradientInto,
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
    if (gradientInto == input && fused.check() != null) {
      throw new IllegalArgumentException(
          "gradient must not be the input where results are checked: the check needs both");
    }
    boolean elements =
        loss instanceof BinaryCrossEntropyWithLogits || loss instanceof BinaryCrossEntropy;
    LossResult result;
    try {
      result =
          elements
              ? bce(fused, loss, input, target, gradient, gradientInto, upstream, upstreams)
              : rows(fused, loss, input, target, gradient, gradientInto, upstream, upstreams);
    } catch (BadElementException e) {
      // Targets and inputs of a loss over elements have one shape.
      throw e.forCaller(target.dimensions());
    }
    if (fused.check() != null) {
      try {
        fused.check().check(loss, input, target, upstream, upstreams, result);
      } catch (Throwable e) { // A checked one as well, which other languages throw as they please.
        result.close();
        throw e;
      }
    }
    return result;
  }

  private static LossResult bce(
      FusedLoss fused,
      Loss loss,
      Tensor input,
      Tensor target,
      boolean gradient,
      Tensor gradientInto,
      float upstream,
      Tensor upstreams) {
    BinaryCrossEntropyWithLogits logits = loss instanceof BinaryCrossEntropyWithLogits l ? l : null;
    Tensor weight = logits != null ? logits.weight() : ((BinaryCrossEntropy) loss).weight();
    Tensor posWeight = logits != null ? logits.posWeight() : null;
    Checks.floatingLike("target", target, input, Advice.binary(target, input));
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
              ? uses.result(input, ElementType.FLOAT32, input.dimensions())
              : null;
      Tensor grad = gradient ? gradient(uses, gradientInto, input) : null;
      Totals totals = NOTHING;
      if (size > 0) {
        try (Broadcast w = Broadcast.of(uses, weight, input);
            Broadcast p = Broadcast.of(uses, posWeight, input)) {
          BceTask task =
              new BceTask(
                  logits != null,
                  size,
                  input.memory(),
                  target.memory(),
                  w.operand(),
                  p.operand(),
                  memory(upstreams),
                  scale(loss, upstream, denominator),
                  memory(losses),
                  memory(grad));
          Work work =
              task.logits() ? Work.BINARY_CROSS_ENTROPY_WITH_LOGITS : Work.BINARY_CROSS_ENTROPY;
          totals =
              uses.run(
                  Shipping.kind(work, input.type(), gradient, 1),
                  executor -> uses.ranOn(executor).binaryCrossEntropy(task));
          if (!Double.isFinite(totals.sum()) && !inPlace(grad, input)) {
            totals = inRange(uses, totals, task, work, weight, input);
          }
        }
      }
      return result(uses, loss, totals, denominator, losses, grad, gradientInto == null);
    }
  }

  private static LossResult rows(
      FusedLoss fused,
      Loss loss,
      Tensor input,
      Tensor target,
      boolean gradient,
      Tensor gradientInto,
      float upstream,
      Tensor upstreams) {
    CrossEntropy logits = loss instanceof CrossEntropy l ? l : null;
    Tensor weight = logits != null ? logits.weight() : ((NllLoss) loss).weight();
    long ignoreIndex = logits != null ? logits.ignoreIndex() : ((NllLoss) loss).ignoreIndex();
    float labelSmoothing = logits != null ? logits.labelSmoothing() : 0f;
    Rows rows = Rows.of("input", input);
    Kind kind = kind(loss, target, rows);
    if (kind == Kind.PROBABILITIES) {
      Checks.floatingLike("target", target, input, ": make it target.astype('float32')");
      if (!Arrays.equals(target.dimensions(), input.dimensions())) {
        throw new IllegalArgumentException(
            "target must have the shape of the input, "
                + Tensor.text(input.dimensions())
                + ", for class probabilities, got "
                + Tensor.text(target.dimensions())
                + Advice.probabilities(rows, target.dimensions()));
      }
      if (ignoreIndex >= 0) {
        throw new IllegalArgumentException(
            "ignoreIndex must be negative for class probabilities, got " + ignoreIndex);
      }
    } else if (!rows.hasOneEach(target)) {
      throw new IllegalArgumentException(
          "target must have the shape of the input without its class axis, "
              + Tensor.text(rows.rowShape())
              + ", got "
              + Tensor.text(target.dimensions())
              + Advice.indices(loss, rows, target.dimensions()));
    }
    if (weight != null && (weight.rank() != 1 || weight.size() != rows.classes())) {
      throw new IllegalArgumentException(
          "weight must have one element per class, ("
              + rows.classes()
              + ",), got "
              + Tensor.text(weight.dimensions())
              + Advice.classWeight(loss, rows, weight.dimensions()));
    }
    if (upstreams != null && !rows.hasOneEach(upstreams)) {
      throw new IllegalArgumentException(
          "upstream must have the shape of the losses, "
              + Tensor.text(rows.rowShape())
              + ", got "
              + Tensor.text(upstreams.dimensions())
              + Advice.shape("upstream", upstreams.dimensions(), rows.rowShape()));
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
      Tensor grad = gradient ? gradient(uses, gradientInto, input) : null;
      boolean own = loss.reduction() == Reduction.MEAN && Double.isNaN(loss.denominator());
      boolean divideByWeights = own && kind != Kind.PROBABILITIES;
      double denominator = own ? rows.rows() : loss.denominator();
      Totals totals = NOTHING;
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
        totals =
            uses.run(
                Shipping.kind(Work.of(kind), input.type(), gradient, rows.classes()),
                executor -> uses.ranOn(executor).crossEntropy(task));
        boolean divides = !divideByWeights || divides(totals.weightSum());
        if (!(Double.isFinite(totals.sum()) && divides) && !inPlace(grad, input)) {
          totals = inRange(uses, totals, task, weight, divides ? null : grad);
        }
      }
      return result(
          uses,
          loss,
          totals,
          divideByWeights ? totals.weightSum() : denominator,
          losses,
          grad,
          gradientInto == null);
    }
  }

  private static boolean inPlace(Tensor gradient, Tensor input) {
    return gradient != null && gradient.memory() == input.memory();
  }

  /** Whether losses and gradients over this sum of weights are in the range of floats. */
  private static boolean divides(double weightSum) {
    double size = Math.abs(weightSum);
    return size == 0 || size >= 0x1p-64 && size <= 0x1p100;
  }

  /**
   * The totals of losses whose sum is not finite, maybe because it left the range of floats on its
   * way.
   */
  private static Totals inRange(
      Uses uses, Totals totals, BceTask task, Work work, Tensor weight, Tensor input) {
    ScaledWeights scaled = ScaledWeights.of(weight, new long[0], ScaledWeights.FOR_SUM);
    if (scaled == null) {
      return totals;
    }
    try (Broadcast w = Broadcast.of(uses, scaled.tensor(), input)) {
      BceTask again =
          new BceTask(
              task.logits(),
              task.size(),
              task.input(),
              task.target(),
              w.operand(),
              task.posWeight(),
              null,
              1f,
              null,
              null);
      Totals sums =
          uses.run(
              Shipping.kind(work, input.type(), false, 1),
              executor -> executor.binaryCrossEntropy(again));
      return new Totals(scaled.unscaled(sums.sum()), totals.weightSum(), totals.count());
    }
  }

  /**
   * The same of rows, or those whose weights add up to what losses cannot be divided by.
   *
   * @param gradient null if it is right already
   */
  private static Totals inRange(
      Uses uses, Totals totals, CrossEntropyTask task, Tensor weight, Tensor gradient) {
    ScaledWeights scaled =
        ScaledWeights.of(
            weight,
            new long[] {task.classes()},
            Double.isFinite(totals.sum()) ? ScaledWeights.FOR_WEIGHTS : ScaledWeights.FOR_SUM);
    if (scaled == null) {
      return totals;
    }
    // Where the targets' weights add up to little, and the largest of all is not small, that one is
    // no target's: scaled by it the gradient would lose what it has.
    boolean up = scaled.exponent() > 0;
    Tensor gradientAgain = up || !(Math.abs(totals.weightSum()) < 1) ? gradient : null;
    if (gradientAgain == null && Double.isFinite(totals.sum())) {
      return totals;
    }
    CrossEntropyTask again =
        new CrossEntropyTask(
            task.kind(),
            task.batch(),
            task.classes(),
            task.inner(),
            task.input(),
            task.target(),
            scaled.tensor().memory(),
            task.ignoreIndex(),
            task.labelSmoothing(),
            task.mean(),
            task.scale(),
            null,
            null,
            memory(gradientAgain));
    Totals sums =
        uses.run(
            Shipping.kind(
                Work.of(task.kind()), task.input().type(), gradientAgain != null, task.classes()),
            executor -> executor.crossEntropy(again));
    // What is finite is right, and weights that were scaled down may have lost digits.
    boolean sum = !Double.isFinite(totals.sum()) || up && Double.isFinite(sums.sum());
    boolean weights =
        task.kind() != Kind.PROBABILITIES && (up || !Double.isFinite(totals.weightSum()));
    return new Totals(
        sum ? scaled.unscaled(sums.sum()) : totals.sum(),
        weights ? scaled.unscaled(sums.weightSum()) : totals.weightSum(),
        totals.count());
  }

  private static Tensor gradient(Uses uses, Tensor into, Tensor input) {
    return into == null
        ? uses.result(input, input.type(), input.dimensions())
        : uses.gradient(into, input);
  }

  private static Kind kind(Loss loss, Tensor target, Rows rows) {
    boolean floating = target.type().isFloating();
    if (loss instanceof NllLoss) {
      if (floating) {
        throw new IllegalArgumentException(
            "target must be class indices, int32 or int64, got "
                + Checks.text(target.type())
                + Advice.noIndices(rows, target.dimensions()));
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
      Uses uses,
      Loss loss,
      Totals totals,
      double denominator,
      Tensor losses,
      Tensor gradient,
      boolean ownsGradient) {
    LossResult result =
        new LossResult(
            totals, denominator, loss.reduction(), losses, gradient, ownsGradient, uses.device());
    uses.keepResults();
    return result;
  }
}
