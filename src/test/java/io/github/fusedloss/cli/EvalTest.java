package io.github.fusedloss.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.fusedloss.io.NpyArray;
import io.github.fusedloss.io.NpyReader;
import io.github.fusedloss.io.NpyType;
import io.github.fusedloss.io.NpyWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What {@code eval} computes, prints and writes. */
class EvalTest extends CommandLineCase {
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

  /** Three rows with two equal logits each, the last one ignored: their logsumexps are known. */
  @Test
  void jsonHasTheZLossWhereItIsAskedFor() throws IOException {
    Path x = write("x.npy", new float[] {0, 0, 1, 1, 5, 5}, 3, 2);
    Path y = write("y.npy", 0, 1, -100);
    double first = Math.log(2);
    double second = 1 + first;
    double z = 0.1 * (first * first + second * second);
    JsonObject mean = json(eval("cross_entropy", x, y, "--z-loss", "0.1", "--json"));
    assertEquals(
        Set.of("loss", "z_loss", "count", "weight_sum", "device", "backend", "seconds"),
        mean.keySet());
    assertEquals(z / 2, mean.get("z_loss").getAsDouble(), 1e-7);
    assertEquals(first + z / 2, mean.get("loss").getAsDouble(), 1e-6);
    JsonObject sum =
        json(eval("cross_entropy", x, y, "--z-loss", "0.1", "--json", "--reduction", "sum"));
    assertEquals(z, sum.get("z_loss").getAsDouble(), 1e-7);
    JsonObject none =
        json(eval("cross_entropy", x, y, "--z-loss", "0.1", "--json", "--reduction", "none"));
    assertTrue(none.get("z_loss").isJsonNull());
    // A factor of 0 is no z-loss.
    assertFalse(json(eval("cross_entropy", x, y, "--z-loss", "0", "--json")).has("z_loss"));
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
}
