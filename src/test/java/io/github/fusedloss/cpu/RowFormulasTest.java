package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.KernelFormulasTest.any;
import static io.github.fusedloss.cpu.ScalarMath.hi;
import static io.github.fusedloss.cpu.ScalarMath.lo;
import static io.github.fusedloss.cpu.ScalarMath.pair;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fusedloss.backend.Option;
import io.github.fusedloss.backend.OptionValues;
import io.github.fusedloss.generator.Evaluator;
import io.github.fusedloss.generator.Interpreter;
import io.github.fusedloss.generator.Program;
import io.github.fusedloss.generator.Source;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What is computed once for a row: functions of kernels/rows.cl and cross_entropy.cl, interpreted
 * as they are written, beside the Java that is made from them, bit for bit.
 */
@Tag("jdk") // Plain Java is the same code with accelerators and without.
class RowFormulasTest {
  private static final int ROWS = 4096;

  private interface Call {
    void run(int i);
  }

  private final Random random = new Random(20261130);
  private final SoftmaxRow[] rows = new SoftmaxRow[ROWS];
  private final SoftmaxRow[] blocks = new SoftmaxRow[ROWS];
  private final RowTarget[] targets = new RowTarget[ROWS];
  private final Float[] terms = new Float[ROWS];
  private final Settings[] settings = new Settings[ROWS];
  private final Slope[] slopes = new Slope[ROWS];

  RowFormulasTest() {
    for (int i = 0; i < ROWS; i++) {
      float max = any(random);
      rows[i] = row(max == max ? max + 0f : 1f);
      GeneratedRows.finish(rows[i]);
      boolean same = random.nextInt(3) == 0;
      blocks[i] = row(same ? rows[i].max : rows[i].max - random.nextFloat() * (1 << i % 15));
      targets[i] = new RowTarget();
      targets[i].x = random.nextInt(3) == 0 ? rows[i].max : rows[i].max - random.nextFloat() * 9f;
      targets[i].w = random.nextInt(8) == 0 ? random.nextInt(2) : any(random);
      targets[i].scale = number(random.nextFloat() - 0.5f);
      targets[i].penaltyScale = number(random.nextFloat() * 1e-3f);
      terms[i] = random.nextFloat() * 0x1p32f;
      OptionValues options =
          OptionValues.DEFAULT
              .with(Option.LABEL_SMOOTHING, random.nextInt(9) / 8f)
              .with(Option.Z_LOSS, random.nextFloat());
      settings[i] = new Settings(options, 1 + random.nextInt(99), number(50f));
      slopes[i] = new Slope();
    }
  }

  private long number(float v) {
    return pair(v, v * (random.nextFloat() - 0.5f) * 0x1p-24f);
  }

  private SoftmaxRow row(float max) {
    SoftmaxRow row = new SoftmaxRow();
    GeneratedRows.reference(max, row);
    row.ties = 1 + random.nextInt(3);
    float few = random.nextFloat() * (float) Math.pow(2, 40 - random.nextInt(150));
    row.rest = random.nextInt(50) == 0 ? pair(Float.NaN, 0f) : number(few);
    row.distance = number(random.nextFloat() * 100f);
    row.mass = number(random.nextFloat() * 10f);
    return row;
  }

