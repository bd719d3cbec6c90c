package io.github.fusedloss;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The programs in examples/, started from their sources as its README says. */
@Tag("once")
class ExamplesTest {
  @Test
  void logisticRegression() throws Exception {
    String printed = run("examples/LogisticRegression.java", "cpu");
    Matcher test =
        Pattern.compile("test: mean loss (0\\.\\d+), accuracy ([01]\\.\\d+), on cpu")
            .matcher(printed);
    assertTrue(test.find(), printed);
    // The centres are 3 * sqrt(2) apart, so that 3 to 4 of 100 points are nearer to another.
    assertEquals(0.96, Double.parseDouble(test.group(2)), 0.03, printed);
  }

  private static String run(String... program) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                System.getProperty("java.home") + "/bin/java",
                "-cp",
                System.getProperty("java.class.path")));
    command.addAll(List.of(program));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), printed);
    return printed;
  }
}
