package io.github.fusedloss.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import io.github.fusedloss.Bits;
import io.github.fusedloss.backend.Function;
import io.github.fusedloss.generator.Evaluator;
import io.github.fusedloss.generator.Interpreter;
import io.github.fusedloss.generator.Made;
import java.io.IOException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The functions of the kernels, interpreted as they are written, beside Java that computes the
 * same, bit for bit.
 */
@Tag("jdk") // Plain Java is the same code with accelerators and without.
class KernelFormulasTest {
  private static final int BATCH = 1 << 12;
  private static final int BATCHES = 16;

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

  /**
   * Returns a random value for one leaf of an argument. {@code before} is the sample's last value,
   * because some formulas need equal values.
   */
  private static float value(String function, String leaf, float before, Random random) {
    return switch (function + " " + leaf) {
      case "exp_minus a" -> Math.abs(any(random));
      case "probability_loss p", "smoothed_probability_loss p" -> unit(random);
      case "term magic" -> 12583071f + random.nextInt(100);
      default ->
          leaf.endsWith("lo")
              ? tiny(random)
              : switch (random.nextInt(8)) {
                case 0 -> before;
                case 1, 2, 3, 4 -> any(random);
                default -> unit(random);
              };
    };
  }

  /** Tests the functions whose parameters are numbers; {@link RowFormulasTest} has others. */
  @TestFactory
  Stream<DynamicTest> everyFunction() throws IOException {
    return Made.functions().stream()
        .filter(m -> Set.of("float", "long").containsAll(m.parameters().values()))
        .map(m -> DynamicTest.dynamicTest(m.toString(), () -> same(m)));
  }

  /** Judges every bit but those of NaN. */
  private static void same(Made made) throws ReflectiveOperationException {
    Random random = new Random(made.function().hashCode());
    Evaluator<int[]> evaluator = new Evaluator<>(made.program(), new Interpreter(BATCH));
    Class<?> type = Class.forName("io.github.fusedloss.cpu." + made.type());
    Method method =
        Stream.of(type.getDeclaredMethods())
            .filter(m -> m.getName().equals(made.method()))
            .findFirst()
            .orElseThrow();
    for (int batch = 0; batch < BATCHES; batch++) {
      Map<String, long[]> in = new HashMap<>(); // by parameter: a float's bits, or a pair
      float[] last = new float[BATCH];
      Map<String, int[]> out =
          evaluator.call(
              made.function(),
              made.arguments(),
              "r",
              leaf -> {
                int[] bits = new int[BATCH];
                long[] whole = in.computeIfAbsent(Made.parameter(leaf), p -> new long[BATCH]);
                for (int i = 0; i < BATCH; i++) {
                  float value = value(made.function(), leaf, last[i], random);
                  last[i] = leaf.endsWith("lo") ? last[i] : value;
                  bits[i] = Float.floatToRawIntBits(value);
                  whole[i] |= leaf.endsWith(".hi") ? (long) bits[i] << 32 : bits[i] & 0xffffffffL;
                }
                return bits;
              });
      int[] hi = out.containsKey("r") ? out.get("r") : out.get("r.hi");
      Object[] arguments = new Object[made.parameters().size()];
      for (int i = 0; i < BATCH; i++) {
        int at = 0;
        for (Map.Entry<String, String> p : made.parameters().entrySet()) {
          long bits = in.get(p.getKey())[i];
          arguments[at++] =
              p.getValue().equals("long") ? (Object) bits : Float.intBitsToFloat((int) bits);
        }
        Object result = method.invoke(null, arguments);
        long expected =
            result instanceof Float f ? (long) Float.floatToRawIntBits(f) << 32 : (Long) result;
        int lo = out.containsKey("r") ? 0 : out.get("r.lo")[i];
        if (different(expected >>> 32, hi[i]) || different(expected, lo)) {
          fail(
              made
                  + Arrays.toString(arguments)
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
            CpuBce.formulas(Function.BINARY_CROSS_ENTROPY_WITH_LOGITS, b).each(b, 0, lanes);
          } else {
            for (int start = 0; start < b.n; start += Strip.LENGTH) {
              GeneratedLogitsStrips.run(b, lanes, start, Math.min(Strip.LENGTH, b.n - start));
            }
          }
          sums[way] = lanes.total();
        }
        String what = "options " + options;
        assertArrayEquals(Bits.of(losses[0]), Bits.of(losses[1]), what);
        assertArrayEquals(Bits.of(gradients[0]), Bits.of(gradients[1]), what);
        assertEquals(sums[0], sums[1], what);
      }
    }
  }
}
