package io.github.fusedloss.cli;

import static io.github.fusedloss.cli.EvaluationFiles.ROWS;
import static io.github.fusedloss.cli.EvaluationFiles.logits;
import static io.github.fusedloss.cli.EvaluationFiles.npy;
import static io.github.fusedloss.cli.EvaluationFiles.targets;
import static io.github.fusedloss.cli.EvaluationFiles.zip;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fusedloss.ClassificationSummary;
import io.github.fusedloss.ForkedJvm;
import io.github.fusedloss.SparseFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code evaluate} needs with many files and many classes. */
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

  /** Logits that are all 0. */
  private String zeros(String name, int rows, long classes) throws IOException {
    byte[] start = npy("<f4", false, "(" + rows + ", " + classes + ")", 4, 0, i -> 0);
    Path file = dir.resolve(name);
    SparseFile.write(file, start, 4 * rows * classes);
    return file.toString();
  }

  /**
   * The heap that the documents name. A summary of 8 million classes takes 256 MB, and a row of
   * their logits 32 MB: there is room for one thread. All logits are 0, so the loss is log 8e6.
   */
  @Test
  void manyClasses() throws IOException {
    String x = zeros("many.npy", 1, 8_000_000);
    String y = write("one.npy", targets("<i8", 0, 1));
    String printed = table(x, y).succeed().out();
    assertTrue(printed.contains("mean loss          15.89495"), printed);
  }

  @Test
  void confusionMatrix() {
    int most = EvaluationMemory.CLASSES_OF_A_MATRIX;
    assertTrue(ClassificationSummary.of(most).hasConfusionMatrix());
    assertFalse(ClassificationSummary.of(most + 1).hasConfusionMatrix());
  }

  /** A row of few classes and many pixels: it is the logits that are too many. */
  @Test
  void tooManyLogitsOfARow() {
    String said = new EvaluationMemory(3, 300, 300_000_000, false).tooMuch(512 << 20).getMessage();
    assertEquals(
        "--input has rows of 300000000 logits along axis 0, too many for a Java heap of 512 MiB;"
            + " raise it, for example FUSEDLOSS_JAVA_OPTS=-Xmx6g",
        said);
  }

  /** Arrays of 100 million classes take 3.2 GB: said by name, with a heap that is enough. */
  @Test
  void tooManyClasses() throws IOException {
    String x = zeros("too-many.npy", 0, 100_000_000);
    String y = write("none.npy", targets("<i8", 0, 0));
    ForkedJvm.Result result = table(x, y).start().await();
    assertEquals(1, result.exit(), result.toString());
    assertEquals("", result.out());
    String said =
        "fusedloss: --input has 100000000 classes, too many for a Java heap of 512 MiB; raise it,"
            + " for example FUSEDLOSS_JAVA_OPTS=-Xmx6g";
    assertTrue(result.err().lines().anyMatch(said::equals), result.err());
  }

  private static ForkedJvm table(String input, String target) {
    return ForkedJvm.of(
            Main.class, "evaluate", "--device", "cpu:scalar", "--input", input, "--target", target)
        .options("-Xmx512m", "-XX:+UseG1GC");
  }
}
