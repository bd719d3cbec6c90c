package io.github.fusedloss.backend;

import static io.github.fusedloss.backend.Function.BINARY_CROSS_ENTROPY;
import static io.github.fusedloss.backend.Function.BINARY_CROSS_ENTROPY_WITH_LOGITS;
import static io.github.fusedloss.backend.Function.CROSS_ENTROPY;
import static io.github.fusedloss.backend.Function.CROSS_ENTROPY_OF_PROBABILITIES;
import static io.github.fusedloss.backend.Function.DISTILLATION;
import static io.github.fusedloss.backend.Function.KL_DIV;
import static io.github.fusedloss.backend.Function.LOGSUMEXP;
import static io.github.fusedloss.backend.Function.SIGMOID_FOCAL_LOSS;

import io.github.fusedloss.ElementType;
import io.github.fusedloss.Output;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The small problems of {@link KnownAnswers}. */
final class KnownProblems {
  /** How rows of classes are stored and summed: in order, or in lanes ({@link SumShape}). */
  enum RowKind {
    /** Up to 64 classes. */
    SHORT(20, new RowShape(37, 10, 1)),
    /** Classes that are not adjacent. */
    APART(60, new RowShape(2, 19, 33)),
    /**
     * One stripe. A driver that was shipping computed a wrong softmax from the second length on.
     */
    ONE_STRIPE(10, new RowShape(17, 70, 1), twoOf(257, 384, 385, 513, 896, 897)),
    /** Two stripes. */
    TWO_STRIPES(10, new RowShape(2, 1025, 1), twoOf(1400)),
    /** One block. */
    ONE_BLOCK(6, new RowShape(3, 2500, 1)),
    /** Several blocks. */
    LONG(4, new RowShape(2, 4099, 1));

    final double scale;
    final List<RowShape> shapes;

    RowKind(double scale, RowShape shape, RowShape... more) {
      this.scale = scale;
      shapes = Stream.concat(Stream.of(shape), Stream.of(more)).toList();
    }

    private static RowShape[] twoOf(int... lengths) {
      return IntStream.of(lengths).mapToObj(c -> new RowShape(2, c, 1)).toArray(RowShape[]::new);
    }

    static RowKind of(RowShape shape) {
      if (shape.inner() > 1) {
        return APART;
      }
      if (SumShape.inOrder(shape.classes(), shape.inner())) {
        return SHORT;
      }
      return switch (SumShape.lanes(shape.classes())) {
        case SumShape.LANES -> ONE_STRIPE;
        case 2 * SumShape.LANES -> TWO_STRIPES;
        default -> shape.classes() <= SumShape.BLOCK ? ONE_BLOCK : LONG;
      };
    }
  }

  /** From 0 on, so many bit patterns of float16 are 0 or subnormal; of bfloat16, tiny. */
  private static final int SUBNORMAL_HALVES = 1 << 10;

  private static final int ELEMENTS = 5003; // one whole block, and a tail that divides by nothing

  private final Executor executor;
  private final Hash hash = new Hash();

  /** Whether second derivatives are asked for, too. */
  private boolean curved;

  KnownProblems(Executor executor) {
    this.executor = executor;
  }

  /** These, with second derivatives: times a number, and at least another. */
  KnownProblems curved() {
    curved = true;
    return this;
  }

  /** What goes there; null of null. */
  private static Curvature curvature(float[] hessian) {
    return hessian == null ? null : new Curvature(HostMemory.of(hessian), 1.1f, 1e-3f);
  }

  /** Of all that the executor has answered. */
  long hash() {
    return hash.value;
  }

