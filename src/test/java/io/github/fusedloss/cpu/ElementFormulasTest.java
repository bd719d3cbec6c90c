package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.KernelFormulasTest.any;
import static io.github.fusedloss.cpu.ScalarMath.hi;
import static io.github.fusedloss.cpu.ScalarMath.lo;
import static io.github.fusedloss.cpu.ScalarMath.pair;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.fusedloss.backend.Function;
import io.github.fusedloss.generator.Evaluator;
import io.github.fusedloss.generator.Interpreter;
import io.github.fusedloss.generator.Program;
import io.github.fusedloss.generator.Source;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A loss at one element: functions of the kernels, interpreted as they are written with the options
 * of a call, beside the Java that is made from them and chosen for these options, bit for bit.
 */
@Tag("jdk") // Plain Java is the same code with accelerators and without.
class ElementFormulasTest {
  private static final int N = 1 << 14;

  /** What a function of one element is called with, and what the Java of it gives. */
  private interface Java {
    float of(String leaf, int i);
  }

  private final Random random = new Random(20261201);
  private final float[] x = new float[N];
  private final float[] t = new float[N];
  private final float[] posWeight = new float[N];
  private final float[] w = new float[N];
  private final BceBlock b = new BceBlock();
  private Program program;

  /** Of the kernels that put their functions into one program. */
  private static Program program(String kernels, List<String> features) throws IOException {
    Path steps = Path.of("src/test/java/io/github/fusedloss/generator/recipes/steps.cl");
    Stream<Path> files =
        Stream.of(("numerics elements " + kernels).split(" "))
            .map(k -> Path.of("kernels", k + ".cl"));
    return new Program(
        Source.read(features, Stream.concat(files, Stream.of(steps)).toArray(Path[]::new)));
  }

  private void fill(boolean ofProbabilities) {
    for (int i = 0; i < N; i++) {
      x[i] = ofProbabilities ? random.nextFloat() : any(random);
      t[i] = ofProbabilities || random.nextInt(4) > 0 ? random.nextFloat() : any(random);
      t[i] = random.nextInt(4) > 0 ? t[i] : random.nextInt(2);
      posWeight[i] = random.nextInt(4) > 0 ? random.nextFloat() * 3f : any(random);
      w[i] = random.nextInt(4) > 0 ? random.nextFloat() : any(random);
    }
  }

  private float argument(String leaf, int i) {
    return switch (leaf) {
      case "x" -> x[i];
      case "t" -> t[i];
      case "pos_weight" -> posWeight[i];
      case "w" -> w[i];
      case "b.keep.hi" -> hi(b.keep);
      case "b.keep.lo" -> lo(b.keep);
      case "b.spread_e" -> b.spreadE;
      case "b.gamma" -> b.gamma;
      case "b.alpha_of_one" -> b.alphaOfOne;
      case "b.alpha_of_zero" -> b.alphaOfZero;
      case "b.least" -> b.least;
      default -> throw new AssertionError(leaf);
    };
  }

  /** Calls a function of the kernels with names and numbers, and compares some leaves. */
  private void same(String function, String arguments, List<String> leaves, Java java) {
    Map<String, int[]> out =
        new Evaluator<>(program, new Interpreter(N))
            .call(
                function,
                List.of(arguments.split(" ")),
                "out",
                leaf -> {
                  int[] bits = new int[N];
                  for (int i = 0; i < N; i++) {
                    bits[i] = Float.floatToRawIntBits(argument(leaf, i));
                  }
                  return bits;
                });
    for (String leaf : leaves) {
      for (int i = 0; i < N; i++) {
        float expected = Float.intBitsToFloat(out.get(leaf)[i]);
        String what = function + " " + leaf + " of " + x[i] + ", " + t[i] + ", " + posWeight[i];
        int actual = Float.floatToIntBits(java.of(leaf, i));
        assertEquals(Float.floatToIntBits(expected), actual, what);
      }
    }
  }

  private float leaf(String leaf) {
    return switch (leaf) {
      case "out.loss.hi" -> hi(b.out.loss);
      case "out.loss.lo" -> lo(b.out.loss);
      case "out.slope" -> b.out.slope;
      default -> b.out.bend;
    };
  }

