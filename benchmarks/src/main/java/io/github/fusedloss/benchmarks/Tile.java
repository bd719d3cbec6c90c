package io.github.fusedloss.benchmarks;

import io.github.fusedloss.ElementType;
import io.github.fusedloss.benchmarks.Work.Options;
import io.github.fusedloss.reference.ReferenceBinaryCrossEntropy;
import io.github.fusedloss.reference.ReferenceCrossEntropy;
import io.github.fusedloss.reference.ReferenceElementLoss;
import io.github.fusedloss.reference.ReferenceLoss;
import io.github.fusedloss.reference.ReferencePrimitives;
import io.github.fusedloss.reference.RowOptions;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Random rows, of which a work's data is repetitions, and what exactly comes out of the whole. The
 * reference takes a microsecond an element, hence no more of them; no processor has a use for a
 * period of a hundred thousand elements and more.
 *
 * @param x the input, numbers of the work's dtype
 * @param target of a binary loss, or class probabilities, numbers of the dtype; otherwise null
 * @param classes indices; otherwise null
 * @param weight for each element (binary) or class; or null
 * @param posWeight one value, or null
 * @param scalar the exact loss (mean), sum or logsumexp of the whole
 * @param values the exact gradient or softmax, or null if the function has none
 * @param repeats how often the work has it
 */
record Tile(
    float[] x,
    float[] target,
    int[] classes,
    float[] weight,
    float[] posWeight,
    double scalar,
    double[] values,
    int repeats)
    implements Serializable {

  private static final long serialVersionUID = 1;

  /** A directory of tiles that another JVM has computed: HotSpot need not compile that in each. */
  static final String DIRECTORY = "benchmarks.tiles";

  /** Elements, about, but for rows that are longer: a tenth of a second of the reference's time. */
  private static final int SIZE = 1 << 17;

  /** Names the tile of a work: the same with gradient and without. */
  static String key(Work work) {
    return new Work(
            work.function(),
            work.options(),
            work.shape(),
            work.dtype(),
            work.function().isLoss(),
            true)
        .key();
  }

  private static Path file(Path directory, Work work) {
    return directory.resolve(key(work).replaceAll("\\W+", "_"));
  }

  /** Computes works' tiles for {@link #DIRECTORY}. */
  static void write(Path directory, List<Work> works) throws IOException {
    Files.createDirectories(directory);
    Set<String> written = new HashSet<>();
    for (Work work : works) {
      if (written.add(key(work))) {
        try (var out = new ObjectOutputStream(Files.newOutputStream(file(directory, work)))) {
          out.writeObject(compute(work));
        }
      }
    }
  }

  static Tile of(Work work) {
    String directory = System.getProperty(DIRECTORY);
    if (directory == null) {
      return compute(work);
    }
    Path file = file(Path.of(directory), work);
    try (ObjectInputStream in = new ObjectInputStream(Files.newInputStream(file))) {
      return (Tile) in.readObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }

  private static Tile compute(Work work) {
    SplittableRandom random = new SplittableRandom(work.shapeText().hashCode());
    int rowSize = work.classes() * work.inner();
    boolean oneRow = work.batch() == 1;
    int batches = oneRow ? 1 : tiled(work.batch(), Math.max(1, SIZE / rowSize));
    int n = oneRow ? tiled(rowSize, SIZE) : batches * rowSize;
    int rows = batches * work.inner();
    int repeats = work.elements() / n;
    float[] x =
        switch (work.function()) {
          case BINARY_CROSS_ENTROPY -> uniform(random, n, 0.001, 0.999);
          case KL_DIV -> uniform(random, n, -8, -0.01);
          // All have one sign: a sum that cancels has no relative error to judge.
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
      case SIGMOID_FOCAL_LOSS -> {
        target = new float[n];
        for (int i = 0; i < n; i++) {
          target[i] = random.nextInt(2);
        }
        ReferenceLoss loss = ReferenceElementLoss.sigmoidFocal(x, target, null, null, 0.25f, 2);
        scalar = loss.mean();
        values = loss.gradientOfMean(1.0 / repeats);
      }
      case KL_DIV -> {
        target = uniform(random, n, 0, 1);
        round(target, work.dtype());
        ReferenceLoss loss = ReferenceElementLoss.klDiv(x, target, null, false);
        scalar = loss.mean();
        values = loss.gradientOfMean(1.0 / repeats);
      }
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
                ? ReferenceBinaryCrossEntropy.ofProbabilities(x, target, weight, 0)
                : ReferenceBinaryCrossEntropy.withLogits(x, target, weight, expanded, 0);
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
          loss =
              ReferenceCrossEntropy.ofProbabilities(
                  x, batches, c, inner, target, RowOptions.DEFAULT);
        } else {
          boolean all = work.options() == Options.SMOOTHING_WEIGHTS_IGNORE;
          classes = new int[rows];
          for (int i = 0; i < rows; i++) {
            classes[i] = all && random.nextInt(10) == 0 ? Problem.IGNORE_INDEX : random.nextInt(c);
          }
          weight = all ? uniform(random, c, 0.5, 1.5) : null;
          long[] y = Arrays.stream(classes).asLongStream().toArray();
          RowOptions options =
              RowOptions.DEFAULT
                  .withWeight(weight)
                  .withIgnoreIndex(Problem.IGNORE_INDEX)
                  .withLabelSmoothing(all ? Problem.LABEL_SMOOTHING : 0);
          loss =
              work.function() == Work.Function.NLL_LOSS
                  ? ReferenceCrossEntropy.nllLoss(
                      x, batches, c, inner, y, weight, Problem.IGNORE_INDEX)
                  : ReferenceCrossEntropy.ofIndices(x, batches, c, inner, y, options);
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
    return new Tile(x, target, classes, weight, posWeight, scalar, values, repeats);
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

  /** To the nearest numbers of the type: the reference and every provider then see the same. */
  private static void round(float[] values, ElementType dtype) {
    if (dtype.isSixteenBit()) {
      for (int i = 0; i < values.length; i++) {
        values[i] = dtype.decode(dtype.encode(values[i]));
      }
    }
  }
}
