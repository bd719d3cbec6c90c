package io.github.fusedloss.cli;

import com.google.gson.JsonObject;
import io.github.fusedloss.ClassScore;
import io.github.fusedloss.ClassificationSummary;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * A summary as a page of HTML that needs no other file. {@code evaluation.html} draws the JSON in
 * it with Chart.js, which is in the page, too.
 */
final class EvaluationPage {
  /** If there are more classes, only the worst are shown. */
  private static final int CLASSES_SHOWN = 100;

  private static final String LIBRARY = "org.webjars.npm/chart.js";

  private final String template;
  private final String library;

  /** Reads the parts of the page, before there is anything to show. */
  EvaluationPage() {
    try {
      template = read("/io/github/fusedloss/cli/evaluation.html");
      library = library();
    } catch (IOException e) {
      throw new Failure(Failure.FAILED, "the parts of a report cannot be read: " + e.getMessage());
    }
  }

  private static String library() throws IOException {
    Properties properties = new Properties();
    try (InputStream in = open("/META-INF/maven/" + LIBRARY + "/pom.properties")) {
      if (in == null) {
        throw Failure.input(
            "--report needs Chart.js, got a class path without it: add the jar of "
                + LIBRARY.replace('/', ':'));
      }
      properties.load(in);
    }
    String version = properties.getProperty("version");
    return read("/META-INF/resources/webjars/chart.js/" + version + "/dist/chart.umd.min.js");
  }

  private static InputStream open(String resource) {
    return EvaluationPage.class.getResourceAsStream(resource);
  }

  private static String read(String resource) throws IOException {
    try (InputStream in = open(resource)) {
      if (in == null) {
        throw new IOException(resource + " is not on the class path");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** Returns the page for this summary. */
  String of(ClassificationSummary summary, List<Integer> topK) {
    JsonObject data = EvaluationJson.of(summary, topK, shown(summary));
    data.addProperty("class_count", summary.classes());
    data.addProperty(
        "classes_with_rows", EvaluationJson.scores(summary).filter(s -> s.count() > 0).count());
    // There are only numbers and fixed names: nothing could end the script.
    return template.replace("@data@", Json.text(data)).replace("@chart.js@", library);
  }

  private static Stream<ClassScore> shown(ClassificationSummary summary) {
    if (summary.classes() <= CLASSES_SHOWN) {
      return EvaluationJson.scores(summary);
    }
    Comparator<ClassScore> byLoss = Comparator.comparingDouble(ClassScore::meanLoss);
    return EvaluationJson.scores(summary)
        .filter(score -> score.count() > 0)
        .sorted(byLoss.reversed())
        .limit(CLASSES_SHOWN);
  }
}
