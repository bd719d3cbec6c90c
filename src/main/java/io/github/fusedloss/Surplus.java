package io.github.fusedloss;

import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;

/**
 * What rows count for beyond the 1 that each of them is counted as: for everything that is counted
 * or added up, the exact sum of what the weights lack to 1. Nothing where all weights are 1.
 */
final class Surplus implements Serializable {
  private static final long serialVersionUID = 1;

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
   * Of a row of another weight than 1.
   *
   * @param index which of these it is counted among, from 0
   * @param amount that was added for it; times the weight it is rounded to a double
   */
  void add(Of what, int index, double weight, double amount) {
    ExactSum sum = sums.computeIfAbsent(new Key(what, index), key -> new ExactSum());
    sum.add(weight * amount);
    sum.add(-amount);
  }

  /** Adds what another has, which stays as it is. */
  void add(Surplus other) {
    other.sums.forEach((key, sum) -> sums.computeIfAbsent(key, k -> new ExactSum()).add(sum));
  }

  /** Whether a row counted for other than 1. */
  boolean any() {
    return !sums.isEmpty();
  }

  /** Adds it to what was counted or added up. */
  void addTo(ExactSum sum, Of what, int index) {
    ExactSum surplus = sums.get(new Key(what, index));
    if (surplus != null) {
      sum.add(surplus);
    }
  }

  /** A count with it. */
  ExactSum with(long count, Of what, int index) {
    ExactSum sum = new ExactSum();
    sum.add(count);
    addTo(sum, what, index);
    return sum;
  }

  /** A sum with it, which stays as it is. */
  ExactSum with(ExactSum of, Of what, int index) {
    ExactSum sum = new ExactSum();
    sum.add(of);
    addTo(sum, what, index);
    return sum;
  }
}
