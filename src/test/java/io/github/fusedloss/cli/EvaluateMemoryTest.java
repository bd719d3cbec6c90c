package io.github.fusedloss.cli;

import static io.github.fusedloss.cli.EvaluationFiles.ROWS;
import static io.github.fusedloss.cli.EvaluationFiles.logits;
import static io.github.fusedloss.cli.EvaluationFiles.targets;
import static io.github.fusedloss.cli.EvaluationFiles.zip;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fusedloss.ForkedJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code evaluate} needs with many files. */
@Tag("once")
class EvaluateMemoryTest {
  @TempDir Path dir;

  private String write(String name, byte[] bytes) throws IOException {
    return Files.write(dir.resolve(name), bytes).toString();
  }

  private static ForkedJvm evaluate(List<String> input, List<String> target, String... more) {
    List<String> args = new ArrayList<>(List.of("evaluate", "--device", "cpu:scalar", "--json"));
    args.add("--input");
    args.addAll(input);
    args.add("--target");
    args.addAll(target);
    args.addAll(List.of(more));
    return ForkedJvm.of(Main.class, args.toArray(new String[0])).options("-XX:+UseSerialGC");
  }

  /**
   * 300 files of each kind, with memory outside the heap for 4: one is open of each kind, which
   * takes 256 KiB.
   */
  @Test
  void anyNumberOfFiles() throws IOException {
    String x = write("x.npy", logits("<f4", false, 0, ROWS));
    String y = write("y.npy", targets("<i8", 0, ROWS));
    String inArchive = write("a.npz", zip(true)) + ":logits"; // In Fortran order.
    List<String> inputs = new ArrayList<>(Collections.nCopies(300, x));
    Collections.fill(inputs.subList(100, 200), inArchive);
    String printed =
        evaluate(inputs, Collections.nCopies(300, y))
            .options("-XX:MaxDirectMemorySize=1m", "-XX:+DisableExplicitGC")
            .succeed()
            .out();
    assertTrue(printed.contains("\"rows\":" + 300 * ROWS + ","), printed);
    String mean = mean(evaluate(List.of(x), List.of(y)).succeed().out());
    assertEquals(mean, mean(printed));
  }

  private static String mean(String json) {
    return json.replaceAll(".*\"mean_loss\":([^,]*),.*", "$1").strip();
  }
}
