package io.github.fusedloss.backend;

import static io.github.fusedloss.backend.Function.CROSS_ENTROPY;
import static io.github.fusedloss.backend.Function.CROSS_ENTROPY_OF_PROBABILITIES;
import static io.github.fusedloss.backend.Function.DISTILLATION;
import static io.github.fusedloss.backend.Function.LOGSUMEXP;
import static io.github.fusedloss.backend.Function.SOFTMAX_FOCAL_LOSS;

import io.github.fusedloss.Output;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.SplittableRandom;

/** The small problems of {@link KnownAnswers} over rows of classes, for one kind of rows. */
final class KnownRows extends KnownProblems {
  private RowKind kind;

  KnownRows(Executor executor, RowKind kind) {
    super(executor);
    this.kind = kind;
  }

  /** Changes the kind of rows from now on. */
  KnownRows of(RowKind rows) {
    kind = rows;
    return this;
  }

  /** Asks for second derivatives too, and returns this. */
  KnownRows curved() {
    curve();
    return this;
  }

  /** A problem for rows of one shape. It gets the logits, one of which is minus infinity. */
  private interface OfShape {
    void pose(RowShape shape, SplittableRandom random, float[] x);
  }

  private void each(OfShape problem) {
    for (RowShape shape : kind.shapes) {
      SplittableRandom random = new SplittableRandom(shape.classes());
      float[] x = random(random, count(shape) * shape.classes(), kind.scale);
      x[1] = Float.NEGATIVE_INFINITY;
      problem.pose(shape, random, x);
    }
  }

  private static int count(RowShape shape) {
    return (int) shape.rows();
  }

  /** Poses class indices, some of them ignored. */
  void classes(Function function, boolean weighted, CrossEntropyTask.Options options) {
    each(
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

  /**
   * Poses all outputs of rows, for class indices, some of them ignored. The first row is undefined.
   */
  void outputs() {
    each(
        (shape, random, x) -> {
          int n = count(shape);
          int[] y = new int[n];
          Arrays.setAll(y, r -> r % 5 == 4 ? -100 : random.nextInt(shape.classes()));
          // Multiples of an eighth make some logits equal, the largest ones of rows too.
          for (int i = 2; i < x.length; i++) { // the elements before hold an infinity
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
          add(totals.count());
          for (float[] of : numbers) {
            add(of);
          }
          for (int[] of : integers) {
            for (int v : of) {
              add(v);
            }
          }
          add(gradient);
        });
  }

  /** Returns the options; if logits are transformed, with a bias too. */
  private static CrossEntropyTask.Options withBias(
      RowShape shape, CrossEntropyTask.Options options) {
    return options.logits().isPlain()
        ? options
        : options.withLogitBias(HostMemory.of(random(new SplittableRandom(5), shape.classes(), 2)));
  }

  /** Poses a probability for each class. */
  void classProbabilities(CrossEntropyTask.Options options) {
    each(
        (shape, random, x) -> {
          HostMemory target = HostMemory.of(unit(random, x.length));
          HostMemory weight = HostMemory.of(unit(random, shape.classes()));
          rows(shape, CROSS_ENTROPY_OF_PROBABILITIES, x, target, options.withWeight(weight));
        });
  }

  /** Poses teachers that are equal to the student, near it, and far from it. */
  void distillation(CrossEntropyTask.Options options) {
    each(
        (shape, random, x) -> {
          float[] z = x.clone();
          double[] distances = {0, 1e-5, 1e-2, 1, kind.scale};
          for (int i = 0; i < z.length; i++) {
            double distance = distances[i / shape.classes() % distances.length];
            z[i] += (float) ((random.nextDouble() - 0.5) * 2 * distance);
          }
          rows(shape, DISTILLATION, x, HostMemory.of(z), options);
        });
  }

  /** Poses row weights, some of them 0, with class weights, and class indices or probabilities. */
  void rowWeights(Function function) {
    each(
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

  private void rows(
      RowShape shape,
      Function function,
      float[] x,
      HostMemory target,
      CrossEntropyTask.Options options) {
    float[] loss = new float[count(shape)];
    float[] gradient = new float[x.length];
    float[] hessian = hessianRoom(x.length);
    Totals totals =
        executor.crossEntropy(
            CrossEntropyTask.of(function, shape, HostMemory.of(x), target)
                .with(options)
                .with(new Upstream(1f, true, null))
                .with(
                    Results.of(HostMemory.of(loss), HostMemory.of(gradient))
                        .with(curvature(function, hessian))));
    add(loss);
    add(gradient);
    add(hessian);
    add(totals.sum());
    add(totals.weightSum());
    add(totals.count());
    if (options.penalty() > 0) {
      add(totals.penaltySum());
    }
  }

  /**
   * Asks for the plain second derivative of focal loss, which has no other, and else for a factor
   * and a least value.
   */
  private static Curvature curvature(Function function, float[] hessian) {
    boolean focal = hessian != null && function == SOFTMAX_FOCAL_LOSS;
    return focal ? new Curvature(HostMemory.of(hessian), 1f, 0f) : curvature(hessian);
  }

  void softmax(Function function, CrossEntropyTask.Options options) {
    each(
        (shape, random, x) -> {
          float[] y = new float[function == LOGSUMEXP ? count(shape) : x.length];
          Logits logits = withBias(shape, options).logits();
          executor.softmax(
              new SoftmaxTask(function, shape, HostMemory.of(x), HostMemory.of(y), logits));
          add(y);
        });
  }
}
