package io.github.fusedloss.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.fusedloss.DeviceInfo;
import io.github.fusedloss.ForkedJvm;
import io.github.fusedloss.FusedLoss;
import io.github.fusedloss.io.NpyArray;
import io.github.fusedloss.io.NpyReader;
import io.github.fusedloss.io.NpyType;
import io.github.fusedloss.io.NpyWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** The command line: what it computes, prints, writes and refuses. */
class MainTest {
  private static final Path EXAMPLES = Path.of("src/test/resources/pytorch-examples");

  @TempDir Path dir;

  record Run(int code, String out, String err) {}

  static Run run(String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code =
        Main.run(
            args,
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8));
    return new Run(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private static Run eval(String loss, Path input, Path target, String... more) {
    List<String> args =
        new ArrayList<>(
            List.of(
                "eval",
                "--device",
                "cpu:scalar",
                "--loss",
                loss,
                "--input",
                input.toString(),
                "--target",
                target.toString()));
    args.addAll(List.of(more));
    return run(args.toArray(new String[0]));
  }

  private static JsonObject json(Run run) {
    assertEquals(0, run.code(), run.err());
    return JsonParser.parseString(run.out()).getAsJsonObject();
  }

  private static Path example(String name) {
    return EXAMPLES.resolve(name + ".npy");
  }

  private Path write(String name, float[] values, long... shape) throws IOException {
    Path path = dir.resolve(name);
    NpyWriter.write(path, values, shape);
    return path;
  }

  private Path write(String name, long... values) throws IOException {
    return integers(name, "<i8", "(" + values.length + ",)", values);
  }

  /** Integers as NumPy writes them; the library itself writes only floating-point files. */
  private Path integers(String name, String type, String shape, long... values) throws IOException {
    int size = type.charAt(2) - '0';
    String header = "{'descr': '" + type + "', 'fortran_order': False, 'shape': " + shape + ", }";
    header = header + " ".repeat((64 - (10 + header.length() + 1) % 64) % 64) + "\n";
    java.nio.ByteBuffer bytes =
        java.nio.ByteBuffer.allocate(10 + header.length() + size * values.length)
            .order(java.nio.ByteOrder.LITTLE_ENDIAN);
    bytes.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0});
    bytes.putShort((short) header.length());
    bytes.put(header.getBytes(StandardCharsets.US_ASCII));
    for (long v : values) {
      for (int i = 0; i < size; i++) {
        bytes.put((byte) (v >> 8 * i));
      }
    }
    Path path = dir.resolve(name);
    Files.write(path, bytes.array());
    return path;
  }

  // ---- what it computes

  /** With as many rows as classes nothing fails for a wrong axis. */
  @Test
  void saysWhichAxisItTook() throws IOException {
    Path x = write("x.npy", new float[] {0, 9, 5, 1}, 2, 2);
    Path y = write("y.npy", 1L, 0L);
    Run rows = eval("cross_entropy", x, y);
    assertTrue(
        rows.err().contains("classes: axis 1 of (2, [2]): 2 classes, 2 rows; another axis is as"),
        rows.err());
    Run columns = eval("cross_entropy", x, y, "--class-axis", "0");
    assertTrue(columns.err().contains("classes: axis 0 of ([2], 2): 2 classes"), columns.err());
    assertFalse(rows.out().equals(columns.out()));
    Run focal = eval("softmax_focal_loss", x, y);
    assertTrue(focal.err().contains("classes: axis 1 of (2, [2]): 2 classes"), focal.err());
    JsonObject json = json(eval("cross_entropy", x, y, "--class-axis", "-2", "--json"));
    assertEquals(0, json.get("class_axis").getAsInt());
    assertEquals(2, json.get("rows").getAsInt());
    refused(
        eval("cross_entropy", x, y, "--class-axis", "2"),
        "--class-axis must be an axis of the input (2, 2), from -2 to 1, got 2");
  }

  /** Rows of loss log 2, of which the mask leaves one out that is no class. */
  @Test
  void weighsRows() throws IOException {
    Path x = write("x.npy", new float[6], 3, 2);
    Path y = integers("y.npy", "|i1", "(3,)", 0, 9, 1);
    Path m = integers("m.npy", "|b1", "(3,)", 1, 0, 1);
    Path r = write("r.npy", new float[] {1, 2, 3}, 3);
    String[] all = {"--mask", m.toString(), "--row-weight", r.toString(), "--reduction", "sum"};
    assertEquals(4 * Math.log(2), Double.parseDouble(eval("cross_entropy", x, y, all).out()), 1e-6);
    JsonObject mean = json(eval("cross_entropy", x, y, all[0], all[1], all[2], all[3], "--json"));
    assertEquals(Math.log(2), mean.get("loss").getAsDouble(), 1e-7);
    assertEquals(4, mean.get("weight_sum").getAsDouble());
    assertEquals(2, mean.get("count").getAsInt());
    Path wrong = write("r2.npy", new float[2], 2);
    refused(
        eval("cross_entropy", x, y, "--row-weight", wrong.toString()),
        "r2.npy: --row-weight must have one element per loss, (3,), got (2,)");
    refused(
        eval("cross_entropy", x, y, "--mask", r.toString()),
        "r.npy: --mask must be bool or integers, got float32: give it as --row-weight");
  }

  /** Two rows: the second class is the larger, and of three equal ones the lowest. */
  @Test
  void writesWhatIsSaidOfRows() throws IOException {
    Path x = write("x.npy", new float[] {0, 1, 0, 2, 2, 2}, 2, 3);
    Path y = integers("y.npy", "|i1", "(2,)", 0, 2);
    List<String> flags = new ArrayList<>();
    Map<String, Path> files = new LinkedHashMap<>();
    for (String flag : List.of("--lse", "--entropy", "--argmax", "--rank")) {
      files.put(flag, dir.resolve(flag.substring(2) + ".npy"));
      flags.addAll(List.of(flag, files.get(flag).toString()));
    }
    Run run = eval("cross_entropy", x, y, flags.toArray(String[]::new));
    assertEquals(0, run.code(), run.err());
    NpyArray entropy = NpyReader.read(files.get("--entropy"));
    assertEquals(NpyType.F4, entropy.type());
    assertEquals((float) Math.log(3), entropy.floats()[1], 1e-7);
    float[] lse = NpyReader.read(files.get("--lse")).floats();
    assertEquals(Math.log(2 + Math.E), lse[0], 1e-6);
    NpyArray argmax = NpyReader.read(files.get("--argmax"));
    assertEquals(NpyType.I8, argmax.type());
    assertArrayEquals(new long[] {1, 0}, argmax.longs());
    assertArrayEquals(new long[] {1, 2}, NpyReader.read(files.get("--rank")).longs());
    assertArrayEquals(new long[] {2}, argmax.shape());
    refused(
        eval("nll_loss", x, y, "--argmax", "a.npy"),
        "--argmax is an output of cross_entropy and softmax_focal_loss, not of nll_loss");
    refused(eval("cross_entropy", x, y, "--rank", x.toString()), "--rank must not be another file");
    refused(
        eval("cross_entropy", x, x, "--rank", "r.npy"),
        "x.npy: --target must be class indices for RANK, got class probabilities");
  }

  @Test
  void printsWhatPyTorchPrinted() {
    String[][] cases = {
      {"binary_cross_entropy_with_logits", "bce_single", "0.2576"},
      {"binary_cross_entropy_with_logits", "bce_batch", "0.8165"},
      {"cross_entropy", "ce_single", "1.7541"},
      {"cross_entropy", "ce_batch", "2.7944"}
    };
    for (String[] c : cases) {
      Run run = eval(c[0], example(c[1] + "_input"), example(c[1] + "_target"));
      assertEquals(0, run.code(), run.err());
      assertEquals(c[2], String.format("%.4f", Float.parseFloat(run.out().trim())));
    }
  }

  @Test
  void jsonHasExactlyTheseKeys() {
    JsonObject object =
        json(
            eval("cross_entropy", example("ce_batch_input"), example("ce_batch_target"), "--json"));
    assertEquals(
        Set.of("loss", "count", "weight_sum", "device", "backend", "seconds"), object.keySet());
    assertEquals(160, object.get("count").getAsLong());
    assertEquals(160, object.get("weight_sum").getAsDouble());
    assertEquals("cpu:scalar", object.get("device").getAsString());
    assertEquals("cpu", object.get("backend").getAsString());
    assertEquals("2.7944", String.format("%.4f", object.get("loss").getAsFloat()));
  }

  @Test
  void jsonSaysNullForNoneAndWordsForWhatIsNoNumber() throws IOException {
    Path x = write("x.npy", new float[] {1, 2}, 1, 2);
    Path y = write("y.npy", -100L);
    JsonElement none =
        json(eval("cross_entropy", x, y, "--json", "--reduction", "none")).get("loss");
    assertTrue(none.isJsonNull());
    assertEquals("NaN", json(eval("cross_entropy", x, y, "--json")).get("loss").getAsString());
    Path inf = write("inf.npy", new float[] {Float.POSITIVE_INFINITY}, 1);
    Path zero = write("zero.npy", new float[] {0}, 1);
    assertEquals(
        "Infinity",
        json(eval("binary_cross_entropy_with_logits", inf, zero, "--json"))
            .get("loss")
            .getAsString());
  }

  @Test
  void writesLossAndGradient() throws IOException {
    Path x = write("x.npy", new float[] {17, 0, 0, 0}, 1, 4);
    Path y = write("y.npy", 0L);
    Path loss = dir.resolve("loss.npy");
    Path grad = dir.resolve("grad.npy");
    Run run = eval("cross_entropy", x, y, "--out", loss.toString(), "--grad", grad.toString());
    assertEquals(0, run.code(), run.err());
    NpyArray written = NpyReader.read(loss);
    assertEquals(0, written.shape().length);
    assertEquals(Math.log1p(3 * Math.exp(-17)), written.floats()[0], 1e-14);
    NpyArray gradient = NpyReader.read(grad);
    assertArrayEquals(new long[] {1, 4}, gradient.shape());
    assertEquals(-3 * Math.exp(-17), gradient.floats()[0], 1e-13);
    run = eval("cross_entropy", x, y, "--reduction", "none", "--out", loss.toString());
    assertEquals(0, run.code(), run.err());
    assertArrayEquals(new long[] {1}, NpyReader.read(loss).shape());
  }

  /** float16 is computed as it is stored: the gradient of 1.5 against 1 is sigmoid(1.5) - 1. */
  @Test
  void keepsTheInputsDtype() throws IOException {
    Path x = dir.resolve("x.npy");
    NpyWriter.write(x, new float[] {1.5f, -2f}, NpyType.F2, 2);
    Path t = write("t.npy", new float[] {1, 0}, 2);
    Path grad = dir.resolve("grad.npy");
    Run run =
        eval(
            "binary_cross_entropy_with_logits",
            x,
            t,
            "--reduction",
            "sum",
            "--grad",
            grad.toString());
    assertEquals(0, run.code(), run.err());
    assertFalse(run.err().contains("converted"), run.err());
    NpyArray written = NpyReader.read(grad);
    assertEquals(NpyType.F2, written.type());
    // Half a spacing of binary16 between 1/8 and 1/4.
    assertEquals(-1 / (1 + Math.exp(1.5)), written.floats()[0], 0x1p-14);
    assertEquals(1 / (1 + Math.exp(2)), written.floats()[1], 0x1p-14);
  }

  /** Losses are float32 beside every type of input: the sum here is beyond float16. */
  @Test
  void writesLossesAsFloat32() throws IOException {
    Path t = write("t.npy", new float[] {0, 0}, 2);
    Path out = dir.resolve("out.npy");
    for (NpyType type : List.of(NpyType.F2, NpyType.F4, NpyType.F8)) {
      Path x = dir.resolve("x.npy");
      NpyWriter.write(x, new float[] {60000, 60000}, type, 2);
      for (String reduction : List.of("sum", "mean", "none")) {
        Run run =
            eval(
                "binary_cross_entropy_with_logits",
                x,
                t,
                "--reduction",
                reduction,
                "--out",
                out.toString());
        assertEquals(0, run.code(), run.err());
        NpyArray loss = NpyReader.read(out);
        assertEquals(NpyType.F4, loss.type(), type + " " + reduction);
        assertEquals(reduction.equals("sum") ? 120000 : 60000, loss.floats()[0]);
      }
    }
  }

  @Test
  void saysThatFloat64IsConverted() throws IOException {
    Path x = dir.resolve("x.npy");
    NpyWriter.write(x, new float[] {1.5f, -2f}, NpyType.F8, 2);
    Path grad = dir.resolve("grad.npy");
    Path t = write("t.npy", new float[] {1, 0}, 2);
    Run run = eval("binary_cross_entropy_with_logits", x, t, "--grad", grad.toString());
    assertEquals(0, run.code(), run.err());
    assertTrue(run.err().contains("converted"), run.err());
    assertEquals(NpyType.F8, NpyReader.read(grad).type());
  }

  // ---- what it refuses

  private void refused(Run run, String... words) {
    assertEquals(2, run.code(), run.out() + run.err());
    assertEquals(1, run.err().lines().count(), run.err());
    String last = run.err();
    for (String word : words) {
      assertTrue(last.contains(word), word + " in: " + run.err());
    }
    assertFalse(run.err().contains("\tat "), run.err());
    assertEquals("", run.out());
  }

  @Test
  void refusesBadUsage() throws IOException {
    Path x = write("x.npy", new float[] {1, 2}, 1, 2);
    Path y = write("y.npy", 1L);
    refused(run("eval"), "--loss");
    String commands = "a command: demo, devices, eval, evaluate, verify or bench, got ";
    refused(run("nonsense"), commands + "'nonsense'");
    refused(run(), commands + "none");
    refused(eval("kl_div", x, y, "--log-target", "maybe"), "no place for 'maybe'", "eval --help");
    refused(eval("hinge", x, y), "--loss", "hinge");
    for (String reduction : List.of("median", "MEAN", "", "mean ")) {
      refused(
          eval("cross_entropy", x, y, "--reduction", reduction),
          "reduction must be none, mean or sum, got " + reduction);
    }
    refused(eval("cross_entropy", x, y, "--pos-weight", "w.npy"), "--pos-weight");
    refused(eval("nll_loss", x, y, "--label-smoothing", "0.1"), "--label-smoothing");
    refused(eval("cross_entropy", x, y, "--label-smoothing", "1.5"), "--label-smoothing", "1.5");
    refused(eval("cross_entropy", x, y, "--ignore-index", "1e3"), "--ignore-index");
    refused(eval("cross_entropy", x, y, "--out", "a.npy", "--grad", "./a.npy"), "--grad");
    refused(eval("cross_entropy", x, y, "--grad", x.toString()), "--grad");
    // The same file by way of a symbolic link, before it exists.
    Path link = Files.createSymbolicLink(dir.resolve("link"), dir);
    refused(
        eval("cross_entropy", x, y, "--out", dir + "/b.npy", "--grad", link + "/b.npy"), "--grad");
    refused(eval("cross_entropy", x, y, "--out", link + "/x.npy"), "--out", "x.npy");
    for (String smoothing : List.of("-0.5", "NaN", "Infinity", "a", "")) {
      refused(
          eval("cross_entropy", x, y, "--label-smoothing", smoothing),
          "--label-smoothing",
          smoothing);
    }
    for (String index : List.of("", "1.5", "9223372036854775808", "0x1")) {
      refused(eval("cross_entropy", x, y, "--ignore-index", index), "--ignore-index", index);
    }
    refused(eval("cross_entropy", x, x, "--ignore-index", "1"), "--ignore-index", "negative");
    refused(eval("nll_loss", x, y, "--reduction"), "--reduction");
    refused(eval("nll_loss", x, y, "--json", "--json"), "--json", "once");
    refused(eval("nll_loss", x, y, "--device", "cpu"), "--device", "once");
    refused(eval("nll_loss", x, y, "more"), "more");
    refused(eval("nll_loss", x, y, "--gradient", "g.npy"), "--gradient");
    refused(eval("", x, y), "--loss");
    refused(run("devices", "--device", "cpu"), "--device");
    refused(run("demo", "more"), "more");
    refused(run("verify", "--device", "cpu:none"), "--device must be auto", "cpu:none");
    refused(run("bench", "--device", ""), "--device must be auto");
    refused(
        run("eval", "--device", "gpu", "--loss", "nll_loss", "--input", x + "", "--target", y + ""),
        "device",
        "gpu");
  }

  @Test
  void refusesBadInputAndNamesTheFile() throws IOException {
    Path x = write("x.npy", new float[] {1, 2, 3, 4}, 2, 2);
    Path y = write("y.npy", 1L, 2L);
    refused(eval("cross_entropy", x, y), "y.npy", "target[1]", "[0, 2)", "got 2");
    refused(eval("cross_entropy", x, write("short.npy", 1L)), "short.npy", "(2,)");
    refused(eval("binary_cross_entropy_with_logits", x, y), "y.npy", "class indices");
    refused(eval("binary_cross_entropy", x, x), "x.npy", "[0, 1]");
    refused(eval("cross_entropy", dir.resolve("missing.npy"), y), "missing.npy");
    refused(eval("cross_entropy", dir, y), dir.getFileName().toString());
    refused(eval("cross_entropy", y, y), "y.npy", "floating");
    Path cut = dir.resolve("cut.npy");
    Files.write(cut, Arrays.copyOf(Files.readAllBytes(x), 130));
    refused(eval("cross_entropy", cut, y), "cut.npy");
    refused(eval("cross_entropy", x, y, "--weight", "bad\0name"), "--weight");
  }

  @Test
  void refusesWhatDoesNotFitTheLoss() throws IOException {
    Path x = write("x.npy", new float[] {1, 2, 0.5f, 0}, 2, 2);
    Path y = write("y.npy", 1L, 0L);
    Path w = write("w.npy", new float[] {1, 2, 3}, 3);
    Path scalar = write("scalar.npy", new float[] {1});
    Path binary = write("binary.npy", new float[] {0, 1, 2, 0}, 2, 2);
    refused(eval("cross_entropy", x, y, "--weight", w + ""), "w.npy", "weight", "(2,)", "(3,)");
    refused(eval("cross_entropy", x, y, "--weight", y + ""), "y.npy", "--weight", "<i8");
    String logits = "binary_cross_entropy_with_logits";
    refused(eval(logits, x, x, "--weight", w + ""), "w.npy", "weight", "(2, 2)", "(3,)");
    refused(eval(logits, x, x, "--pos-weight", w + ""), "w.npy", "(2, 2)", "(3,)");
    refused(eval(logits, x, scalar), "scalar.npy", "target", "(2, 2)", "got ()");
    refused(eval("binary_cross_entropy", x, binary), "x.npy", "input[0, 1]", "[0, 1]", "got 2.0");
    Path p = write("p.npy", new float[] {1, 0, 0.5f, 0}, 2, 2);
    refused(eval("binary_cross_entropy", p, binary), "binary.npy", "target[1, 0]", "got 2.0");
    refused(eval("cross_entropy", scalar, scalar), "scalar.npy", "class axis", "()");
    refused(eval("nll_loss", x, x), "x.npy", "class indices", "float32");
    refused(eval("nll_loss", x, write("minus.npy", 0L, -1L)), "minus.npy", "target[1]", "got -1");
    refused(eval("nll_loss", x, write("beyond.npy", 1L << 32, 0L)), "beyond.npy", "4294967296");
  }

  /** What PyTorch's users are known to try: each message says what to type instead. */
  @Test
  void saysWhatWasLikelyMeant() throws IOException {
    Path x = write("x.npy", new float[12], 4, 3);
    String logits = "binary_cross_entropy_with_logits";
    // Class indices as floating-point numbers, as columns, as one-hot rows, as booleans.
    Path floats = write("floats.npy", new float[4], 4);
    refused(eval("cross_entropy", x, floats), "floats.npy: --target", ".astype('int64')");
    refused(eval("nll_loss", x, floats), "floats.npy: --target", ".astype('int64')");
    Path column = integers("column.npy", "<i8", "(4, 1)", 0, 1, 2, 0);
    refused(eval("cross_entropy", x, column), "(4,), got (4, 1): make it target.reshape(4)");
    Path floatColumn = write("column.npy", new float[4], 4, 1);
    refused(eval("cross_entropy", x, floatColumn), "target.reshape(4).astype('int64')");
    long[] rows = {1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0};
    for (String type : List.of("|u1", "<i4", "<i8")) {
      Path oneHot = integers("onehot.npy", type, "(4, 3)", rows);
      refused(eval("cross_entropy", x, oneHot), "argmax(axis=1)", "astype('float32')");
      refused(eval("nll_loss", x, oneHot), "argmax(axis=1)");
      assertEquals(0, eval(logits, x, oneHot).code(), type);
    }
    Path bools = integers("bools.npy", "|b1", "(4, 3)", rows);
    refused(eval("cross_entropy", x, bools), "got bool", "argmax(axis=1)", "astype('float32')");
    assertEquals(0, eval(logits, x, bools).code());
    refused(eval(logits, x, write("y.npy", 0, 1, 2, 0)), "class indices", "cross_entropy");
    Path swapped = write("y.npy", 0, 1, 2, 0);
    refused(eval("cross_entropy", swapped, x), "y.npy", "--input and --target exchanged?");
    // Weights of another axis.
    Path image = write("image.npy", new float[2 * 3 * 4 * 5], 2, 3, 4, 5);
    Path w3 = write("w3.npy", new float[3], 3);
    refused(
        eval(logits, image, image, "--pos-weight", w3.toString()),
        "w3.npy: --pos-weight must broadcast",
        "pos_weight.reshape(3, 1, 1) for a weight of axis 1");
    Path w4 = write("w4.npy", new float[4], 4);
    refused(eval(logits, x, x, "--weight", w4.toString()), "w4.npy: --weight", "reshape(4, 1)");
    Path y = write("y.npy", 0, 1, 2, 0);
    refused(
        eval("cross_entropy", x, y, "--weight", w4.toString()),
        "w4.npy: --weight must have one element per class, (3,), got (4,)",
        "--row-weight");
    Path row = write("row.npy", new float[3], 1, 3);
    refused(eval("nll_loss", x, y, "--weight", row.toString()), "weight.reshape(3)");
    // The class axis where other frameworks have it.
    Path last = write("last.npy", new float[2 * 4 * 5 * 3], 2, 4, 5, 3);
    Path pixels = integers("pixels.npy", "<i8", "(2, 4, 5)", new long[40]);
    refused(eval("cross_entropy", last, pixels), "--class-axis -1");
    refused(eval("cross_entropy", image, last), "np.moveaxis(target, -1, 1)");
  }

  @Test
  void namesElementsByTheirIndex() throws IOException {
    Path x = write("x.npy", new float[2 * 3 * 4 * 5], 2, 3, 4, 5);
    long[] classes = new long[40];
    classes[33] = 7;
    Path t = integers("t.npy", "<i8", "(2, 4, 5)", classes);
    refused(
        eval("cross_entropy", x, t),
        "t.npy: target[1, 2, 3] must be a class index in [0, 3) or --ignore-index -100, got 7");
    float[] p = new float[24];
    p[17] = 2;
    Path bad = write("bad.npy", p, 2, 3, 4);
    Path good = write("good.npy", new float[24], 2, 3, 4);
    refused(eval("binary_cross_entropy", bad, good), "bad.npy: input[1, 1, 1] must be", "got 2.0");
    refused(eval("binary_cross_entropy", good, bad), "bad.npy: target[1, 1, 1] must be");
    Path scalar = integers("scalar.npy", "<i8", "()", 9);
    Path one = write("one.npy", new float[3], 3);
    refused(eval("cross_entropy", one, scalar), "scalar.npy: --target must be a class index");
  }

  @Test
  void outputsGoThroughLinks() throws IOException {
    Path x = write("x.npy", new float[] {1, 2}, 1, 2);
    Path y = write("y.npy", 1L);
    Path sub = Files.createDirectory(dir.resolve("sub"));
    Path link = Files.createSymbolicLink(dir.resolve("link"), Path.of("sub/loss.npy"));
    for (int i = 0; i < 2; i++) { // to a new file, then to that file
      Run run = eval("cross_entropy", x, y, "--out", link.toString());
      assertEquals(0, run.code(), run.err());
      assertTrue(Files.isSymbolicLink(link));
      assertEquals(1, NpyReader.read(sub.resolve("loss.npy")).size());
    }
    Files.delete(sub.resolve("loss.npy"));
    String there = sub.resolve("loss.npy").toString();
    refused(eval("cross_entropy", x, y, "--out", link + "", "--grad", there), "--grad", "another");
    Path input = Files.createSymbolicLink(dir.resolve("input"), Path.of("x.npy"));
    refused(eval("cross_entropy", x, y, "--out", input.toString()), "--out", "another file");
    refused(eval("cross_entropy", input, y, "--out", x.toString()), "--out", "another file");
    Path loop = Files.createSymbolicLink(dir.resolve("loop"), Path.of("loop"));
    refused(eval("cross_entropy", x, y, "--out", loop.toString()), "--out", "lead nowhere");
    Path lost = Files.createSymbolicLink(dir.resolve("lost"), Path.of("missing/loss.npy"));
    refused(eval("cross_entropy", x, y, "--out", lost.toString()), "--out", "missing");
    for (Path kept : List.of(link, input, loop, lost)) {
      assertTrue(Files.isSymbolicLink(kept), kept.toString());
    }
  }

  @Test
  void emptyBatches() throws IOException {
    Path x = write("x.npy", new float[0], 0, 3);
    Path y = write("y.npy", new long[0]);
    JsonObject mean = json(eval("cross_entropy", x, y, "--json"));
    assertEquals("NaN", mean.get("loss").getAsString());
    assertEquals(0, mean.get("count").getAsLong());
    JsonObject sum = json(eval("cross_entropy", x, y, "--json", "--reduction", "sum"));
    assertEquals(0, sum.get("loss").getAsFloat());
  }

  private List<String> files() throws IOException {
    try (var files = Files.list(dir)) {
      return files.map(f -> f.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void writesNothingWhenItFails() throws IOException {
    Path x = write("x.npy", new float[] {1, 2}, 1, 2);
    Path y = write("y.npy", 1L);
    Path bad = write("bad.npy", 7L);
    Path old = write("old.npy", new float[] {42}, 1);
    byte[] before = Files.readAllBytes(old);
    List<String> there = files();
    String grad = dir.resolve("grad.npy").toString();
    refused(eval("cross_entropy", x, bad, "--grad", grad), "bad.npy");
    refused(eval("cross_entropy", x, bad, "--grad", old.toString()), "bad.npy");
    refused(eval("cross_entropy", x, y, "--grad", dir + "/none/grad.npy"), "--grad", "none");
    refused(eval("cross_entropy", x, y, "--grad", dir.toString()), "--grad");
    refused(eval("cross_entropy", x, y, "--grad", x + "/grad.npy"), "--grad", "x.npy");
    // One of two outputs: neither is written.
    refused(eval("cross_entropy", x, y, "--grad", grad, "--out", "/dev/null"), "--out", "written");
    refused(eval("cross_entropy", x, y, "--out", grad, "--grad", dir + "/n/g"), "--grad");
    String tooLong = dir.resolve("n".repeat(300)).toString();
    refused(eval("cross_entropy", x, y, "--grad", grad, "--out", tooLong), "--out", "written");
    assertEquals(there, files());
    assertArrayEquals(before, Files.readAllBytes(old));
  }

  @Test
  void aResultThatCannotBePrintedIsAFailure() throws IOException {
    Path x = write("x.npy", new float[] {1, 2}, 1, 2);
    Path y = write("y.npy", 1L);
    OutputStream full =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("No space left on device");
          }
        };
    for (List<String> args :
        List.of(
            List.of("--help"),
            List.of("devices"),
            List.of("eval", "--loss", "nll_loss", "--input", x + "", "--target", y + ""))) {
      ByteArrayOutputStream err = new ByteArrayOutputStream();
      int code = Main.run(args.toArray(new String[0]), new PrintStream(full), new PrintStream(err));
      assertEquals(1, code, args.toString());
      assertTrue(err.toString().endsWith("could not be written to stdout\n"), err.toString());
    }
  }

  /** In a JVM of its own: main itself, as people start it. */
  @Test
  @Tag("once")
  void aHeapTooSmallIsOneLine() throws IOException {
    Path x = write("x.npy", new float[3_000_000], 3, 1_000_000);
    Path y = write("y.npy", 1L, 2L, 3L);
    Path grad = dir.resolve("grad.npy");
    String[] args = {
      "eval",
      "--device",
      "cpu:scalar",
      "--loss",
      "cross_entropy",
      "--input",
      x.toString(),
      "--target",
      y.toString(),
      "--grad",
      grad.toString()
    };
    // Too little for the 12 MB of this input, and enough for that but not for its gradient.
    for (int megabytes : new int[] {10, 24}) {
      ForkedJvm.Result result =
          ForkedJvm.of(Main.class, args)
              .options("-Xmx" + megabytes + "m", "-XX:+UseSerialGC")
              .run();
      assertEquals(megabytes == 10 ? 2 : 1, result.exit(), result::toString);
      assertEquals(1, result.err().lines().count(), result::toString);
      assertTrue(result.err().contains("-Xmx"), result::toString);
      assertEquals("", result.out());
      assertEquals(List.of("x.npy", "y.npy"), files());
    }
  }

  static boolean hasPocl() {
    return FusedLoss.devices().stream()
        .anyMatch(d -> d.usable() && d.description().contains("Portable Computing"));
  }

  /** The driver's compiler must not add its own lines; with an empty cache it has all to do. */
  @Test
  @Tag("once")
  @EnabledIf("hasPocl")
  void oneLineOnOpenClToo() throws IOException {
    Path x = write("x.npy", new float[] {1, 2}, 1, 2);
    Path y = write("y.npy", 2L);
    ForkedJvm.Result result =
        ForkedJvm.of(
                Main.class,
                "eval",
                "--loss",
                "cross_entropy",
                "--device",
                "opencl",
                "--input",
                x.toString(),
                "--target",
                y.toString())
            .options("--enable-native-access=ALL-UNNAMED")
            .env("POCL_CACHE_DIR", Files.createDirectory(dir.resolve("cache")).toString())
            .run();
    refused(new Run(result.exit(), result.out(), result.err()), "y.npy", "target[0]", "got 2");
  }

  /** Decimal commas and a dotless i: the numbers of the demo are compared as text. */
  @Test
  @Tag("once")
  void speaksTheSameInEveryLanguage() throws IOException {
    Path x = write("x.npy", new float[] {1, 2}, 1, 2);
    for (String language : List.of("de", "tr", "ar")) {
      String option = "-Duser.language=" + language;
      ForkedJvm.Result demo =
          ForkedJvm.of(Main.class, "demo", "--device", "cpu:scalar").options(option).run();
      assertEquals(0, demo.exit(), demo::toString);
      ForkedJvm.Result refused =
          ForkedJvm.of(
                  Main.class,
                  "eval",
                  "--loss",
                  "nll_loss",
                  "--device",
                  "cpu:scalar",
                  "--input",
                  x.toString(),
                  "--target",
                  x.toString())
              .options(option)
              .run();
      assertEquals(2, refused.exit(), refused::toString);
      assertTrue(refused.err().contains("int8 to int64 or uint8, got float32"), refused::toString);
    }
  }

  // ---- the other commands

  @Test
  void helpIsOnStdout() {
    for (String command : List.of("", "demo", "devices", "eval", "verify", "bench")) {
      Run run = command.isEmpty() ? run("--help") : run(command, "--help");
      assertEquals(0, run.code());
      assertTrue(run.out().contains("Usage: fusedloss"), run.out());
      assertEquals("", run.err());
    }
    assertTrue(run("--version").out().startsWith("fusedloss "));
  }

  @Test
  void devicesMarksExactlyOne() {
    Run run = run("devices", "--json");
    assertEquals(0, run.code(), run.err());
    int marked = 0;
    for (JsonElement device : JsonParser.parseString(run.out()).getAsJsonArray()) {
      marked += device.getAsJsonObject().get("auto").getAsBoolean() ? 1 : 0;
    }
    assertEquals(1, marked);
    assertTrue(run("devices").out().contains("cpu:scalar"));
  }

  /** A name that nothing has is bad usage; without any OpenCL device the reason is another. */
  @Test
  void aDeviceThatIsNotHere() {
    List<String> there =
        FusedLoss.devices().stream()
            .map(DeviceInfo::name)
            .filter(name -> name.startsWith("opencl"))
            .toList();
    Run run = run("verify", "--device", "opencl:999");
    assertTrue(run.err().startsWith("fusedloss: --device opencl:999 cannot serve: "), run.err());
    if (there.isEmpty()) {
      assertEquals(1, run.code(), run.err());
    } else {
      refused(run, "there is no such device here, only " + there.get(0) + " (", "or for auto");
    }
  }

  @Test
  @Tag("once")
  void aDeviceThatCannotServe() {
    ForkedJvm.Result off =
        ForkedJvm.of(Main.class, "verify", "--device", "opencl:0")
            .env("FUSEDLOSS_OPENCL", "off")
            .run();
    assertEquals(1, off.exit(), off::toString);
    assertTrue(off.err().contains("switched off"), off::toString);
    String option = "-XX:MaxVectorSize=8";
    for (String[] args : new String[][] {{"devices"}, {"verify", "--device", "cpu:vector"}}) {
      ForkedJvm.Result result =
          ForkedJvm.of(Main.class, args)
              .options(option, "--add-modules=jdk.incubator.vector")
              .env("FUSEDLOSS_OPENCL", "off")
              .run();
      assertEquals(args.length == 1 ? 0 : 1, result.exit(), result::toString);
      String said = result.out() + result.err();
      assertTrue(said.contains("vectors hold 2 floats") && said.contains("-XX:MaxV"), said);
      assertFalse(said.contains("Initializer") || said.contains("initialize"), said);
    }
  }

  @Test
  void verifyPasses() {
    Run run = run("verify", "--device", "cpu:scalar", "--json");
    assertEquals(0, run.code(), run.out());
    for (JsonElement row : JsonParser.parseString(run.out()).getAsJsonArray()) {
      assertTrue(row.getAsJsonObject().get("passed").getAsBoolean());
    }
  }

  @Test
  void demoIsRight() {
    Run run = run("demo", "--device", "cpu:scalar");
    assertEquals(0, run.code(), run.out());
    assertTrue(run.out().endsWith("All of it right.\n"), run.out());
  }

  /**
   * Words of real command lines, cut, doubled and mixed: an exit code and a line, nothing else.
   * ci/fuzz tries more than these.
   */
  @Test
  @Tag("once")
  void survivesMutatedCommandLines() throws IOException {
    Path x = write("x.npy", new float[] {1, 2}, 1, 2);
    Path y = write("y.npy", 1L);
    String[] words = {
      "eval",
      "--loss",
      "cross_entropy",
      "nll_loss",
      "binary_cross_entropy",
      "--input",
      x.toString(),
      "--target",
      y.toString(),
      "--weight",
      "--pos-weight",
      "--reduction",
      "none",
      "sum",
      "--ignore-index",
      "-9223372036854775808",
      "9223372036854775808",
      "--label-smoothing",
      "NaN",
      "0.1",
      "--device",
      "cpu:scalar",
      "cpu:",
      "--json",
      "--out",
      dir.toString(),
      "",
      "-",
      "--",
      "@x",
      "\u0000",
      "--help",
      "-1",
      "devices--json",
      "=",
      "--loss=",
      "'",
      "\n"
    };
    Random random = new Random(7);
    for (int i = 0; i < 1000; i++) {
      List<String> args = new ArrayList<>();
      args.add("eval");
      args.addAll(List.of("--device", "cpu:scalar"));
      int n = random.nextInt(12);
      for (int k = 0; k < n; k++) {
        String word = words[random.nextInt(words.length)];
        if (random.nextInt(6) == 0 && word.length() > 1) {
          word = word.substring(0, random.nextInt(word.length()));
        }
        args.add(word);
      }
      Run run = run(args.toArray(new String[0]));
      assertTrue(run.code() >= 0 && run.code() <= 2, args + ": " + run.code());
      assertFalse(run.err().contains("Exception"), args + ": " + run.err());
      if (run.code() == 2) {
        assertEquals(1, run.err().lines().count(), args + ": " + run.err());
      }
    }
  }
}
