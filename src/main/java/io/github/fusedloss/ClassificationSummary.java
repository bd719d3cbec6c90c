package io.github.fusedloss;

import io.github.fusedloss.Surplus.Of;
import java.io.Serializable;
import java.util.List;

/**
 * How good the logits of a model are, over any number of batches; {@link FusedLoss#evaluate} makes
 * it. Everything is counted or added up exactly, so the same rows give the same bits in whatever
 * order and batches they come, on whatever executors, and however many summaries were {@linkplain
 * #merge merged}.
 *
 * <p>A row is predicted to be of the class of its largest logit; if several are equal, of the
 * lowest of these classes. Counts are those of the rows that are not ignored. Everything else
 * counts a row for its weight, see {@link Target#rowWeights}, as scikit-learn does with {@code
 * sample_weight}; without row weights for 1. In losses and their means a row counts for the weight
 * of its class, too. A row has no probabilities if a logit is NaN or +infinity or all are
 * -infinity. Such a row has no predicted class, is in no bin, and counts as wrong; {@link
 * #undefinedRows()} says how many there are. One makes the Brier score NaN.
 *
 * <p>Definitions are those of scikit-learn and torchmetrics where they have one. A summary can be
 * serialized, for the same version of the library. It is not safe for use by many threads: give
 * each its own, and merge them.
 */
public final class ClassificationSummary implements Serializable {
  /** How many bins of equal width the top probabilities are counted in. */
  public static final int BINS = Calibration.BINS;

  /** The most classes for which there is a confusion matrix, which then takes 32 MiB. */
  private static final int CLASSES_OF_A_MATRIX = 2048;

  /**
   * The most classes for which there is a matrix of weights. An exact sum takes some 200 bytes, so
   * the matrix takes 13 MB.
   */
  private static final int CLASSES_OF_A_WEIGHTED_MATRIX = 256;

  private static final long serialVersionUID = 2;

  private final int classes;
  private final LossSummary losses = new LossSummary();
  private final LossSummary[] ofClass; // Null where the class has no row yet.
  private final long[] predicted;
  private final long[] correct;
  private final long[] ranks; // How many rows have so many classes before their target.
  private final long[] confusion; // Row by row; null if there are too many classes.
  private final ExactSum squares = new ExactSum();
  private final Calibration calibration = new Calibration();
  private final Surplus surplus = new Surplus();
  private long undefined;

  private ClassificationSummary(int classes) {
    this.classes = classes;
    ofClass = new LossSummary[classes];
    predicted = new long[classes];
    correct = new long[classes];
    ranks = new long[classes];
    confusion = classes > CLASSES_OF_A_MATRIX ? null : new long[classes * classes];
  }

  /**
   * Makes a summary of no rows.
   *
   * @param classes how many logits a row has, at least 1
   * @throws IllegalArgumentException if it is less
   */
  public static ClassificationSummary of(int classes) {
    if (classes < 1) {
      throw new IllegalArgumentException("classes must be at least 1, got " + classes);
    }
    return new ClassificationSummary(classes);
  }

  // ---- what is added

  /** Adds the loss of a row, which has been multiplied by this weight. */
  void addLoss(int target, double loss, double weight) {
    losses.addProduct(loss, weight);
    lossesOf(target).addProduct(loss, weight);
  }

  private LossSummary lossesOf(int index) {
    if (ofClass[index] == null) {
      ofClass[index] = new LossSummary();
    }
    return ofClass[index];
  }

  /** Adds the weight of a row, without the weight of its class. */
  void addRow(int target, double weight) {
    if (weight != 1) {
      surplus.add(Of.ROWS, 0, weight, 1);
      surplus.add(Of.TARGETS, target, weight, 1);
    }
  }

