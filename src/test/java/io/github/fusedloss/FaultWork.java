package io.github.fusedloss;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;

/** Some of everything that a {@link FusedLoss} can do, step by step, and the right bits. */
final class FaultWork {
  /** Above the 64 KiB of float32 from which CPU devices map memory instead of copying it. */
  private static final int SIZE = (1 << 14) + 100;

  private static final int CLASSES = 10;

  /** Rows so long that they are split over blocks of 4096. */
  private static final int LONG = 4099;

  /** One call; {@code onDevice} if it has operands there, so that nothing else can compute it. */
  record Step(String name, boolean onDevice, Function<FusedLoss, int[]> run, int[] right) {}

  private FaultWork() {}

  static List<Step> steps() {
    Random random = new Random(1);
    Tensor x = random(random, SIZE, 8, SIZE);
    Tensor p = unit(random, SIZE, SIZE);
    Tensor weight = unit(random, SIZE, SIZE);
    int rows = SIZE / CLASSES;
    Tensor logits = random(random, rows * CLASSES, 8, rows, CLASSES);
    Tensor shares = unit(random, rows * CLASSES, rows, CLASSES);
    Tensor classWeight = unit(random, CLASSES, CLASSES);
    int[] y = random.ints(rows, 0, CLASSES).toArray();
    y[3] = -100;
    Tensor classes = Tensor.of(y, rows);
    Tensor wide = random(random, 2 * LONG, 8, 2, LONG);
    Tensor wideClasses = Tensor.of(new long[] {7, LONG - 1}, 2);
    short[] half = new short[1000];
    for (int i = 0; i < half.length; i++) {
      half[i] = ElementType.FLOAT16.encode((float) random.nextGaussian());
    }
    Tensor sixteen = Tensor.of(ElementType.FLOAT16, half, half.length);

    Map<String, Function<FusedLoss, int[]>> host = new LinkedHashMap<>();
    host.put(
        "binary_cross_entropy_with_logits",
        f ->
            Bits.of(
                f.forwardAndGradient(
                    BinaryCrossEntropyWithLogits.DEFAULT.withWeight(weight).withPosWeight(p),
                    x,
                    p)));
    host.put(
        "binary_cross_entropy",
        f ->
            Bits.of(
                f.forwardAndGradient(
                    BinaryCrossEntropy.DEFAULT.withReduction(Reduction.NONE), p, weight)));
    host.put(
        "cross_entropy",
        f ->
            Bits.of(
                f.forwardAndGradient(
                    CrossEntropy.DEFAULT.withWeight(classWeight).withLabelSmoothing(0.1f),
                    logits,
                    classes)));
    host.put(
        "cross_entropy of probabilities",
        f ->
            Bits.of(f.forward(CrossEntropy.DEFAULT.withReduction(Reduction.NONE), logits, shares)));
    host.put(
        "cross_entropy of long rows",
        f -> Bits.of(f.forwardAndGradient(CrossEntropy.DEFAULT, wide, wideClasses)));
    host.put("nll_loss", f -> Bits.of(f.forwardAndGradient(NllLoss.DEFAULT, logits, classes)));
    host.put("softmax", f -> Bits.of(f.softmax(logits)));
    host.put("log_softmax", f -> Bits.of(f.logSoftmax(logits)));
    host.put("logsumexp", f -> Bits.of(f.logSumExp(wide)));
    host.put("sigmoid", f -> Bits.of(f.sigmoid(sixteen)));
    host.put("sum, mean, max", f -> Bits.of(f.sum(x), f.mean(x), f.max(x)));
    host.put(
        "a class out of range",
        f -> {
          try {
            f.forward(CrossEntropy.DEFAULT, logits, Tensor.of(new int[rows].clone(), rows)).close();
            int[] bad = new int[rows];
            bad[5] = CLASSES;
            f.forward(CrossEntropy.DEFAULT, logits, Tensor.of(bad, rows)).close();
            return new int[0];
          } catch (IndexOutOfBoundsException e) {
            return new int[] {e.getMessage().hashCode()};
          }
        });
    Map<String, Function<FusedLoss, int[]>> device = new LinkedHashMap<>();
    device.put(
        "upload and download",
        f -> {
          try (Tensor there = f.upload(x)) {
            return Bits.of(there.toFloatArray());
          }
        });
    device.put(
        "losses of an uploaded tensor",
        f -> {
          try (Tensor there = f.upload(logits)) {
            return Bits.of(f.forwardAndGradient(CrossEntropy.DEFAULT, there, classes));
          }
        });
    device.put(
        "losses of rows of an uploaded tensor",
        f -> {
          // Rows have 40 bytes: 64 rows end at a multiple of 512, where buffers may begin; 3 do
          // not.
          try (Tensor there = f.upload(logits)) {
            Bits bits = new Bits();
            for (int from : new int[] {64, 3}) {
              Tensor some = classes.rows(from, 50);
              bits.add(f.forwardAndGradient(CrossEntropy.DEFAULT, there.rows(from, 50), some));
            }
            return bits.all();
          }
        });
    device.put(
        "copy bandwidth",
        f -> {
          f.copyBandwidth(4);
          return new int[0];
        });
    List<Step> steps = new ArrayList<>();
    try (FusedLoss scalar = FusedLoss.open("cpu:scalar")) {
      host.forEach((name, run) -> steps.add(new Step(name, false, run, run.apply(scalar))));
      device.forEach((name, run) -> steps.add(new Step(name, true, run, run.apply(scalar))));
    }
    return steps;
  }

  private static Tensor random(Random random, int n, double scale, long... shape) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = (float) (random.nextGaussian() * scale);
    }
    return Tensor.of(values, shape);
  }

  private static Tensor unit(Random random, int n, long... shape) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = random.nextFloat();
    }
    return Tensor.of(values, shape);
  }
}
