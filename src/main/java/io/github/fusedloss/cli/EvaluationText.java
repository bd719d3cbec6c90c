package io.github.fusedloss.cli;

import io.github.fusedloss.CalibrationBin;
import io.github.fusedloss.ClassScore;
import io.github.fusedloss.ClassificationSummary;
import java.io.PrintStream;
import java.util.List;

/** Prints a summary as a table for people, or as JSON or CSV for programs. */
final class EvaluationText {
  /** How many classes are shown to people, each in a line. */
  private static final int CLASSES_SHOWN = 20;

  private final PrintStream out;
  private final ClassificationSummary summary;
  private final List<Integer> topK;

  EvaluationText(PrintStream out, ClassificationSummary summary, List<Integer> topK) {
    this.out = out;
    this.summary = summary;
    this.topK = topK;
  }

  /** Prints the summary as JSON, as CSV, or as a table. */
  void print(boolean json, boolean csv) {
    if (json) {
      out.println(Json.text(EvaluationJson.of(summary, topK, EvaluationJson.scores(summary))));
    } else if (csv) {
      csv();
    } else {
      table();
    }
  }

  /** Returns the usual name for the share of rows whose target is among the k largest logits. */
  private static String top(int k) {
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
