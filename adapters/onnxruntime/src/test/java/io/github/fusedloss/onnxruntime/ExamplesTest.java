package io.github.fusedloss.onnxruntime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** examples/OnnxEvaluation.java, started from its source. */
class ExamplesTest {
  /** More rows than the example has in a batch, and no multiple of it. */
  private static final int ROWS = 600;

  @Test
  void onnxEvaluation(@TempDir Path folder) throws Exception {
    float[] w = {1, -1, 0.5f, 2, 0, -0.5f};
    float[] b = {0.25f, 0, -0.25f};
    Path model = folder.resolve("model.onnx");
    Files.write(model, TinyOnnx.linear(w, b, 2, 3, TinyOnnx.FLOAT, false));
    Random random = new Random(1);
    StringBuilder table = new StringBuilder();
    double sum = 0;
    for (int i = 0; i < ROWS; i++) {
      float x0 = random.nextFloat();
      float x1 = random.nextFloat();
      int y = random.nextInt(3);
      table.append(x0).append(',').append(x1).append(',').append(y).append('\n');
      double exponentials = 0;
      for (int c = 0; c < 3; c++) {
        exponentials += Math.exp(x0 * w[c] + x1 * w[3 + c] + b[c]);
      }
      sum += Math.log(exponentials) - (x0 * w[y] + x1 * w[3 + y] + b[y]);
    }
    Path csv = folder.resolve("table.csv");
    Files.writeString(csv, table);
    Process process =
        new ProcessBuilder(
                List.of(
                    System.getProperty("java.home") + "/bin/java",
                    "-cp",
                    System.getProperty("java.class.path"),
                    "../../examples/OnnxEvaluation.java",
                    model.toString(),
                    csv.toString()))
            .redirectErrorStream(true)
            .start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), printed);
    Matcher mean = Pattern.compile("600 rows: mean loss ([\\d.]+), perplexity").matcher(printed);
    assertTrue(mean.find(), printed);
    assertEquals(sum / ROWS, Double.parseDouble(mean.group(1)), 1e-6, printed);
  }
}
