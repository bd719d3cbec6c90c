package io.github.fusedloss.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fusedloss.ForkedJvm;
import io.github.fusedloss.io.NpyReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What {@code eval} refuses, and that it then leaves nothing behind. */
class EvalRefusalsTest extends CommandLineCase {
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
}
