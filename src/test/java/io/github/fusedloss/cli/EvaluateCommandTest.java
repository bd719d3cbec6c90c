package io.github.fusedloss.cli;

import static io.github.fusedloss.cli.EvaluationFiles.CLASSES;
import static io.github.fusedloss.cli.EvaluationFiles.ROWS;
import static io.github.fusedloss.cli.EvaluationFiles.logit;
import static io.github.fusedloss.cli.EvaluationFiles.logits;
import static io.github.fusedloss.cli.EvaluationFiles.npy;
import static io.github.fusedloss.cli.EvaluationFiles.safetensors;
import static io.github.fusedloss.cli.EvaluationFiles.target;
import static io.github.fusedloss.cli.EvaluationFiles.targets;
import static io.github.fusedloss.cli.EvaluationFiles.zip;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.fusedloss.ForkedJvm;
import io.github.fusedloss.SparseFile;
import io.github.fusedloss.cli.CommandLineCase.Run;
import io.github.fusedloss.io.ArrayFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * {@code evaluate}, and {@code eval}, over files of every format, which are written here byte by
 * byte: 8 rows of 4 logits that all formats hold exactly.
 */
class EvaluateCommandTest {
  @TempDir Path dir;
  private String x;
  private String y;

  private String write(String name, byte[] bytes) throws IOException {
    return Files.write(dir.resolve(name), bytes).toString();
  }

  @BeforeEach
  void files() throws IOException {
    x = write("x.npy", logits("<f4", false, 0, ROWS));
    y = write("y.npy", targets("<i8", 0, ROWS));
  }

  private static Run evaluate(String... args) {
    List<String> all = new ArrayList<>(List.of("evaluate", "--device", "cpu:scalar"));
    all.addAll(List.of(args));
    return CommandLineCase.run(all.toArray(new String[0]));
  }

  private static Run eval(String loss, String... args) {
    List<String> all = new ArrayList<>(List.of("eval", "--device", "cpu:scalar", "--loss", loss));
    all.addAll(List.of(args));
    return CommandLineCase.run(all.toArray(new String[0]));
  }

  private Run of(String input, String target, String... more) {
    List<String> args = new ArrayList<>(List.of("--input", input, "--target", target));
    args.addAll(List.of(more));
    return evaluate(args.toArray(new String[0]));
  }

  private static String out(Run run) {
    assertEquals(0, run.code(), run.err());
    return run.out();
  }

  /** Computed here, from the definitions. */
  @Test
  void values() {
    double loss = 0;
    int right = 0;
    int second = 0;
    for (int r = 0; r < ROWS; r++) {
      double sum = 0;
      int before = 0;
      for (int c = 0; c < CLASSES; c++) {
        sum += Math.exp(logit(r, c) - logit(r, target(r)));
        before += logit(r, c) > logit(r, target(r)) ? 1 : 0; // Those of a row all differ.
      }
      loss += Math.log(sum) / ROWS;
      right += before == 0 ? 1 : 0;
      second += before < 2 ? 1 : 0;
    }
    JsonObject json =
        JsonParser.parseString(out(of(x, y, "--json", "--top-k", "1,2"))).getAsJsonObject();
    assertEquals(ROWS, json.get("rows").getAsInt());
    assertEquals(loss, json.get("mean_loss").getAsDouble(), 1e-6);
    assertEquals(Math.exp(loss), json.get("perplexity").getAsDouble(), 1e-5);
    assertEquals((double) right / ROWS, json.get("accuracy").getAsDouble());
    assertEquals((double) second / ROWS, json.getAsJsonObject("top_k").get("2").getAsDouble());
    assertEquals(15, json.getAsJsonArray("calibration").size());
    assertEquals(CLASSES, json.getAsJsonArray("confusion_matrix").size());
    assertTrue(right > 0 && right < second && second < ROWS, right + " " + second);
  }

  @Test
  @Tag("once")
  void everyFormat() throws IOException {
    String expected = out(of(x, y, "--json"));
    for (String input : inputs()) {
      Run run = of(input, y, "--json");
      assertEquals(expected, out(run), input);
      assertEquals(input.endsWith("f8.npy"), run.err().contains("converted to <f4"), input);
    }
    for (String target : targetFiles()) {
      assertEquals(expected, out(of(x, target, "--json")), target);
    }
  }

