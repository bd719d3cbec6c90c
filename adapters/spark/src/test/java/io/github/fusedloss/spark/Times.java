package io.github.fusedloss.spark;

import io.github.fusedloss.turns.Turns;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.functions;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;

/** Beside MLlib's logLoss, of 100,000 rows in the memory of Spark; see ci/adapters --times. */
class Times {
  @Test
  void logLoss() throws Exception {
    SparkSession spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", false)
            .config("spark.sql.shuffle.partitions", 2)
            .getOrCreate();
    try {
      Dataset<Row> logits =
          spark.sql(
              "select transform(sequence(1, 20), c -> float(hash(id, c) % 1000) / 200f) logits,"
                  + " double(id % 20) label, 0d prediction from range(0, 100000, 1, 4)");
      Dataset<Row> sums =
          logits.selectExpr("*", "aggregate(logits, 0d, (s, x) -> s + exp(double(x))) total");
      Dataset<Row> both =
          sums.withColumn(
                  "probability",
                  functions.array_to_vector(
                      org.apache.spark.sql.functions.expr(
                          "transform(logits, x -> exp(double(x)) / total)")))
              .cache();
      both.count();
      MulticlassClassificationEvaluator mllib =
          new MulticlassClassificationEvaluator().setMetricName("logLoss");
      Turns.print(
          "cross entropy, 100,000 rows of 20 classes",
          () -> LossEvaluation.crossEntropy(both, "logits", "label"),
          () -> mllib.evaluate(both));
    } finally {
      spark.stop();
    }
  }
}
