package io.github.fusedloss.spark;

import io.github.fusedloss.BinaryCrossEntropyWithLogits;
import io.github.fusedloss.CrossEntropy;
import io.github.fusedloss.DeviceSelector;
import io.github.fusedloss.FusedLoss;
import io.github.fusedloss.Loss;
import io.github.fusedloss.LossResult;
import io.github.fusedloss.LossSummary;
import io.github.fusedloss.Reduction;
import io.github.fusedloss.Target;
import io.github.fusedloss.Tensor;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.nio.FloatBuffer;
import java.util.Arrays;
import org.apache.spark.TaskContext;

/**
 * Losses of some rows. Rows wait here until there are enough for a call; before the buffer is sent
 * or read they are computed.
 */
public final class LossBuffer implements Serializable {
  private static final long serialVersionUID = 1;

  /** 64 KiB of logits: enough to make a call cheap, and small where a query has many groups. */
  private static final int FLOATS = 1 << 14;

  /**
   * One for the JVM of an executor. Its task slots compute side by side: each has the cores that
   * Spark gives a task.
   */
  private static final class Shared {
    static final FusedLoss FUSED =
        FusedLoss.open(
            DeviceSelector.named(System.getProperty("fusedloss.device", "cpu"))
                .withThreads(coresOfTask()));

    private static int coresOfTask() {
      TaskContext task = TaskContext.get();
      return task == null ? 1 : Math.max(1, task.cpus());
    }
  }

  private final Loss loss;
  private final LossSummary summary = new LossSummary();
  private final String whole;
  private int classes = -1;
  private String first;
  private long seen;

  private transient float[] logits;
  private transient double[] labels;
  private transient int waiting;

  /**
   * Empty.
   *
   * @param loss cross entropy, or binary cross entropy of one logit in each row
   * @param whole what these are all rows of, but for the number of the partition; for messages
   */
  LossBuffer(Loss loss, String whole) {
    this.whole = whole;
    if (!(loss instanceof CrossEntropy || loss instanceof BinaryCrossEntropyWithLogits)) {
      throw new IllegalArgumentException(
          "loss must be cross_entropy or binary_cross_entropy_with_logits, got " + loss.name());
    }
    Loss each = loss.withoutDenominator().withReduction(Reduction.NONE);
    this.loss = each instanceof CrossEntropy rows ? rows.withZLoss(0).withClassAxis(1) : each;
  }

  Loss loss() {
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
    if (values.length == 0) {
      throw bad("it has no logits");
    }
    if (classes < 0) {
      classes = values.length;
      first = place();
    }
    if (values.length != classes) {
      throw bad("it has " + values.length + " logits, " + first + " has " + classes);
    }
    requireLabel(target);
    if (logits == null) {
      labels = new double[Math.max(1, FLOATS / classes)];
      logits = new float[labels.length * classes];
    }
    System.arraycopy(values, 0, logits, waiting * classes, classes);
    labels[waiting++] = target;
    if (waiting == labels.length) {
      compute();
    }
    return this;
  }

  private void requireLabel(double label) {
    if (loss instanceof CrossEntropy rows) {
      if (label != rows.ignoreIndex() && !(label >= 0 && label < classes && label == (int) label)) {
        throw bad("its label is " + label + ", not one of the classes 0 to " + (classes - 1));
      }
    } else if (classes != 1) {
      throw bad("it has " + classes + " logits, a binary loss has 1");
    } else if (!(label >= 0 && label <= 1)) {
      throw bad("its label is " + label + ", not between 0 and 1");
    }
  }

  /** An error that names the row. */
  private IllegalArgumentException bad(String reason) {
    return new IllegalArgumentException(place() + ": " + reason);
  }

  private String place() {
    return "row " + seen + " of " + whole + " " + TaskContext.getPartitionId();
  }

  private void compute() {
    if (waiting == 0) {
      return;
    }
    boolean binary = !(loss instanceof CrossEntropy);
    FloatBuffer values = FloatBuffer.wrap(logits, 0, waiting * classes);
    Tensor input = binary ? Tensor.of(values, waiting) : Tensor.of(values, waiting, classes);
    double[] some = Arrays.copyOf(labels, waiting);
    Target target =
        Target.of(
            binary
                ? Tensor.of(some, waiting)
                : Tensor.of(Arrays.stream(some).mapToInt(y -> (int) y).toArray(), waiting));
    try (LossResult result = Shared.FUSED.forward(loss, input, target)) {
      summary.add(result, loss, target);
    }
    waiting = 0;
  }

  LossBuffer merge(LossBuffer other) {
    if (classes >= 0 && other.classes >= 0 && classes != other.classes) {
      throw new IllegalArgumentException(
          other.first + ": it has " + other.classes + " logits, " + first + " has " + classes);
    }
    first = first == null ? other.first : first;
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
