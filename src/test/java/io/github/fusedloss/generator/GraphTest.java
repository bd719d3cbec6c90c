package io.github.fusedloss.generator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fusedloss.generator.Cuts.Pass;
import io.github.fusedloss.generator.Graph.Form;
import io.github.fusedloss.generator.Graph.Node;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Formulas made simpler and cut, beside the kernels' text, interpreted. */
@Tag("once") // The generator runs when the library is made.
class GraphTest {
  private static final int N = 1 << 14;

  private static final List<String> FUNCTIONS =
      List.of(
          "normalise",
          "pair_add",
          "pair_mul",
          "exp_minus",
          "log1p_unit",
          "log1p_pair",
          "divide",
          "clamped_log",
          "clamped_log_complement",
          "logistic",
          "logit_loss",
          "pos_weighted_loss",
          "logit_slope",
          "finish",
          "term_of_other",
          "smoothed_share",
          "weighted_distance",
          "share_gradient",
          "log_of_softmax");

  private static Program program() throws IOException {
    Path kernels = Path.of("kernels");
    return new Program(
        Source.read(
            kernels.resolve("numerics.cl"),
            kernels.resolve("bce.cl"),
            kernels.resolve("sigmoid_bce.cl"),
            kernels.resolve("rows.cl"),
            kernels.resolve("cross_entropy.cl"),
            kernels.resolve("softmax.cl")));
  }

  private static <V> Map<String, V> call(
      Program program,
      Domain<V> domain,
      String function,
      java.util.function.Function<String, V> in) {
    List<String> names = program.parameters(function).stream().map(Program.Variable::name).toList();
    return new Evaluator<>(program, domain).call(function, names, "r", in);
  }

  /** Runs the passes one after the other, each knowing only what was stored before. */
  private static Map<Node, int[]> run(List<Pass> passes, Map<String, int[]> inputs) {
    Interpreter interpreter = new Interpreter(N);
    Map<Node, int[]> stored = new HashMap<>();
    for (Pass pass : passes) {
      Map<Node, int[]> values = new HashMap<>();
      for (Node n : pass.loads()) {
        values.put(n, n.leaf != null ? inputs.get(n.leaf) : stored.get(n));
      }
      for (Node n : pass.body()) {
        List<int[]> a = new ArrayList<>();
        for (Node argument : n.arguments) {
          boolean constant = argument.isConstant();
          a.add(
              constant ? interpreter.constant(argument.kind, argument.bits) : values.get(argument));
        }
        values.put(n, interpreter.apply(n.op, a));
      }
      pass.stores().forEach(n -> stored.put(n, values.get(n)));
    }
    return stored;
  }

  @Test
  void passesComputeWhatTheKernelSays() throws IOException {
    Program program = program();
    for (String function : FUNCTIONS) {
      Random random = new Random(7);
      Map<String, int[]> inputs = new HashMap<>();
      Map<String, int[]> expected =
          call(
              program,
              new Interpreter(N),
              function,
              leaf ->
                  inputs.computeIfAbsent(
                      leaf,
                      // Probabilities, or numbers of any size for which the kernel stays finite.
                      l -> random.ints(N).map(i -> bits(i, random)).toArray()));
      for (Form form : Form.values()) {
        if (form == Form.LOOPS && function.equals("divide")) {
          continue; // It chooses between a quotient and infinity, which no product with 0 does.
        }
        for (int limit : new int[] {5, 14, 23, 1000}) {
          Graph graph = new Graph(form);
          Map<String, Node> results = call(program, graph, function, graph::input);
          results.values().removeIf(n -> n.kind == Type.MASK);
          Set<Node> wanted = new LinkedHashSet<>(results.values());
          List<Pass> passes = Cuts.of(wanted, limit, form == Form.LOOPS);
          passes.forEach(p -> assertTrue(p.body().size() <= Math.max(limit, 8), function));
          Map<Node, int[]> stored = run(passes, inputs);
          results.forEach(
              (leaf, n) -> same(expected.get(leaf), stored.get(n), form, function + " " + leaf));
        }
      }
    }
  }

  private static int bits(int i, Random random) {
    float unit = random.nextFloat();
    return Float.floatToRawIntBits(
        i % 16 == 0 ? Math.round(unit) : unit * (i % 3 == 0 ? 1f : 0x1p-20f));
  }

  private static void same(int[] expected, int[] actual, Form form, String what) {
    for (int i = 0; i < N; i++) {
      float e = Float.intBitsToFloat(expected[i]);
      float a = Float.intBitsToFloat(actual[i]);
      boolean judged = form != Form.ALL && !(Math.abs(e) < Float.POSITIVE_INFINITY);
      boolean zeros = form == Form.LOOPS && e == 0f && a == 0f;
      if (expected[i] != actual[i] && !judged && !zeros && (e == e || a == a)) {
        assertEquals(e, a, form + " " + what);
      }
    }
  }
}
