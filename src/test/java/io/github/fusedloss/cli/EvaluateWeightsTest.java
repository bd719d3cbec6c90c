package io.github.fusedloss.cli;

import static io.github.fusedloss.cli.EvaluationFiles.CLASSES;
import static io.github.fusedloss.cli.EvaluationFiles.ROWS;
import static io.github.fusedloss.cli.EvaluationFiles.logit;
import static io.github.fusedloss.cli.EvaluationFiles.npy;
import static io.github.fusedloss.cli.EvaluationFiles.target;
import static io.github.fusedloss.cli.EvaluationFiles.targets;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.fusedloss.cli.CommandLineCase.Run;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * {@code evaluate --row-weight --mask}: of the rows of {@link EvaluationFiles} one weighs 0 and two
 * are left out by the mask. These three hold what is refused or NaN in a row that counts.
 */
class EvaluateWeightsTest {
  /** All of which float16 and bfloat16 hold. */
  private static final float[] WEIGHTS = {0.5f, 0, 2, 1, 3, 0.25f, 1.5f, 4};

  private static final int[] MASK = {1, 1, 0, 1, 1, 1, 1, 0};

  @TempDir Path dir;
  private String x;
  private String y;
  private String r;
  private String m;

  private String write(String name, byte[] bytes) throws IOException {
    return Files.write(dir.resolve(name), bytes).toString();
  }

  private static boolean counts(int row) {
    return WEIGHTS[row] != 0 && MASK[row] != 0;
  }

  private static float value(int row, int c) {
    return counts(row) ? logit(row, c) : Float.NaN;
  }

  private static int index(int row) {
    return counts(row) ? target(row) : 77;
  }

  private static long weight(String type, int row) {
    float value = WEIGHTS[row];
    int bits = Float.floatToRawIntBits(value);
    return switch (type.substring(1)) {
      case "f2" -> value == 0 ? 0 : bits - (112 << 23) >> 13;
      case "V2" -> bits >> 16;
      case "f8" -> Double.doubleToRawLongBits(value);
      default -> bits;
    };
  }

  private static byte[] weights(String type, int from, int count) {
    int size = type.charAt(2) - '0';
    return npy(type, false, "(" + count + ",)", size, count, i -> weight(type, from + i));
  }

  /** What is not 0 is so large that a cast to fewer bits would lose it. */
  private static byte[] mask(String type, int from, int count) {
    int size = type.charAt(2) - '0';
    return npy(
        type, false, "(" + count + ",)", size, count, i -> (long) MASK[from + i] << 8 * size - 1);
  }

  @BeforeEach
  void files() throws IOException {
    x =
        write(
            "x.npy",
            npy(
                "<f4",
                false,
                "(8, 4)",
                4,
                ROWS * CLASSES,
                i -> Float.floatToRawIntBits(value(i / CLASSES, i % CLASSES))));
    y = write("y.npy", npy("|u1", false, "(8,)", 1, ROWS, EvaluateWeightsTest::index));
    r = write("r.npy", weights("<f4", 0, ROWS));
    m = write("m.npy", mask("|b1", 0, ROWS));
  }

  private static Run evaluate(String... args) {
    List<String> all = new ArrayList<>(List.of("evaluate", "--device", "cpu:scalar", "--json"));
    all.addAll(List.of(args));
    return CommandLineCase.run(all.toArray(new String[0]));
  }

  private static String out(String... args) {
    Run run = evaluate(args);
    assertEquals(0, run.code(), run.err());
    return run.out();
  }

  private String weighted(String weights, String mask) {
    return out("--input", x, "--target", y, "--row-weight", weights, "--mask", mask);
  }

  private static JsonObject json(String text) {
    return JsonParser.parseString(text).getAsJsonObject();
  }

  private static double loss(int row) {
    double sum = 0;
    for (int c = 0; c < CLASSES; c++) {
      sum += Math.exp(logit(row, c) - logit(row, target(row)));
    }
    return Math.log(sum);
  }

