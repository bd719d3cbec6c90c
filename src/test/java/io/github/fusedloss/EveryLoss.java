package io.github.fusedloss;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * A small problem for every loss and primitive, for tests that ask all of them the same. A new loss
 * gets a line here; new options come with {@link OptionCases}.
 */
final class EveryLoss {
  /** A call of a loss or primitive. */
  interface Function {
    /**
     * Tensors, which the caller closes. What is not reduced has a slot for each row or each
     * element.
     */
    List<Tensor> of(FusedLoss fused);
  }

  /** A function with its name; equal names mean the same function of other rows. */
  record Named(String name, Function function) {}

  /** Which losses to make of one with default options: with which options and reductions. */
  interface Variants {
    List<Loss> of(Loss loss, Tensor weight);
  }

  private EveryLoss() {}

  /**
   * Numbers around 0, some special and finite ones among them; the same on every machine and JDK.
   */
  static float[] logits(SplittableRandom random, int n, double scale) {
    float[] special = {0f, -0f, 104f, -104f, 16384f, -87.5f, 1e-40f};
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      double sum = random.nextDouble() + random.nextDouble() + random.nextDouble() - 1.5;
      values[i] =
          random.nextInt(40) == 0 ? special[random.nextInt(special.length)] : (float) (sum * scale);
    }
    return values;
  }

  /** Returns numbers in [0, 1]; both ends come often. */
  static float[] unit(SplittableRandom random, int n) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      int kind = random.nextInt(4);
      values[i] = kind == 0 ? 0f : kind == 1 ? 1f : (float) random.nextDouble();
    }
    return values;
  }

  /** Class indices, some of them the default ignore_index. */
  static int[] indices(SplittableRandom random, int n, int classes) {
    int[] y = new int[n];
    Arrays.setAll(y, r -> random.nextInt(9) == 0 ? -100 : random.nextInt(classes));
    return y;
  }

  /** All functions of elements. */
  static List<Named> ofElements(Variants variants, ElementType type, float[] x, float[] unit) {
    int n = x.length;
    Tensor input = Numbers.tensor(type, x, n);
    Tensor probabilities = Numbers.tensor(type, unit, n);
    float[] turned = new float[n]; // another probability for each element, of that element alone
    for (int i = 0; i < n; i++) {
      turned[i] = unit[i] > 0.5f ? 1 - unit[i] : unit[i];
    }
    Tensor target = Tensor.of(turned, n);
    Tensor weight = Tensor.of(new float[] {0.7f}, 1);
    List<Named> all = new ArrayList<>();
    losses(all, variants.of(BinaryCrossEntropyWithLogits.DEFAULT, weight), input, target);
    losses(all, variants.of(BinaryCrossEntropy.DEFAULT, weight), probabilities, target);
    losses(all, variants.of(SigmoidFocalLoss.DEFAULT, weight), input, target);
    losses(all, variants.of(KlDivLoss.DEFAULT, weight), input, target);
    hessian(all, BinaryCrossEntropyWithLogits.DEFAULT, input, target, Hessian.EXACT);
    hessian(all, SigmoidFocalLoss.DEFAULT, input, target, Hessian.EXACT);
    hessian(all, BinaryCrossEntropyWithLogits.DEFAULT, input, target, Hessian.XGBOOST);
    float[] weights = new float[n]; // of that element alone, too
    byte[] mask = new byte[n];
    for (int i = 0; i < n; i++) {
      weights[i] = 3 * unit[i];
      mask[i] = (byte) (x[i] < -40 ? 0 : 1);
    }
    Target batch = batch(target, weights, mask, n);
    inBatch(all, variants, BinaryCrossEntropyWithLogits.DEFAULT, weight, input, batch);
    inBatch(all, variants, BinaryCrossEntropy.DEFAULT, weight, probabilities, batch);
    inBatch(all, variants, SigmoidFocalLoss.DEFAULT, weight, input, batch);
    inBatch(all, variants, KlDivLoss.DEFAULT, weight, input, batch);
    all.add(new Named("sigmoid", fused -> List.of(fused.sigmoid(input))));
    return all;
  }

  /** All functions of rows. */
  static List<Named> ofRows(
      Variants variants, ElementType type, LogitShape s, float[] x, int[] y, float[] q) {
    Tensor input = Numbers.tensor(type, x, s.input());
    Tensor indices = Tensor.of(y, s.target());
    Tensor probabilities = Tensor.of(q, s.input());
    SplittableRandom random = new SplittableRandom(s.classes());
    Tensor weight = Tensor.of(unit(random, s.classes()), s.classes());
    List<Named> all = new ArrayList<>();
    losses(all, variants.of(CrossEntropy.DEFAULT, weight), input, indices);
    losses(all, variants.of(CrossEntropy.DEFAULT, weight), input, probabilities);
    losses(all, variants.of(NllLoss.DEFAULT, weight), input, indices);
    losses(all, variants.of(SoftmaxFocalLoss.DEFAULT, weight), input, indices);
    hessian(all, CrossEntropy.DEFAULT, input, indices, Hessian.EXACT);
    hessian(all, SoftmaxFocalLoss.DEFAULT, input, indices, Hessian.EXACT);
    hessian(all, CrossEntropy.DEFAULT, input, indices, Hessian.XGBOOST);
    outputs(all, "outputs of rows", CrossEntropy.DEFAULT, input, indices);
    Loss focal = SoftmaxFocalLoss.DEFAULT;
    outputs(all, "outputs of softmax_focal_loss", focal, input, indices);
    String most = "outputs of softmax_focal_loss with all options";
    outputs(all, most, OptionCases.all(focal, weight), input, indices);
    losses(all, variants.of(Distillation.DEFAULT, weight), input, probabilities);
    losses(all, "reverse_kl of ", reverse(variants), input, Target.of(probabilities), "");
    float[] weights = new float[s.rows()]; // of that row alone, as x and q are
    byte[] mask = new byte[s.rows()];
    for (int r = 0; r < weights.length; r++) {
      int first = r / s.inner() * s.classes() * s.inner() + r % s.inner();
      weights[r] = 3 * q[first];
      mask[r] = (byte) (x[first] < -8 ? 0 : 1);
    }
    Target batch = batch(indices, weights, mask, s.target());
    Target ofNumbers = batch(probabilities, weights, mask, s.target());
    inBatch(all, variants, CrossEntropy.DEFAULT, weight, input, batch);
    inBatch(all, variants, CrossEntropy.DEFAULT, weight, input, ofNumbers);
    inBatch(all, variants, NllLoss.DEFAULT, weight, input, batch);
    inBatch(all, variants, SoftmaxFocalLoss.DEFAULT, weight, input, batch);
    inBatch(all, variants, Distillation.DEFAULT, weight, input, ofNumbers);
    all.add(new Named("softmax", fused -> List.of(fused.softmax(input))));
    all.add(new Named("log_softmax", fused -> List.of(fused.logSoftmax(input))));
    all.add(new Named("logsumexp", fused -> List.of(fused.logSumExp(input))));
    return all;
  }

  /** The last divergence is among the variants of the first, this one is not. */
  private static List<Loss> reverse(Variants variants) {
    return reductions(variants, Distillation.DEFAULT, null).stream()
        .map(Distillation.REVERSE_KL::withReduction)
        .map(Loss.class::cast)
        .toList();
  }

  private static List<Reduction> reductions(Variants variants, Loss loss, Tensor weight) {
    return variants.of(loss, weight).stream().map(Loss::reduction).distinct().toList();
  }

  private static Target batch(Tensor target, float[] weights, byte[] mask, long... rows) {
    return Target.of(target).rowWeights(Tensor.of(weights, rows)).mask(Tensor.of(mask, rows));
  }

  /** The loss as it is and with all of its options, with row weights and a mask. */
  private static void inBatch(
      List<Named> all, Variants variants, Loss loss, Tensor weight, Tensor input, Target target) {
    for (Reduction reduction : reductions(variants, loss, weight)) {
      List<Loss> both =
          Stream.of(loss, OptionCases.all(loss, weight))
              .map(each -> each.withReduction(reduction))
              .toList();
      losses(all, "", both, input, target, " with row weights and a mask");
    }
  }

  /** All that is said of rows. */
  private static void outputs(
      List<Named> all, String name, Loss loss, Tensor input, Tensor indices) {
    all.add(new Named(name, fused -> outputs(fused, loss, input, indices)));
  }

  private static List<Tensor> outputs(FusedLoss fused, Loss loss, Tensor input, Tensor indices) {
    Outputs wanted = Outputs.of(Output.values());
    List<Tensor> all = new ArrayList<>();
    try (LossResult result = fused.forwardAndGradient(loss, input, Target.of(indices), wanted)) {
      for (Output output : Output.values()) {
        Tensor rows = result.output(output);
        all.add(Tensor.of(numbers(rows), rows.shape()));
      }
    }
    return all;
  }

  private static float[] numbers(Tensor rows) {
    if (rows.type().isFloating()) {
      return rows.toFloatArray();
    }
    long[] whole = rows.toLongArray();
    float[] values = new float[whole.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = whole[i];
    }
    return values;
  }

  private static void losses(List<Named> all, List<Loss> losses, Tensor input, Tensor target) {
    losses(all, "", losses, input, Target.of(target), "");
  }

  private static void losses(
      List<Named> all,
      String before,
      List<Loss> losses,
      Tensor input,
      Target target,
      String behind) {
    String kind = target.tensor().type() == ElementType.FLOAT32 ? " of numbers" : "";
    for (Loss loss : losses) {
      // The values of its options are left out: a weight is as long as there are classes.
      String name = loss.toString().replaceAll("=[^=]*(?=, \\w+=|\\)$)", "");
      all.add(
          new Named(
              before + name + kind + behind,
              fused -> {
                LossResult result = fused.forwardAndGradient(loss, input, target);
                boolean each = result.reduction() == Reduction.NONE;
                return List.of(
                    each ? result.losses() : Tensor.of(new float[] {result.loss()}),
                    result.gradient());
              }));
    }
  }

  /** The second derivative of a loss, or what stands in its place, apart for each row. */
  private static void hessian(
      List<Named> all, Loss loss, Tensor input, Tensor target, Hessian kind) {
    Loss none = loss.withReduction(Reduction.NONE);
    String in = kind == Hessian.EXACT ? "" : ", " + kind;
    all.add(
        new Named(
            "second derivative of " + loss.name() + in,
            fused -> {
              LossResult result = fused.forwardGradientAndHessian(none, input, target, kind);
              return List.of(result.losses(), result.gradient(), result.hessian());
            }));
  }
}
