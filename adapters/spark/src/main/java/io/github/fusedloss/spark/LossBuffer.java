package io.github.fusedloss.spark;

import io.github.fusedloss.CrossEntropy;
import io.github.fusedloss.FusedLoss;
import io.github.fusedloss.LossResult;
import io.github.fusedloss.LossSummary;
import io.github.fusedloss.Reduction;
import io.github.fusedloss.Tensor;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import org.apache.spark.TaskContext;

/**
 * Losses of some rows. Rows wait here until there are enough for a call; before the buffer is sent
 * or read they are computed.
 */
public final class LossBuffer implements Serializable {
  private static final long serialVersionUID = 1;

  /** 64 KiB of logits: enough to make a call cheap, and small where a query has many groups. */
  private static final int FLOATS = 1 << 14;

  /** One for the JVM of an executor, whose task slots compute side by side. */
  private static final class Shared {
    static final FusedLoss FUSED = FusedLoss.open(System.getProperty("fusedloss.device", "cpu"));
  }

  private final CrossEntropy loss;
  private final LossSummary summary = new LossSummary();
  private int classes = -1;
  private long seen;

  private transient float[] logits;
  private transient int[] labels;
  private transient int waiting;

  LossBuffer(CrossEntropy loss) {
    this.loss = loss.withoutDenominator().withReduction(Reduction.NONE);
    if (loss.weight() != null && loss.labelSmoothing() != 0) {
      throw new IllegalArgumentException(
          "loss must not have both class weights and label smoothing here: a row's weight is then"
              + " not a factor of its loss, got "
              + loss);
    }
  }

  CrossEntropy loss() {
    return loss;
  }

  LossBuffer add(LogitsRow row) {
    Float[] boxed = row == null ? null : row.getLogits();
    float[] values = boxed == null ? null : new float[boxed.length];
    for (int i = 0; boxed != null && i < boxed.length; i++) {
      if (boxed[i] == null) {
        values = null;
        break;
      }
      values[i] = boxed[i];
    }
    return add(values, row == null ? null : row.getTarget());
  }

  LossBuffer add(float[] values, Double target) {
    seen++;
    if (values == null) {
      throw bad("its logits, or one of them, are null");
    }
    if (target == null) {
      throw bad("its label is null, or no number");
    }
    if (classes < 0) {
      classes = values.length;
    }
    if (values.length != classes || classes == 0) {
      throw bad("it has " + values.length + " logits, those before have " + classes);
    }
    int label = label(target);
    if (logits == null) {
      labels = new int[Math.max(1, FLOATS / classes)];
      logits = new float[labels.length * classes];
    }
    System.arraycopy(values, 0, logits, waiting * classes, classes);
    labels[waiting++] = label;
    if (waiting == labels.length) {
      compute();
    }
    return this;
  }

  private int label(double label) {
    if (label != loss.ignoreIndex() && !(label >= 0 && label < classes && label == (int) label)) {
      throw bad("its label is " + label + ", not one of the classes 0 to " + (classes - 1));
    }
    return (int) label;
  }

  /** An error that names the row. */
  private IllegalArgumentException bad(String reason) {
    return new IllegalArgumentException(
        "row " + seen + " of partition " + TaskContext.getPartitionId() + ": " + reason);
  }

  private void compute() {
    if (waiting == 0) {
      return;
    }
    Tensor input = Tensor.of(FloatBuffer.wrap(logits, 0, waiting * classes), waiting, classes);
    Tensor target = Tensor.of(IntBuffer.wrap(labels, 0, waiting), waiting);
    Tensor weight = loss.weight();
    // The sum of weights of a call is rounded: exact are the weights one by one.
    try (LossResult result = Shared.FUSED.forward(loss.withWeight(null), input, target)) {
      if (weight == null) {
        summary.add(result);
      } else {
        summary.add(result.losses(), Tensor.of(weights(weight.toFloatArray()), waiting));
      }
    }
    waiting = 0;
  }

  private float[] weights(float[] ofClasses) {
    float[] weights = new float[waiting];
    for (int i = 0; i < waiting; i++) {
      weights[i] = labels[i] == loss.ignoreIndex() ? 0 : ofClasses[labels[i]];
    }
    return weights;
  }

  LossBuffer merge(LossBuffer other) {
    if (classes >= 0 && other.classes >= 0 && classes != other.classes) {
      throw new IllegalArgumentException(
          "rows of one partition have " + classes + " logits, those of another " + other.classes);
    }
    classes = Math.max(classes, other.classes);
    compute();
    other.compute();
    summary.merge(other.summary);
    return this;
  }

  LossSummary summary() {
    compute();
    return summary;
  }

  private void writeObject(ObjectOutputStream out) throws IOException {
    compute();
    out.defaultWriteObject();
  }
}
