package io.github.fusedloss;

import io.github.fusedloss.Surplus.Of;
import java.io.Serializable;
import java.util.List;

/**
 * How good the logits of a model are, of any number of batches: what {@link FusedLoss#evaluate}
 * finds. Everything is counted or added up exactly, so the same rows give the same bits in whatever
 * order and batches they come, on whatever executors, and however many summaries were {@linkplain
 * #merge merged}.
 *
 * <p>A row is predicted to be of the class of its largest logit, the lowest of several. Counts are
 * of the rows that are not ignored. Everything else counts a row for its weight, see {@link
 * Target#rowWeights}, as scikit-learn does with {@code sample_weight}; without row weights for 1.
 * Losses and their means have the weights of classes besides. A row without probabilities, because
 * a logit is NaN or +infinity or all are -infinity, is of no predicted class and in no bin, and so
 * counts as wrong; {@link #undefinedRows()} says how many there are. They make the Brier score NaN.
 *
 * <p>Definitions are those of scikit-learn and torchmetrics where they have one. It can be
 * serialized, for the same version of the library. Not safe for use by many threads: give each its
 * own, and merge them.
 */
public final class ClassificationSummary implements Serializable {
  /** How many bins of equal width the top probabilities are counted in. */
  public static final int BINS = Calibration.BINS;

  /** A matrix of so many classes takes 32 MiB. */
  private static final int CLASSES_OF_A_MATRIX = 2048;

  /** Exact sums of weights take some 200 bytes each: a matrix of so many classes 13 MB. */
  private static final int CLASSES_OF_A_WEIGHTED_MATRIX = 256;

  private static final long serialVersionUID = 1;

  private final int classes;
  private final LossSummary losses = new LossSummary();
  private final LossSummary[] ofClass; // null: no row yet
  private final long[] predicted;
  private final long[] correct;
  private final long[] ranks; // How many rows have so many classes before their target.
  private final long[] confusion; // Row by row; null of many classes.
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
   * Of no rows yet.
   *
   * @param classes how many logits a row has, at least 1
   */
  public static ClassificationSummary of(int classes) {
    if (classes < 1) {
      throw new IllegalArgumentException("classes must be at least 1, got " + classes);
    }
    return new ClassificationSummary(classes);
  }

  // ---- what is added

  /** The loss of a row, which was multiplied by its weight. */
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

  /** The weight of a row, without that of its class. */
  void addRow(int target, double weight) {
    if (weight != 1) {
      surplus.add(Of.ROWS, 0, weight, 1);
      surplus.add(Of.TARGETS, target, weight, 1);
    }
  }

  /**
   * What a row is predicted to be.
   *
   * @param rank how many classes come before the target
   * @param top the largest probability, at most 1
   * @param squares of what the probabilities lack to the target, 0 and 1, summed up
   * @param weight of the row
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

  /** A row without probabilities. */
  void addUndefined() {
    undefined++;
    squares.add(Double.NaN);
  }

  /**
   * Adds the rows of another summary, which stays as it is.
   *
   * @param other of as many classes
   * @return this
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

  /** How many classes there are. */
  public int classes() {
    return classes;
  }

  /** How many rows count: all that are not ignored. */
  public long count() {
    return losses.count();
  }

  /** Whether rows count for anything but 1 each. */
  public boolean isWeighted() {
    return surplus.any();
  }

  /** The sum of the weights of the rows, to the nearest double; without row weights the count. */
  public double rowWeightSum() {
    return weight(count(), Of.ROWS, 0);
  }

  /** A count with the weights of its rows. */
  private double weight(long rows, Of what, int index) {
    return surplus.any() ? surplus.with(rows, what, index).value() : rows;
  }

  /** How many of them have no probabilities. */
  public long undefinedRows() {
    return undefined;
  }

  /** The losses of all rows; a copy. */
  public LossSummary losses() {
    return new LossSummary().merge(losses);
  }

  /** The losses of the rows whose target is this class; a copy. */
  public LossSummary losses(int index) {
    checkClass(index);
    LossSummary copy = new LossSummary();
    return ofClass[index] == null ? copy : copy.merge(ofClass[index]);
  }

  /** The mean loss, as PyTorch weighs it, to the nearest double; NaN of no rows. */
  public double meanLoss() {
    return losses.mean();
  }

  /** The exponential of the mean loss. */
  public double perplexity() {
    return losses.perplexity();
  }

  /** The share of the rows whose target is the class of their largest logit; NaN of no rows. */
  public double accuracy() {
    return topK(1);
  }

  /**
   * The share of the rows whose target is among their k largest logits; of equal logits those of
   * lower classes come first. NaN of no rows.
   *
   * @param k at least 1; from the number of classes on, all rows with probabilities are right
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

  /** What became of a class. */
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

  /** Whether there is a confusion matrix: of up to 2048 classes. */
  public boolean hasConfusionMatrix() {
    return confusion != null;
  }

  /**
   * How many rows of target i (first index) are predicted to be of class j (second), as
   * scikit-learn has it; a copy. Row weights do not count here.
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
   * The same with the sums of the weights of the rows in the place of their numbers, as
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
   * The mean over the rows of the sum over the classes of (p_c - t_c)^2, t_c 1 for the target and 0
   * for the others: from 0 to 2 (Brier 1950; scikit-learn's with {@code scale_by_half=False}). NaN
   * of no rows.
   */
  public double brierScore() {
    return surplus.any()
        ? surplus.with(squares, Of.SQUARES, 0).over(surplus.with(count(), Of.ROWS, 0))
        : squares.value() / count();
  }

  /** The bins (i / 15, (i + 1) / 15] of the top probability, from 0 up; also those of no rows. */
  public List<CalibrationBin> calibration() {
    return calibration.bins(surplus);
  }

  /**
   * The expected calibration error: the mean over the rows of the distance between accuracy and
   * confidence of their bin (Guo et al. 2017; torchmetrics' with {@code norm="l1"}). NaN of no rows
   * with probabilities.
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
