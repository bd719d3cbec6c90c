package io.github.fusedloss.backend;

import io.github.fusedloss.ElementType;
import java.util.Arrays;
import java.util.SplittableRandom;

/** The small problems of {@link KnownAnswers}. */
final class KnownProblems {
  /** From 0 on, so many bit patterns of float16 are 0 or subnormal; of bfloat16, tiny. */
  private static final int SUBNORMAL_HALVES = 1 << 10;

  private static final int ELEMENTS = 5003; // one whole block, and a tail that divides by nothing

  private KnownProblems() {}

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
  static void logits(Executor executor, KnownAnswers.Hash hash) {
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
    elements(executor, hash, true, x, t, null, null);
    elements(executor, hash, true, x, t, weight, posWeight);
    float[] y = new float[n];
    executor.sigmoid(n, HostMemory.of(x), HostMemory.of(y));
    hash.add(y);
    float[] finite = random(random, n, 30);
    hash.add(executor.sum(n, HostMemory.of(finite)));
    hash.add(Float.floatToRawIntBits(executor.max(n, HostMemory.of(finite))));
  }

  /** Binary cross entropy of probabilities from 2^-149 to 1, and of both zeros. */
  static void probabilities(Executor executor, KnownAnswers.Hash hash) {
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
    elements(executor, hash, false, p, t, null, null);
    Operand weight = new Operand(HostMemory.of(unit(random, n)), 1, n);
    elements(executor, hash, false, p, t, weight, null);
  }

  private static void elements(
      Executor executor,
      KnownAnswers.Hash hash,
      boolean logits,
      float[] x,
      float[] t,
      Operand weight,
      Operand posWeight) {
    float[] loss = new float[x.length];
    float[] gradient = new float[x.length];
    Totals totals =
        executor.binaryCrossEntropy(
            new BceTask(
                logits,
                x.length,
                HostMemory.of(x),
                HostMemory.of(t),
                weight,
                posWeight,
                null,
                0.7f,
                HostMemory.of(loss),
                HostMemory.of(gradient)));
    hash.add(totals.sum());
    hash.add(loss);
    hash.add(gradient);
  }

  /** Every number that 16 bits can hold is read; results of every exponent below 1 are written. */
  static void sixteenBits(Executor executor, KnownAnswers.Hash hash, ElementType type) {
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

  /** Logits of rows, one of them minus infinity. */
  private static float[] logits(SplittableRandom random, KnownAnswers.Rows rows) {
    float[] x = random(random, rows.count() * rows.classes, rows.scale);
    x[1] = Float.NEGATIVE_INFINITY;
    return x;
  }

  /** Class indices, some of them ignored. */
  static void classes(
      Executor executor,
      KnownAnswers.Hash hash,
      KnownAnswers.Rows rows,
      CrossEntropyTask.Kind kind,
      boolean weighted,
      float smoothing) {
    SplittableRandom random = new SplittableRandom(rows.classes);
    float[] x = logits(random, rows);
    int[] y = new int[rows.count()];
    for (int r = 0; r < y.length; r++) {
      y[r] = r % 5 == 4 ? -100 : random.nextInt(rows.classes);
    }
    HostMemory weight = weighted ? HostMemory.of(random(random, rows.classes, 1)) : null;
    rows(executor, hash, rows, kind, x, HostMemory.of(y), weight, smoothing);
  }

  /** A probability for each class. */
  static void classProbabilities(
      Executor executor, KnownAnswers.Hash hash, KnownAnswers.Rows rows) {
    SplittableRandom random = new SplittableRandom(rows.classes);
    float[] x = logits(random, rows);
    HostMemory target = HostMemory.of(unit(random, x.length));
    HostMemory weight = HostMemory.of(unit(random, rows.classes));
    rows(executor, hash, rows, CrossEntropyTask.Kind.PROBABILITIES, x, target, weight, 0);
  }

  private static void rows(
      Executor executor,
      KnownAnswers.Hash hash,
      KnownAnswers.Rows rows,
      CrossEntropyTask.Kind kind,
      float[] x,
      HostMemory target,
      HostMemory weight,
      float smoothing) {
    float[] loss = new float[rows.count()];
    float[] gradient = new float[x.length];
    Totals totals =
        executor.crossEntropy(
            new CrossEntropyTask(
                kind,
                rows.batch,
                rows.classes,
                rows.inner,
                HostMemory.of(x),
                target,
                weight,
                -100,
                smoothing,
                true,
                1f,
                null,
                HostMemory.of(loss),
                HostMemory.of(gradient)));
    hash.add(loss);
    hash.add(gradient);
    hash.add(totals.sum());
    hash.add(totals.weightSum());
    hash.add(totals.count());
  }

  static void softmax(
      Executor executor, KnownAnswers.Hash hash, KnownAnswers.Rows rows, SoftmaxTask.Kind kind) {
    float[] x = logits(new SplittableRandom(rows.classes), rows);
    float[] y = new float[kind == SoftmaxTask.Kind.LOGSUMEXP ? rows.count() : x.length];
    executor.softmax(
        new SoftmaxTask(
            kind, rows.batch, rows.classes, rows.inner, HostMemory.of(x), HostMemory.of(y)));
    hash.add(y);
  }
}