  private static float[] random(SplittableRandom random, int n, double scale) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = (float) ((random.nextDouble() - 0.5) * 2 * scale);
    }
    return values;
  }

  private static float[] unit(SplittableRandom random, int n) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      int kind = random.nextInt(4);
      values[i] = kind == 0 ? 0f : kind == 1 ? 1f : (float) random.nextDouble();
    }
    return values;
  }

  /** Every exponent a float has, contraction, subnormal results, infinities; sums. */
  void logits() {
    logits(0f);
  }

  /** The same with the target smoothed. */
  void logits(float labelSmoothing) {
    SplittableRandom random = new SplittableRandom(1);
    int n = ELEMENTS;
    float[] x = new float[n];
    for (int i = 0; i < n; i++) {
      x[i] =
          i < 2048
              ? Float.intBitsToFloat((i & 255) << 23 | random.nextInt(1 << 23) | (i & 256) << 23)
              : (float) ((random.nextDouble() - 0.5) * 240);
      x[i] = x[i] == x[i] && Math.abs(x[i]) < Float.POSITIVE_INFINITY ? x[i] : 0f;
    }
    float[] special = {
      0f,
      -0f,
      104f,
      -104f,
      -103.9f,
      87.4f,
      -87.4f,
      Float.NaN,
      Float.POSITIVE_INFINITY,
      Float.NEGATIVE_INFINITY,
      Float.MIN_VALUE,
      -Float.MIN_VALUE,
      0x1p-126f,
      16384f,
      1f,
      -1f
    };
    System.arraycopy(special, 0, x, 100, special.length);
    System.arraycopy(special, 0, x, n - special.length, special.length);
    float[] t = unit(random, n);
    Operand weight = new Operand(HostMemory.of(random(random, 7, 3)), 3, 7);
    Operand posWeight = new Operand(HostMemory.of(unit(random, n)), 1, n);
    BceTask.Options plain = BceTask.Options.DEFAULT.with(Option.LABEL_SMOOTHING, labelSmoothing);
    elements(BINARY_CROSS_ENTROPY_WITH_LOGITS, x, t, plain);
    elements(BINARY_CROSS_ENTROPY_WITH_LOGITS, x, t, plain.with(weight, posWeight));
    if (labelSmoothing > 0f) {
      return;
    }
    float[] y = new float[n];
    executor.sigmoid(n, HostMemory.of(x), HostMemory.of(y));
    hash.add(y);
    float[] finite = random(random, n, 30);
    hash.add(executor.sum(n, HostMemory.of(finite)));
    hash.add(Float.floatToRawIntBits(executor.max(n, HostMemory.of(finite))));
  }

  /** Binary cross entropy of probabilities from 2^-149 to 1, and of both zeros. */
  void probabilities(float labelSmoothing) {
    SplittableRandom random = new SplittableRandom(2);
    int n = ELEMENTS;
    float[] p = unit(random, n);
    for (int i = 0; i < 2048; i++) {
      p[i] = Float.intBitsToFloat((i & 127) << 23 | random.nextInt(1 << 23)); // below 2
      p[i] = p[i] > 1f ? p[i] - 1f : p[i];
    }
    float[] t = unit(random, n);
    for (int i = 2048; i < 2048 + 64; i++) {
      p[i] = p[i] == 0f ? -0f : p[i];
      t[i] = t[i] == 0f ? -0f : t[i];
    }
    BceTask.Options plain = BceTask.Options.DEFAULT.with(Option.LABEL_SMOOTHING, labelSmoothing);
    elements(BINARY_CROSS_ENTROPY, p, t, plain);
    Operand weight = new Operand(HostMemory.of(unit(random, n)), 1, n);
    elements(BINARY_CROSS_ENTROPY, p, t, plain.with(weight, null));
  }

  /** Logits around 0 and far from it, targets of all kinds. */
  void focal(float gamma) {
    SplittableRandom random = new SplittableRandom(3);
    float[] x = random(random, ELEMENTS, 120);
    for (int i = 0; i < ELEMENTS / 2; i++) {
      x[i] *= 0.05f;
    }
    x[ELEMENTS - 1] = Float.POSITIVE_INFINITY;
    float[] t = unit(random, ELEMENTS);
    BceTask.Options options = BceTask.Options.DEFAULT.with(Option.GAMMA, gamma);
    elements(SIGMOID_FOCAL_LOSS, x, t, options);
    Operand weight = new Operand(HostMemory.of(unit(random, ELEMENTS)), 1, ELEMENTS);
    elements(SIGMOID_FOCAL_LOSS, x, t, options.with(weight, weight));
  }

  /** Log-probabilities of targets from 2^-149 on. */
  void divergence(boolean logTarget) {
    SplittableRandom random = new SplittableRandom(4);
    float[] x = random(random, ELEMENTS, 60);
    float[] t = logTarget ? random(random, ELEMENTS, 110) : unit(random, ELEMENTS);
    for (int i = 0; i < 1024 && !logTarget; i++) {
      t[i] = Float.intBitsToFloat((i & 127) << 23 | random.nextInt(1 << 23)); // below 2
    }
    x[0] = Float.NEGATIVE_INFINITY;
    x[ELEMENTS - 1] = Float.NEGATIVE_INFINITY;
    t[ELEMENTS - 1] = logTarget ? Float.NEGATIVE_INFINITY : 0f;
    Operand weight = new Operand(HostMemory.of(unit(random, ELEMENTS)), 1, ELEMENTS);
    BceTask.Options options = BceTask.Options.DEFAULT.with(weight, null);
    elements(KL_DIV, x, t, options.with(Option.LOG_TARGET, logTarget));
  }

  private void elements(Function function, float[] x, float[] t, BceTask.Options options) {
    float[] loss = new float[x.length];
    float[] gradient = new float[x.length];
    float[] hessian = curved ? new float[x.length] : null;
    Totals totals =
        executor.binaryCrossEntropy(
            BceTask.of(function, x.length, HostMemory.of(x), HostMemory.of(t))
                .with(options)
                .with(new Upstream(0.7f, false, null))
                .with(
                    Results.of(HostMemory.of(loss), HostMemory.of(gradient))
                        .with(curvature(hessian))));
    hash.add(totals.sum());
    hash.add(loss);
    hash.add(gradient);
    if (curved) {
      hash.add(hessian);
    }
  }

  /** Every number that 16 bits can hold is read; results of every exponent below 1 are written. */
  void sixteenBits(ElementType type) {
    short[] x = new short[1 << 16];
    for (int i = 0; i < x.length; i++) {
      x[i] = (short) i;
    }
    short[] y = new short[x.length];
    executor.sigmoid(y.length, HostMemory.of(type, x), HostMemory.of(type, y));
    for (short bits : y) {
      hash.add(bits);
    }
    // Sigmoid hardly tells subnormal numbers apart; their sum is exact.
    hash.add(
        executor.sum(SUBNORMAL_HALVES, HostMemory.of(type, Arrays.copyOf(x, SUBNORMAL_HALVES))));
  }

  /** A problem of rows of one shape, with logits of rows, one of them minus infinity. */
  private interface OfShape {
    void pose(RowShape shape, SplittableRandom random, float[] x);
  }

  private static void each(RowKind rows, OfShape problem) {
    for (RowShape shape : rows.shapes) {
      SplittableRandom random = new SplittableRandom(shape.classes());
      float[] x = random(random, count(shape) * shape.classes(), rows.scale);
      x[1] = Float.NEGATIVE_INFINITY;
      problem.pose(shape, random, x);
    }
  }

  private static int count(RowShape shape) {
    return (int) shape.rows();
  }

  /** Class indices, some of them ignored. */
  void classes(
      RowKind rows, Function function, boolean weighted, CrossEntropyTask.Options options) {
    each(
        rows,
        (shape, random, x) -> {
          int classes = shape.classes();
          int[] y = new int[count(shape)];
          for (int r = 0; r < y.length; r++) {
            y[r] = r % 5 == 4 ? -100 : random.nextInt(classes);
          }
          HostMemory weight = weighted ? HostMemory.of(random(random, classes, 1)) : null;
          rows(shape, function, x, HostMemory.of(y), withBias(shape, options).withWeight(weight));
        });
  }

  /** All that is said of rows; of class indices, some ignored. The first row is undefined. */
  void outputs(RowKind rows) {
    each(
        rows,
        (shape, random, x) -> {
          int n = count(shape);
          int[] y = new int[n];
          Arrays.setAll(y, r -> r % 5 == 4 ? -100 : random.nextInt(shape.classes()));
          // Differences of an eighth: some logits are equal, as the largest ones of rows.
          for (int i = 2; i < x.length; i++) { // behind minus infinity
            x[i] = 0.125f * Math.round(8 * x[i]);
          }
          x[0] = Float.POSITIVE_INFINITY;
          float[] gradient = new float[x.length];
          float[][] numbers = new float[3][n];
          int[][] integers = new int[2][n];
          Map<Output, Memory> outputs = new EnumMap<>(Output.class);
          outputs.put(Output.LSE, HostMemory.of(numbers[0]));
          outputs.put(Output.TARGET_LOG_PROBABILITY, HostMemory.of(numbers[1]));
          outputs.put(Output.ENTROPY, HostMemory.of(numbers[2]));
          outputs.put(Output.ARGMAX, HostMemory.of(integers[0]));
          outputs.put(Output.RANK, HostMemory.of(integers[1]));
          Totals totals =
              executor.crossEntropy(
                  CrossEntropyTask.of(CROSS_ENTROPY, shape, HostMemory.of(x), HostMemory.of(y))
                      .with(
                          Results.of(null, HostMemory.of(gradient))
                              .with(new Results.Extras(null, outputs))));
          hash.add(totals.count());
          for (float[] of : numbers) {
            hash.add(of);
          }
          for (int[] of : integers) {
            for (int v : of) {
              hash.add(v);
            }
          }
          hash.add(gradient);
        });
  }

  /** The options; those of transformed logits with a bias of these, too. */
  private static CrossEntropyTask.Options withBias(
      RowShape shape, CrossEntropyTask.Options options) {
    return options.logits().isPlain()
        ? options
        : options.withLogitBias(HostMemory.of(random(new SplittableRandom(5), shape.classes(), 2)));
  }

  /** A probability for each class. */
  void classProbabilities(RowKind rows, CrossEntropyTask.Options options) {
    each(
        rows,
        (shape, random, x) -> {
          HostMemory target = HostMemory.of(unit(random, x.length));
          HostMemory weight = HostMemory.of(unit(random, shape.classes()));
          rows(shape, CROSS_ENTROPY_OF_PROBABILITIES, x, target, options.withWeight(weight));
        });
  }

  /** A teacher near the student, far from it, and the same. */
  void distillation(RowKind rows, CrossEntropyTask.Options options) {
    each(
        rows,
        (shape, random, x) -> {
          float[] z = x.clone();
          double[] distances = {0, 1e-5, 1e-2, 1, rows.scale};
          for (int i = 0; i < z.length; i++) {
            double distance = distances[i / shape.classes() % distances.length];
            z[i] += (float) ((random.nextDouble() - 0.5) * 2 * distance);
          }
          rows(shape, DISTILLATION, x, HostMemory.of(z), options);
        });
  }

  /** Row weights, some of them 0: with class weights, and class indices or a probability each. */
  void rowWeights(RowKind rows, Function function) {
    each(
        rows,
        (shape, random, x) -> {
          int n = count(shape);
          boolean indices = function.hasClassIndices();
          int[] y = new int[n];
          Arrays.setAll(y, r -> random.nextInt(shape.classes()));
          HostMemory target = indices ? HostMemory.of(y) : HostMemory.of(unit(random, x.length));
          CrossEntropyTask.Options options =
              CrossEntropyTask.Options.DEFAULT
                  .withWeight(HostMemory.of(unit(random, shape.classes())))
                  .withRowWeights(HostMemory.of(unit(random, n)));
          rows(shape, function, x, target, options);
        });
  }

  /** The same of a binary loss. */
  void rowWeightsOfElements(Function function) {
    SplittableRandom random = new SplittableRandom(5);
    boolean logits = function == BINARY_CROSS_ENTROPY_WITH_LOGITS;
    float[] x = logits ? random(random, ELEMENTS, 30) : unit(random, ELEMENTS);
    Operand weight = new Operand(HostMemory.of(random(random, 7, 3)), 3, 7);
    HostMemory rowWeights = HostMemory.of(unit(random, ELEMENTS));
    elements(
        function,
        x,
        unit(random, ELEMENTS),
        BceTask.Options.DEFAULT.with(weight, null).withRowWeights(rowWeights));
  }

  private void rows(
      RowShape shape,
      Function function,
      float[] x,
      HostMemory target,
      CrossEntropyTask.Options options) {
    float[] loss = new float[count(shape)];
    float[] gradient = new float[x.length];
    float[] hessian = curved ? new float[x.length] : null;
    Totals totals =
        executor.crossEntropy(
            CrossEntropyTask.of(function, shape, HostMemory.of(x), target)
                .with(options)
                .with(new Upstream(1f, true, null))
                .with(
                    Results.of(HostMemory.of(loss), HostMemory.of(gradient))
                        .with(curvature(hessian))));
    hash.add(loss);
    hash.add(gradient);
    if (curved) {
      hash.add(hessian);
    }
    hash.add(totals.sum());
    hash.add(totals.weightSum());
    hash.add(totals.count());
    if (options.zLoss() > 0) {
      hash.add(totals.zSum());
    }
  }

  void softmax(RowKind rows, Function function, CrossEntropyTask.Options options) {
    each(
        rows,
        (shape, random, x) -> {
          float[] y = new float[function == LOGSUMEXP ? count(shape) : x.length];
          Logits logits = withBias(shape, options).logits();
          executor.softmax(
              new SoftmaxTask(function, shape, HostMemory.of(x), HostMemory.of(y), logits));
          hash.add(y);
        });
  }

  /** Of raw bits. */
  private static final class Hash {
    private long value = 0xcbf29ce484222325L;

    void add(int bits) {
      value = (value ^ bits) * 0x100000001b3L;
      value ^= value >>> 29;
    }

    void add(float[] values) {
      for (float v : values) {
        add(Float.floatToRawIntBits(v));
      }
    }

    void add(double v) {
      long bits = Double.doubleToLongBits(v); // The JVM does not keep the sign of a NaN.
      add((int) bits);
      add((int) (bits >>> 32));
    }
  }
}
