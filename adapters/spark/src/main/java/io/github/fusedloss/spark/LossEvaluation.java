package io.github.fusedloss.spark;

import io.github.fusedloss.BinaryCrossEntropyWithLogits;
import io.github.fusedloss.CrossEntropy;
import io.github.fusedloss.Loss;
import io.github.fusedloss.LossSummary;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.NumericType;

/**
 * The loss of a data set of Spark. One result, to the bit, for every number and order of
 * partitions: losses are added up exactly.
 *
 * <p>Each executor computes on its own CPU, or on the device that the system property {@code
 * fusedloss.device} names there.
 */
public final class LossEvaluation {
  private LossEvaluation() {}

  /** Cross entropy with PyTorch's defaults; as the other. */
  public static LossSummary crossEntropy(Dataset<?> rows, String logits, String label) {
    return crossEntropy(rows, logits, label, CrossEntropy.DEFAULT);
  }

  /**
   * Cross entropy of a column of logits. Throws a {@code org.apache.spark.SparkException}, whose
   * cause names the row, if a row has no logits or label, or null among its logits, or another
   * number of logits than others, or a label that is none of the classes. A row whose label is the
   * ignored index does not count.
   *
   * @param logits name of a column of arrays of floats or doubles, one for each class; a column of
   *     Spark ML's vectors becomes that with {@code vector_to_array}. Doubles are rounded to floats
   * @param label name of a column of numbers, the indices of the classes
   * @param loss of which reduction, denominator, z-loss and class axis mean nothing here
   * @throws IllegalArgumentException if a column has another type
   */
  public static LossSummary crossEntropy(
      Dataset<?> rows, String logits, String label, CrossEntropy loss) {
    Column each = logits(rows, logits).cast("array<float>");
    return evaluate(
        rows, withoutNulls(each), label(rows, label, "the indices of the classes"), loss);
  }

  /** Binary cross entropy with PyTorch's defaults; as the other. */
  public static LossSummary binaryCrossEntropy(Dataset<?> rows, String logit, String label) {
    return binaryCrossEntropy(rows, logit, label, BinaryCrossEntropyWithLogits.DEFAULT);
  }

  /**
   * Binary cross entropy of a column of logits, one in each row. Throws a {@code
   * org.apache.spark.SparkException}, whose cause names the row, if a row has null for one of the
   * two, or another label.
   *
   * @param logit name of a column of numbers, which are rounded to floats
   * @param label name of a column of numbers between 0 and 1, which are rounded to floats
   * @param loss of which reduction and denominator mean nothing here; its weights have one element
   * @throws IllegalArgumentException if a column has another type
   */
  public static LossSummary binaryCrossEntropy(
      Dataset<?> rows, String logit, String label, BinaryCrossEntropyWithLogits loss) {
    Column each = numbers(rows, logit, "the logits").cast(DataTypes.FloatType);
    Column one = functions.when(each.isNotNull(), functions.array(each));
    return evaluate(rows, one, label(rows, label, "between 0 and 1"), loss);
  }

  private static LossSummary evaluate(Dataset<?> rows, Column logits, Column label, Loss loss) {
    LossBuffer all = new LossBuffer(loss, "partition");
    Dataset<DenseLogitsRow> typed =
        rows.select(logits.as("logits"), label.as("target"))
            .as(Encoders.bean(DenseLogitsRow.class));
    MapPartitionsFunction<DenseLogitsRow, LossBuffer> partition = part -> buffer(part, loss);
    for (LossBuffer part :
        typed
            .mapPartitions(partition, Encoders.javaSerialization(LossBuffer.class))
            .collectAsList()) {
      all = all.merge(part);
    }
    return all.summary();
  }

  private static Iterator<LossBuffer> buffer(Iterator<DenseLogitsRow> rows, Loss loss) {
    LossBuffer buffer = new LossBuffer(loss, "partition");
    while (rows.hasNext()) {
      DenseLogitsRow row = rows.next();
      buffer.add(row.getLogits(), row.getTarget());
    }
    return List.of(buffer).iterator();
  }

  /**
   * Null where one of the logits is, so that the error can name the row: what array_contains says
   * of what an array does not contain if it contains null. Where NaN is in front of the null Spark
   * says itself that there is one.
   */
  private static Column withoutNulls(Column logits) {
    return functions.when(
        functions.array_contains(logits, functions.lit(Float.NaN)).isNotNull(), logits);
  }

  private static Column logits(Dataset<?> rows, String name) {
    DataType type = rows.select(name).schema().fields()[0].dataType();
    if (!(type instanceof ArrayType array)
        || !(array.elementType().equals(DataTypes.FloatType)
            || array.elementType().equals(DataTypes.DoubleType))) {
      throw new IllegalArgumentException(
          "column "
              + name
              + " must hold arrays of floats or doubles, the logits, got "
              + type.simpleString()
              + (type.typeName().contains("vector")
                  ? ": convert it with vector_to_array(column, \"float32\")"
                  : ""));
    }
    return functions.col(name);
  }

  private static Column label(Dataset<?> rows, String name, String meaning) {
    return numbers(rows, name, meaning).cast(DataTypes.DoubleType);
  }

  private static Column numbers(Dataset<?> rows, String name, String meaning) {
    DataType type = rows.select(name).schema().fields()[0].dataType();
    if (!(type instanceof NumericType)) {
      throw new IllegalArgumentException(
          "column " + name + " must hold numbers, " + meaning + ", got " + type.simpleString());
    }
    return functions.col(name);
  }
}
