package io.github.fusedloss.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.fusedloss.ClassificationSummary;
import io.github.fusedloss.CrossEntropy;
import io.github.fusedloss.FusedLoss;
import io.github.fusedloss.Target;
import io.github.fusedloss.Tensor;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.io.TempDirFactory;

/**
 * The page of {@code evaluate --report}, as Chromium shows it; expected values are counted here.
 */
class EvaluationPageTest {
  /**
   * What the browser has drawn: every number of the tables, and of each chart the places of its
   * bars and points as parts of the axes, and whether the picture has colour there. Added to the
   * page.
   */
  private static final String LOOK =
      """
      <script>
      const seen = { charts: {}, texts: [], titles: [] };
      document.querySelectorAll("h1, h2, #shown, #numbers td, #confusion td")
        .forEach(e => seen.texts.push(e.textContent));
      document.querySelectorAll("#confusion td").forEach(e => seen.titles.push(e.title));
      seen.matrixWidth = document.getElementById("confusion")?.offsetWidth;
      for (const chart of Object.values(Chart.instances)) {
        const area = chart.chartArea, across = chart.options.indexAxis === "y";
        const pixel = (x, y) => chart.ctx.getImageData(
            x * chart.currentDevicePixelRatio, y * chart.currentDevicePixelRatio, 1, 1).data;
        seen.charts[chart.canvas.id] = chart.data.datasets.map((set, i) => ({
          type: set.type ?? chart.config.type,
          items: chart.getDatasetMeta(i).data.map(item => {
            const x = (item.x - area.left) / area.width, y = (area.bottom - item.y) / area.height;
            const p = across ? pixel(item.x - 2, item.y) : pixel(item.x, item.y + 2);
            return { x, y, blue: p[3] > 0 && p[2] > p[0] + 50, red: p[0] > p[2] + 50 };
          }),
        }));
      }
      const pre = document.createElement("pre");
      pre.id = "seen";
      pre.textContent = JSON.stringify(seen);
      document.body.append(pre);
      </script>
      """;

  /** A browser in a sandbox of its own, as snap's is, may not see the system's temporary folder. */
  @TempDir(factory = UnderTarget.class)
  Path dir;