  private static Program program(String... features) {
    try {
      String[] names = {"numerics.cl", "rows.cl", "cross_entropy.cl"};
      Path[] files = List.of(names).stream().map(n -> Path.of("kernels", n)).toArray(Path[]::new);
      return new Program(Source.read(List.of(features), files));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** The bits of a leaf like row.rest.hi. */
  private int bits(String leaf, int i) {
    String[] path = leaf.split("\\.");
    Object object =
        switch (path[0]) {
          case "row" -> rows[i];
          case "block" -> blocks[i];
          case "target" -> targets[i];
          case "settings" -> settings[i];
          case "slope" -> slopes[i];
          default -> terms[i];
        };
    if (path.length == 1) {
      return Float.floatToRawIntBits((Float) object);
    }
    try {
      Field field = object.getClass().getDeclaredField(java(path[1]));
      Object value = field.get(object);
      if (value instanceof Long pair) {
        return Float.floatToRawIntBits(path[2].equals("hi") ? hi(pair) : lo(pair));
      }
      return value instanceof Boolean b ? b ? 1 : 0 : Float.floatToRawIntBits((Float) value);
    } catch (ReflectiveOperationException e) {
      // The function does not read this, so the Java class does not have it.
      return Float.floatToRawIntBits(Float.NaN);
    }
  }

  /** A kernel's name in Java. */
  private static String java(String name) {
    return Pattern.compile("_(.)")
        .matcher(name)
        .replaceAll(w -> w.group(1).toUpperCase(Locale.ROOT));
  }

  /** Evaluates a function, then has Java do the same in place, and compares what it computed. */
  private void same(Program program, Call java, String result, String function, String... names) {
    Map<String, int[]> out =
        new LinkedHashMap<>(
            new Evaluator<>(program, new Interpreter(ROWS))
                .call(function, List.of(names), result, this::bits));
    for (int i = 0; i < ROWS; i++) {
      java.run(i);
    }
    assertTrue(!out.isEmpty());
    out.forEach(
        (leaf, expected) -> {
          int[] actual = bits(leaf);
          for (int i = 0; i < ROWS; i++) {
            float a = Float.intBitsToFloat(actual[i]);
            float e = Float.intBitsToFloat(expected[i]);
            assertEquals(e == e ? expected[i] : 0, a == a ? actual[i] : 0, function + " " + leaf);
          }
        });
  }

  private int[] bits(String leaf) {
    int[] bits = new int[ROWS];
    for (int i = 0; i < ROWS; i++) {
      bits[i] = bits(leaf, i);
    }
    return bits;
  }

  @Test
  void rows() {
    Program program = program("WHOLE_ROW_LOSS");
    same(program, i -> GeneratedRows.finish(rows[i]), "row", "finish", "row");
    same(
        program,
        i -> GeneratedRows.merge(rows[i], blocks[i]),
        "row",
        "merge_block",
        "row",
        "block");
    same(
        program,
        i -> terms[i] = GeneratedRows.coefficient(blocks[i], rows[i], terms[i]),
        "term",
        "block_coefficient",
        "block",
        "row",
        "term");
    same(
        program,
        i -> GeneratedRows.reference(terms[i], rows[i]),
        "row",
        "set_reference",
        "row",
        "term");
  }

  /** The loss goes where the row's distance is, which nobody needs any more. */
  private void formulas(RowFormulas formulas, String... features) {
    Program program = program(features);
    same(
        program,
        i -> formulas.slope(rows[i], targets[i], terms[i], settings[i], slopes[i]),
        "slope",
        "defined_slope",
        "row",
        "row",
        "row",
        "target",
        "term",
        "settings");
    same(
        program,
        i -> formulas.blockSlope(rows[i], blocks[i], targets[i], terms[i], settings[i], slopes[i]),
        "slope",
        "defined_slope",
        "row",
        "block",
        "row",
        "target",
        "term",
        "settings");
    same(
        program,
        i -> rows[i].distance = formulas.loss(rows[i], targets[i], settings[i]),
        "row.distance",
        "defined_loss",
        "row",
        "row",
        "target",
        "settings");
    if (List.of(features).contains("Z_LOSS")) {
      same(
          program,
          i -> rows[i].distance = formulas.penalty(rows[i], settings[i]),
          "row.distance",
          "penalty_of",
          "row",
          "row",
          "settings");
    }
  }

  @Test
  void classes() {
    formulas(new GeneratedClassFormulas());
  }

  @Test
  void withZLoss() {
    formulas(new GeneratedClassWithZFormulas(), "Z_LOSS");
    formulas(
        new GeneratedSmoothedClassWithZFormulas(), "LABEL_SMOOTHING", "Z_LOSS", "WHOLE_ROW_LOSS");
    formulas(new GeneratedProbabilityWithZFormulas(), "PROBABILITIES", "Z_LOSS", "WHOLE_ROW_LOSS");
  }

  @Test
  void smoothedClasses() {
    formulas(new GeneratedSmoothedClassFormulas(), "LABEL_SMOOTHING", "WHOLE_ROW_LOSS");
  }

  @Test
  void probabilities() {
    formulas(new GeneratedProbabilityFormulas(), "PROBABILITIES", "WHOLE_ROW_LOSS");
  }
}
