package io.github.fusedloss.benchmarks;

import io.github.fusedloss.BinaryCrossEntropyWithLogits;
import io.github.fusedloss.CrossEntropy;
import io.github.fusedloss.Distillation;
import io.github.fusedloss.FusedLoss;
import io.github.fusedloss.Hessian;
import io.github.fusedloss.LogitTransform;
import io.github.fusedloss.Loss;
import io.github.fusedloss.Output;
import io.github.fusedloss.Outputs;
import io.github.fusedloss.SigmoidFocalLoss;
import io.github.fusedloss.SoftmaxFocalLoss;
import io.github.fusedloss.Target;
import io.github.fusedloss.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * How much longer calls with an option take than the same calls without it. Tensors are on the
 * device. A call with the option and one without it follow each other, so that both meet the same
 * noise; the ratio is that of the medians.
 */
final class OptionCosts {
  private static final int ROWS = 2048;
  private static final int CLASSES = 1000;
  private static final int ELEMENTS = ROWS * CLASSES;

  /** Nanoseconds of calls before any is measured: HotSpot compiles in the first second or two. */
  private static final long WARM = 3_000_000_000L;

  /** Rounds that are measured. */
  private static final int ROUNDS = 41;

  private final FusedLoss fused;
  private final Random random = new Random(1);

  private OptionCosts(FusedLoss fused) {
    this.fused = fused;
  }

  /** A table for the executor that the argument names. */
  public static void main(String[] args) {
    try (FusedLoss fused = FusedLoss.open(args[0])) {
      System.out.println("\n" + fused.device() + ", " + fused.info().description() + "\n");
      new OptionCosts(fused).table();
    }
    System.exit(0);
  }

