package io.github.fusedloss.verify;

import io.github.fusedloss.BinaryCrossEntropy;
import io.github.fusedloss.BinaryCrossEntropyWithLogits;
import io.github.fusedloss.CrossEntropy;
import io.github.fusedloss.Distillation;
import io.github.fusedloss.FusedLoss;
import io.github.fusedloss.Hessian;
import io.github.fusedloss.KlDivLoss;
import io.github.fusedloss.LogitTransform;
import io.github.fusedloss.Loss;
import io.github.fusedloss.LossResult;
import io.github.fusedloss.NllLoss;
import io.github.fusedloss.Output;
import io.github.fusedloss.Outputs;
import io.github.fusedloss.Reduction;
import io.github.fusedloss.SigmoidFocalLoss;
import io.github.fusedloss.SoftmaxFocalLoss;
import io.github.fusedloss.Target;
import io.github.fusedloss.Tensor;
import io.github.fusedloss.backend.Function;
import io.github.fusedloss.backend.Option;
import io.github.fusedloss.reference.ReferencePrimitives;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * Compares every kernel of one executor with the reference, at the sizes where kernels go wrong.
 */
public final class KernelSuite {
  /**
   * One element, and sizes around a vector, 64 lanes, 256 lanes, a stripe of 1024 and a block of
   * 4096.
   */
  private static final int[] SIZES = {
    1, 2, 3, 15, 16, 17, 63, 64, 65, 255, 257, 1023, 1025, 4095, 4096, 4097, 8193
  };

  /**
   * Batch, classes, inner. Sums are in order up to 64 classes or with inner above 1, else in lanes
   * and blocks.
   */
  private static final int[][] ROWS = {
    {1, 1, 1},
    {3, 2, 1},
    {17, 10, 1},
    {5, 64, 1},
    {5, 65, 1},
    {3, 1000, 1},
    {2, 4097, 1},
    {2, 3, 16},
    {3, 19, 35}
  };

  private final FusedLoss fused;
  private final Consumer<String> progress;
  private final SplittableRandom random = new SplittableRandom(20260101);
  private final Map<String, LossJudge> losses = new LinkedHashMap<>();
  private final List<KernelReport> reports = new ArrayList<>();

  private KernelSuite(FusedLoss fused, Consumer<String> progress) {
    this.fused = fused;
    this.progress = progress;
  }

  /**
   * Runs the suite.
   *
   * @param progress is told what is being judged
   * @return a report for each kernel and quantity
   */
  public static List<KernelReport> run(FusedLoss fused, Consumer<String> progress) {
    KernelSuite suite = new KernelSuite(fused, progress);
    suite.binary();
    suite.rows();
    suite.losses.forEach(
        (name, judge) -> {
          for (Judge quantity : judge.all()) {
            if (quantity.hasJudged()) {
              suite.reports.add(quantity.report(name + ": " + quantity.quantity()));
            }
          }
        });
    suite.primitives();
    return List.copyOf(suite.reports);
  }

  /** Judges every reduction of a loss, under the kernel of this name. */
  private void judge(String kernel, Loss loss, Tensor input, Tensor target) {
    judge(kernel, loss, input, Target.of(target));
  }

  /** Judges a loss with row weights, with a mask, and with both. */
  private void rowWeights(String kernel, Loss loss, Tensor input, Tensor target, long... rows) {
    int n = 1;
    for (long dimension : rows) {
      n *= (int) dimension;
    }
    float[] r = withZeros(unit(n));
    byte[] m = new byte[n];
    for (int i = 0; i < n; i++) {
      m[i] = (byte) (random.nextInt(4) == 0 ? 0 : 1);
    }
    r[0] = 0.7f; // One row counts: the mean of nothing has no digits to compare.
    m[0] = 1;
    Tensor weights = Tensor.of(r, rows);
    Tensor mask = Tensor.of(m, rows);
    Target batch = Target.of(target);
    judge(kernel + " with row weights", loss, input, batch.rowWeights(weights));
    judge(kernel + " with row weights", loss, input, batch.mask(mask));
    judge(kernel + " with row weights", loss, input, batch.rowWeights(weights).mask(mask));
  }

  private void judge(String kernel, Loss loss, Tensor input, Target target) {
    for (Reduction reduction : Function.ofLoss(loss.name()).reductions()) {
      one(kernel, loss.withReduction(reduction), input, target);
    }
  }

