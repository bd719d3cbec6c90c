package io.github.fusedloss.spark;

import java.io.Serializable;

/** A row of logits, none of them null, with its class: what Spark hands over without boxing. */
public final class DenseLogitsRow implements Serializable {
  private static final long serialVersionUID = 1;

  private float[] logits;
  private Double target;

  /** Without anything yet. */
  public DenseLogitsRow() {}

  /** The logits, one for each class. */
  public float[] getLogits() {
    return logits;
  }

  /** Sets the logits. */
  public void setLogits(float[] logits) {
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