  /** Makes temporary folders in target/. */
  static final class UnderTarget implements TempDirFactory {
    @Override
    public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext context)
        throws IOException {
      Path target = Files.createDirectories(Path.of("target").toAbsolutePath());
      return Files.createTempDirectory(target, "page");
    }
  }

  private static ClassificationSummary evaluate(float[] logits, int... target) {
    long classes = logits.length / target.length;
    try (FusedLoss fused = FusedLoss.open("cpu:scalar")) {
      return fused.evaluate(
          CrossEntropy.DEFAULT,
          Tensor.of(logits, target.length, classes),
          Tensor.of(target, target.length));
    }
  }

  /** The JSON of a page. */
  static JsonObject data(String html) {
    String start = "\nconst data = ";
    int from = html.indexOf(start) + start.length();
    return JsonParser.parseString(html.substring(from, html.indexOf(";\n", from)))
        .getAsJsonObject();
  }

  /** Chromium, or null if there is none that starts. */
  private static String browser() throws Exception {
    String browser =
        Stream.of("chromium", "chromium-browser", "google-chrome")
            .flatMap(
                name ->
                    Stream.of(System.getenv("PATH").split(File.pathSeparator))
                        .map(folder -> Path.of(folder, name)))
            .filter(Files::isExecutable)
            .map(Path::toString)
            .findFirst()
            .orElse(null);
    if (browser == null) {
      return null;
    }
    Process version = new ProcessBuilder(browser, "--version").redirectErrorStream(true).start();
    version.getInputStream().readAllBytes();
    return version.waitFor() == 0 ? browser : null; // Ubuntu's is a stub where snap is not.
  }

  /** Shows a page in Chromium, and returns what {@link #LOOK} saw. */
  private JsonObject seen(ClassificationSummary summary) throws Exception {
    String browser = browser();
    assumeTrue(browser != null, "no Chromium on the PATH");
    String html = new EvaluationPage().of(summary, List.of(1, 2));
    Path page = Files.writeString(dir.resolve("page.html"), html.replace("</body>", LOOK));
    Path dom = dir.resolve("dom");
    Process process =
        new ProcessBuilder(
                browser,
                "--headless",
                "--no-sandbox", // It does not start as root otherwise.
                "--disable-gpu",
                "--user-data-dir=" + dir.resolve("profile"),
                "--window-size=1000,2000",
                "--dump-dom",
                page.toUri().toString())
            .redirectOutput(dom.toFile())
            .redirectError(dir.resolve("log").toFile())
            .start();
    try {
      assertTrue(process.waitFor(120, TimeUnit.SECONDS), "Chromium did not end");
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    String text = Files.readString(dom);
    int from = text.indexOf("<pre id=\"seen\">");
    assertTrue(from > 0, () -> "the page was not drawn: " + log());
    String json = text.substring(from + "<pre id=\"seen\">".length(), text.indexOf("</pre>", from));
    return JsonParser.parseString(
            json.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))
        .getAsJsonObject();
  }

  private String log() {
    try {
      return Files.readString(dir.resolve("log"), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return e.toString();
    }
  }

  private static JsonArray items(JsonObject seen, String chart, int dataset) {
    JsonObject set =
        seen.getAsJsonObject("charts").getAsJsonArray(chart).get(dataset).getAsJsonObject();
    return set.getAsJsonArray("items");
  }

  private static double number(JsonArray items, int index, String name) {
    return items.get(index).getAsJsonObject().get(name).getAsDouble();
  }

  private static boolean flag(JsonArray items, int index, String name) {
    return items.get(index).getAsJsonObject().get(name).getAsBoolean();
  }

  private static List<String> texts(JsonObject seen, String name) {
    return seen.getAsJsonArray(name).asList().stream().map(e -> e.getAsString()).toList();
  }

  /**
   * Four rows that predict class 0 with a probability of e^2 / (e^2 + 2) = 0.787, in bin 11 of 15,
   * of which three are right, and two with 0.452, in bin 6, of which one is.
   */
  @Test
  @Tag("once")
  void picturesShowTheNumbers() throws Exception {
    float[] x = {2, 0, 0, 2, 0, 0, 2, 0, 0, 2, 0, 0, 0.5f, 0, 0, 0.5f, 0, 0};
    JsonObject seen = seen(evaluate(x, 0, 0, 0, 1, 0, 2));
    List<String> texts = texts(seen, "texts");
    assertEquals("Evaluation of 6 rows, 3 classes", texts.get(0));
    double sure = Math.log(1 + 2 * Math.exp(-2));
    double unsure = Math.log(1 + 2 * Math.exp(-0.5));
    double[] losses = {(3 * sure + unsure) / 4, 2 + sure, 0.5 + unsure};
    double mean = (4 * losses[0] + losses[1] + losses[2]) / 6;
    assertEquals(mean, Double.parseDouble(texts.get(texts.indexOf("mean loss") + 1)), 1e-6);
    assertEquals("0.666667", texts.get(texts.indexOf("accuracy") + 1));
    assertTrue(texts.contains("top-2"), texts.toString());
    assertTrue(texts.contains("All that have rows."), texts.toString());

    JsonArray points = items(seen, "calibration", 0);
    JsonArray bars = items(seen, "calibration", 2);
    JsonArray counts = items(seen, "bins", 0);
    assertEquals(2, points.size());
    for (int i = 0; i < 2; i++) {
      double confidence = Math.exp(i == 0 ? -unsure : -sure);
      assertEquals(confidence, number(points, i, "x"), 1e-3);
      assertEquals(confidence, number(points, i, "y"), 1e-3);
      assertTrue(flag(points, i, "red"), "point " + i);
    }
    for (int bin = 0; bin < 15; bin++) {
      double accuracy = bin == 11 ? 0.75 : bin == 6 ? 0.5 : 0;
      assertEquals((bin + 0.5) / 15, number(bars, bin, "x"), 1e-3);
      if (accuracy > 0) { // Where there is nothing nothing is drawn.
        assertEquals(accuracy, number(bars, bin, "y"), 1e-3);
      }
      assertEquals(accuracy > 0, flag(bars, bin, "blue"), "bin " + bin);
    }
    // Two rows are half as high as four.
    assertEquals(0.5, number(counts, 6, "y") / number(counts, 11, "y"), 1e-3);

    assertEquals(
        List.of("4", "0", "0", "1", "0", "0", "1", "0", "0"),
        texts.subList(texts.indexOf("Confusion") + 1, texts.indexOf("Mean loss of each class")));
    assertEquals("target 1, predicted 0: 1 rows", texts(seen, "titles").get(3));
    JsonArray classes = items(seen, "losses", 0);
    for (int c = 0; c < 3; c++) {
      double ratio = number(classes, c, "x") / number(classes, 1, "x");
      assertEquals(losses[c] / losses[1], ratio, 2e-3);
      assertTrue(flag(classes, c, "blue"), "class " + c);
    }
  }

  /** Weights of 0.5 and 1.25, of a row that is right and one that is not; class 2 has no row. */
  @Test
  @Tag("once")
  void weights() throws Exception {
    Tensor x = Tensor.of(new float[] {1, 0, 0, 1, 0, 0}, 2, 3);
    Target y =
        Target.of(Tensor.of(new int[] {0, 1}, 2))
            .rowWeights(Tensor.of(new float[] {0.5f, 1.25f}, 2));
    ClassificationSummary summary;
    try (FusedLoss fused = FusedLoss.open("cpu:scalar")) {
      summary = fused.evaluate(CrossEntropy.DEFAULT, x, y, null);
    }
    JsonObject seen = seen(summary);
    List<String> texts = texts(seen, "texts");
    assertEquals("1.750000", texts.get(texts.indexOf("sum of weights") + 1));
    assertEquals("target 1, predicted 0: weight 1.250", texts(seen, "titles").get(3));
    assertEquals("1.250", texts.get(texts.indexOf("Confusion") + 4));
    assertEquals(2, items(seen, "losses", 0).size());
  }

  /**
   * 100 classes have a matrix of 44em, 101 have none; of 150 only 80 have rows, and all of these
   * are shown.
   */
  @Test
  @Tag("once")
  void manyClassesOfWhichSomeHaveRows() throws Exception {
    float[] x = new float[80 * 150];
    JsonObject seen = seen(evaluate(x, IntStream.range(0, 80).toArray()));
    assertTrue(texts(seen, "texts").contains("All that have rows."));
    assertEquals(80, items(seen, "losses", 0).size());
    seen = seen(evaluate(new float[100 * 100], IntStream.range(0, 100).toArray()));
    assertEquals(100 * 100, texts(seen, "titles").size());
    assertTrue(seen.get("matrixWidth").getAsDouble() < 700, seen.get("matrixWidth").toString());
  }

  /** 101 classes are too many for a matrix, and one of them has no bar: class 0 is the best. */
  @Test
  @Tag("once")
  void manyClassesAndInfiniteLosses() throws Exception {
    int n = 101;
    float[] x = new float[n * n];
    for (int c = 0; c < n; c++) {
      x[c * n + c] = c == 7 ? Float.NEGATIVE_INFINITY : c == 9 ? Float.NaN : -c / 50f;
    }
    JsonObject seen = seen(evaluate(x, IntStream.range(0, n).toArray()));
    List<String> texts = texts(seen, "texts");
    assertFalse(texts.contains("Confusion"), texts.toString());
    assertTrue(texts.contains("The 100 worst."), texts.toString());
    assertEquals("NaN", texts.get(texts.indexOf("mean loss") + 1));
    JsonArray classes = items(seen, "losses", 0);
    assertEquals(100, classes.size());
    // The bars of NaN and infinity come first, and are as long as the longest.
    assertEquals(number(classes, 2, "x"), number(classes, 0, "x"), 1e-3);
    assertEquals(number(classes, 2, "x"), number(classes, 1, "x"), 1e-3);
    assertTrue(flag(classes, 0, "red") && flag(classes, 1, "red") && !flag(classes, 2, "red"));
    for (int i = 2; i < 100; i++) {
      assertTrue(flag(classes, i, "blue"), "bar " + i);
      assertTrue(i == 99 || number(classes, i, "x") > number(classes, i + 1, "x"), "bar " + i);
    }
  }

  /** Nothing is fetched, and the data are those of --json. */
  @Test
  void needsNothingElse() {
    ClassificationSummary summary = evaluate(new float[] {1, 0, 0, 1}, 0, 1);
    String html = new EvaluationPage().of(summary, List.of(1));
    int library = html.indexOf("<script>");
    String own = html.substring(0, library) + html.substring(html.indexOf("</script>", library));
    assertFalse(own.contains("src=") || own.contains("href=") || own.contains("@"), own);
    JsonObject data = data(html);
    assertEquals(2, data.remove("class_count").getAsInt());
    assertEquals(2, data.remove("classes_with_rows").getAsInt());
    assertEquals(EvaluationJson.of(summary, List.of(1), EvaluationJson.scores(summary)), data);
  }
}
