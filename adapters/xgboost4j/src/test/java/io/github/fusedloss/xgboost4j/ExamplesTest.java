package io.github.fusedloss.xgboost4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The examples that learn from the tables in Weka's jar, started from their sources. */
class ExamplesTest {
  @Test
  void focalBoosting() throws Exception {
    String printed = run("FocalBoosting.java");
    List<MatchResult> lines =
        results("finds +(\\d+) of 93 bad credits, and takes +(\\d+) of 207 good ones", printed);
    assertEquals(3, lines.size(), printed);
    assertEquals(lines.get(0).group(), lines.get(1).group(), "XGBoost's objective and the same");
    int bad = Integer.parseInt(lines.get(1).group(1));
    assertTrue(Integer.parseInt(lines.get(2).group(1)) > bad + 10, printed);
  }

  @Test
  void multilayerPerceptron() throws Exception {
    String printed = run("MultilayerPerceptron.java");
    List<MatchResult> lines = results("mean loss (0\\.\\d+), accuracy (\\d\\.\\d+)", printed);
    assertEquals(2, lines.size(), printed);
    // Two of the three kinds overlap: of the 50 flowers of the test some are on the wrong side of
    // any border.
    for (MatchResult line : lines) {
      assertEquals(0.96, Double.parseDouble(line.group(2)), 0.04, printed);
    }
    double withHiddenLayer = Double.parseDouble(lines.get(1).group(1));
    assertTrue(withHiddenLayer < Double.parseDouble(lines.get(0).group(1)), printed);
  }

  private static List<MatchResult> results(String pattern, String printed) {
    return Pattern.compile(pattern).matcher(printed).results().toList();
  }

  private static String run(String example) throws Exception {
    Process process =
        new ProcessBuilder(
                List.of(
                    System.getProperty("java.home") + "/bin/java",
                    "-Dfusedloss.device=cpu",
                    "-cp",
                    System.getProperty("java.class.path"),
                    "../../examples/" + example))
            .redirectErrorStream(true)
            .start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), printed);
    return printed;
  }
}