  private void one(String kernel, Loss loss, Tensor input, Target target) {
    LossJudge judge = losses.computeIfAbsent(kernel, k -> new LossJudge());
    try (LossResult result = fused.forwardAndGradient(loss, input, target)) {
      judge.judge(kernel + " " + input, loss, input, target, 1f, null, result);
    }
  }

  /** Judges the second derivative of a loss, and what libraries have in its place. */
  private void hessian(String kernel, Loss loss, Tensor input, Tensor target, Hessian... kinds) {
    LossJudge judge = losses.computeIfAbsent(kernel, k -> new LossJudge());
    for (Hessian kind : kinds) {
      Target batch = Target.of(target);
      try (LossResult result = fused.forwardGradientAndHessian(loss, input, batch, kind)) {
        judge.hessian(kernel + " " + kind + " " + input, loss, input, batch, kind, result);
      }
    }
  }

  /** Judges the outputs of each row. */
  private void outputs(String kernel, Loss loss, Tensor input, Tensor target) {
    Outputs wanted =
        target.type().isFloating()
            ? Outputs.of(Output.LSE, Output.ENTROPY, Output.ARGMAX)
            : Outputs.of(Output.values());
    LossJudge judge = losses.computeIfAbsent(kernel + " outputs", k -> new LossJudge());
    Target batch = Target.of(target);
    try (LossResult result = fused.forwardAndGradient(loss, input, batch, wanted)) {
      judge.judge(kernel + " " + input, loss, input, batch, 1f, null, result);
    }
  }

  /**
   * Judges options that change no formula: a denominator and, for losses over rows, the axis of the
   * classes.
   *
   * @param c how many classes there are; 0 for losses over elements
   * @param k how far the classes are from each other
   */
  private void around(String kernel, Loss loss, Tensor input, Tensor target, int c, int k) {
    one(kernel, loss.withDenominator(7.5), input, Target.of(target));
    if (c > 0) {
      long n = input.size() / c / k;
      // The same order of elements: the classes are last, or before the last.
      long[] elements = k == 1 ? new long[] {1, n, c} : new long[] {n, 1, c, k};
      long[] rows = k == 1 ? new long[] {1, n} : new long[] {n, 1, k};
      Loss other = loss.with(Option.CLASS_AXIS.torchName(), k == 1 ? -1L : -2L);
      Tensor x = Tensor.of(input.toFloatArray(), elements);
      Tensor y =
          target.type().isFloating()
              ? Tensor.of(target.toFloatArray(), elements)
              : Tensor.of(target.toLongArray(), rows);
      one(kernel, other, x, Target.of(y));
    }
  }

  /** Judges a loss that ignores the last class, unless it is the only one. */
  private void ignored(String kernel, Loss loss, Tensor input, Tensor indices, int classes) {
    long last = classes - 1;
    long ignore = last == 0 ? -1 : last;
    long[] y = indices.toLongArray();
    Arrays.setAll(y, i -> i == 0 ? 0 : y[i] < 0 ? ignore : y[i]); // One counts, see rowWeights.
    Loss other = loss.with(Option.IGNORE_INDEX.torchName(), ignore);
    one(kernel, other, input, Target.of(Tensor.of(y, indices.shape())));
  }

  /**
   * Judges cross entropy with class weights and without, with the defaults and with each option of
   * the table that has a formula.
   */
  private void options(String kernel, Function function, Tensor w, Tensor input, Tensor target) {
    judge(kernel, CrossEntropy.DEFAULT, input, target);
    judge(kernel, CrossEntropy.DEFAULT.withWeight(w), input, target);
    for (Option option : Option.values()) {
      boolean number = option.kind() == Option.Kind.NUMBER;
      if ((number || option == Option.LOGIT_BIAS) && option.isOf(function)) {
        // One number is good for all, except a cap, which must be near the logits.
        Object value = !number ? w : option == Option.SOFTCAP ? 30f : 0.1f;
        Loss loss = CrossEntropy.DEFAULT.with(option.torchName(), value);
        judge(kernel + " " + option.torchName(), loss, input, target);
        judge(kernel + " " + option.torchName(), loss.withWeight(w), input, target);
      }
    }
  }

