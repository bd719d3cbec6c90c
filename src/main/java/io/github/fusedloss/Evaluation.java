package io.github.fusedloss;

import io.github.fusedloss.backend.Function;

/**
 * Evaluates logits piece by piece: an executor computes losses and softmax, and this class adds
 * them to a summary. The result does not depend on the pieces, since everything is counted or added
 * up exactly.
 */
final class Evaluation {
  /** Computes the losses of rows, and what else there is to know of them. */
  interface Forward {
    LossResult of(Loss loss, Tensor input, Target target, Outputs outputs);
  }

  /** Computes the softmax along an axis. */
  interface Softmax {
    Tensor of(Tensor input, LogitTransform logits, int classAxis);
  }

  /** How many logits are computed at a time: 4 MiB, which caches hold. */
  private static final long PIECE = 1 << 20;

  private static final Outputs PREDICTION = Outputs.of(Output.ARGMAX, Output.RANK);

  private final Forward forward;
  private final Softmax softmax;

  Evaluation(Forward forward, Softmax softmax) {
    this.forward = forward;
    this.softmax = softmax;
  }

  /**
   * Adds the rows of a batch to a summary.
   *
   * @param into the summary to add to; null for a new one
   * @return the summary
   */
  ClassificationSummary add(
      CrossEntropy loss, Tensor input, Target target, ClassificationSummary into) {
    Checks.given("loss", loss);
    TensorChecks.floating("input", input);
    Checks.given("target", target);
    ClassAxis axis = ClassAxis.of("input", input, loss.classAxis());
    axis.needClasses();
    check(loss, input, target, axis);
    if (into != null && into.classes() != axis.classes()) {
      throw new IllegalArgumentException(
          "into must be of " + axis.classes() + " classes, as the input is, got " + into.classes());
    }
    RowCounts rows = new RowCounts(loss, target, axis.classes());
    ClassificationSummary summary = into == null ? ClassificationSummary.of(axis.classes()) : into;
    CrossEntropy losses = loss.with(loss.options().ofSingleRows());
    if (axis.axis() == 0 || isOnDevice(input, target)) {
      if (axis.rows() > 0) {
        addPiece(losses, input, target, rows, 0, summary);
      }
      return summary;
    }
    long length = input.dimensions()[0];
    long step = Math.max(1, PIECE * length / Math.max(1, input.size()));
    for (long from = 0; from < length && axis.rows() > 0; from += step) {
      long count = Math.min(step, length - from);
      int first = (int) (from * (axis.rows() / length));
      addPiece(losses, input.rows(from, count), slice(target, from, count), rows, first, summary);
    }
    return summary;
  }

  private static void check(CrossEntropy loss, Tensor input, Target target, ClassAxis axis) {
    Tensor indices = target.tensor();
    Function function = RowLoss.function(loss, indices, axis);
    if (!function.hasClassIndices()) {
      throw RowLoss.noIndices(indices.type(), ": an evaluation is of rows of one class each");
    }
    RowLoss.checkTarget(function, loss, axis, indices, input);
    target.rows().check(axis.rowShape());
  }

  private static boolean isOnDevice(Tensor input, Target target) {
    return input.isOnDevice()
        || target.tensor().isOnDevice()
        || target.rowWeights() != null && target.rowWeights().isOnDevice()
        || target.mask() != null && target.mask().isOnDevice();
  }

  private static Target slice(Target target, long from, long count) {
    Tensor weights = target.rowWeights();
    Tensor mask = target.mask();
    return Target.of(target.tensor().rows(from, count))
        .rowWeights(weights == null ? null : weights.rows(from, count))
        .mask(mask == null ? null : mask.rows(from, count));
  }

  /** Adds some rows of a batch, or all; {@code first} is the number of the first of them. */
  private void addPiece(
      CrossEntropy loss,
      Tensor input,
      Target target,
      RowCounts rows,
      int first,
      ClassificationSummary summary) {
    ClassAxis axis = ClassAxis.of("input", input, loss.classAxis());
    // 16-bit logits are widened first, or their probabilities would be rounded to 16 bits.
    Tensor x =
        input.type() == ElementType.FLOAT32
            ? input
            : Tensor.of(input.toFloatArray(), input.dimensions());
    float[] losses;
    long[] best;
    long[] ranks;
    try (LossResult result = forward.of(loss, x, target, PREDICTION)) {
      losses = result.losses().toFloatArray();
      best = result.output(Output.ARGMAX).toLongArray();
      ranks = result.output(Output.RANK).toLongArray();
    }
    float[] probabilities;
    try (Tensor result = softmax.of(x, loss.logits(), axis.axis())) {
      probabilities = result.toFloatArray();
    }
    int classes = axis.classes();
    int inner = (int) axis.shape().inner();
    for (int i = 0; i < losses.length; i++) {
      int row = first + i;
      if (rows.counts(row)) {
        int y = rows.classOf(row);
        double weight = rows.rowWeight(row);
        summary.addLoss(y, losses[i], rows.weight(row));
        summary.addRow(y, weight);
        int at = i / inner * classes * inner + i % inner;
        float top = best[i] < 0 ? Float.NaN : probabilities[at + (int) best[i] * inner];
        if (top == top) {
          double squares = distance(probabilities, at, classes, inner, y);
          summary.addPrediction(y, (int) best[i], (int) ranks[i], top, squares, weight);
        } else {
          summary.addUndefined();
        }
      }
    }
  }

  /**
   * Returns the sum of the squared differences between the probabilities of a row and its target.
   *
   * @param at where the row begins
   * @param stride how far apart its elements are
   */
  private static double distance(float[] values, int at, int classes, int stride, int target) {
    int own = at + target * stride;
    double missing = 1.0 - values[own];
    return missing * missing
        + squares(values, at, target, stride)
        + squares(values, own + stride, classes - target - 1, stride);
  }

  /**
   * Returns the sum of the squares of n elements. It uses four sums, which do not wait for each
   * other.
   */
  private static double squares(float[] values, int from, int n, int stride) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    int i = from;
    int rest = n;
    for (; rest >= 4; rest -= 4, i += 4 * stride) {
      a += (double) values[i] * values[i];
      b += (double) values[i + stride] * values[i + stride];
      c += (double) values[i + 2 * stride] * values[i + 2 * stride];
      d += (double) values[i + 3 * stride] * values[i + 3 * stride];
    }
    for (; rest > 0; rest--, i += stride) {
      a += (double) values[i] * values[i];
    }
    return a + b + (c + d);
  }
}
