package io.github.fusedloss.spark;

import io.github.fusedloss.CrossEntropy;
import org.apache.spark.sql.Encoder;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.expressions.Aggregator;
import org.apache.spark.sql.functions;

/**
 * Cross entropy of logits as an aggregate function of Spark: the same bits however the rows are
 * partitioned. Null and unknown labels, and rows of different lengths, are errors.
 */
public final class LossAggregator extends Aggregator<LogitsRow, LossBuffer, LossMetrics> {
  private static final long serialVersionUID = 1;

  private final CrossEntropy loss;

  /**
   * Of this loss.
   *
   * @param loss of which reduction and denominator mean nothing here; not with both class weights
   *     and label smoothing
   */
  public LossAggregator(CrossEntropy loss) {
    this.loss = new LossBuffer(loss).loss();
  }

  /**
   * Makes {@code name(logits, label)} a function of SQL, whose result is a struct of count, sum and
   * mean. Its arguments are an array of floats and a double, or what Spark casts to them.
   */
  public static void register(SparkSession spark, String name, CrossEntropy loss) {
    spark
        .udf()
        .register(name, functions.udaf(new LossAggregator(loss), Encoders.bean(LogitsRow.class)));
  }

  @Override
  public LossBuffer zero() {
    return new LossBuffer(loss);
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