  private void binary() {
    for (int n : SIZES) {
      progress.accept("binary_cross_entropy, " + n + " elements");
      Tensor x = Tensor.of(logits(n, n % 2 == 0 ? 8 : 110), n);
      Tensor hard = Tensor.of(choose(n, 0f, 1f), n);
      Tensor soft = Tensor.of(withZeros(unit(n)), n);
      Tensor w = Tensor.of(unit(n), n);
      Tensor p = Tensor.of(withZeros(unit(n)), n);
      BinaryCrossEntropyWithLogits plain = BinaryCrossEntropyWithLogits.DEFAULT;
      BinaryCrossEntropyWithLogits weighted =
          plain.withWeight(w).withPosWeight(Tensor.of(unit(1), 1));
      BinaryCrossEntropy of = BinaryCrossEntropy.DEFAULT;
      judge(plain.name(), plain, x, hard);
      judge(plain.name(), plain, x, soft);
      judge(plain.name() + " weighted", weighted, x, soft);
      judge(of.name(), of, p, soft);
      judge(of.name(), of.withWeight(w), p, hard);
      rowWeights(plain.name(), plain, x, soft, n);
      rowWeights(plain.name(), weighted, x, hard, n);
      rowWeights(of.name(), of, p, soft, n);
      rowWeights(of.name(), of.withWeight(w), p, hard, n);
      String smoothed = " " + Option.LABEL_SMOOTHING.torchName();
      judge(plain.name() + smoothed, plain.withLabelSmoothing(0.1f), x, hard);
      judge(plain.name() + smoothed, weighted.withLabelSmoothing(1e-6f), x, soft);
      judge(of.name() + smoothed, of.withLabelSmoothing(0.1f), p, hard);
      judge(of.name() + smoothed, of.withLabelSmoothing(1e-6f).withWeight(w), p, soft);
      SigmoidFocalLoss focal = SigmoidFocalLoss.DEFAULT;
      Tensor few = Tensor.of(unit(1), 1);
      judge(focal.name(), focal, x, hard);
      judge(focal.name(), focal.withAlpha(-1).withGamma(0.5f), x, soft);
      judge(focal.name() + " weighted", focal.withWeight(w).withPosWeight(few), x, soft);
      LogitTransform capped = LogitTransform.NONE.withSoftcap(30).withTemperature(0.7f);
      judge(focal.name() + " logits", focal.withLogits(capped), x, hard);
      judge(focal.name() + " logits", focal.withGamma(0.5f).withLogits(capped), x, soft);
      hessian(plain.name(), plain, x, hard, Hessian.values());
      hessian(plain.name() + " weighted", weighted, x, soft, Hessian.values());
      hessian(plain.name() + smoothed, weighted.withLabelSmoothing(0.1f), x, soft, Hessian.EXACT);
      hessian(focal.name(), focal, x, hard, Hessian.EXACT);
      hessian(focal.name(), focal.withAlpha(-1).withGamma(0.5f), x, soft, Hessian.EXACT);
      KlDivLoss divergence = KlDivLoss.DEFAULT;
      Tensor logs = fused.logSoftmax(x);
      judge(divergence.name(), divergence.withWeight(w), logs, soft);
      judge(divergence.name() + " log_target", divergence.withLogTarget(true), x, logs);
      rowWeights(focal.name(), focal, x, hard, n);
      rowWeights(divergence.name(), divergence, logs, soft, n);
      around(plain.name(), plain, x, soft, 0, 0);
      around(of.name(), of, p, soft, 0, 0);
      around(focal.name(), focal, x, hard, 0, 0);
      around(divergence.name(), divergence, logs, soft, 0, 0);
    }
  }