  /**
   * Adds what a row is predicted to be.
   *
   * @param rank how many classes come before the target
   * @param top the largest probability, at most 1
   * @param squares the sum of the squared differences between the probabilities and the target, 0
   *     or 1
   * @param weight the weight of the row
   */
  void addPrediction(
      int target, int prediction, int rank, float top, double squares, double weight) {
    boolean right = prediction == target;
    predicted[prediction]++;
    ranks[rank]++;
    correct[target] += right ? 1 : 0;
    if (confusion != null) {
      confusion[target * classes + prediction]++;
    }
    this.squares.add(squares);
    calibration.add(top, right, weight, surplus);
    if (weight == 1) {
      return;
    }
    surplus.add(Of.PREDICTIONS, prediction, weight, 1);
    surplus.add(Of.RANKS, rank, weight, 1);
    surplus.add(Of.SQUARES, 0, weight, squares);
    if (classes <= CLASSES_OF_A_WEIGHTED_MATRIX) {
      surplus.add(Of.CONFUSIONS, target * classes + prediction, weight, 1);
    }
    if (right) {
      surplus.add(Of.RIGHT, target, weight, 1);
    }
  }

  /** Adds a row without probabilities. */
  void addUndefined() {
    undefined++;
    squares.add(Double.NaN);
  }

  /**
   * Adds the rows of another summary, which does not change.
   *
   * @param other a summary of as many classes
   * @return this
   * @throws IllegalArgumentException if it has another number of classes
   */
  public ClassificationSummary merge(ClassificationSummary other) {
    if (Checks.given("other", other).classes != classes) {
      throw new IllegalArgumentException(
          "other must be of " + classes + " classes, got " + other.classes);
    }
    losses.merge(other.losses);
    for (int i = 0; i < classes; i++) {
      if (other.ofClass[i] != null) {
        lossesOf(i).merge(other.ofClass[i]);
      }
    }
    add(predicted, other.predicted);
    add(correct, other.correct);
    add(ranks, other.ranks);
    if (confusion != null) {
      add(confusion, other.confusion);
    }
    squares.add(other.squares);
    calibration.add(other.calibration);
    surplus.add(other.surplus);
    undefined += other.undefined;
    return this;
  }

  private static void add(long[] to, long[] from) {
    for (int i = 0; i < to.length; i++) {
      to[i] += from[i];
    }
  }

  // ---- what there is

  /** Returns how many classes there are. */
  public int classes() {
    return classes;
  }

  /** Returns how many rows count: all that are not ignored. */
  public long count() {
    return losses.count();
  }

  /** Returns whether some row has another weight than 1. */
  public boolean isWeighted() {
    return surplus.any();
  }

  /**
   * Returns the sum of the weights of the rows, to the nearest double; without row weights the
   * count.
   */
  public double rowWeightSum() {
    return weight(count(), Of.ROWS, 0);
  }

  /** Returns the weights of counted rows, added up. */
  private double weight(long rows, Of what, int index) {
    return surplus.any() ? surplus.with(rows, what, index).value() : rows;
  }

  /** Returns how many of the rows that count have no probabilities. */
  public long undefinedRows() {
    return undefined;
  }

  /** Returns the losses of all rows, as a copy. */
  public LossSummary losses() {
    return new LossSummary().merge(losses);
  }

  /** Returns the losses of the rows whose target is this class, as a copy. */
  public LossSummary losses(int index) {
    checkClass(index);
    LossSummary copy = new LossSummary();
    return ofClass[index] == null ? copy : copy.merge(ofClass[index]);
  }

  /**
   * Returns the mean loss, weighted as in PyTorch, to the nearest double; NaN if there are no rows.
   */
  public double meanLoss() {
    return losses.mean();
  }

  /** Returns the exponential of the mean loss. */
  public double perplexity() {
    return losses.perplexity();
  }

  /**
   * Returns the share of the rows whose target is the class of their largest logit; NaN if there
   * are no rows.
   */
  public double accuracy() {
    return topK(1);
  }

  /**
   * Returns the share of the rows whose target is among their k largest logits. Among equal logits,
   * those of lower classes come first. NaN if there are no rows.
   *
   * @param k at least 1; from the number of classes on, all rows with probabilities are right
   * @throws IllegalArgumentException if k is below 1
   */
  public double topK(int k) {
    if (k < 1) {
      throw new IllegalArgumentException("k must be at least 1, got " + k);
    }
    long right = 0;
    for (int rank = 0; rank < Math.min(k, classes); rank++) {
      right += ranks[rank];
    }
    if (!surplus.any()) {
      return (double) right / count();
    }
    ExactSum weights = new ExactSum();
    weights.add(right);
    for (int rank = 0; rank < Math.min(k, classes); rank++) {
      surplus.addTo(weights, Of.RANKS, rank);
    }
    return weights.over(surplus.with(count(), Of.ROWS, 0));
  }

