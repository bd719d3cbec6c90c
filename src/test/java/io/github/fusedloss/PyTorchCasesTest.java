package io.github.fusedloss;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fusedloss.PyTorchCases.Case;
import io.github.fusedloss.PyTorchCases.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The data set is whole, covers what it claims to cover, and was read as it was written. */
@Tag("once") // It looks at the cases, not at what is computed.
class PyTorchCasesTest {
  private static final List<Case> ALL = PyTorchCases.all();
  private static final Set<String> REDUCTIONS = Set.of("none", "mean", "sum");

  @Test
  void countsPerLoss() {
    Map<String, Long> counts =
        ALL.stream().collect(Collectors.groupingBy(Case::loss, Collectors.counting()));
    assertEquals(
        Map.ofEntries(
            Map.entry("binary_cross_entropy_with_logits", 300L),
            Map.entry("binary_cross_entropy", 96L),
            // and with z-loss, soft cap, temperature
            Map.entry("cross_entropy", 496L + 45),
            Map.entry("kl_div", 48L),
            Map.entry("distillation", 48L),
            Map.entry("sigmoid_focal_loss", 72L),
            Map.entry("nll_loss", 102L),
            Map.entry("log_softmax", 15L),
            Map.entry("softmax", 15L),
            Map.entry("logsumexp", 15L),
            Map.entry("sigmoid", 17L)),
        counts);
    assertEquals(ALL.size(), ALL.stream().map(Case::name).distinct().count());
  }

  @Test
  void binaryLossesCoverTheirOptions() {
    Set<String> shapes = Set.of("[]", "[1]", "[5]", "[2, 3]", "[4, 3, 2]", "[0]", "[16]");
    List<Case> logits = PyTorchCases.of("binary_cross_entropy_with_logits");
    assertEquals(minus(shapes, "[16]"), values(logits, c -> text(c.input())));
    assertEquals(
        Set.of(
            "no",
            "[]",
            "[1]",
            "[5]",
            "[0]",
            "[2, 3]",
            "[3]",
            "[2, 1]",
            "[4, 3, 2]",
            "[3, 1]",
            "[2]"),
        values(logits, c -> text(c.weight())));
    assertEquals(
        Set.of("no", "[]", "[1]", "[5]", "[3]", "[2, 1]", "[2]", "[3, 1]"),
        values(logits, c -> text(c.posWeight())));
    assertEquals(REDUCTIONS, values(logits, Case::reduction));
    assertEquals(Set.of("normal", "large"), values(logits, c -> kind(c.input())));
    assertEquals(Set.of("soft", "hard", "outside"), values(logits, c -> kind(c.target())));

    List<Case> probabilities = PyTorchCases.of("binary_cross_entropy");
    assertEquals(shapes, values(probabilities, c -> text(c.input())));
    assertEquals(
        values(logits, c -> text(c.weight())),
        minus(values(probabilities, c -> text(c.weight())), "[16]"));
    assertEquals(REDUCTIONS, values(probabilities, Case::reduction));
    for (float p : new float[] {0, 1}) {
      for (float t : new float[] {0, 0.5f, 1}) {
        assertTrue(
            probabilities.stream().anyMatch(c -> hasPair(c, p, t)), "no pair " + p + ", " + t);
      }
    }
  }

  @Test
  void crossEntropyCrossesItsOptions() {
    for (boolean indices : new boolean[] {true, false}) {
      List<Case> cases =
          PyTorchCases.of("cross_entropy").stream()
              .filter(c -> (c.target().labels() != null) == indices)
              .toList();
      Set<Object> options =
          values(
              cases,
              c -> List.of(c.weight() != null, c.labelSmoothing(), c.reduction(), ignoring(c)));
      // 2 x 3 x 3, and for indices: no ignored row, ignored by -100, ignored by a class.
      assertEquals(indices ? 2 * 3 * 3 * 3 : 2 * 3 * 3, options.size(), options.toString());
      assertEquals(Set.of(0f, 0.1f, 1f), values(cases, Case::labelSmoothing));
      assertTrue(values(cases, c -> c.input().shape().length).containsAll(Set.of(1, 2, 3, 4)));
      assertTrue(values(cases, c -> classes(c.input())).containsAll(Set.of(1, 3, 10, 65)));
      assertTrue(values(cases, c -> kind(c.input())).containsAll(Set.of("large", "shifted")));
      assertTrue(cases.stream().anyMatch(c -> c.input().floats().length == 0));
    }
    assertTrue(
        PyTorchCases.of("cross_entropy").stream()
            .anyMatch(
                c ->
                    c.reduction().equals("sum")
                        && c.target().name().startsWith("all-ignored")
                        && c.output()[0] == 0));
  }