  private void rows() {
    for (int[] shape : ROWS) {
      int n = shape[0];
      int c = shape[1];
      int k = shape[2];
      progress.accept("cross_entropy, " + n + " x " + c + " x " + k);
      long[] inputShape = k == 1 ? new long[] {n, c} : new long[] {n, c, k};
      long[] rowShape = k == 1 ? new long[] {n} : new long[] {n, k};
      // Differences are up to 2, 80 and 120. The last have subnormal gradients, and some that are
      // 0.
      for (double scale : new double[] {1, 40, 60}) {
        Tensor x = Tensor.of(logits(n * c * k, scale), inputShape);
        long[] y = new long[n * k];
        for (int i = 0; i < y.length; i++) {
          y[i] = i % 7 == 6 ? -100 : random.nextInt(c);
        }
        Tensor indices = Tensor.of(y, rowShape);
        Tensor q = Tensor.of(unit(n * c * k), inputShape);
        Tensor w = Tensor.of(unit(c), c);
        options("cross_entropy", Function.CROSS_ENTROPY, w, x, indices);
        options("cross_entropy probabilities", Function.CROSS_ENTROPY_OF_PROBABILITIES, w, x, q);
        CrossEntropy rows = CrossEntropy.DEFAULT.withWeight(w);
        hessian("cross_entropy", rows, x, indices, Hessian.values());
        hessian(
            "cross_entropy label_smoothing",
            rows.withLabelSmoothing(0.1f),
            x,
            indices,
            Hessian.EXACT);
        hessian("cross_entropy z_loss", rows.withZLoss(0.1f), x, indices, Hessian.EXACT);
        hessian("cross_entropy probabilities", rows, x, q, Hessian.EXACT);
        outputs("cross_entropy", CrossEntropy.DEFAULT, x, indices);
        outputs("cross_entropy probabilities", CrossEntropy.DEFAULT, x, q);
        SoftmaxFocalLoss focal = SoftmaxFocalLoss.DEFAULT;
        judge(focal.name(), focal, x, indices);
        judge(focal.name(), focal.withGamma(0.7f).withWeight(w), x, indices);
        hessian(focal.name(), focal, x, indices, Hessian.EXACT);
        hessian(focal.name(), focal.withGamma(0.7f).withWeight(w), x, indices, Hessian.EXACT);
        LogitTransform capped = LogitTransform.NONE.withSoftcap(30).withTemperature(0.7f);
        judge(focal.name() + " logits", focal.withLogits(capped.withBias(w)), x, indices);
        judge("nll_loss", NllLoss.DEFAULT.withWeight(w), x, indices);
        CrossEntropy weighted = CrossEntropy.DEFAULT.withWeight(w);
        rowWeights("cross_entropy", weighted, x, indices, rowShape);
        rowWeights("cross_entropy probabilities", weighted, x, q, rowShape);
        rowWeights("nll_loss", NllLoss.DEFAULT.withWeight(w), x, indices, rowShape);
        rowWeights(focal.name(), focal.withWeight(w), x, indices, rowShape);
        distillation(x, inputShape, rowShape);
        around("cross_entropy", weighted, x, indices, c, k);
        around("cross_entropy probabilities", weighted, x, q, c, k);
        NllLoss nll = NllLoss.DEFAULT;
        around(nll.name(), nll, x, indices, c, k);
        around(focal.name(), focal, x, indices, c, k);
        String forward = Distillation.DEFAULT.name() + " forward_kl";
        around(forward, Distillation.DEFAULT, x, q, c, k);
        ignored("cross_entropy", weighted, x, indices, c);
        ignored(nll.name(), nll, x, indices, c);
        ignored(focal.name(), focal, x, indices, c);
        float[] confident = logits(n * c * k, 1);
        for (int r = 0; r < n * k; r++) {
          int first = r / k * c * k + r % k;
          confident[first] = 10_000 + random.nextInt(20, 100);
          for (int j = 1; j < c; j++) {
            confident[first + j * k] += 10_000;
          }
          y[r] = r % 2 == 0 ? 0 : random.nextInt(c);
        }
        Tensor certain = Tensor.of(confident, inputShape);
        judge("cross_entropy", CrossEntropy.DEFAULT, certain, Tensor.of(y, rowShape));
        hessian(
            "cross_entropy", CrossEntropy.DEFAULT, certain, Tensor.of(y, rowShape), Hessian.EXACT);
        outputs("cross_entropy", CrossEntropy.DEFAULT, certain, Tensor.of(y, rowShape));
        judge(focal.name(), focal, certain, Tensor.of(y, rowShape));
        hessian(focal.name(), focal, certain, Tensor.of(y, rowShape), Hessian.EXACT);
      }
    }
  }