  /**
   * From the definitions, of scikit-learn's {@code sample_weight}: each row counts for its weight.
   */
  @Test
  void values() {
    double sum = 0;
    double divisor = 0;
    double[] ofClass = new double[CLASSES];
    double[] divisorOfClass = new double[CLASSES];
    int rows = 0;
    double right = 0;
    double squares = 0;
    double[][] confusion = new double[CLASSES][CLASSES];
    for (int row = 0; row < ROWS; row++) {
      if (counts(row)) {
        sum += WEIGHTS[row] * loss(row);
        divisor += WEIGHTS[row];
        ofClass[target(row)] += WEIGHTS[row] * loss(row);
        divisorOfClass[target(row)] += WEIGHTS[row];
        rows++;
        int best = 0;
        double all = 0;
        for (int c = 0; c < CLASSES; c++) {
          best = logit(row, c) > logit(row, best) ? c : best;
          all += Math.exp(logit(row, c));
        }
        right += best == target(row) ? WEIGHTS[row] : 0;
        confusion[target(row)][best] += WEIGHTS[row];
        for (int c = 0; c < CLASSES; c++) {
          double missing = Math.exp(logit(row, c)) / all - (c == target(row) ? 1 : 0);
          squares += WEIGHTS[row] * missing * missing;
        }
      }
    }
    JsonObject json = json(weighted(r, m));
    assertEquals(5, rows);
    assertEquals(rows, json.get("rows").getAsInt());
    assertEquals(0, json.get("undefined_rows").getAsInt());
    assertEquals(sum / divisor, json.get("mean_loss").getAsDouble(), 1e-6);
    assertEquals(divisor, json.get("weight_sum").getAsDouble());
    assertEquals(divisor, json.get("row_weight_sum").getAsDouble());
    assertEquals(right / divisor, json.get("accuracy").getAsDouble());
    assertEquals(squares / divisor, json.get("brier_score").getAsDouble(), 1e-6);
    for (int c = 0; c < CLASSES; c++) {
      JsonObject score = json.getAsJsonArray("classes").get(c).getAsJsonObject();
      assertEquals(divisorOfClass[c], score.get("weight").getAsDouble());
      assertEquals(confusion[c][c], score.get("correct_weight").getAsDouble());
      for (int j = 0; j < CLASSES; j++) {
        JsonArray row = json.getAsJsonArray("confusion_matrix").get(c).getAsJsonArray();
        assertEquals(confusion[c][j], row.get(j).getAsDouble());
      }
      if (divisorOfClass[c] > 0) {
        double mean = ofClass[c] / divisorOfClass[c];
        assertEquals(mean, score.get("mean_loss").getAsDouble(), 1e-6);
      } else {
        assertTrue(score.get("mean_loss").isJsonNull());
      }
    }
  }

  /** Each alone; where the other is needed, target and logits are those of all rows. */
  @Test
  void eachAlone() throws IOException {
    String all =
        write(
            "all.npy",
            npy(
                "<f4",
                false,
                "(8, 4)",
                4,
                ROWS * CLASSES,
                i -> Float.floatToRawIntBits(logit(i / CLASSES, i % CLASSES))));
    String classes = write("classes.npy", targets("<i8", 0, ROWS));
    double sum = 0;
    double divisor = 0;
    double masked = 0;
    for (int row = 0; row < ROWS; row++) {
      sum += WEIGHTS[row] * loss(row);
      divisor += WEIGHTS[row];
      masked += MASK[row] * loss(row) / Arrays.stream(MASK).sum();
    }
    JsonObject json = json(out("--input", all, "--target", classes, "--row-weight", r));
    assertEquals(7, json.get("rows").getAsInt());
    assertEquals(sum / divisor, json.get("mean_loss").getAsDouble(), 1e-6);
    json = json(out("--input", all, "--target", classes, "--mask", m));
    assertEquals(6, json.get("rows").getAsInt());
    assertEquals(6, json.get("weight_sum").getAsInt());
    assertEquals(masked, json.get("mean_loss").getAsDouble(), 1e-6);
  }

  /** Weights of the class weigh as well, and ignore_index ignores as well. */
  @Test
  void withOptionsOfTheLoss() throws IOException {
    String ofClass = write("w.npy", npy("<f4", false, "(4,)", 4, 4, c -> 0x3f800000 + (c << 23)));
    double sum = 0;
    double divisor = 0;
    for (int row = 0; row < ROWS; row++) {
      if (counts(row) && target(row) != 3) {
        double weight = WEIGHTS[row] * Math.pow(2, target(row));
        sum += weight * loss(row);
        divisor += weight;
      }
    }
    String[] args = {
      "--input",
      x,
      "--target",
      y,
      "--row-weight",
      r,
      "--mask",
      m,
      "--weight",
      ofClass,
      "--ignore-index",
      "3"
    };
    JsonObject json = json(out(args));
    assertEquals(sum / divisor, json.get("mean_loss").getAsDouble(), 1e-6);
    assertEquals(divisor, json.get("weight_sum").getAsDouble());
  }