  @Test
  void nllLossCrossesItsOptions() {
    List<Case> cases = PyTorchCases.of("nll_loss");
    Set<Object> options =
        values(cases, c -> List.of(c.weight() != null, c.reduction(), ignoring(c)));
    assertEquals(2 * 3 * 3, options.size(), options.toString());
    assertEquals(Set.of(1, 2, 3, 4), values(cases, c -> c.input().shape().length));
  }

  @Test
  void inputsAreFinite() {
    for (Case c : ALL) {
      for (Tensor t : new Tensor[] {c.input(), c.target(), c.weight(), c.posWeight()}) {
        for (int i = 0; t != null && t.floats() != null && i < t.floats().length; i++) {
          assertTrue(Float.isFinite(t.floats()[i]), t.name());
        }
      }
    }
  }

  /** One all-ones upstream gradient would hide a gradient that forgets to multiply by it. */
  @Test
  void upstreamGradientsVary() {
    for (Case c : ALL) {
      for (float g : c.upstream().floats()) {
        assertTrue(g != 0 && g != 1, c.name());
      }
    }
  }

  /** The digits survive the way through the file; exact values from the definition in float64. */
  @Test
  void precisionCasesShowWhatFloat32Loses() {
    Map<String, Case> cases =
        PyTorchCases.precision().stream().collect(Collectors.toMap(Case::name, c -> c));
    String binary = "binary_cross_entropy_with_logits/";
    String name = binary + "x=-15.0,t=0.0:scalar/t=0.0:scalar/sum";
    assertEquals(Math.log1p(Math.exp(-15)), one(cases, name + "/float64").output()[0], 2e-15);
    assertEquals(0, one(cases, name + "/float32").output()[0]);

    name = binary + "x=17.0,t=1.0:scalar/t=1.0:scalar/sum";
    double sigmoid = 1 / (1 + Math.exp(17));
    assertEquals(-sigmoid, one(cases, name + "/float64").gradient()[0], 2e-16);
    assertEquals(0, one(cases, name + "/float32").gradient()[0]);

    name = "cross_entropy/x=[17.0,0.0,0.0,0.0]:4/y=0:scalar/sum";
    assertEquals(Math.log1p(3 * Math.exp(-17)), one(cases, name + "/float64").output()[0], 1e-15);
    assertEquals(0, one(cases, name + "/float32").output()[0]);

    name = "cross_entropy/x=[10000.0,10000.0]:2/y=0:scalar/sum";
    assertEquals(Math.log(2), one(cases, name + "/float64").output()[0], 2e-16);
    assertEquals((float) Math.log(2), one(cases, name + "/float32").output()[0], 1e-7);
  }

  private static Case one(Map<String, Case> cases, String name) {
    Case c = cases.get(name);
    assertNotNull(c, name);
    return c;
  }

  private static <T> Set<T> values(List<Case> cases, Function<Case, T> value) {
    return cases.stream().map(value).collect(Collectors.toSet());
  }

  private static Set<String> minus(Set<String> set, String value) {
    Set<String> rest = new TreeSet<>(set);
    assertTrue(rest.remove(value), value);
    return rest;
  }

  private static boolean hasPair(Case c, float p, float t) {
    return IntStream.range(0, c.input().floats().length)
        .anyMatch(i -> c.input().floats()[i] == p && c.target().floats()[i] == t);
  }

  private static String text(Tensor tensor) {
    return tensor == null ? "no" : Arrays.toString(tensor.shape());
  }

  private static String kind(Tensor tensor) {
    return tensor.name().substring(0, tensor.name().indexOf(':'));
  }

  private static int classes(Tensor input) {
    return input.shape()[input.shape().length > 1 ? 1 : 0];
  }

  /** How rows are ignored in this case: not, by a value outside the classes, or by a class. */
  private static String ignoring(Case c) {
    if (c.target().labels() == null
        || Arrays.stream(c.target().labels()).noneMatch(y -> y == c.ignoreIndex())) {
      return "none";
    }
    boolean inside = c.ignoreIndex() >= 0 && c.ignoreIndex() < classes(c.input());
    return inside ? "class" : "outside";
  }
}
