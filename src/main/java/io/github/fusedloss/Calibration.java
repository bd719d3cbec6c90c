package io.github.fusedloss;

import io.github.fusedloss.Surplus.Of;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/** Rows in bins of equal width by their top probability, and how many of each bin are right. */
final class Calibration implements Serializable {
  /** How many bins there are. */
  static final int BINS = 15;

  private static final long serialVersionUID = 1;

  private final ExactSum[] confidence = new ExactSum[BINS];
  private final long[] count = new long[BINS];
  private final long[] correct = new long[BINS];

  Calibration() {
    for (int bin = 0; bin < BINS; bin++) {
      confidence[bin] = new ExactSum();
    }
  }

  /**
   * Adds a row.
   *
   * @param top the largest probability, at most 1
   * @param right whether it is the target's
   * @param surplus takes what a weight other than 1 makes of it
   */
  void add(float top, boolean right, double weight, Surplus surplus) {
    // The product is exact, so that a probability on the edge of a bin is counted on the right side
    // of it.
    int bin = Math.max(0, (int) Math.ceil((double) top * BINS) - 1);
    confidence[bin].add(top);
    count[bin]++;
    correct[bin] += right ? 1 : 0;
    if (weight != 1) {
      surplus.add(Of.BINS, bin, weight, 1);
      surplus.add(Of.CONFIDENCES, bin, weight, top);
      if (right) {
        surplus.add(Of.RIGHT_OF_BINS, bin, weight, 1);
      }
    }
  }

  /** Adds the rows of another, which stays as it is. */
  void add(Calibration other) {
    for (int bin = 0; bin < BINS; bin++) {
      confidence[bin].add(other.confidence[bin]);
      count[bin] += other.count[bin];
      correct[bin] += other.correct[bin];
    }
  }

  /** Returns the bins, from probability 0 up. */
  List<CalibrationBin> bins(Surplus surplus) {
    List<CalibrationBin> bins = new ArrayList<>();
    for (int bin = 0; bin < BINS; bin++) {
      bins.add(surplus.any() ? weighted(bin, surplus) : counted(bin));
    }
    return bins;
  }

  private CalibrationBin counted(int bin) {
    double n = count[bin];
    return bin(bin, n, confidence[bin].value() / n, correct[bin] / n);
  }

  private CalibrationBin weighted(int bin, Surplus surplus) {
    ExactSum weights = surplus.with(count[bin], Of.BINS, bin);
    return bin(
        bin,
        weights.value(),
        surplus.with(confidence[bin], Of.CONFIDENCES, bin).over(weights),
        surplus.with(correct[bin], Of.RIGHT_OF_BINS, bin).over(weights));
  }

  private CalibrationBin bin(int bin, double weight, double confidence, double accuracy) {
    return new CalibrationBin(
        (double) bin / BINS, (bin + 1.0) / BINS, count[bin], weight, confidence, accuracy);
  }
}
