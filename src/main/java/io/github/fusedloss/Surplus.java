package io.github.fusedloss;

import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;

/**
 * What row weights add to plain counts and sums, which take each row for 1. For everything that is
 * counted or added up, it is the exact sum of (weight - 1) times the amount. It is empty if all
 * weights are 1.
 */
final class Surplus implements Serializable {
  private static final long serialVersionUID = 2;

  /** What is counted or added up. */
  enum Of {
    ROWS,
    TARGETS,
    PREDICTIONS,
    RIGHT,
    RANKS,
    CONFUSIONS,
    SQUARES,
    BINS,
    RIGHT_OF_BINS,
    CONFIDENCES
  }

  /** Which of these, from 0. */
  private record Key(Of what, int index) implements Serializable {}

  private final Map<Key, ExactSum> sums = new HashMap<>();

  /**
   * Adds a row whose weight is not 1.
   *
   * @param index which of the counts the row belongs to, from 0
   * @param amount what was added for the row; its product with the weight is rounded to a double
   */
  void add(Of what, int index, double weight, double amount) {
    ExactSum sum = sums.computeIfAbsent(new Key(what, index), key -> new ExactSum());
    sum.add(weight * amount);
    sum.add(-amount);
  }

  /** Adds all sums of another surplus, which does not change. */
  void add(Surplus other) {
    other.sums.forEach((key, sum) -> sums.computeIfAbsent(key, k -> new ExactSum()).add(sum));
  }

  /** Returns whether some row had another weight than 1. */
  boolean any() {
    return !sums.isEmpty();
  }

  /** Adds the surplus of one count to what was counted or added up. */
  void addTo(ExactSum sum, Of what, int index) {
    ExactSum surplus = sums.get(new Key(what, index));
    if (surplus != null) {
      sum.add(surplus);
    }
  }

  /** Returns a count together with its surplus. */
  ExactSum with(long count, Of what, int index) {
    ExactSum sum = new ExactSum();
    sum.add(count);
    addTo(sum, what, index);
    return sum;
  }

  /** Returns a sum together with its surplus; the sum given does not change. */
  ExactSum with(ExactSum of, Of what, int index) {
    ExactSum sum = new ExactSum();
    sum.add(of);
    addTo(sum, what, index);
    return sum;
  }
}
