package io.github.fusedloss.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.github.fusedloss.CalibrationBin;
import io.github.fusedloss.ClassScore;
import io.github.fusedloss.ClassificationSummary;
import java.io.PrintStream;
import java.util.List;

/** A summary for people and for programs. */
final class EvaluationText {
  /** How many classes are shown to people, each in a line. */
  private static final int CLASSES_SHOWN = 20;

  /** A matrix of more classes would be most of what is printed. */
  static final int CLASSES_OF_A_MATRIX = 100;

  private final PrintStream out;
  private final ClassificationSummary summary;
  private final List<Integer> topK;

  EvaluationText(PrintStream out, ClassificationSummary summary, List<Integer> topK) {
    this.out = out;
    this.summary = summary;
    this.topK = topK;
  }

  /** As JSON, as CSV, or as a table. */
  void print(boolean json, boolean csv) {
    if (json) {
      out.println(Json.text(json()));
    } else if (csv) {
      csv();
    } else {
      table();
    }
  }

  /** What people call the share of rows whose target is among the k largest logits. */
  static String top(int k) {
    return k == 1 ? "accuracy" : "top-" + k;
  }

  private ClassScore score(int index) {
    return summary.score(index);
  }

  private void csv() {
    out.print("class,count,predicted,correct,precision,recall,f1,mean_loss\n");
    for (int c = 0; c < summary.classes(); c++) {
      ClassScore s = score(c);
      out.print(
          c
              + ","
              + s.count()
              + ","
              + s.predicted()
              + ","
              + s.correct()
              + ","
              + s.precision()
              + ","
              + s.recall()
              + ","
              + s.f1()
              + ","
              + s.meanLoss()
              + "\n");
    }
  }

  private JsonObject json() {
    JsonObject object = new JsonObject();
    object.addProperty("rows", summary.count());
    object.addProperty("undefined_rows", summary.undefinedRows());
    if (summary.isWeighted()) {
      object.add("row_weight_sum", Json.number(summary.rowWeightSum()));
    }
    object.add("mean_loss", Json.number(summary.meanLoss()));
    object.add("perplexity", Json.number(summary.perplexity()));
    object.add("weight_sum", Json.number(summary.losses().weightSum()));
    object.add("accuracy", Json.number(summary.accuracy()));
    JsonObject top = new JsonObject();
    topK.forEach(k -> top.add(Integer.toString(k), Json.number(summary.topK(k))));
    object.add("top_k", top);
    object.add("brier_score", Json.number(summary.brierScore()));
    object.add("calibration_error", Json.number(summary.calibrationError()));
    JsonArray bins = new JsonArray();
    for (CalibrationBin bin : summary.calibration()) {
      JsonObject o = new JsonObject();
      o.add("lower", Json.number(bin.lower()));
      o.add("upper", Json.number(bin.upper()));
      o.addProperty("rows", bin.count());
      if (summary.isWeighted()) {
        o.add("weight", Json.number(bin.weight()));
      }
      o.add("confidence", bin.count() == 0 ? Json.nothing() : Json.number(bin.confidence()));
      o.add("accuracy", bin.count() == 0 ? Json.nothing() : Json.number(bin.accuracy()));
      bins.add(o);
    }
    object.add("calibration", bins);
    object.add("classes", classes());
    if (summary.classes() <= CLASSES_OF_A_MATRIX) {
      object.add("confusion_matrix", confusion());
    }
    return object;
  }

  /** Of numbers of rows, or of sums of their weights. */
  private JsonArray confusion() {
    JsonArray matrix = new JsonArray();
    double[][] weights = summary.weightedConfusionMatrix();
    for (double[] row : weights) {
      JsonArray counts = new JsonArray();
      for (double count : row) {
        counts.add(summary.isWeighted() ? Json.number(count) : new JsonPrimitive((long) count));
      }
      matrix.add(counts);
    }
    return matrix;
  }

  private JsonArray classes() {
    JsonArray classes = new JsonArray();
    for (int c = 0; c < summary.classes(); c++) {
      ClassScore s = score(c);
      JsonObject o = new JsonObject();
      o.addProperty("class", c);
      o.addProperty("rows", s.count());
      o.addProperty("predicted", s.predicted());
      o.addProperty("correct", s.correct());
      if (summary.isWeighted()) {
        o.add("weight", Json.number(s.weights().actual()));
        o.add("predicted_weight", Json.number(s.weights().predicted()));
        o.add("correct_weight", Json.number(s.weights().correct()));
      }
      o.add("precision", Json.number(s.precision()));
      o.add("recall", Json.number(s.recall()));
      o.add("f1", Json.number(s.f1()));
      o.add("mean_loss", s.count() == 0 ? Json.nothing() : Json.number(s.meanLoss()));
      classes.add(o);
    }
    return classes;
  }

  private void table() {
    line("rows", Long.toString(summary.count()));
    if (summary.undefinedRows() > 0) {
      line("without softmax", Long.toString(summary.undefinedRows()));
    }
    if (summary.isWeighted()) {
      line("sum of weights", Double.toString(summary.rowWeightSum()));
    }
    line("classes", Integer.toString(summary.classes()));
    line("mean loss", Double.toString(summary.meanLoss()));
    line("perplexity", Double.toString(summary.perplexity()));
    for (int k : topK) {
      line(top(k), "%.6f".formatted(summary.topK(k)));
    }
    line("Brier score", "%.6f".formatted(summary.brierScore()));
    line("calibration error", "%.6f".formatted(summary.calibrationError()));
    out.printf("%n%-18s %12s %10s %10s%n", "top probability", "rows", "mean", "accuracy");
    for (CalibrationBin bin : summary.calibration()) {
      if (bin.count() > 0) {
        out.printf(
            "%.3f to %.3f     %12d %10.6f %10.6f%n",
            bin.lower(), bin.upper(), bin.count(), bin.confidence(), bin.accuracy());
      }
    }
    int shown = Math.min(CLASSES_SHOWN, summary.classes());
    out.printf(
        "%n%-18s %12s %12s %10s %10s %10s %12s%n",
        "class", "rows", "predicted", "precision", "recall", "f1", "mean loss");
    for (int c = 0; c < shown; c++) {
      ClassScore s = score(c);
      out.printf(
          "%-18d %12d %12d %10.6f %10.6f %10.6f %12.6f%n",
          c, s.count(), s.predicted(), s.precision(), s.recall(), s.f1(), s.meanLoss());
    }
    if (shown < summary.classes()) {
      out.printf("and %d more: --csv lists all classes%n", summary.classes() - shown);
    }
  }

  private void line(String name, String value) {
    out.printf("%-18s %12s%n", name, value);
  }
}
