package io.github.fusedloss.spark;

import io.github.fusedloss.LossSummary;
import java.io.Serializable;

/** What the aggregate function gives: a struct of SQL. */
public final class LossMetrics implements Serializable {
  private static final long serialVersionUID = 1;

  private long count;
  private double sum;
  private double mean;

  /** Makes metrics of no losses. */
  public LossMetrics() {}

  static LossMetrics of(LossSummary summary) {
    LossMetrics metrics = new LossMetrics();
    metrics.count = summary.count();
    metrics.sum = summary.sum();
    metrics.mean = summary.mean();
    return metrics;
  }

  /** How many losses count. */
  public long getCount() {
    return count;
  }

  /** Sets how many losses count. */
  public void setCount(long count) {
    this.count = count;
  }

  /** Their sum. */
  public double getSum() {
    return sum;
  }

  /** Sets their sum. */
  public void setSum(double sum) {
    this.sum = sum;
  }

  /** Their mean. */
  public double getMean() {
    return mean;
  }

  /** Sets their mean. */
  public void setMean(double mean) {
    this.mean = mean;
  }
}
