package io.github.fusedloss.spark;

import io.github.fusedloss.Loss;
import org.apache.spark.sql.Encoder;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.expressions.Aggregator;
import org.apache.spark.sql.functions;

/**
 * Cross entropy, or the binary one, of logits as an aggregate function of Spark: the same bits
 * however the rows are partitioned. Null and unknown labels, and rows of different lengths, are
 * errors.
 */
public final class LossAggregator extends Aggregator<LogitsRow, LossBuffer, LossMetrics> {
  private static final long serialVersionUID = 1;

  private final Loss loss;

  /**
   * Makes an aggregator of this loss.
   *
   * @param loss cross entropy or binary cross entropy with logits. Its reduction, denominator,
   *     z-loss and class axis are not used here
   */
  public LossAggregator(Loss loss) {
    this.loss = zeroOf(loss).loss();
  }

  /**
   * Makes {@code name(logits, label)} a function of SQL, whose result is a struct of count, sum and
   * mean. Its arguments are an array of floats and a double, or what Spark casts to them; of a
   * binary loss the array has one logit, {@code array(logit)}.
   */
  public static void register(SparkSession spark, String name, Loss loss) {
    spark
        .udf()
        .register(name, functions.udaf(new LossAggregator(loss), Encoders.bean(LogitsRow.class)));
  }

  private static LossBuffer zeroOf(Loss loss) {
    return new LossBuffer(loss, "its group in partition");
  }

  @Override
  public LossBuffer zero() {
    return zeroOf(loss);
  }

  @Override
  public LossBuffer reduce(LossBuffer buffer, LogitsRow row) {
    return buffer.add(row);
  }

  @Override
  public LossBuffer merge(LossBuffer buffer, LossBuffer other) {
    return buffer.merge(other);
  }

  @Override
  public LossMetrics finish(LossBuffer buffer) {
    return LossMetrics.of(buffer.summary());
  }

  @Override
  public Encoder<LossBuffer> bufferEncoder() {
    return Encoders.javaSerialization(LossBuffer.class);
  }

  @Override
  public Encoder<LossMetrics> outputEncoder() {
    return Encoders.bean(LossMetrics.class);
  }
}