  @ParameterizedTest
  @CsvSource({
    "BINARY_CROSS_ENTROPY_WITH_LOGITS, sigmoid_bce, HESSIAN",
    "BINARY_CROSS_ENTROPY_WITH_LOGITS, sigmoid_bce, HESSIAN POS_WEIGHT",
    "BINARY_CROSS_ENTROPY_WITH_LOGITS, sigmoid_bce, HESSIAN LABEL_SMOOTHING",
    "BINARY_CROSS_ENTROPY_WITH_LOGITS, sigmoid_bce, HESSIAN LABEL_SMOOTHING POS_WEIGHT",
    "BINARY_CROSS_ENTROPY, sigmoid_bce bce, ''",
    "BINARY_CROSS_ENTROPY, sigmoid_bce bce, LABEL_SMOOTHING",
    "SIGMOID_FOCAL_LOSS, sigmoid_bce sigmoid_focal, HESSIAN",
    "SIGMOID_FOCAL_LOSS, sigmoid_bce sigmoid_focal, HESSIAN POS_WEIGHT",
    "SIGMOID_FOCAL_LOSS, sigmoid_bce sigmoid_focal, HESSIAN SQUARE",
    "SIGMOID_FOCAL_LOSS, sigmoid_bce sigmoid_focal, HESSIAN SQUARE POS_WEIGHT",
    "KL_DIV, kl_div, ''",
    "KL_DIV, kl_div, LOG_TARGET",
  })
  void formulasAreTheKernels(Function function, String kernels, String features)
      throws IOException {
    List<String> given = List.of(features.split(" "));
    program = program(kernels, given);
    fill(function == Function.BINARY_CROSS_ENTROPY);
    b.w = w;
    b.posWeight = given.contains("POS_WEIGHT") ? posWeight : null;
    b.smooth = given.contains("LABEL_SMOOTHING");
    b.keep = pair(0.9f, 0x1p-29f);
    b.spreadE = 0.05f;
    b.square = given.contains("SQUARE");
    b.gamma = 1.7f;
    b.alphaOfOne = 0.3f;
    b.alphaOfZero = 0.7f;
    b.least = 1e-3f;
    b.logTarget = given.contains("LOG_TARGET");
    ElementFormulas formulas = CpuBce.formulas(function, b);
    String weighted = b.posWeight == null ? "0" : "1";
    Java element =
        (leaf, i) -> {
          formulas.element(x[i], t[i], posWeight[i], b, b.out);
          return leaf(leaf);
        };
    Java bend =
        (leaf, i) -> {
          formulas.bend(x[i], t[i], posWeight[i], b, b.out);
          return leaf(leaf);
        };
    Java loss =
        (leaf, i) -> {
          formulas.loss(x[i], t[i], posWeight[i], b, b.out);
          return leaf(leaf);
        };
    List<String> losses = List.of("out.loss.hi", "out.loss.lo");
    List<String> leaves = List.of("out.loss.hi", "out.loss.lo", "out.slope");
    if (function == Function.BINARY_CROSS_ENTROPY_WITH_LOGITS) {
      String arguments = "x t pos_weight b " + weighted;
      same("logit_element", arguments + " b.least", losses, loss);
      same("logit_element", arguments + " b.least", leaves, element);
      same("logit_element", arguments + " b.least", List.of("out.bend"), bend);
      Java limit = (leaf, i) -> hi(formulas.limit(x[i], t[i], posWeight[i], b, w[i]));
      same("logit_limit", arguments + " w", List.of("out.hi"), limit);
      return;
    }
    String arguments = "x t pos_weight b " + weighted + " 1 ";
    same("element_of", arguments + "0", losses, loss);
    same("element_of", arguments + "0", leaves, element);
    if (given.contains("HESSIAN")) {
      same("element_of", arguments + "0", List.of("out.bend"), bend);
    }
    Java careful =
        (leaf, i) -> {
          formulas.element(x[i], t[i], posWeight[i], b, b.out);
          formulas.careful(x[i], t[i], posWeight[i], b, b.out);
          return leaf(leaf);
        };
    same("element_of", arguments + "1", leaves, careful);
  }
}
