package io.github.fusedloss.cli;

import io.github.fusedloss.CalibrationBin;
import io.github.fusedloss.ClassScore;
import io.github.fusedloss.ClassificationSummary;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A summary as a page of HTML with pictures in SVG, which needs nothing else. It is XML as well.
 */
final class EvaluationPage {
  /** Of more classes only the worst are shown. */
  private static final int CLASSES_SHOWN = 100;

  /** The side of the calibration diagram. */
  private static final int SIDE = 360;

  /** The widest bar of a class. */
  private static final int BAR = 480;

  private static final String STYLE =
      "body{font:15px/1.4 system-ui,sans-serif;max-width:60em;margin:2em auto;padding:0 1em;"
          + "color:#222;background:#fff}h1{font-size:1.5em}h2{font-size:1.15em;margin-top:2em}"
          + "td{padding:.1em 1.5em .1em 0}td+td{text-align:right;font-variant-numeric:tabular-nums}"
          + "svg{display:block;overflow:visible}text{font:12px system-ui,sans-serif;fill:#444}"
          + "p{color:#555;max-width:45em}";

  private final ClassificationSummary summary;
  private final List<Integer> topK;
  private final StringBuilder html = new StringBuilder();

  private EvaluationPage(ClassificationSummary summary, List<Integer> topK) {
    this.summary = summary;
    this.topK = topK;
  }

  /** The page. */
  static String of(ClassificationSummary summary, List<Integer> topK) {
    EvaluationPage page = new EvaluationPage(summary, topK);
    page.write();
    return page.html.toString();
  }

  private void add(String text, Object... values) {
    html.append(values.length == 0 ? text : text.formatted(values)).append('\n');
  }

  private void write() {
    add("<!DOCTYPE html>");
    add(
        "<html xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"en\"><head><meta charset=\"utf-8\" />");
    add("<title>Evaluation</title><style>" + STYLE + "</style></head><body>");
    add("<h1>Evaluation of %d rows, %d classes</h1>", summary.count(), summary.classes());
    numbers();
    calibration();
    if (summary.classes() <= EvaluationText.CLASSES_OF_A_MATRIX) {
      confusion();
    }
    losses();
    add("</body></html>");
  }

  private void numbers() {
    add("<table>");
    if (summary.isWeighted()) {
      number("sum of weights", summary.rowWeightSum());
    }
    number("mean loss", summary.meanLoss());
    number("perplexity", summary.perplexity());
    topK.forEach(k -> number(EvaluationText.top(k), summary.topK(k)));
    number("Brier score", summary.brierScore());
    number("calibration error", summary.calibrationError());
    if (summary.undefinedRows() > 0) {
      add("<tr><td>rows without softmax</td><td>%d</td></tr>", summary.undefinedRows());
    }
    add("</table>");
  }

  private void number(String name, double value) {
    add("<tr><td>%s</td><td>%.6f</td></tr>", name, value);
  }

  private void open(int width, int height) {
    add("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\">", width, height);
  }

  /** A rectangle that says what it is when a mouse is over it. */
  private void box(double x, double y, double width, double height, String fill, String says) {
    add(
        "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"><title>%s</title>"
            + "</rect>",
        x, y, width, height, fill, says);
  }

  private void text(double x, double y, String anchor, String text) {
    add("<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>", x, y, anchor, text);
  }

  private void line(String color, double x1, double y1, double x2, double y2) {
    add(
        "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\" />",
        x1, y1, x2, y2, color);
  }

