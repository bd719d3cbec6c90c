package io.github.fusedloss.onnxruntime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** examples/OnnxEvaluation.java, started from its source, with the files beside it. */
class ExamplesTest {
  private static final Path EXAMPLES = Path.of("../../examples");
  private static final Path MODEL = EXAMPLES.resolve("points.onnx");
  private static final Path TABLE = EXAMPLES.resolve("points.csv");

  /**
   * The points are around (0, 0), (3, 0) and (0, 3), with variance 1 in each direction. So the
   * logarithm of the odds of a centre c is x c - c c / 2, but for what the classes share.
   */
  private static final float[] W = {0, 3, 0, 0, 0, 3};

  private static final float[] B = {0, -4.5f, -4.5f};

  private record Run(int code, String printed) {}

  private static Run run(String... args) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                System.getProperty("java.home") + "/bin/java",
                "-cp",
                System.getProperty("java.class.path"),
                EXAMPLES.resolve("OnnxEvaluation.java").toString()));
    command.addAll(List.of(args));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Run(process.waitFor(), printed);
  }

  @Test
  void theModelKnowsTheCentres() throws Exception {
    assertArrayEquals(
        TinyOnnx.linear(W, B, 2, 3, TinyOnnx.FLOAT, false), Files.readAllBytes(MODEL));
  }

  /** More rows than the example has in a batch, and no multiple of it. */
  @Test
  void onnxEvaluation() throws Exception {
    double sum = 0;
    List<String> lines = Files.readAllLines(TABLE);
    for (String line : lines) {
      String[] fields = line.split(",");
      float x0 = Float.parseFloat(fields[0]);
      float x1 = Float.parseFloat(fields[1]);
      int y = Integer.parseInt(fields[2]);
      double exponentials = 0;
      for (int c = 0; c < 3; c++) {
        exponentials += Math.exp(x0 * W[c] + x1 * W[3 + c] + B[c]);
      }
      sum += Math.log(exponentials) - (x0 * W[y] + x1 * W[3 + y] + B[y]);
    }
    Run run = run(MODEL.toString(), TABLE.toString());
    assertEquals(0, run.code, run.printed);
    Matcher mean = Pattern.compile("300 rows: mean loss ([\\d.]+), perplex").matcher(run.printed);
    assertTrue(mean.find(), run.printed);
    assertEquals(sum / lines.size(), Double.parseDouble(mean.group(1)), 1e-6, run.printed);
  }

  @Test
  void saysHowToCallIt() throws Exception {
    Run run = run();
    assertEquals(2, run.code, run.printed);
    assertEquals(
        "expected MODEL.onnx TABLE.csv, such as examples/points.onnx examples/points.csv",
        run.printed.strip());
  }
}