  /** {@code eval} reads the same files as all that it takes. */
  @Test
  @Tag("once")
  void everyFormatOfEval() throws IOException {
    String rows = out(eval("cross_entropy", "--input", x, "--target", y));
    String other = write("o.npy", npy("<f4", false, "(8, 4)", 4, 32, i -> 0x3f800000L + i * 9999));
    String taught = out(eval("distillation", "--input", other, "--teacher", x));
    for (String input : inputs()) {
      Run run = eval("cross_entropy", "--input", input, "--target", y);
      assertEquals(rows, out(run), input);
      assertEquals(input.endsWith("f8.npy"), run.err().contains("converted to <f4"), input);
      assertEquals(taught, out(eval("distillation", "--input", other, "--teacher", input)), input);
    }
    String masked = out(eval("cross_entropy", "--input", x, "--target", y, "--mask", y));
    assertNotEquals(rows, masked);
    for (String target : targetFiles()) {
      assertEquals(rows, out(eval("cross_entropy", "--input", x, "--target", target)), target);
      Run run = eval("cross_entropy", "--input", x, "--target", target, "--mask", target);
      assertEquals(masked, out(run), target);
    }
  }

  /** Its help names all that it reads. */
  @Test
  void helpOfEval() {
    String help = out(CommandLineCase.run("eval", "--help")).replaceAll("\\s+", " ");
    assertTrue(help.contains("are .npy, .npz or .safetensors, floating-point ones float32"), help);
    assertTrue(help.contains("--target=T integers of any type: class indices;"), help);
  }

  /** The logits in every format. */
  private List<String> inputs() throws IOException {
    List<String> files = new ArrayList<>();
    for (String type : List.of("<f4", ">f4", "<f2", ">f2", "<V2", "<f8", ">f8")) {
      for (boolean fortran : new boolean[] {false, true}) {
        String name = fortran + type.replace('<', 'l').replace('>', 'b') + ".npy";
        files.add(write(name, logits(type, fortran, 0, ROWS)));
      }
    }
    archives().forEach(file -> files.add(file + ":logits"));
    return files;
  }

  /** The targets in every format. */
  private List<String> targetFiles() throws IOException {
    List<String> files = new ArrayList<>();
    for (String type : "|i1 |u1 <i2 >i2 <u2 >u2 <i4 >i4 <u4 >u4 <i8 >i8 <u8 >u8".split(" ")) {
      files.add(write("t" + files.size() + ".npy", targets(type, 0, ROWS)));
    }
    archives().forEach(file -> files.add(file + ":labels"));
    return files;
  }

  /** Files with both. */
  private List<String> archives() throws IOException {
    return List.of(
        write("a.npz", zip(false)),
        write("b.npz", zip(true)),
        write("c.safetensors", safetensors()));
  }

  /** Files of 3, 4 and 1 rows, in three formats, beside targets in files of 1, 6 and 1. */
  @Test
  void shards() throws IOException {
    List<String> args = new ArrayList<>(List.of("--json", "--input"));
    args.add(write("0.npy", logits("<f4", false, 0, 3)));
    args.add(write("1.npy", logits(">f2", true, 3, 4)));
    args.add(write("2.npy", logits("<V2", false, 7, 1)));
    args.add("--target");
    args.add(write("3.npy", targets("|i1", 0, 1)));
    args.add(write("4.npy", targets(">u4", 1, 6)));
    args.add(write("5.npy", targets("<i8", 7, 1)));
    assertEquals(out(of(x, y, "--json")), out(evaluate(args.toArray(new String[0]))));
  }

  @Test
  void options() throws IOException {
    String weight = write("w.npy", npy("<f4", false, "(4,)", 4, 4, c -> c == 1 ? 0 : 0x40000000));
    JsonObject json =
        JsonParser.parseString(
                out(of(x, y, "--json", "--weight", weight, "--ignore-index", "3", "--top-k", "9")))
            .getAsJsonObject();
    long counted = 0;
    long weights = 0;
    for (int r = 0; r < ROWS; r++) {
      counted += target(r) == 3 ? 0 : 1;
      weights += target(r) == 3 || target(r) == 1 ? 0 : 2;
    }
    assertEquals(counted, json.get("rows").getAsLong());
    assertEquals(weights, json.get("weight_sum").getAsLong());
    assertEquals("{\"9\":1}", json.get("top_k").toString());
    // As eval does, the command says what it rounds to float32.
    String wide = write("v.npy", npy("<f8", false, "(4,)", 8, 4, c -> 0x4000000000000000L));
    Run run = of(x, y, "--weight", wide);
    assertEquals(out(of(x, y)), out(run)); // all weigh 2
    assertTrue(run.err().contains("v.npy is <f8, converted to <f4"), run.err());
    String help = out(CommandLineCase.run("evaluate", "--help"));
    assertTrue(help.contains("--label-smoothing") && help.contains("--softcap"), help);
    assertFalse(help.contains("--reduction") || help.contains("--gamma"), help);
  }

