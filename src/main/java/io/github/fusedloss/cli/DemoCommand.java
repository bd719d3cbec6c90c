package io.github.fusedloss.cli;

import io.github.fusedloss.BinaryCrossEntropy;
import io.github.fusedloss.BinaryCrossEntropyWithLogits;
import io.github.fusedloss.CrossEntropy;
import io.github.fusedloss.DeviceInfo;
import io.github.fusedloss.FusedLoss;
import io.github.fusedloss.Loss;
import io.github.fusedloss.LossResult;
import io.github.fusedloss.NllLoss;
import io.github.fusedloss.Reduction;
import io.github.fusedloss.Tensor;
import io.github.fusedloss.io.NpyArray;
import io.github.fusedloss.io.NpyReader;
import io.github.fusedloss.verify.ReferenceCheck;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description =
        "Computes published PyTorch examples with their gradients on the best device here, checked"
            + " against the reference and against what PyTorch printed.")
final class DemoCommand implements Callable<Integer> {
  @ParentCommand private MainCommand main;
  @Mixin private DeviceOption device;

  private boolean passed = true;
  private PrintStream out;

  @Override
  public Integer call() {
    out = main.console().out();
    try (FusedLoss opened = device.openExactly(main.console())) {
      FusedLoss fused = opened.checkedBy(new ReferenceCheck());
      out.printf("FusedLoss on %s%n%n", opened.info().description());
      examples(fused);
      gradient(fused);
      digits(fused);
      sameBits(opened);
      throughput(opened);
    }
    out.println();
    out.println(passed ? "All of it right." : "NOT all of it right.");
    return passed ? 0 : Failure.FAILED;
  }

  private void verdict(boolean right) {
    passed &= right;
  }

  // ---- the main job

  private void examples(FusedLoss fused) {
    out.printf(
        "%-34s %-14s %10s %9s%n", "loss of published examples", "shape", "FusedLoss", "PyTorch");
    Loss logits = BinaryCrossEntropyWithLogits.DEFAULT;
    Loss bce = BinaryCrossEntropy.DEFAULT;
    for (String[] e : new String[][] {{"bce_single", "0.2576"}, {"bce_batch", "0.8165"}}) {
      Tensor x = load(e[0] + "_input");
      Tensor t = load(e[0] + "_target");
      example(fused, logits, x, t, e[1]);
      example(fused, bce, fused.sigmoid(x), t, e[1]);
    }
    for (String[] e : new String[][] {{"ce_single", "1.7541"}, {"ce_batch", "2.7944"}}) {
      Tensor x = load(e[0] + "_input");
      Tensor t = load(e[0] + "_target");
      example(fused, CrossEntropy.DEFAULT, x, t, e[1]);
      example(fused, NllLoss.DEFAULT, fused.logSoftmax(x), t, e[1]);
    }
    example(
        fused,
        logits,
        Tensor.of(
            new float[] {
              -0.4089f, -1.2471f, 0.5907f, -0.4897f, -0.8267f, -0.7349f, 0.5241f, -0.1246f, -0.4751f
            },
            3,
            3),
        Tensor.of(new float[] {0, 1, 1, 0, 0, 1, 1, 0, 1}, 3, 3),
        "0.7193");
    example(
        fused,
        bce,
        Tensor.of(new float[] {0.8f, 0.2f, 0.4f}, 3),
        Tensor.of(new float[] {1, 0, 0}, 3),
        "0.3190");
    out.println();
  }

  private void example(FusedLoss fused, Loss loss, Tensor x, Tensor t, String printed) {
    try (LossResult result = fused.forwardAndGradient(loss, x, t)) {
      String ours = String.format("%.4f", result.loss());
      verdict(ours.equals(printed));
      out.printf(
          "%-34s %-14s %10s %9s%s%n",
          loss.name(), shape(x), ours, printed, ours.equals(printed) ? "" : "  DIFFERS");
    }
  }

  private static String shape(Tensor x) {
    return Arrays.toString(x.shape()).replace('[', '(').replace(']', ')');
  }

  private void gradient(FusedLoss fused) {
    float[] x = {1.0f, 2.0f, 0.5f, 0.1f, 0.2f, 3.0f};
    Tensor input = Tensor.of(x, 2, 3);
    Tensor target = Tensor.of(new int[] {1, 2}, 2);
    try (LossResult result = fused.forwardAndGradient(CrossEntropy.DEFAULT, input, target)) {
      out.printf(
          "cross_entropy of %s with classes [1, 2]: %s%n  gradient %s%n%n",
          Arrays.toString(x), result.loss(), Arrays.toString(result.gradient().toFloatArray()));
    }
  }