  /** Returns how well the rows of a class were predicted. */
  public ClassScore score(int index) {
    checkClass(index);
    LossSummary own = ofClass[index];
    long count = own == null ? 0 : own.count();
    return new ClassScore(
        index,
        count,
        predicted[index],
        correct[index],
        new ClassScore.Weights(
            weight(count, Of.TARGETS, index),
            weight(predicted[index], Of.PREDICTIONS, index),
            weight(correct[index], Of.RIGHT, index)),
        own == null ? Double.NaN : own.mean());
  }

  private void checkClass(int index) {
    if (index < 0 || index >= classes) {
      throw new IndexOutOfBoundsException(
          "index must be a class in [0, " + classes + "), got " + index);
    }
  }

  /** Returns whether there is a confusion matrix, which is so for up to 2048 classes. */
  public boolean hasConfusionMatrix() {
    return confusion != null;
  }

  /**
   * Returns how many rows of target i (the first index) are predicted to be of class j (the
   * second), as scikit-learn has it; a copy. Row weights do not count here.
   *
   * @throws IllegalStateException if there are more than 2048 classes
   */
  public long[][] confusionMatrix() {
    requireAtMost(CLASSES_OF_A_MATRIX, "a confusion matrix");
    long[][] matrix = new long[classes][classes];
    for (int i = 0; i < classes; i++) {
      System.arraycopy(confusion, i * classes, matrix[i], 0, classes);
    }
    return matrix;
  }

  /**
   * Returns the confusion matrix with sums of row weights in the place of numbers of rows, as
   * scikit-learn has it with {@code sample_weight}; a copy.
   *
   * @throws IllegalStateException if there are more than 256 classes
   */
  public double[][] weightedConfusionMatrix() {
    requireAtMost(CLASSES_OF_A_WEIGHTED_MATRIX, "a weighted confusion matrix");
    double[][] matrix = new double[classes][classes];
    for (int i = 0; i < confusion.length; i++) {
      matrix[i / classes][i % classes] = weight(confusion[i], Of.CONFUSIONS, i);
    }
    return matrix;
  }

  private void requireAtMost(int most, String what) {
    if (classes > most) {
      throw new IllegalStateException(
          "there is "
              + what
              + " of up to "
              + most
              + " classes, these are "
              + classes
              + ": see score(index)");
    }
  }

  /**
   * Returns the Brier score: the mean over the rows of the sum over the classes of (p_c - t_c)^2,
   * where t_c is 1 for the target and 0 for the others. It is from 0 to 2 (Brier 1950;
   * scikit-learn's with {@code scale_by_half=False}), and NaN if there are no rows.
   */
  public double brierScore() {
    return surplus.any()
        ? surplus.with(squares, Of.SQUARES, 0).over(surplus.with(count(), Of.ROWS, 0))
        : squares.value() / count();
  }

  /**
   * Returns the bins (i / 15, (i + 1) / 15] of the top probability, from 0 up, with those that have
   * no rows.
   */
  public List<CalibrationBin> calibration() {
    return calibration.bins(surplus);
  }

  /**
   * Returns the expected calibration error: the mean over the rows of the distance between accuracy
   * and confidence of their bin (Guo et al. 2017; torchmetrics' with {@code norm="l1"}). NaN if
   * there are no rows with probabilities.
   */
  public double calibrationError() {
    double sum = 0;
    double weights = 0;
    for (CalibrationBin bin : calibration()) {
      sum += bin.count() == 0 ? 0 : bin.weight() * Math.abs(bin.accuracy() - bin.confidence());
      weights += bin.weight();
    }
    return sum / weights;
  }

  @Override
  public String toString() {
    return "ClassificationSummary(count="
        + count()
        + ", meanLoss="
        + meanLoss()
        + ", accuracy="
        + accuracy()
        + ")";
  }
}
