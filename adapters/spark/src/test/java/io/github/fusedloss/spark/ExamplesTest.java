package io.github.fusedloss.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** examples/SparkEvaluation.java, started from its source with the options in its head. */
class ExamplesTest {
  private static final Path EXAMPLE = Path.of("../../examples/SparkEvaluation.java");

  @Test
  void sparkEvaluation() throws Exception {
    List<String> command = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java"));
    for (String line : Files.readAllLines(EXAMPLE)) {
      if (line.startsWith("//RUNTIME_OPTIONS ")) {
        command.addAll(List.of(line.substring(line.indexOf(' ') + 1).split(" ")));
      }
    }
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), EXAMPLE.toString()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), printed);

    Set<String> means = new HashSet<>();
    Matcher mean = Pattern.compile("partitions: mean loss (\\S+) of 20000 rows").matcher(printed);
    int times = 0;
    for (; mean.find(); times++) {
      means.add(mean.group(1));
    }
    assertEquals(3, times, printed);
    assertEquals(1, means.size(), printed);
    double[] expected = meansOfModels();
    // A row's loss is a float, at most 2 ULP off.
    double total = (expected[0] + expected[1]) / 2;
    assertEquals(total, Double.parseDouble(means.iterator().next()), total * 0x1p-22, printed);
    for (int model = 0; model < 2; model++) {
      Matcher row = Pattern.compile("\\|" + model + " +\\|([0-9.]+) *\\|").matcher(printed);
      assertTrue(row.find(), printed);
      assertEquals(
          expected[model], Double.parseDouble(row.group(1)), expected[model] * 0x1p-22, printed);
    }
  }

  /** Returns the mean losses of the example's made-up table, computed by the definition. */
  private static double[] meansOfModels() {
    double[] sums = new double[2];
    for (int id = 0; id < 20000; id++) {
      double sum = 0;
      double target = 0;
      for (int c = 0; c < 10; c++) {
        double z = ((c == id % 10 ? 1 : 0) + Math.sin(10.0 * id + c)) * (id % 2 == 1 ? 3 : 1);
        sum += Math.exp((float) z);
        target = c == id % 10 ? (float) z : target;
      }
      sums[id % 2] += Math.log(sum) - target;
    }
    return new double[] {sums[0] / 10000, sums[1] / 10000};
  }
}