  private void table() {
    System.out.println("| what | beside | forward, ms | ratio | and gradient, ms | ratio |");
    System.out.println("|---|---|---|---|---|---|");
    Tensor logits = upload(normal(5));
    Tensor classes = fused.upload(Tensor.of(random.ints(ROWS, 0, CLASSES).toArray(), ROWS));
    rows(logits, classes);
    float[] labels = new float[ELEMENTS];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = random.nextInt(2);
    }
    elements(logits, upload(labels));
    distillation(logits, upload(normal(5)));
  }

  private void rows(Tensor logits, Tensor classes) {
    Target target = Target.of(classes);
    CrossEntropy plain = CrossEntropy.DEFAULT;
    Tensor perClass = fused.upload(Tensor.of(positive(CLASSES), CLASSES));
    Tensor perRow = fused.upload(Tensor.of(positive(ROWS), ROWS));
    Map<String, Loss> losses = new LinkedHashMap<>();
    losses.put("the same again", plain);
    losses.put("z-loss", plain.withZLoss(1e-2f));
    losses.put("temperature", transformed(LogitTransform.NONE.withTemperature(2)));
    losses.put(
        "bias", transformed(LogitTransform.NONE.withBias(Tensor.of(positive(CLASSES), CLASSES))));
    losses.put("softcap", transformed(LogitTransform.NONE.withSoftcap(30)));
    losses.put("weight", plain.withWeight(perClass));
    losses.put("label smoothing", plain.withLabelSmoothing(0.1f));
    losses.put("softmax_focal_loss, gamma 2", SoftmaxFocalLoss.DEFAULT);
    Timed[] base = calls(plain, logits, target);
    losses.forEach((name, loss) -> row(name, "cross_entropy", calls(loss, logits, target), base));
    row("row weights", "cross_entropy", calls(plain, logits, target.rowWeights(perRow)), base);
    Outputs all = Outputs.of(Output.values());
    Timed[] outputs = {
      () -> fused.forward(plain, logits, target, all).close(),
      () -> fused.forwardAndGradient(plain, logits, target, all).close()
    };
    row("all outputs", "cross_entropy", outputs, base);
    row("second derivative", "cross_entropy", hessian(plain, logits, target), base);
  }

  private static Loss transformed(LogitTransform transform) {
    return CrossEntropy.DEFAULT.withLogits(transform);
  }

  private void elements(Tensor logits, Tensor labels) {
    Target target = Target.of(labels);
    BinaryCrossEntropyWithLogits plain = BinaryCrossEntropyWithLogits.DEFAULT;
    String beside = plain.name();
    Timed[] base = calls(plain, logits, target);
    row("the same again", beside, calls(plain, logits, target), base);
    row("label smoothing", beside, calls(plain.withLabelSmoothing(0.1f), logits, target), base);
    Target weighted = target.rowWeights(upload(positive(ELEMENTS)));
    row("row weights", beside, calls(plain, logits, weighted), base);
    SigmoidFocalLoss focal = SigmoidFocalLoss.DEFAULT;
    row("sigmoid_focal_loss, gamma 2", beside, calls(focal, logits, target), base);
    row("and gamma 1.5", beside, calls(focal.withGamma(1.5f), logits, target), base);
    row("second derivative", beside, hessian(plain, logits, target), base);
  }

  /** Beside copies of as many bytes in host memory, by all threads. */
  private void distillation(Tensor student, Tensor teacher) {
    Timed[] copies = {() -> copy(1), () -> copy(1.5)};
    for (Distillation loss :
        new Distillation[] {
          Distillation.FORWARD_KL, Distillation.REVERSE_KL, Distillation.jsd(0.5f)
        }) {
      row(loss.toString(), "a copy", calls(loss, student, Target.of(teacher)), copies);
    }
  }

  private final float[] from = new float[ELEMENTS * 3 / 2];
  private final float[] to = new float[ELEMENTS * 3 / 2];

  /** Reads and writes so many times the logits: a copy of half of two operands moves both. */
  private void copy(double share) {
    int n = (int) (ELEMENTS * share);
    int part = 1 << 16;
    IntStream.range(0, (n + part - 1) / part)
        .parallel()
        .forEach(i -> System.arraycopy(from, i * part, to, i * part, Math.min(part, n - i * part)));
  }

  /** A call that is measured. */
  private interface Timed {
    void run();
  }

  /** Forward, and with gradient. */
  private Timed[] calls(Loss loss, Tensor input, Target target) {
    return new Timed[] {
      () -> fused.forward(loss, input, target).close(),
      () -> fused.forwardAndGradient(loss, input, target).close()
    };
  }

  /** Only with gradient: there is no second derivative without one. */
  private Timed[] hessian(Loss loss, Tensor input, Target target) {
    return new Timed[] {
      null, () -> fused.forwardGradientAndHessian(loss, input, target, Hessian.EXACT).close()
    };
  }

  private static void row(String name, String beside, Timed[] with, Timed[] without) {
    StringBuilder line = new StringBuilder("| " + name + " | " + beside + " |");
    for (int i = 0; i < with.length; i++) {
      line.append(with[i] == null ? " | |" : measured(with[i], without[i]));
    }
    System.out.println(line);
  }

  private static String measured(Timed with, Timed without) {
    for (long start = System.nanoTime(); System.nanoTime() - start < WARM; ) {
      with.run();
      without.run();
    }
    double[][] times = new double[2][ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
      times[0][i] = time(with);
      times[1][i] = time(without);
    }
    Arrays.stream(times).forEach(Arrays::sort);
    double median = times[0][ROUNDS / 2];
    return String.format(
        Locale.ROOT, " %.2f | %.2f |", median / 1e6, median / times[1][ROUNDS / 2]);
  }

  private static long time(Timed call) {
    long start = System.nanoTime();
    call.run();
    return System.nanoTime() - start;
  }

  private Tensor upload(float[] values) {
    return fused.upload(Tensor.of(values, ROWS, CLASSES));
  }

  private float[] normal(double scale) {
    float[] values = new float[ELEMENTS];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (random.nextGaussian() * scale);
    }
    return values;
  }

  private float[] positive(int n) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = 0.5f + random.nextFloat();
    }
    return values;
  }
}
