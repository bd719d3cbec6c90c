package io.github.fusedloss.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.github.fusedloss.CalibrationBin;
import io.github.fusedloss.ClassScore;
import io.github.fusedloss.ClassificationSummary;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Turns a summary into one JSON object, for programs. */
final class EvaluationJson {
  /** A confusion matrix of more classes is left out, since it would be most of the output. */
  private static final int CLASSES_OF_A_MATRIX = 100;

  private EvaluationJson() {}

  /** Returns the scores of all classes. */
  static Stream<ClassScore> scores(ClassificationSummary summary) {
    return IntStream.range(0, summary.classes()).mapToObj(summary::score);
  }

  /**
   * Returns the whole summary, with the scores of some classes.
   *
   * @param topK each k for which the share of rows is wanted whose target is among the k largest
   *     logits
   */
  static JsonObject of(
      ClassificationSummary summary, List<Integer> topK, Stream<ClassScore> scores) {
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
    summary.calibration().forEach(bin -> bins.add(bin(bin, summary.isWeighted())));
    object.add("calibration", bins);
    JsonArray classes = new JsonArray();
    scores.forEach(score -> classes.add(score(score, summary.isWeighted())));
    object.add("classes", classes);
    if (summary.classes() <= CLASSES_OF_A_MATRIX) {
      object.add("confusion_matrix", confusion(summary));
    }
    return object;
  }

  private static JsonObject bin(CalibrationBin bin, boolean weighted) {
    JsonObject object = new JsonObject();
    object.add("lower", Json.number(bin.lower()));
    object.add("upper", Json.number(bin.upper()));
    object.addProperty("rows", bin.count());
    if (weighted) {
      object.add("weight", Json.number(bin.weight()));
    }
    object.add("confidence", bin.count() == 0 ? Json.nothing() : Json.number(bin.confidence()));
    object.add("accuracy", bin.count() == 0 ? Json.nothing() : Json.number(bin.accuracy()));
    return object;
  }

  /** Returns the confusion matrix: numbers of rows, or sums of their weights. */
  private static JsonArray confusion(ClassificationSummary summary) {
    JsonArray matrix = new JsonArray();
    for (double[] row : summary.weightedConfusionMatrix()) {
      JsonArray counts = new JsonArray();
      for (double count : row) {
        counts.add(summary.isWeighted() ? Json.number(count) : new JsonPrimitive((long) count));
      }
      matrix.add(counts);
    }
    return matrix;
  }

  private static JsonObject score(ClassScore score, boolean weighted) {
    JsonObject object = new JsonObject();
    object.addProperty("class", score.index());
    object.addProperty("rows", score.count());
    object.addProperty("predicted", score.predicted());
    object.addProperty("correct", score.correct());
    if (weighted) {
      object.add("weight", Json.number(score.weights().actual()));
      object.add("predicted_weight", Json.number(score.weights().predicted()));
      object.add("correct_weight", Json.number(score.weights().correct()));
    }
    object.add("precision", Json.number(score.precision()));
    object.add("recall", Json.number(score.recall()));
    object.add("f1", Json.number(score.f1()));
    object.add("mean_loss", score.count() == 0 ? Json.nothing() : Json.number(score.meanLoss()));
    return object;
  }
}
