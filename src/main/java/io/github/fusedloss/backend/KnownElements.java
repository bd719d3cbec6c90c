package io.github.fusedloss.backend;

import static io.github.fusedloss.backend.Function.BINARY_CROSS_ENTROPY;
import static io.github.fusedloss.backend.Function.BINARY_CROSS_ENTROPY_WITH_LOGITS;
import static io.github.fusedloss.backend.Function.KL_DIV;
import static io.github.fusedloss.backend.Function.SIGMOID_FOCAL_LOSS;

import io.github.fusedloss.ElementType;
import java.util.Arrays;
import java.util.SplittableRandom;

/** The small problems of {@link KnownAnswers} over elements. */
final class KnownElements extends KnownProblems {
  /**
   * So many bit patterns, from 0 on, are 0 or subnormal numbers in float16, and tiny ones in
   * bfloat16.
   */
  private static final int SUBNORMAL_HALVES = 1 << 10;

  private static final int ELEMENTS = 5003; // a whole block, and a rest whose length is a prime

  KnownElements(Executor executor) {
    super(executor);
  }

  /** Asks for second derivatives too, and returns this. */
  KnownElements curved() {
    curve();
    return this;
  }

  /**
   * Poses logits of every exponent, with contraction, subnormal results and infinities in reach;
   * then sums.
   */
  void logits() {
    logits(0f);
  }

  /** Poses the logits of {@link #logits()} with smoothed targets. */
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
    add(y);
    float[] finite = random(random, n, 30);
    add(executor.sum(n, HostMemory.of(finite)));
    add(Float.floatToRawIntBits(executor.max(n, HostMemory.of(finite))));
  }

  /** Poses binary cross entropy of probabilities from 2^-149 to 1, and of both zeros. */
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

  /** Poses focal loss of logits around 0 and far from it, with targets of all kinds. */
  void focal(float gamma) {
    focal(OptionValues.DEFAULT.with(Option.GAMMA, gamma));
  }

  /** Poses the logits of {@link #focal(float)} with these options. */
  void focal(OptionValues values) {
    SplittableRandom random = new SplittableRandom(3);
    float[] x = random(random, ELEMENTS, 120);
    for (int i = 0; i < ELEMENTS / 2; i++) {
      x[i] *= 0.05f;
    }
    x[ELEMENTS - 1] = Float.POSITIVE_INFINITY;
    float[] t = unit(random, ELEMENTS);
    BceTask.Options options = BceTask.Options.of(null, null, null, values);
    elements(SIGMOID_FOCAL_LOSS, x, t, options);
    Operand weight = new Operand(HostMemory.of(unit(random, ELEMENTS)), 1, ELEMENTS);
    elements(SIGMOID_FOCAL_LOSS, x, t, options.with(weight, weight));
  }

  /** Poses the divergence of log-probabilities from targets of 2^-149 and more. */
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
    float[] hessian = hessianRoom(x.length);
    BceTask task =
        BceTask.of(function, x.length, HostMemory.of(x), HostMemory.of(t))
            .with(options)
            .with(new Upstream(0.7f, false, null));
    double sum = sum(task, HostMemory.of(loss), gradient, hessian);
    add(sum);
    add(loss);
    add(gradient);
    add(hessian);

    // Kernels may have another body for calls without losses. If it gives the same bits, nothing is
    // added.
    float[] alone = new float[x.length];
    float[] curve = hessianRoom(x.length);
    double again = sum(task, null, alone, curve);
    boolean same = Arrays.equals(gradient, alone) && Arrays.equals(hessian, curve);
    if (!same || Double.compare(sum, again) != 0) {
      add(again);
      add(alone);
      add(curve);
    }
  }

  private double sum(BceTask task, HostMemory loss, float[] gradient, float[] hessian) {
    Results results = Results.of(loss, HostMemory.of(gradient)).with(curvature(hessian));
    return executor.binaryCrossEntropy(task.with(results)).sum();
  }

  /** Reads every number that 16 bits can hold, and writes results of every exponent below 1. */
  void sixteenBits(ElementType type) {
    short[] x = new short[1 << 16];
    for (int i = 0; i < x.length; i++) {
      x[i] = (short) i;
    }
    short[] y = new short[x.length];
    executor.sigmoid(y.length, HostMemory.of(type, x), HostMemory.of(type, y));
    for (short bits : y) {
      add(bits);
    }
    // Sigmoid gives nearly the same for all subnormal numbers; their sum is exact.
    add(executor.sum(SUBNORMAL_HALVES, HostMemory.of(type, Arrays.copyOf(x, SUBNORMAL_HALVES))));
  }

  /** Poses row weights, some of them 0, beside a weight. */
  void rowWeights(Function function) {
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
}