  /** Judges distillation from a teacher as far away as the logits reach, and from one close by. */
  private void distillation(Tensor x, long[] shape, long[] rows) {
    float[] near = x.toFloatArray().clone();
    float[] other = logits(near.length, 40);
    for (int i = 0; i < near.length; i++) {
      near[i] += other[i] * 1e-4f;
    }
    Tensor teacher = Tensor.of(other, shape);
    Tensor close = Tensor.of(near, shape);
    for (Distillation loss :
        List.of(
            Distillation.FORWARD_KL,
            Distillation.REVERSE_KL.withTemperature(0.7f),
            Distillation.jsd(0.1f).withTemperature(2.5f).withTemperatureSquared(true))) {
      String kernel = loss.name() + " " + loss.divergence().name().toLowerCase(Locale.ROOT);
      judge(kernel, loss, x, teacher);
      judge(kernel, loss, x, close);
      rowWeights(kernel, loss, x, teacher, rows);
    }
  }

  private void primitives() {
    progress.accept("primitives");
    Judge sigmoid = new Judge("sigmoid", Promise.SIGMOID.ulps(), false);
    double cancel = Promise.TENSOR_SUM.terms() * Promise.TERM;
    Judge sum = new Judge("sum", Promise.TENSOR_SUM.ulps(), true);
    Judge mean = new Judge("mean", Promise.TENSOR_SUM.ulps(), true);
    Judge max = new Judge("max", 0, false);
    for (int n : SIZES) {
      float[] x = logits(n, 80);
      Tensor input = Tensor.of(x, n);
      compare(sigmoid, fused.sigmoid(input), ReferencePrimitives.sigmoid(x), null);
      double size = 0;
      for (float v : x) {
        size += Math.abs(v);
      }
      sum.value("", 0, fused.sum(input), ReferencePrimitives.sum(x), size * cancel);
      mean.value("", 0, fused.mean(input), ReferencePrimitives.mean(x), size / n * cancel);
      max.value("", 0, fused.max(input), ReferencePrimitives.max(x), 0);
    }
    Judge softmax = new Judge("softmax", Promise.SOFTMAX.ulps(), false);
    Judge logSoftmax = new Judge("log_softmax", Promise.LOG_SOFTMAX.ulps(), false);
    Judge logSumExp = new Judge("logsumexp", Promise.LOG_SUM_EXP.ulps(), true);
    for (int[] shape : ROWS) {
      int n = shape[0];
      int c = shape[1];
      int k = shape[2];
      float[] x = logits(n * c * k, 20);
      Tensor input = Tensor.of(x, k == 1 ? new long[] {n, c} : new long[] {n, c, k});
      compare(softmax, fused.softmax(input), ReferencePrimitives.softmax(x, n, c, k), null);
      compare(
          logSoftmax, fused.logSoftmax(input), ReferencePrimitives.logSoftmax(x, n, c, k), null);
      double[] bounds = new double[n * k];
      java.util.Arrays.fill(bounds, 20 * Promise.LOG_SUM_EXP.terms() * Promise.TERM);
      compare(logSumExp, fused.logSumExp(input), ReferencePrimitives.logSumExp(x, n, c, k), bounds);
    }
    reports.add(sigmoid.report("sigmoid"));
    reports.add(softmax.report("softmax"));
    reports.add(logSoftmax.report("log_softmax"));
    reports.add(logSumExp.report("logsumexp"));
    reports.add(sum.report("sum"));
    reports.add(mean.report("mean"));
    reports.add(max.report("max"));
  }

  private static void compare(Judge judge, Tensor actual, double[] expected, double[] bounds) {
    float[] values = actual.toFloatArray();
    for (int i = 0; i < values.length; i++) {
      judge.value("", i, values[i], expected[i], bounds == null ? 0 : bounds[i]);
    }
  }

  private float[] logits(int n, double scale) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = (float) ((random.nextDouble() - 0.5) * 2 * scale);
    }
    return values;
  }

  /** Replaces a value by 0 or -0 now and then. */
  private static float[] withZeros(float[] values) {
    for (int i = 5; i < values.length; i += 37) {
      values[i] = i % 2 == 0 ? 0f : -0f;
    }
    return values;
  }

  private float[] unit(int n) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = (float) random.nextDouble();
    }
    return values;
  }

  private float[] choose(int n, float a, float b) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = random.nextBoolean() ? a : b;
    }
    return values;
  }
}