  @Test
  void tableAndCsv() {
    String table = out(of(x, y));
    assertTrue(table.startsWith("rows                          8\n"), table);
    assertTrue(table.contains("\naccuracy   ") && table.contains("\ntop-5   "), table);
    String[] lines = out(of(x, y, "--csv")).split("\n");
    assertEquals("class,count,predicted,correct,precision,recall,f1,mean_loss", lines[0]);
    assertEquals(1 + CLASSES, lines.length);
    assertTrue(lines[1].matches("0,3,[0-9]+,[0-9]+(,[0-9.]+){4}"), lines[1]);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "X; X; X: --target must be integers, got <f4: class indices",
        "Y; Y; Y: --input must be floating-point, got <i8: are --input and --target exchanged?",
        "X; Y --csv --json; --csv must not be given together with --json",
        "X; Y --top-k 0; --top-k must be at least 1, got 0",
        "X; Y --weight Y; Y: --weight must be floating-point",
        "X; Y --weight X; X: --weight must have one element per class, (4,), got (8, 4)",
        "X; Y --class-axis 0; --class-axis must be an axis of --input behind the first",
        "X X; Y; --target must have the shape of --input without its class axis, (16,), got (8,)",
        "X; Y --gamma 2; Unknown option",
        "X; none.npy; none.npy: cannot be read: no such file",
        "X:a; Y; expected none: a .npy file holds one array",
        "Y; ; Missing required option: '--target=T",
      })
  void refuses(String input, String rest, String said) {
    String args = "--input " + input + (rest == null ? "" : " --target " + rest);
    List<String> words = new ArrayList<>();
    for (String word : args.split(" ")) {
      words.add(word.replaceFirst("^X", x).replaceFirst("^Y", y));
    }
    Run run = evaluate(words.toArray(new String[0]));
    assertEquals(2, run.code(), run.err());
    assertEquals("", run.out());
    assertEquals(1, run.err().lines().count(), run.err());
    String expected = said.replaceFirst("^X", x).replaceFirst("^Y", y);
    assertTrue(run.err().contains(expected), run.err() + " for " + expected);
  }

  /** A loss has no classes of truth values; neither {@code eval} nor a program takes them. */
  @Test
  void refusesTruthValues() throws IOException {
    String truth = write("b.npy", npy("|b1", false, "(8,)", 1, ROWS, i -> i % 2));
    Run run = of(x, truth);
    assertEquals(2, run.code(), run.err());
    String said = ": --target must be integers, got |b1: class indices; save them with .astype(";
    assertTrue(run.err().contains(truth + said), run.err());
  }

  /** The row in its file, of all files. */
  @Test
  void refusesIndicesByTheirPlace() throws IOException {
    String first = write("0.npy", targets("|u1", 0, 5));
    String second = write("1.npy", npy("<u8", false, "(3,)", 8, 3, i -> i == 2 ? -1 : 0));
    Run run = evaluate("--input", x, "--target", first, second);
    assertEquals(2, run.code());
    assertTrue(
        run.err()
            .contains(
                second
                    + ": target[2] must be a class index in [0, 4) or --ignore-index -100, got"
                    + " 9223372036854775807"),
        run.err());
    String narrow = write("n.npy", npy("<f4", false, "(8, 3)", 4, 24, i -> 0));
    run = evaluate("--input", x, narrow, "--target", y, y);
    assertEquals(2, run.code());
    assertTrue(run.err().contains("must have rows of shape (4,) as " + x), run.err());
  }

  /** The page has the numbers of --json; {@link EvaluationPageTest} looks at it. */
  @Test
  void report() throws Exception {
    Path report = dir.resolve("new/report");
    assertEquals(out(of(x, y)), out(of(x, y, "--report", report.toString())));
    String json = out(of(x, y, "--json", "--report", report.toString()));
    JsonObject page = EvaluationPageTest.data(Files.readString(report.resolve("index.html")));
    page.remove("class_count");
    page.remove("classes_with_rows");
    assertEquals(JsonParser.parseString(json), page);
    Run run = of(x, y, "--report", x);
    assertEquals(2, run.code());
    assertTrue(run.err().contains("--report must be a directory that can be written"), run.err());
    Files.createDirectory(dir.resolve("taken"));
    Files.createDirectory(dir.resolve("taken/index.html"));
    assertEquals(2, of(x, y, "--report", dir.resolve("taken").toString()).code());
  }

  /** A command that fails leaves no directory, and none replaces what it reads. */
  @Test
  void reportOfWhatFails() throws Exception {
    Path report = dir.resolve("not/made");
    assertEquals(2, of("none.npy", y, "--report", report.toString()).code());
    assertEquals(2, of(x, x, "--report", report.toString()).code());
    assertFalse(Files.exists(report.getParent()));
    Path input = Files.createDirectory(dir.resolve("own")).resolve("index.html");
    Files.copy(Path.of(x), input);
    Run run = of(input.toString(), y, "--report", input.getParent().toString());
    assertEquals(2, run.code());
    assertTrue(run.err().contains("--report must not be another file of this"), run.err());
    // Who made the link may make what it leads to: it is neither followed nor removed.
    Path link = Files.createSymbolicLink(dir.resolve("link"), Path.of("nowhere"));
    for (String to : List.of(link.toString(), link + "/sub")) {
      run = of(x, y, "--report", to);
      assertEquals(2, run.code());
      assertTrue(run.err().contains("--report must be a directory that can be"), run.err());
      assertTrue(Files.isSymbolicLink(link));
    }
    assertArrayEquals(Files.readAllBytes(Path.of(x)), Files.readAllBytes(input));
  }

  /** The bar goes to the terminal alone, and is cleared in the end, before an error too. */
  @Test
  void barsAreForTerminals() throws IOException {
    String wrong = write("w.npy", npy("<i8", false, "(8,)", 8, ROWS, i -> 4));
    Path terminal = dir.resolve("terminal");
    Run without = of(x, y);
    System.setProperty(Console.TERMINAL, terminal.toString());
    try {
      for (String target : List.of(wrong, y)) {
        Files.deleteIfExists(terminal);
        Run run = of(x, target);
        assertTrue(Files.readString(terminal).endsWith("\r\u001b[K"));
        assertFalse((run.out() + run.err()).contains("\r"), run.err());
      }
      assertEquals(without.out(), of(x, y).out());
    } finally {
      System.clearProperty(Console.TERMINAL);
    }
    assertFalse((without.out() + without.err()).contains("\r"), without.err());
  }

  /**
   * 320 MB of logits and a heap of 32 MB. The file is sparse: next to nothing on disk, and zeros,
   * whose losses are log 100.
   */
  @Test
  @Tag("once")
  void filesTenTimesTheHeap() throws Exception {
    int rows = 800_000;
    Path large = dir.resolve("large.npy");
    byte[] start = npy("<f4", false, "(" + rows + ", 100)", 4, 0, i -> 0);
    SparseFile.write(large, start, 400L * rows);
    String classes =
        write("large_y.npy", npy("<i4", false, "(" + rows + ",)", 4, rows, i -> i % 100));
    String printed =
        ForkedJvm.of(
                Main.class,
                "evaluate",
                "--device",
                "cpu:scalar",
                "--json",
                "--input",
                large.toString(),
                "--target",
                classes)
            .options("-Xmx32m", "-XX:+UseSerialGC")
            .succeed()
            .out();
    assertTrue(printed.contains("\"rows\":800000"), printed);
    assertTrue(printed.contains("\"accuracy\":0.01,"), printed);
  }

  /** {@code eval} writes a gradient as the input is stored, and over none of its files. */
  @Test
  void gradientOfEval() throws IOException {
    String tensors = write("c.safetensors", safetensors());
    String input = tensors + ":logits";
    String target = tensors + ":labels";
    Path gradient = dir.resolve("gradient.npy");
    out(eval("cross_entropy", "--input", input, "--target", target, "--grad", gradient.toString()));
    byte[] written = Files.readAllBytes(gradient);
    assertTrue(new String(written, StandardCharsets.ISO_8859_1).contains("'descr': '<V2'"));
    assertArrayEquals(new long[] {ROWS, CLASSES}, ArrayFile.read(gradient).shape());
    Run run = eval("cross_entropy", "--input", input, "--target", target, "--out", tensors);
    assertEquals(2, run.code());
    assertTrue(run.err().contains("--out must not be another file of this command"), run.err());
    assertTrue(Arrays.equals(safetensors(), Files.readAllBytes(Path.of(tensors))));
  }
}
