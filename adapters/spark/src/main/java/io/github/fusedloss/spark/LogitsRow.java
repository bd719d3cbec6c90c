package io.github.fusedloss.spark;

import java.io.Serializable;

/**
 * A row of logits with its class, the input of {@link LossAggregator}: a bean, whose properties
 * Spark takes in alphabetical order.
 */
public final class LogitsRow implements Serializable {
  private static final long serialVersionUID = 1;

  private Float[] logits;
  private Double target;

  /** Without anything yet. */
  public LogitsRow() {}

  /** The logits, one for each class. */
  public Float[] getLogits() {
    return logits;
  }

  /** Sets the logits. */
  public void setLogits(Float[] logits) {
    this.logits = logits;
  }

  /** The index of the class. */
  public Double getTarget() {
    return target;
  }

  /** Sets the index of the class. */
  public void setTarget(Double target) {
    this.target = target;
  }
}
