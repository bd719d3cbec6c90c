package io.github.fusedloss.benchmarks;

import io.github.fusedloss.backend.ElementType;
import io.github.fusedloss.benchmarks.Work.Options;
import io.github.fusedloss.reference.ReferenceBinaryCrossEntropy;
import io.github.fusedloss.reference.ReferenceCrossEntropy;
import io.github.fusedloss.reference.ReferenceLoss;
import io.github.fusedloss.reference.ReferencePrimitives;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * A work's data and what comes out of it.
 *
 * <p>The data is a tile of random rows, repeated. The reference takes a microsecond an element, so
 * it computes the tile; the exact result of the whole follows. Every element of every provider's
 * result can so be checked within the time of a benchmark. No processor has a use for a period of a
 * hundred thousand elements and more.
 *
 * @param x the input, numbers of the work's dtype
 * @param target of a binary loss, or class probabilities, numbers of the dtype; otherwise null
 * @param classes indices; otherwise null
 * @param weight for each element (binary) or class; or null
 * @param posWeight one value, or null
 * @param scalar the exact loss (mean), sum or logsumexp
 * @param values the exact gradient or softmax of one tile, or null if the work has none
 */
record Problem(
    Work work,
    float[] x,
    float[] target,
    int[] classes,
    float[] weight,
    float[] posWeight,
    double scalar,
    double[] values) {

  static final int IGNORE_INDEX = -100;
  static final float LABEL_SMOOTHING = 0.1f;

  /** Elements of a tile, about: a tenth of a second of the reference's time. */
  private static final int TILE = 1 << 17;

  private static Problem last;

  /** Forward and forward with gradient follow each other and share the data. */
  static synchronized Problem of(Work work) {
    Work full =
        new Work(
            work.function(),
            work.options(),
            work.shape(),
            work.dtype(),
            work.function().isLoss(),
            true);
    if (last == null || !last.work.key().equals(full.key())) {
      last = null; // so that the old arrays can go before the new ones come
      last = compute(full);
    }
    boolean hasValues = work.gradient() || work.function() == Work.Function.SOFTMAX;
    return new Problem(
        work,
        last.x,
        last.target,
        last.classes,
        last.weight,
        last.posWeight,
        last.scalar,
        hasValues ? last.values : null);
  }

  private static Problem compute(Work work) {
    SplittableRandom random = new SplittableRandom(work.shapeText().hashCode());
    int rowSize = work.classes() * work.inner();
    boolean oneRow = work.batch() == 1;
    int batches = oneRow ? 1 : tiled(work.batch(), Math.max(1, TILE / rowSize));
    int n = oneRow ? tiled(rowSize, TILE) : batches * rowSize;
    int rows = batches * work.inner();
    int repeats = work.elements() / n;
    float[] x =
        switch (work.function()) {
          case BINARY_CROSS_ENTROPY -> uniform(random, n, 0.001, 0.999);
          // Of one sign: a sum that cancels has no relative error to judge.
          case SUM -> uniform(random, n, 0.5, 1.5);
          default -> normal(random, n);
        };
    round(x, work.dtype());
    float[] target = null;
    int[] classes = null;
    float[] weight = null;
    float[] posWeight = null;
    double scalar;
    double[] values = null;
    switch (work.function()) {
      case BINARY_CROSS_ENTROPY_WITH_LOGITS, BINARY_CROSS_ENTROPY -> {
        target = new float[n];
        for (int i = 0; i < n; i++) {
          target[i] = random.nextInt(2);
        }
        if (work.options() == Options.WEIGHTS) {
          weight = uniform(random, n, 0.5, 1.5);
          posWeight = new float[] {1.5f};
        }
        float[] expanded = posWeight == null ? null : new float[n];
        if (expanded != null) {
          Arrays.fill(expanded, posWeight[0]);
        }
        ReferenceLoss loss =
            work.function() == Work.Function.BINARY_CROSS_ENTROPY
                ? ReferenceBinaryCrossEntropy.ofProbabilities(x, target, weight)
                : ReferenceBinaryCrossEntropy.withLogits(x, target, weight, expanded);
        scalar = loss.mean();
        values = loss.gradientOfMean(1.0 / repeats);
      }
      case CROSS_ENTROPY, NLL_LOSS -> {
        int c = work.classes();
        int inner = work.inner();
        ReferenceLoss loss;
        if (work.options() == Options.PROBABILITIES) {
          target = probabilities(random, batches, c);
          round(target, work.dtype());
          loss = ReferenceCrossEntropy.ofProbabilities(x, batches, c, inner, target, null, 0);
        } else {
          boolean all = work.options() == Options.SMOOTHING_WEIGHTS_IGNORE;
          classes = new int[rows];
          for (int i = 0; i < rows; i++) {
            classes[i] = all && random.nextInt(10) == 0 ? IGNORE_INDEX : random.nextInt(c);
          }
          weight = all ? uniform(random, c, 0.5, 1.5) : null;
          long[] y = Arrays.stream(classes).asLongStream().toArray();
          loss =
              work.function() == Work.Function.NLL_LOSS
                  ? ReferenceCrossEntropy.nllLoss(x, batches, c, inner, y, weight, IGNORE_INDEX)
                  : ReferenceCrossEntropy.ofIndices(
                      x, batches, c, inner, y, weight, IGNORE_INDEX, all ? LABEL_SMOOTHING : 0);
        }
        scalar = loss.mean();
        values = loss.gradientOfMean(1.0 / repeats);
      }
      case SOFTMAX -> {
        values = ReferencePrimitives.softmax(x, batches, work.classes(), work.inner());
        scalar = Double.NaN;
      }
      case LOGSUMEXP ->
          // The only row is the tile, repeated.
          scalar = ReferencePrimitives.logSumExp(x, 1, n, 1)[0] + Math.log(repeats);
      case SUM -> scalar = ReferencePrimitives.sum(x) * repeats;
      default -> throw new AssertionError(work);
    }
    return new Problem(
        work,
        repeat(x, repeats),
        repeat(target, repeats),
        repeat(classes, repeats),
        work.function().elementwise() ? repeat(weight, repeats) : weight,
        posWeight,
        scalar,
        values);
  }

  /** The largest divisor of count that is at most limit. */
  private static int tiled(int count, int limit) {
    int size = Math.min(count, limit);
    while (count % size != 0) {
      size--;
    }
    return size;
  }

  /** Logits: of standard deviation 2. */
  private static float[] normal(SplittableRandom random, int n) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] =
          (float)
              (2
                  * Math.sqrt(-2 * Math.log(1 - random.nextDouble()))
                  * Math.cos(2 * Math.PI * random.nextDouble()));
    }
    return values;
  }

  private static float[] uniform(SplittableRandom random, int n, double from, double to) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = (float) random.nextDouble(from, to);
    }
    return values;
  }

  /** Rows that sum to 1, as people mix labels: ND4J takes no others. */
  private static float[] probabilities(SplittableRandom random, int rows, int classes) {
    float[] values = new float[rows * classes];
    for (int r = 0; r < rows; r++) {
      double sum = 0;
      double[] row = new double[classes];
      for (int c = 0; c < classes; c++) {
        row[c] = random.nextDouble();
        sum += row[c];
      }
      for (int c = 0; c < classes; c++) {
        values[r * classes + c] = (float) (row[c] / sum);
      }
    }
    return values;
  }

  private static float[] repeat(float[] tile, int repeats) {
    if (tile == null || repeats == 1) {
      return tile;
    }
    float[] values = new float[tile.length * repeats];
    for (int r = 0; r < repeats; r++) {
      System.arraycopy(tile, 0, values, r * tile.length, tile.length);
    }
    return values;
  }

  private static int[] repeat(int[] tile, int repeats) {
    if (tile == null || repeats == 1) {
      return tile;
    }
    int[] values = new int[tile.length * repeats];
    for (int r = 0; r < repeats; r++) {
      System.arraycopy(tile, 0, values, r * tile.length, tile.length);
    }
    return values;
  }

  /** To the nearest numbers of the type: the reference and every provider then see the same. */
  private static void round(float[] values, ElementType dtype) {
    if (dtype.isSixteenBit()) {
      for (int i = 0; i < values.length; i++) {
        values[i] = dtype.decode(dtype.encode(values[i]));
      }
    }
  }

  /** The bits of values that are numbers of the work's 16-bit dtype. */
  short[] bits(float[] values) {
    short[] bits = new short[values.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = work.dtype().encode(values[i]);
    }
    return bits;
  }

  /** Class indices as PyTorch takes them. */
  long[] longClasses() {
    return Arrays.stream(classes).asLongStream().toArray();
  }
}