  private void calibration() {
    add("<h2>Calibration</h2>");
    add(
        "<p>Rows by their top probability. Bars: how many of them were right. Points: their mean top");
    add("probability; where both agree the model is as sure as it should be. Below: how many.</p>");
    int counts = 60;
    int left = 40;
    open(left + SIDE + 10, SIDE + counts + 50);
    long most = 1;
    for (CalibrationBin bin : summary.calibration()) {
      most = Math.max(most, bin.count());
    }
    for (CalibrationBin bin : summary.calibration()) {
      if (bin.count() > 0) {
        double x = left + bin.lower() * SIDE;
        double width = (bin.upper() - bin.lower()) * SIDE - 1;
        String says =
            "%.3f to %.3f: %d rows, accuracy %.4f, mean top probability %.4f"
                .formatted(bin.lower(), bin.upper(), bin.count(), bin.accuracy(), bin.confidence());
        box(x, SIDE * (1 - bin.accuracy()), width, SIDE * bin.accuracy(), "#7aa6d6", says);
        add(
            "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"#c0392b\" />",
            left + bin.confidence() * SIDE, SIDE * (1 - bin.confidence()));
        double height = (double) counts * bin.count() / most;
        box(x, SIDE + 25 + counts - height, width, height, "#bbb", says);
      }
    }
    line("#999", left, SIDE, left + SIDE, 0);
    line("#444", left, SIDE, left + SIDE, SIDE);
    line("#444", left, 0, left, SIDE);
    for (int tenth = 0; tenth <= 10; tenth += 2) {
      double at = SIDE * tenth / 10.0;
      text(left + at, SIDE + 16, "middle", "%.1f".formatted(tenth / 10.0));
      text(left - 6, SIDE - at + 4, "end", "%.1f".formatted(tenth / 10.0));
    }
    add("</svg>");
  }

  private void confusion() {
    int n = summary.classes();
    double field = Math.max(7, Math.min(40, 560.0 / n));
    int left = 50;
    add("<h2>Confusion</h2>");
    add("<p>A row for each class of the targets, a column for each predicted one; the darker, the");
    add("larger the share of the row%s.</p>", summary.isWeighted() ? ", weighted" : "");
    open((int) (left + n * field + 10), (int) (n * field + 30));
    long[][] matrix = summary.confusionMatrix();
    double[][] weights = summary.weightedConfusionMatrix();
    for (int i = 0; i < n; i++) {
      double all = summary.score(i).weights().actual();
      for (int j = 0; j < n; j++) {
        // From white to a dark blue; the root makes few rows visible.
        double part = matrix[i][j] == 0 ? 0 : weights[i][j] / all;
        double share = part >= 0 ? Math.sqrt(Math.min(1, part)) : 0; // Weights may be anything.
        String fill =
            "rgb(%d,%d,%d)"
                .formatted(
                    Math.round(247 - 239 * share),
                    Math.round(251 - 203 * share),
                    Math.round(255 - 148 * share));
        String says = "target %d, predicted %d: %d rows".formatted(i, j, matrix[i][j]);
        says += summary.isWeighted() ? " of weight %.6g".formatted(weights[i][j]) : "";
        box(left + j * field, i * field, field - 0.5, field - 0.5, fill, says);
      }
      if (i % Math.max(1, (n + 19) / 20) == 0) {
        text(left - 6, (i + 0.5) * field + 4, "end", Integer.toString(i));
        text(left + (i + 0.5) * field, n * field + 16, "middle", Integer.toString(i));
      }
    }
    add("</svg>");
  }

  private void losses() {
    List<ClassScore> scores =
        IntStream.range(0, summary.classes())
            .mapToObj(summary::score)
            .filter(score -> score.count() > 0)
            .toList();
    boolean all = scores.size() <= CLASSES_SHOWN;
    if (!all) {
      Comparator<ClassScore> byLoss = Comparator.comparingDouble(ClassScore::meanLoss);
      scores = scores.stream().sorted(byLoss.reversed()).limit(CLASSES_SHOWN).toList();
    }
    double largest = 0;
    for (ClassScore score : scores) {
      double loss = score.meanLoss();
      largest = Double.isFinite(loss) ? Math.max(largest, loss) : largest;
    }
    add("<h2>Mean loss of each class</h2>");
    add(all ? "<p>Classes with rows.</p>" : "<p>The %d worst.</p>", CLASSES_SHOWN);
    int left = 60;
    open(left + BAR + 140, 18 * scores.size() + 10);
    for (int k = 0; k < scores.size(); k++) {
      ClassScore score = scores.get(k);
      double share = largest == 0 ? 0 : Math.max(0, score.meanLoss() / largest);
      double width = Double.isFinite(share) ? BAR * share : BAR;
      String says =
          "class %d: %d rows, precision %.4f, recall %.4f"
              .formatted(score.index(), score.count(), score.precision(), score.recall());
      text(left - 6, 18 * k + 13, "end", Integer.toString(score.index()));
      box(left, 18 * k + 1, width, 15, "#7aa6d6", says);
      text(left + width + 6, 18 * k + 13, "start", "%.4f".formatted(score.meanLoss()));
    }
    add("</svg>");
  }
}