  // ---- what others lose

  private void digits(FusedLoss fused) {
    out.printf(
        "%-44s %-15s %-15s%n", "confident and right, in float32", "FusedLoss", "PyTorch 2.10");
    BinaryCrossEntropyWithLogits sum =
        BinaryCrossEntropyWithLogits.DEFAULT.withReduction(Reduction.SUM);
    float low =
        fused.forward(sum, Tensor.of(new float[] {-15}, 1), Tensor.of(new float[] {0}, 1)).loss();
    digit("binary_cross_entropy_with_logits, x -15, t 0", low, Math.log1p(Math.exp(-15)), "0.0");
    float slope =
        fused
            .forwardAndGradient(sum, Tensor.of(new float[] {17}, 1), Tensor.of(new float[] {1}, 1))
            .gradient()
            .item();
    digit("  its gradient, x 17, t 1", slope, -1 / (1 + Math.exp(17)), "0.0");
    float sure =
        fused
            .forward(
                CrossEntropy.DEFAULT,
                Tensor.of(new float[] {17, 0, 0, 0}, 4),
                Tensor.of(new int[] {0}))
            .loss();
    digit("cross_entropy, x (17, 0, 0, 0), class 0", sure, Math.log1p(3 * Math.exp(-17)), "0.0");
    out.println();
  }

  private void digit(String what, float ours, double exact, String pytorch) {
    verdict(Math.abs(ours - exact) <= 3 * Math.ulp((float) exact));
    out.printf("%-44s %-15s %-15s%n", what, ours, pytorch);
  }

  // ---- one answer everywhere

  private void sameBits(FusedLoss chosen) {
    int n = 64;
    int c = 1000;
    SplittableRandom random = new SplittableRandom(1);
    float[] x = new float[n * c];
    int[] y = new int[n];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) ((random.nextDouble() - 0.5) * 20);
    }
    for (int i = 0; i < n; i++) {
      y[i] = random.nextInt(c);
    }
    Tensor input = Tensor.of(x, n, c);
    Tensor target = Tensor.of(y, n);
    int expected = bits(chosen, input, target);
    for (DeviceInfo info : FusedLoss.devices()) {
      if (info.usable() && !info.name().equals(chosen.device())) {
        try (FusedLoss other = FusedLoss.open(info.name())) {
          boolean same = bits(other, input, target) == expected;
          verdict(same);
          out.printf(
              "%s and %s: %s%n",
              chosen.device(),
              info.name(),
              same ? "the same bits in loss and 64,000 gradients" : "DIFFERENT BITS");
        }
      }
    }
  }

  private static int bits(FusedLoss fused, Tensor input, Tensor target) {
    try (LossResult result = fused.forwardAndGradient(CrossEntropy.DEFAULT, input, target)) {
      int hash = Float.floatToRawIntBits(result.loss());
      for (float g : result.gradient().toFloatArray()) {
        hash = 31 * hash + Float.floatToRawIntBits(g);
      }
      return hash;
    }
  }

  private void throughput(FusedLoss fused) {
    int rows = 256;
    int classes = 32768;
    float[] x = new float[rows * classes];
    SplittableRandom random = new SplittableRandom(2);
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) ((random.nextDouble() - 0.5) * 20);
    }
    try (Tensor input = fused.upload(Tensor.of(x, rows, classes));
        Tensor target = fused.upload(Tensor.of(new int[rows], rows))) {
      double best = Double.POSITIVE_INFINITY;
      for (int i = 0; i < 5; i++) {
        long start = System.nanoTime();
        fused.forwardAndGradient(CrossEntropy.DEFAULT, input, target).close();
        best = Math.min(best, (System.nanoTime() - start) / 1e9);
      }
      out.printf(
          "cross_entropy with gradient, %d x %d: %.2f ms, %.1f GB/s%n",
          rows, classes, best * 1e3, 8.0 * x.length / best / 1e9);
    }
  }

  /** A tensor that ships with the command line. */
  private static Tensor load(String name) {
    try (InputStream in = DemoCommand.class.getResourceAsStream(name + ".npy")) {
      Path file = Files.createTempFile("fusedloss-demo", ".npy");
      try {
        Files.write(file, in.readAllBytes());
        NpyArray array = NpyReader.read(file);
        return array.type().isFloating()
            ? Tensor.of(array.floats(), array.shape())
            : Tensor.of(array.longs(), array.shape());
      } finally {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new Failure(Failure.FAILED, "demo data " + name + ": " + e.getMessage());
    }
  }
}
