package io.github.fusedloss.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fusedloss.BinaryCrossEntropyWithLogits;
import io.github.fusedloss.CrossEntropy;
import io.github.fusedloss.LossSummary;
import io.github.fusedloss.SoftmaxFocalLoss;
import io.github.fusedloss.Tensor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.linalg.VectorUDT;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LossEvaluationTest {
  private static final int CLASSES = 10;

  /** Some hundred for each of the most partitions, and more than a buffer holds for few. */
  private static final int ROWS = 5000;

  private static final int IGNORED = -100;

  private static SparkSession spark;
  private static final List<float[]> LOGITS = new ArrayList<>();
  private static final List<Integer> LABELS = new ArrayList<>();
  private static Dataset<Row> data;

  @BeforeAll
  static void start() {
    spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", false)
            .config("spark.sql.shuffle.partitions", 3)
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.driver.host", "127.0.0.1")
            .getOrCreate();
    spark.sparkContext().setLogLevel("OFF");
    Random random = new Random(1);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      float[] z = new float[CLASSES];
      List<Float> boxed = new ArrayList<>();
      for (int c = 0; c < CLASSES; c++) {
        z[c] = (float) random.nextGaussian() * 5;
        boxed.add(z[c]);
      }
      int label = i % 20 == 7 ? IGNORED : random.nextInt(CLASSES);
      LOGITS.add(z);
      LABELS.add(label);
      rows.add(RowFactory.create(boxed, label, i % 3));
    }
    data =
        spark
            .createDataFrame(
                rows,
                new StructType()
                    .add("logits", DataTypes.createArrayType(DataTypes.FloatType))
                    .add("label", DataTypes.IntegerType)
                    .add("model", DataTypes.IntegerType))
            .cache();
    data.createOrReplaceTempView("data");
    LossAggregator.register(spark, "cross_entropy", CrossEntropy.DEFAULT);
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  private static double loss(int row) {
    double sum = 0;
    for (float z : LOGITS.get(row)) {
      sum += Math.exp(z);
    }
    return Math.log(sum) - LOGITS.get(row)[LABELS.get(row)];
  }

  @Test
  void meanIsThatOfTheDefinition() {
    double sum = 0;
    int count = 0;
    for (int i = 0; i < ROWS; i++) {
      if (LABELS.get(i) != IGNORED) {
        sum += loss(i);
        count++;
      }
    }
    LossSummary summary = LossEvaluation.crossEntropy(data, "logits", "label");
    assertEquals(count, summary.count());
    // A row's loss is a float, at most 2 ULP off.
    assertEquals(sum / count, summary.mean(), sum / count * 0x1p-22);
    Dataset<Row> doubles =
        data.withColumn("logits", functions.col("logits").cast("array<double>"))
            .withColumn("label", functions.col("label").cast("double"));
    assertEquals(summary, LossEvaluation.crossEntropy(doubles, "logits", "label"));
  }

  @Test
  void sameBitsForEveryPartitioning() {
    float[] w = new float[CLASSES];
    for (int c = 0; c < CLASSES; c++) {
      w[c] = 1f / (3 + c);
    }
    CrossEntropy weighted = CrossEntropy.DEFAULT.withWeight(Tensor.of(w, CLASSES));
    CrossEntropy smooth = weighted.withLabelSmoothing(0.1f);
    Set<LossSummary> plain = new HashSet<>();
    Set<LossSummary> others = new HashSet<>();
    Set<String> sql = new HashSet<>();
    for (int partitions : new int[] {1, 2, 7}) {
      Dataset<Row> parted = data.repartition(partitions, functions.rand(partitions));
      plain.add(LossEvaluation.crossEntropy(parted, "logits", "label"));
      others.add(LossEvaluation.crossEntropy(parted, "logits", "label", weighted));
      others.add(LossEvaluation.crossEntropy(parted, "logits", "label", smooth));
      parted.createOrReplaceTempView("parted");
      sql.add(spark.sql("select cross_entropy(logits, label) m from parted").first().toString());
    }
    assertEquals(1, plain.size());
    assertEquals(2, others.size());
    assertEquals(1, sql.size());
    LossSummary summary = plain.iterator().next();
    assertEquals(
        List.of("[[" + summary.count() + "," + summary.mean() + "," + summary.sum() + "]]"),
        List.copyOf(sql));
  }

  /** The first of each row's logits; labels are 0, 0.25, 0.5, ..., and pos_weight is 3. */
  @Test
  void binary() {
    Dataset<Row> rows = data.where("label >= 0").selectExpr("logits[0] z", "label % 5 / 4d y");
    double sum = 0;
    int count = 0;
    for (int i = 0; i < ROWS; i++) {
      if (LABELS.get(i) != IGNORED) {
        double z = LOGITS.get(i)[0];
        double y = LABELS.get(i) % 5 / 4.0;
        sum += 3 * y * Math.log1p(Math.exp(-z)) + (1 - y) * Math.log1p(Math.exp(z));
        count++;
      }
    }
    BinaryCrossEntropyWithLogits loss =
        BinaryCrossEntropyWithLogits.DEFAULT.withPosWeight(Tensor.of(new float[] {3}, 1));
    LossAggregator.register(spark, "binary_cross_entropy", loss);
    Set<LossSummary> summaries = new HashSet<>();
    for (int partitions : new int[] {1, 2, 7}) {
      Dataset<Row> parted = rows.repartition(partitions, functions.rand(partitions));
      summaries.add(LossEvaluation.binaryCrossEntropy(parted, "z", "y", loss));
    }
    assertEquals(1, summaries.size());
    LossSummary summary = summaries.iterator().next();
    assertEquals(count, summary.count());
    assertEquals(sum / count, summary.mean(), sum / count * 0x1p-22);
    rows.createOrReplaceTempView("binary");
    Row sql = spark.sql("select binary_cross_entropy(array(z), y).mean from binary").first();
    assertEquals(summary.mean(), sql.getDouble(0));
    assertTrue(
        LossEvaluation.binaryCrossEntropy(rows, "z", "y").mean() < summary.mean(), "pos_weight");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1f z, 1.5d y | its label is 1.5, not between 0 and 1",
        "1f z, double('NaN') y | its label is NaN, not between 0 and 1",
        "1f z, cast(null as int) y | its label is null, or no number",
        "cast(null as double) z, 0 y | its logits, or one of them, are null",
      })
  void badRowsOfBinaryLosses(String bad, String reason) {
    Dataset<Row> rows = spark.sql("select 1d z, 1 y union all select " + bad).coalesce(1);
    assertEquals(
        "row 2 of partition 0: " + reason,
        message(() -> LossEvaluation.binaryCrossEntropy(rows, "z", "y")));
  }

  @Test
  void classWeights() {
    float[] w = new float[CLASSES];
    double sum = 0;
    double weights = 0;
    for (int c = 0; c < CLASSES; c++) {
      w[c] = c * 0.3f;
    }
    for (int i = 0; i < ROWS; i++) {
      if (LABELS.get(i) != IGNORED) {
        sum += w[LABELS.get(i)] * loss(i);
        weights += w[LABELS.get(i)];
      }
    }
    LossSummary summary =
        LossEvaluation.crossEntropy(
            data, "logits", "label", CrossEntropy.DEFAULT.withWeight(Tensor.of(w, CLASSES)));
    assertEquals(sum / weights, summary.mean(), sum / weights * 0x1p-22);
  }

  @Test
  void groupsOfSql() {
    List<Row> groups =
        spark
            .sql(
                "select model, cross_entropy(logits, label).mean, cross_entropy(logits, label).count"
                    + " from data group by model order by model")
            .collectAsList();
    assertEquals(3, groups.size());
    for (Row group : groups) {
      Dataset<Row> one = data.where("model = " + group.getInt(0));
      LossSummary summary = LossEvaluation.crossEntropy(one, "logits", "label");
      assertEquals(summary.mean(), group.getDouble(1));
      assertEquals(summary.count(), group.getLong(2));
    }
  }

  private static final StructType FOR_MLLIB =
      new StructType()
          .add("logits", DataTypes.createArrayType(DataTypes.FloatType))
          .add("probability", new VectorUDT())
          .add("label", DataTypes.DoubleType)
          .add("prediction", DataTypes.DoubleType);

  /** So many rows, less those that are ignored, with what MLlib wants: probabilities. */
  private static Dataset<Row> forMllib(int count) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      if (LABELS.get(i) != IGNORED) {
        double[] p = new double[CLASSES];
        double sum = 0;
        for (int c = 0; c < CLASSES; c++) {
          sum += p[c] = Math.exp(LOGITS.get(i)[c]);
        }
        for (int c = 0; c < CLASSES; c++) {
          p[c] /= sum;
        }
        List<Float> z = new ArrayList<>();
        for (float value : LOGITS.get(i)) {
          z.add(value);
        }
        rows.add(RowFactory.create(z, Vectors.dense(p), (double) LABELS.get(i), 0.0));
      }
    }
    return spark.createDataFrame(rows, FOR_MLLIB);
  }

  /** MLlib adds up doubles, so the sum of each partition is rounded. */
  @Test
  void oneResultWhereMllibHasSeveral() {
    MulticlassClassificationEvaluator mllib =
        new MulticlassClassificationEvaluator().setMetricName("logLoss");
    Dataset<Row> rows = forMllib(ROWS).cache();
    Set<LossSummary> ours = new HashSet<>();
    Set<Double> theirs = new HashSet<>();
    for (int partitions = 1; partitions <= 6; partitions++) {
      Dataset<Row> parted = rows.repartition(partitions);
      ours.add(LossEvaluation.crossEntropy(parted, "logits", "label"));
      theirs.add(mllib.evaluate(parted));
    }
    assertEquals(1, ours.size());
    assertTrue(theirs.size() > 1, "once MLlib has one, too, the README need not say it");
  }

  /** MLlib takes at least 1e-15 for each probability. */
  @Test
  void agreesWithMllibUntilThatClips() {
    MulticlassClassificationEvaluator mllib =
        new MulticlassClassificationEvaluator().setMetricName("logLoss");
    Dataset<Row> both = forMllib(100);
    double own = LossEvaluation.crossEntropy(both, "logits", "label").mean();
    assertEquals(mllib.evaluate(both), own, 1e-6 * own);

    Dataset<Row> wrong =
        spark.createDataFrame(
            List.of(
                RowFactory.create(List.of(100f, 0f), Vectors.dense(1, Math.exp(-100)), 1.0, 0.0)),
            FOR_MLLIB);
    assertEquals(100, LossEvaluation.crossEntropy(wrong, "logits", "label").mean());
    assertEquals(-Math.log(1e-15), mllib.evaluate(wrong), 1e-9, "once MLlib is right this can go");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "array(1f, 2f, 3f) logits, 7 label | its label is 7.0, not one of the classes 0 to 2",
        "array(1f, 2f, 3f) logits, -1 label | its label is -1.0, not one of the classes 0 to 2",
        "array(1f, 2f, 3f) logits, 0.5d label | its label is 0.5, not one of the classes 0 to 2",
        "array(1f, 2f, 3f) logits, cast(null as int) label | its label is null, or no number",
        "cast(null as array<float>) logits, 0 label | its logits, or one of them, are null",
        "array(1f, 2f) logits, 0 label | it has 2 logits, row 1 of partition 0 has 3",
        "cast(array() as array<float>) logits, 0 label | it has no logits",
        "array(1f, cast(null as float), 3f) logits, 0 label | its logits, or one of them, are null",
      })
  void badRowsAreErrorsThatNameThem(String bad, String reason) {
    String good = "select array(1f, 2f, 3f) logits, 0 label";
    Dataset<Row> rows = spark.sql(good + " union all " + good + " union all select " + bad);
    String message =
        message(() -> LossEvaluation.crossEntropy(rows.coalesce(1), "logits", "label"));
    assertEquals("row 3 of partition 0: " + reason, message);
    rows.coalesce(1).createOrReplaceTempView("bad");
    String ofGroup = message.replaceAll("(row .) of partition", "$1 of its group in partition");
    assertEquals(
        ofGroup,
        message(() -> spark.sql("select cross_entropy(logits, label) m from bad").first()));
  }

  /** Where rows are grouped, rows of other groups are not counted. */
  @Test
  void badRowOfAGroup() {
    spark
        .sql(
            "select 1 g, array(1f, 2f) logits, 0 label union all select 2, array(1f, 2f), 0"
                + " union all select 2, array(1f, 2f), 5")
        .coalesce(1)
        .createOrReplaceTempView("grouped");
    String query = "select g, cross_entropy(logits, label) m from grouped group by g";
    assertEquals(
        "row 2 of its group in partition 0: its label is 5.0, not one of the classes 0 to 1",
        message(() -> spark.sql(query).collectAsList()));
  }

  /**
   * Rows long enough for several threads: a task has one core, so it computes on its own thread. As
   * none of this library's is ever started, there is none afterwards.
   */
  @Test
  void tasksDoNotTakeEachOthersCores() {
    Dataset<Row> rows =
        spark.sql("select transform(sequence(1, 200000), i -> float(i % 7)) logits, 0 label");
    LossEvaluation.crossEntropy(rows, "logits", "label");
    assertEquals(
        List.of(),
        Thread.getAllStackTraces().keySet().stream()
            .map(Thread::getName)
            .filter(name -> name.equals("fusedloss-cpu"))
            .toList());
  }

  @Test
  void notANumber() {
    Dataset<Row> rows = spark.sql("select array(1f, float('NaN')) z, 0 y");
    assertTrue(Double.isNaN(LossEvaluation.crossEntropy(rows, "z", "y").mean()));
  }

  /** The message of what began it. */
  private static String message(Runnable call) {
    Throwable e = assertThrows(Exception.class, call::run);
    while (e.getCause() != null && !(e instanceof IllegalArgumentException)) {
      e = e.getCause();
    }
    return e.getMessage();
  }

  @Test
  void raggedOverPartitions() {
    Dataset<Row> rows =
        spark
            .sql("select array(1f, 2f) logits, 0 label")
            .union(spark.sql("select array(1f, 2f, 3f) logits, 0 label"));
    String message = message(() -> LossEvaluation.crossEntropy(rows, "logits", "label"));
    assertEquals("row 1 of partition 1: it has 3 logits, row 1 of partition 0 has 2", message);
  }

  @Test
  void columnsOfOtherTypes() {
    Dataset<Row> rows = spark.sql("select 'a' text, array(1) ints, array(1f, 2f) logits, 0 label");
    assertEquals(
        "column ints must hold arrays of floats or doubles, the logits, got array<int>",
        message(() -> LossEvaluation.crossEntropy(rows, "ints", "label")));
    assertEquals(
        "column text must hold numbers, the indices of the classes, got string",
        message(() -> LossEvaluation.crossEntropy(rows, "logits", "text")));
    assertEquals(
        "column logits must hold numbers, the logits, got array<float>",
        message(() -> LossEvaluation.binaryCrossEntropy(rows, "logits", "label")));
    assertEquals(
        "loss must be cross_entropy or binary_cross_entropy_with_logits, got softmax_focal_loss",
        message(() -> new LossAggregator(SoftmaxFocalLoss.DEFAULT)));
  }

  @Test
  void emptyDataSet() {
    LossSummary none = LossEvaluation.crossEntropy(data.limit(0), "logits", "label");
    assertEquals(0, none.count());
    assertTrue(Double.isNaN(none.mean()));
  }
}
