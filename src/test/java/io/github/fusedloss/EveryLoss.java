package io.github.fusedloss;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

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
    hessian(all, BinaryCrossEntropyWithLogits.DEFAULT, input, target);
    hessian(all, SigmoidFocalLoss.DEFAULT, input, target);
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
    hessian(all, CrossEntropy.DEFAULT, input, indices);
    hessian(all, SoftmaxFocalLoss.DEFAULT, input, indices);
    all.add(new Named("outputs of rows", fused -> outputs(fused, input, indices)));
    losses(all, variants.of(Distillation.DEFAULT, weight), input, probabilities);
    all.add(new Named("softmax", fused -> List.of(fused.softmax(input))));
    all.add(new Named("log_softmax", fused -> List.of(fused.logSoftmax(input))));
    all.add(new Named("logsumexp", fused -> List.of(fused.logSumExp(input))));
    return all;
  }

  private static List<Tensor> outputs(FusedLoss fused, Tensor input, Tensor indices) {
    Outputs wanted = Outputs.of(Output.values());
    List<Tensor> all = new ArrayList<>();
    try (LossResult result =
        fused.forwardAndGradient(CrossEntropy.DEFAULT, input, Target.of(indices), wanted)) {
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
    String kind = target.type() == ElementType.FLOAT32 ? " of numbers" : "";
    for (Loss loss : losses) {
      all.add(
          new Named(
              // The values of its options are left out: a weight is as long as there are classes.
              loss.toString().replaceAll("=[^=]*(?=, \\w+=|\\)$)", "") + kind,
              fused -> {
                LossResult result = fused.forwardAndGradient(loss, input, target);
                boolean each = result.reduction() == Reduction.NONE;
                return List.of(
                    each ? result.losses() : Tensor.of(new float[] {result.loss()}),
                    result.gradient());
              }));
    }
  }

  /** The second derivative of a loss, apart for each row. */
  private static void hessian(List<Named> all, Loss loss, Tensor input, Tensor target) {
    Loss none = loss.withReduction(Reduction.NONE);
    all.add(
        new Named(
            "second derivative of " + loss.name(),
            fused -> {
              LossResult result =
                  fused.forwardGradientAndHessian(none, input, target, Hessian.EXACT);
              return List.of(result.losses(), result.gradient(), result.hessian());
            }));
  }
}
