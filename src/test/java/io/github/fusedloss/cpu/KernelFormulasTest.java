package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.pair;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import io.github.fusedloss.generator.Evaluator;
import io.github.fusedloss.generator.Interpreter;
import io.github.fusedloss.generator.Program;
import io.github.fusedloss.generator.Source;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The functions of the kernels, interpreted as they are written, beside Java that computes the
 * same, bit for bit.
 */
@Tag("jdk") // Plain Java is the same code with accelerators and without.
class KernelFormulasTest {
  private static final int BATCH = 1 << 12;
  private static final int BATCHES = 64;

  private static final Program PROGRAM = program();

  private static Program program() {
    try {
      return new Program(
          Source.read(
              Path.of("kernels/numerics.cl"),
              Path.of("kernels/elements.cl"),
              Path.of("kernels/bce.cl"),
              Path.of("kernels/sigmoid_bce.cl"),
              Path.of("kernels/sigmoid_focal.cl"),
              Path.of("kernels/kl_div.cl"),
              Path.of("kernels/rows.cl"),
              Path.of("kernels/cross_entropy.cl"),
              Path.of("kernels/softmax.cl")));
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** A function of up to four floats; a pair is packed, a float is the high half of a pair. */
  private interface Java {
    long at(float a, float b, float c, float d);
  }

  private static long one(float v) {
    return pair(v, 0f);
  }

  /** Values of one argument. */
  private interface Values {
    float next(Random random);
  }

  static final float[] ODD = {
    0f,
    -0f,
    1f,
    -1f,
    2f,
    0.5f,
    Float.MIN_VALUE,
    -Float.MIN_VALUE,
    0x1.fffffcp-127f,
    Float.MIN_NORMAL,
    Float.MAX_VALUE,
    -Float.MAX_VALUE,
    Float.POSITIVE_INFINITY,
    Float.NEGATIVE_INFINITY,
    Float.intBitsToFloat(0x7fc12345),
    Float.intBitsToFloat(0xffc54321),
    Float.intBitsToFloat(0x7f800001),
    104f,
    103.99999f,
    16384f
  };

  /** Any float: all exponents, and the odd ones. */
  static float any(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> ODD[random.nextInt(ODD.length)];
      case 1 -> Float.intBitsToFloat(random.nextInt());
      default -> (float) random.nextGaussian() * 8f;
    };
  }

  private static float unit(Random random) {
    int kind = random.nextInt(16);
    return kind == 0
        ? random.nextInt(2)
        : kind < 4
            ? random.nextFloat() * (float) Math.pow(2, -random.nextInt(149))
            : random.nextFloat();
  }

  private static float tiny(Random random) {
    return (random.nextFloat() - 0.5f) * 0x1p-24f;
  }

  /** Calls a function whose parameters have these leaves, and judges every bit but those of NaN. */
  private static void same(
      String function,
      List<String> arguments,
      List<String> leaves,
      List<Values> values,
      Java java) {
    Random random = new Random(function.hashCode());
    Evaluator<int[]> evaluator = new Evaluator<>(PROGRAM, new Interpreter(BATCH));
    for (int batch = 0; batch < BATCHES; batch++) {
      float[][] in = new float[5][BATCH];
      for (int k = 0; k < leaves.size(); k++) {
        for (int i = 0; i < BATCH; i++) {
          in[k][i] = values.get(k).next(random);
        }
      }
      Map<String, int[]> out =
          evaluator.call(function, arguments, "r", leaf -> raw(in[leaves.indexOf(leaf)]));
      int[] hi = out.containsKey("r") ? out.get("r") : out.get("r.hi");
      for (int i = 0; i < BATCH; i++) {
        long expected = java.at(in[0][i], in[1][i], in[2][i], in[3][i]);
        int lo = out.containsKey("r") ? 0 : out.get("r.lo")[i];
        if (different(expected >>> 32, hi[i]) || different(expected, lo)) {
          fail(
              function
                  + Float.toHexString(in[0][i])
                  + ", "
                  + Float.toHexString(in[1][i])
                  + ": "
                  + Long.toHexString(expected)
                  + " but "
                  + Integer.toHexString(hi[i])
                  + Integer.toHexString(lo));
        }
      }
    }
  }

  /** Java and hardware are free in which NaN a sum of two makes. */
  private static boolean different(long expected, int actual) {
    float e = Float.intBitsToFloat((int) expected);
    float a = Float.intBitsToFloat(actual);
    return (int) expected != actual && (e == e || a == a);
  }

  private static int[] raw(float[] values) {
    int[] bits = new int[values.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Float.floatToRawIntBits(values[i]);
    }
    return bits;
  }

  private static void floats(String function, Java java, Values... values) {
    List<String> names = List.of("a", "b", "c", "d").subList(0, values.length);
    same(function, names, names, List.of(values), java);
  }

  private static void pairs(String function, Java java) {
    same(
        function,
        List.of("x", "y"),
        List.of("x.hi", "x.lo", "y.hi", "y.lo"),
        List.of(
            KernelFormulasTest::any,
            KernelFormulasTest::any,
            KernelFormulasTest::any,
            KernelFormulasTest::any),
        java);
  }

  @Test
  void pairs() {
    Values any = KernelFormulasTest::any;
    floats("canonical", (a, b, c, d) -> one(GeneratedNumerics.canonical(a)), any);
    floats("fast_two_sum", (a, b, c, d) -> GeneratedNumerics.fastTwoSum(a, b), any, any);
    floats("two_sum", (a, b, c, d) -> GeneratedNumerics.twoSum(a, b), any, any);
    floats("normalise", (a, b, c, d) -> GeneratedNumerics.normalise(a, b), any, any);
    pairs("pair_add", (a, b, c, d) -> GeneratedNumerics.pairAdd(pair(a, b), pair(c, d)));
    pairs("pair_mul", (a, b, c, d) -> GeneratedNumerics.pairMul(pair(a, b), pair(c, d)));
    same(
        "pair_scale",
        List.of("x", "y"),
        List.of("x.hi", "x.lo", "y"),
        List.of(any, any, any),
        (a, b, c, d) -> GeneratedNumerics.pairScale(pair(a, b), c));
  }

  @Test
  void elementaryFunctions() {
    Values any = KernelFormulasTest::any;
    Values unit = KernelFormulasTest::unit;
    Values tiny = KernelFormulasTest::tiny;
    floats("exp_core", (a, b, c, d) -> GeneratedNumerics.expCore(a, b), any, tiny);
    floats(
        "exp_minus",
        (a, b, c, d) -> GeneratedNumerics.expMinus(a),
        random -> Math.abs(any(random)));
    floats(
        "exp_float",
        (a, b, c, d) -> one(GeneratedNumerics.expFloat(a, b)),
        any,
        random -> 12583071f + random.nextInt(100));
    floats("log1p_unit", (a, b, c, d) -> GeneratedNumerics.log1pUnit(a, b), unit, tiny);
    floats("reciprocal12", (a, b, c, d) -> one(GeneratedNumerics.reciprocal12(a)), any);
    floats(
        "log_core",
        (a, b, c, d) -> GeneratedNumerics.logCore(a, b, c),
        unit,
        tiny,
        random -> random.nextInt(300) - 150);
    floats("log1p_pair", (a, b, c, d) -> GeneratedNumerics.log1pPair(a, b), any, tiny);
    floats("divide", (a, b, c, d) -> one(GeneratedNumerics.divide(a, b, c)), any, any, tiny);
    floats(
        "pair_divide",
        (a, b, c, d) -> one(GeneratedNumerics.pairDivide(a, b, c, d)),
        any,
        tiny,
        any,
        tiny);
  }

  @Test
  void probabilities() {
    Values any = KernelFormulasTest::any;
    Values unit = KernelFormulasTest::unit;
    floats("reciprocal", (a, b, c, d) -> one(GeneratedNumerics.reciprocal(a)), any);
    floats("exp_reduced", (a, b, c, d) -> one(GeneratedNumerics.expReduced(a)), any);
    floats("probability_loss", (a, b, c, d) -> GeneratedBce.probabilityLoss(a, b), unit, unit);
    floats(
        "probability_slope", (a, b, c, d) -> one(GeneratedBce.probabilitySlope(a, b)), unit, unit);
    same(
        "weighted_element",
        List.of("x", "w"),
        List.of("x.hi", "x.lo", "w"),
        List.of(any, KernelFormulasTest::tiny, any),
        (a, b, c, d) -> GeneratedBce.weightedElement(pair(a, b), c));
  }

  @Test
  void logits() {
    Values any = KernelFormulasTest::any;
    Values unit = KernelFormulasTest::unit;
    Values tiny = KernelFormulasTest::tiny;
    floats("logistic", (a, b, c, d) -> one(GeneratedLogits.logistic(a)), any);
    same(
        "logit_loss",
        List.of("v", "t", "l"),
        List.of("v", "t", "l.hi", "l.lo"),
        List.of(any, unit, unit, tiny),
        (a, b, c, d) -> GeneratedLogits.logitLoss(a, b, pair(c, d)));
    same(
        "logit_slope",
        List.of("v", "t", "t", "e"),
        List.of("v", "t", "e.hi", "e.lo"),
        List.of(any, any, unit, tiny),
        (a, b, c, d) -> one(GeneratedLogits.logitSlope(a, b, b, pair(c, d))));
    same(
        "pos_weighted_loss",
        List.of("v", "t", "w", "l"),
        List.of("v", "t", "w", "l.hi", "l.lo"),
        List.of(any, any, any, unit, random -> 0f),
        (a, b, c, d) -> GeneratedLogits.posWeightedLoss(a, b, c, pair(d, 0f)));
    same(
        "weighted_loss",
        List.of("x", "w"),
        List.of("x.hi", "x.lo", "w"),
        List.of(any, tiny, any),
        (a, b, c, d) -> GeneratedLogits.weightedLoss(pair(a, b), c));
    same(
        "limit_of_loss",
        List.of("v", "t", "l"),
        List.of("v", "t", "l.hi", "l.lo"),
        List.of(any, any, unit, tiny),
        (a, b, c, d) -> one(GeneratedLogits.limitOfLoss(a, b, pair(c, d))));
    same(
        "pos_weighted_limit",
        List.of("v", "t", "q", "l"),
        List.of("v", "t", "q", "l.hi", "l.lo"),
        List.of(any, any, any, unit, random -> 0f),
        (a, b, c, d) -> one(GeneratedLogits.posWeightedLimit(a, b, c, pair(d, 0f))));
    floats("weighted_limit", (a, b, c, d) -> one(GeneratedLogits.weightedLimit(a, b)), any, any);
  }

  @Test
  void focalLosses() {
    Values any = KernelFormulasTest::any;
    Values unit = KernelFormulasTest::unit;
    Values tiny = KernelFormulasTest::tiny;
    same(
        "missed_part",
        List.of("v", "t", "e"),
        List.of("v", "t", "e.hi", "e.lo"),
        List.of(any, unit, unit, tiny),
        (a, b, c, d) -> GeneratedFocal.missedPart(a, b, pair(c, d)));
    same(
        "square",
        List.of("q"),
        List.of("q.hi", "q.lo"),
        List.of(unit, tiny),
        (a, b, c, d) -> GeneratedFocal.square(pair(a, b)));
    same(
        "soft_power",
        List.of("v", "t", "m", "m", "v"),
        List.of("v", "t", "m.hi", "m.lo"),
        List.of(any, unit, unit, tiny),
        (a, b, c, d) -> GeneratedFocal.softPower(a, b, pair(c, d), pair(c, d), a));
    same(
        "focused_loss",
        List.of("l", "p", "w"),
        List.of("l.hi", "l.lo", "p.hi", "p.lo", "w"),
        List.of(unit, tiny, unit, tiny, random -> 0.75f),
        (a, b, c, d) -> GeneratedFocal.focusedLoss(pair(a, b), pair(c, d), 0.75f));
    floats(
        "checked_factor",
        (a, b, c, d) -> one(GeneratedFocal.checkedFactor(a, b, c)),
        any,
        unit,
        unit);
  }

  @Test
  void divergences() {
    Values any = KernelFormulasTest::any;
    Values unit = KernelFormulasTest::unit;
    floats("exp_pair", (a, b, c, d) -> GeneratedDivergence.expPair(a), any);
    floats("divergence", (a, b, c, d) -> GeneratedDivergence.divergence(a, b), any, unit);
    floats(
        "limit_of_divergence",
        (a, b, c, d) -> one(GeneratedDivergence.limitOfDivergence(a, b, c)),
        any,
        any,
        any);
    same(
        "log_divergence",
        List.of("x", "t", "p"),
        List.of("x", "t", "p.hi", "p.lo"),
        List.of(any, any, unit, KernelFormulasTest::tiny),
        (a, b, c, d) -> GeneratedDivergence.logDivergence(a, b, pair(c, d)));
  }

  @Test
  void elementsOfRows() {
    Values any = KernelFormulasTest::any;
    Values unit = KernelFormulasTest::unit;
    Values tiny = KernelFormulasTest::tiny;
    floats(
        "term",
        (a, b, c, d) -> one(GeneratedRows.term(a, b, c, d)),
        any,
        any,
        any,
        random -> 12583071f + random.nextInt(100));
    floats("distance_to", (a, b, c, d) -> GeneratedRows.distanceTo(a, b), any, any);
    floats("given_share", (a, b, c, d) -> GeneratedClasses.givenShare(a, b), any, any);
    same(
        "smoothed",
        List.of("q", "k", "k"),
        List.of("q", "k.hi", "k.lo"),
        List.of(any, unit, tiny),
        (a, b, c, d) -> GeneratedClasses.smoothed(a, pair(b, c), pair(b, c)));
    same(
        "smoothed_share",
        List.of("q", "w", "k", "k"),
        List.of("q", "w", "k.hi", "k.lo"),
        List.of(any, any, unit, tiny),
        (a, b, c, d) -> GeneratedClasses.smoothedShare(a, b, pair(c, d), pair(c, d)));
    same(
        "weighted_distance",
        List.of("v", "from", "p"),
        List.of("v", "from", "p.hi", "p.lo"),
        List.of(any, any, any, tiny),
        (a, b, c, d) -> GeneratedClasses.weightedDistance(a, b, pair(c, d)));
    same(
        "share_gradient",
        List.of("e", "b", "f", "f", "f", "b"),
        List.of("e", "b.hi", "b.lo", "f"),
        List.of(any, any, tiny, any),
        (a, b, c, d) -> one(GeneratedClasses.sharedGradient(a, pair(b, c), d, d, d, pair(b, c))));
    same(
        "share_gradient",
        List.of("e", "b", "f", "f", "e", "b"),
        List.of("e", "b.hi", "b.lo", "f"),
        List.of(any, any, tiny, any),
        (a, b, c, d) -> one(GeneratedClasses.sharedGradient(a, pair(b, c), d, d, a, pair(b, c))));
    floats(
        "spread_gradient",
        (a, b, c, d) -> one(GeneratedClasses.weightedGradient(a, b, c, d)),
        any,
        any,
        any,
        any);
    same(
        "log_of_softmax",
        List.of("v", "max", "log"),
        List.of("v", "max", "log.hi", "log.lo"),
        List.of(any, any, any, tiny),
        (a, b, c, d) -> one(GeneratedLogSoftmax.logSoftmax(a, b, pair(c, d))));
  }

  /** The loops over strips beside one element after the other, with every option. */
  @Test
  void stripsOfLogits() {
    Random random = new Random(20261129);
    Lanes lanes = new Lanes();
    for (int round = 0; round < 64; round++) {
      float[] x = new float[4096];
      float[] t = new float[4096];
      float[] w = new float[4096];
      float[] p = new float[4096];
      for (int i = 0; i < 4096; i++) {
        boolean odd = random.nextInt(8) == 0;
        // Finite, and so small that no loss overflows: else the block is judged one by one.
        x[i] = odd ? ODD[random.nextInt(10)] : (float) random.nextGaussian() * (1 << round % 8);
        t[i] = odd ? random.nextInt(2) : unit(random);
        w[i] = random.nextInt(4) == 0 ? 0f : (float) random.nextGaussian();
        p[i] = random.nextInt(4) == 0 ? 0f : random.nextFloat() * 3f;
      }
      for (int options = 0; options < 8; options++) {
        float[][] losses = new float[2][4096];
        float[][] gradients = new float[2][4096];
        long[] sums = new long[2];
        for (int way = 0; way < 2; way++) {
          BceBlock b = new BceBlock();
          b.n = 4096 - round;
          b.x = x;
          b.t = t;
          b.w = (options & 1) == 0 ? null : w;
          b.posWeight = (options & 2) == 0 ? null : p;
          b.upstream = (options & 4) == 0 ? null : w;
          b.scale = 0.3f;
          b.loss = losses[way];
          b.gradient = gradients[way];
          lanes.clear(b.n, false);
          if (way == 0) {
            ElementFormulas.LOGITS.each(b, 0, lanes);
          } else {
            for (int start = 0; start < b.n; start += Strip.LENGTH) {
              GeneratedLogitsStrips.run(b, lanes, start, Math.min(Strip.LENGTH, b.n - start));
            }
          }
          sums[way] = lanes.total();
        }
        String what = "options " + options;
        assertArrayEquals(raw(losses[0]), raw(losses[1]), what);
        assertArrayEquals(raw(gradients[0]), raw(gradients[1]), what);
        assertEquals(sums[0], sums[1], what);
      }
    }
  }
}
