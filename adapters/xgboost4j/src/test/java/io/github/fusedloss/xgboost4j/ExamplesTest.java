package io.github.fusedloss.xgboost4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** examples/FocalBoosting.java, started from its source. */
class ExamplesTest {
  @Test
  void focalBoosting() throws Exception {
    Process process =
        new ProcessBuilder(
                List.of(
                    System.getProperty("java.home") + "/bin/java",
                    "-Dfusedloss.device=cpu",
                    "-cp",
                    System.getProperty("java.class.path"),
                    "../../examples/FocalBoosting.java"))
            .redirectErrorStream(true)
            .start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), printed);
    List<MatchResult> lines =
        Pattern.compile("finds +(\\d+) of 93 bad credits, and takes +(\\d+) of 207 good ones")
            .matcher(printed)
            .results()
            .toList();
    assertEquals(3, lines.size(), printed);
    assertEquals(lines.get(0).group(), lines.get(1).group(), "XGBoost's objective and the same");
    int bad = Integer.parseInt(lines.get(1).group(1));
    assertTrue(Integer.parseInt(lines.get(2).group(1)) > bad + 10, printed);
  }
}
