///usr/bin/env jbang "$0" "$@" ; exit $?
//REPOS mavenlocal,central
//DEPS io.github.fusedloss:fusedloss-spark_2.13:0.1.0-SNAPSHOT
//DEPS org.apache.spark:spark-sql_2.13:4.2.0
//JAVA 17+
// What Spark needs of the JDK:
//RUNTIME_OPTIONS --add-opens=java.base/java.lang=ALL-UNNAMED --add-opens=java.base/java.lang.invoke=ALL-UNNAMED
//RUNTIME_OPTIONS --add-opens=java.base/java.lang.reflect=ALL-UNNAMED --add-opens=java.base/java.io=ALL-UNNAMED
//RUNTIME_OPTIONS --add-opens=java.base/java.net=ALL-UNNAMED --add-opens=java.base/java.nio=ALL-UNNAMED
//RUNTIME_OPTIONS --add-opens=java.base/java.util=ALL-UNNAMED --add-opens=java.base/java.util.concurrent=ALL-UNNAMED
//RUNTIME_OPTIONS --add-opens=java.base/java.util.concurrent.atomic=ALL-UNNAMED
//RUNTIME_OPTIONS --add-opens=java.base/sun.nio.ch=ALL-UNNAMED --add-opens=java.base/sun.nio.cs=ALL-UNNAMED
//RUNTIME_OPTIONS --add-opens=java.base/sun.security.action=ALL-UNNAMED
//RUNTIME_OPTIONS --add-opens=java.base/sun.util.calendar=ALL-UNNAMED --add-modules=jdk.incubator.vector

import io.github.fusedloss.CrossEntropy;
import io.github.fusedloss.LossSummary;
import io.github.fusedloss.spark.LossAggregator;
import io.github.fusedloss.spark.LossEvaluation;
import java.util.Locale;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * The mean loss of a table of predictions in Spark, which has the same bits however the table is partitioned, and the same
 * for each model in SQL. The table is a Parquet file with the columns model, logits (an array of floats) and label; without
 * one it is made up.
 */
public class SparkEvaluation {
  /** Two models with the same ten logits for each row; the second is three times as sure of them. */
  private static final String MADE_UP =
      """
      select id % 2 as model, cast(id % 10 as int) as label,
        transform(sequence(0, 9), c -> float((if(c = id % 10, 1, 0) + sin(10 * id + c)) * if(id % 2 = 1, 3, 1))) as logits
      from range(20000)
      """;

  public static void main(String[] args) {
    SparkSession spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", false)
            .config("spark.driver.host", "127.0.0.1")
            .getOrCreate();
    spark.sparkContext().setLogLevel("ERROR");
    Dataset<Row> predictions = args.length > 0 ? spark.read().parquet(args[0]) : spark.sql(MADE_UP);
    for (int partitions : new int[] {1, 4, 13}) {
      LossSummary summary = LossEvaluation.crossEntropy(predictions.repartition(partitions), "logits", "label");
      System.out.printf(
          Locale.ROOT, "%2d partitions: mean loss %s of %d rows%n", partitions, summary.mean(), summary.count());
    }
    LossAggregator.register(spark, "cross_entropy", CrossEntropy.DEFAULT);
    predictions.createOrReplaceTempView("predictions");
    spark
        .sql("select model, cross_entropy(logits, label).mean as loss from predictions group by model order by model")
        .show(false);
    spark.stop();
  }
}
