package io.github.fusedloss.backend;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * The known-answer probe: small problems that reach every branch of the arithmetic, and a hash of
 * the bits that every executor must give. A device whose compiler contracts, flushes subnormals,
 * miscompiles a reduction or substitutes its own functions does not pass.
 */
public final class KnownAnswers {
  /** What the hash must be; a test recomputes it with plain Java. */
  static final long EXPECTED = 0x5411d8010f7458e1L;

  /** From 0 on, so many bit patterns of float16 are 0 or subnormal; of bfloat16, tiny. */
  private static final int SUBNORMAL_HALVES = 1 << 10;

  private KnownAnswers() {}

  /**
   * Throws unless the executor gives the known bits.
   *
   * @throws IllegalStateException if it does not
   */
  public static void check(Executor executor) {
    long hash = hash(executor);
    if (hash != EXPECTED) {
      throw new IllegalStateException(
          String.format(
              "the device computes wrong bits: known-answer probe gave %016x, not %016x; "
                  + "try another driver version",
              hash, EXPECTED));
    }
  }

  /** A hash of all results. */
  public static long hash(Executor executor) {
    Hash hash = new Hash();
    logits(executor, hash);
    // A long row in lanes that merges blocks, rows in order, and rows apart in memory.
    rows(executor, hash, 2, 4099, 1, 4);
    rows(executor, hash, 37, 10, 1, 20);
    rows(executor, hash, 2, 19, 33, 60);
    sixteenBits(executor, hash, ElementType.FLOAT16);
    sixteenBits(executor, hash, ElementType.BFLOAT16);
    return hash.value;
  }

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
      long bits = Double.doubleToRawLongBits(v);
      add((int) bits);
      add((int) (bits >>> 32));
    }
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

  /**
   * Binary cross entropy: every exponent a float has, contraction, subnormal results, infinities.
   */
  private static void logits(Executor executor, Hash hash) {
    SplittableRandom random = new SplittableRandom(1);
    int n = 5003; // one whole block, and a tail that divides by nothing
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
    float[] w = random(random, 7, 3);
    float[] pw = unit(random, n);
    float[] loss = new float[n];
    float[] gradient = new float[n];
    HostMemory lossMemory = HostMemory.of(loss);
    HostMemory gradientMemory = HostMemory.of(gradient);
    Operand weight = new Operand(HostMemory.of(w), 3, 7);
    Operand posWeight = new Operand(HostMemory.of(pw), 1, n);
    for (int weighted = 0; weighted < 2; weighted++) {
      executor.binaryCrossEntropy(
          new BceTask(
              true,
              n,
              HostMemory.of(x),
              HostMemory.of(t),
              weighted == 0 ? null : weight,
              weighted == 0 ? null : posWeight,
              null,
              0.7f,
              lossMemory,
              gradientMemory));
      hash.add(loss);
      hash.add(gradient);
    }
    float[] finite = random(random, n, 30);
    hash.add(executor.sum(n, HostMemory.of(finite)));
    hash.add(Float.floatToRawIntBits(executor.max(n, HostMemory.of(finite))));
  }

  /** Every number that 16 bits can hold is read; results of every exponent below 1 are written. */
  private static void sixteenBits(Executor executor, Hash hash, ElementType type) {
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

  /** Cross entropy, plain and with everything. */
  private static void rows(
      Executor executor, Hash hash, int batch, int classes, int inner, double scale) {
    SplittableRandom random = new SplittableRandom(classes);
    int rows = batch * inner;
    float[] x = random(random, rows * classes, scale);
    x[1] = Float.NEGATIVE_INFINITY;
    int[] y = new int[rows];
    for (int r = 0; r < rows; r++) {
      y[r] = r % 5 == 4 ? -100 : random.nextInt(classes);
    }
    float[] w = random(random, classes, 1);
    float[] loss = new float[rows];
    float[] gradient = new float[rows * classes];
    for (int full = 0; full < 2; full++) {
      Totals totals =
          executor.crossEntropy(
              new CrossEntropyTask(
                  CrossEntropyTask.Kind.INDICES,
                  batch,
                  classes,
                  inner,
                  HostMemory.of(x),
                  HostMemory.of(y),
                  full == 0 ? null : HostMemory.of(w),
                  -100,
                  full == 0 ? 0f : 0.1f,
                  true,
                  1f,
                  null,
                  HostMemory.of(loss),
                  HostMemory.of(gradient)));
      hash.add(loss);
      hash.add(gradient);
      hash.add(totals.sum());
      hash.add(totals.weightSum());
    }
  }
}