  @Test
  void everyFormat() throws IOException {
    String expected = weighted(r, m);
    for (String type : List.of(">f4", "<f2", ">f2", "<V2", "<f8", ">f8")) {
      assertEquals(expected, weighted(write("q.npy", weights(type, 0, ROWS)), m), type);
    }
    for (String type : "|i1 |u1 <i2 >i2 <u2 >u2 <i4 >i4 <u4 >u4 <i8 >i8 <u8 >u8".split(" ")) {
      assertEquals(expected, weighted(r, write("n.npy", mask(type, 0, ROWS))), type);
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry("weights.npy"));
      zip.write(weights("<f4", 0, ROWS));
      zip.putNextEntry(new ZipEntry("mask.npy"));
      zip.write(mask("|b1", 0, ROWS));
    }
    String npz = write("a.npz", bytes.toByteArray());
    assertEquals(expected, weighted(npz + ":weights", npz + ":mask"));
    String tensors = write("a.safetensors", safetensors());
    assertEquals(expected, weighted(tensors + ":weights", tensors + ":mask"));
    String wide = write("q.npy", weights("<f8", 0, ROWS));
    Run run = evaluate("--input", x, "--target", y, "--mask", m, "--row-weight", wide);
    assertTrue(run.err().contains("note: --row-weight has <f8, converted to <f4"), run.err());
    run = evaluate("--input", x, "--target", y, "--mask", m, "--row-weight", r, "--weight", wide);
    assertEquals(2, run.code()); // 8 numbers for 4 classes
  }

  private static byte[] safetensors() {
    String json =
        "{\"weights\":{\"dtype\":\"BF16\",\"shape\":[8],\"data_offsets\":[0,16]},"
            + "\"mask\":{\"dtype\":\"BOOL\",\"shape\":[8],\"data_offsets\":[16,24]}}";
    ByteBuffer file = ByteBuffer.allocate(8 + json.length() + 24).order(ByteOrder.LITTLE_ENDIAN);
    file.putLong(json.length()).put(json.getBytes(StandardCharsets.US_ASCII));
    for (int row = 0; row < ROWS; row++) {
      file.putShort((short) weight("<V2", row));
    }
    for (int row = 0; row < ROWS; row++) {
      file.put((byte) MASK[row]);
    }
    return file.array();
  }

  /** Weights in files of 3 and 5 rows, the mask in files of 1, 6 and 1. */
  @Test
  void shards() throws IOException {
    String[] args = {
      "--input",
      x,
      "--target",
      y,
      "--row-weight",
      write("0.npy", weights("<f2", 0, 3)),
      write("1.npy", weights("<f4", 3, 5)),
      "--mask",
      write("2.npy", mask("|b1", 0, 1)),
      write("3.npy", mask("<i8", 1, 6)),
      write("4.npy", mask("|u1", 7, 1))
    };
    assertEquals(weighted(r, m), out(args));
  }

  /** The rows as 2 samples of 4 places: (2, 4, 4), with weights in Fortran order. */
  @Test
  void places() throws IOException {
    String logits =
        write(
            "x3.npy",
            npy(
                "<f4",
                false,
                "(2, 4, 4)",
                4,
                ROWS * CLASSES,
                i -> Float.floatToRawIntBits(value(i / 16 * 4 + i % 4, i / 4 % 4))));
    String classes = write("y3.npy", npy("|u1", false, "(2, 4)", 1, ROWS, i -> index(i)));
    String weights =
        write("r3.npy", npy("<f4", true, "(2, 4)", 4, ROWS, i -> weight("<f4", i % 2 * 4 + i / 2)));
    String mask = write("m3.npy", npy("|b1", false, "(2, 4)", 1, ROWS, i -> MASK[i]));
    assertEquals(
        weighted(r, m),
        out("--input", logits, "--target", classes, "--row-weight", weights, "--mask", mask));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "--row-weight M; M: --row-weight must be floating-point, got |b1: save it with",
        "--mask R; R: --mask must be integers, got <f4: give it as --row-weight",
        "--row-weight R R; --row-weight must have the shape of --input without its class axis, (8,),"
            + " got (16,)",
        "--mask X; X: --mask must be integers, got <f4",
        "--mask M M; --mask must have the shape of --input without its class axis, (8,), got (16,)",
        "--row-weight X; --row-weight must have the shape of --input without its class axis, (8,),"
            + " got (8, 4)",
        "--mask none.npy; none.npy: cannot be read: no such file",
        "--mask M; target[1] must be a class index in [0, 4) or --ignore-index -100, got 77",
        "--row-weight R; target[2] must be a class index in [0, 4) or --ignore-index -100, got 77",
        "--row-weight; required parameter for option '--row-weight'",
      })
  void refuses(String rest, String said) {
    List<String> words = new ArrayList<>(List.of("--input", x, "--target", y));
    for (String word : rest.split(" ")) {
      words.add(named(word));
    }
    Run run = evaluate(words.toArray(new String[0]));
    assertEquals(2, run.code(), run.err());
    assertEquals("", run.out());
    assertEquals(1, run.err().lines().count(), run.err());
    assertTrue(run.err().contains(named(said)), run.err() + " for " + said);
  }

  private String named(String text) {
    return text.replaceFirst("^X", x).replaceFirst("^R", r).replaceFirst("^M", m);
  }

  /** The table and the page say what rows weigh only where they weigh something. */
  @Test
  void tableAndPage() throws IOException {
    String all = write("classes.npy", targets("<i8", 0, ROWS));
    Path page = dir.resolve("report/index.html");
    for (boolean weighted : new boolean[] {false, true}) {
      List<String> args =
          new ArrayList<>(List.of("evaluate", "--device", "cpu:scalar", "--input", x, "--target"));
      args.addAll(List.of(weighted ? y : all, "--report", page.getParent().toString()));
      args.addAll(weighted ? List.of("--row-weight", r, "--mask", m) : List.of());
      Run run = CommandLineCase.run(args.toArray(new String[0]));
      assertEquals(0, run.code(), run.err());
      // 0.5 + 1 + 3 + 0.25 + 1.5
      assertEquals(weighted, run.out().contains("sum of weights             6.25\n"), run.out());
      JsonObject data = EvaluationPageTest.data(Files.readString(page));
      assertEquals(weighted, data.has("row_weight_sum"));
    }
  }
}
