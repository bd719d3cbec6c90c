package io.github.fusedloss.generator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fusedloss.generator.Graph.Form;
import io.github.fusedloss.generator.Recipe.Call;
import io.github.fusedloss.generator.Recipe.Memory;
import io.github.fusedloss.generator.Recipe.Method;
import io.github.fusedloss.generator.Recipe.Scope;
import io.github.fusedloss.generator.Recipe.Step;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("once") // The generator runs when the library is made.
class RecipesTest {
  private static List<Recipe> read(String... lines) {
    return new Recipes().add("a.txt", String.join("\n", lines)).all();
  }

  private static Recipe block(String... lines) {
    String text = "block B of RowBlock as vectors, loops\n  " + String.join("\n  ", lines);
    return read("kernel b.cl", text).get(0);
  }

  private static Step step(Scope scope, String result, String function, String... arguments) {
    Call call = new Call(result, function, List.of(arguments));
    return new Step(scope, call, false, List.of(), "n", null);
  }

  @Test
  void theFirstLineSaysWhatIsMade() {
    List<Recipe> recipes =
        read(
            "# A comment.",
            "kernel b.cl after numerics.cl, a.cl",
            "functions One with X Y # and another",
            "  f, g",
            "",
            "block Two of RowBlock as loops");
    assertEquals(List.of("numerics.cl", "a.cl", "b.cl"), recipes.get(0).files());
    assertEquals("kernels/b.cl", recipes.get(0).kernel());
    assertEquals("functions", recipes.get(0).kind());
    assertEquals("One", recipes.get(0).name());
    assertEquals(List.of("X", "Y"), recipes.get(0).features());
    assertEquals("RowBlock", recipes.get(1).type());
    assertEquals(List.of("loops"), recipes.get(1).as());
    assertEquals(List.of(), recipes.get(1).features());
  }

  @Test
  void methodsHaveTheKernelsNamesOrTheirOwn() {
    Recipe recipe = read("functions A", "  f, g", "  h: row = set(row, max)", "  i: g(x)").get(0);
    assertEquals(
        List.of(
            new Method("f", new Call("result", "f", null)),
            new Method("g", new Call("result", "g", null)),
            new Method("h", new Call("row", "set", List.of("row", "max"))),
            new Method("i", new Call("result", "g", List.of("x")))),
        recipe.methods());
  }

  @Test
  void methodsGiveSomeFieldsAndTakeNumbers() {
    Recipe recipe = read("formulas A of B", "  f: o.a o.b = g(x, 1)", "  java int c() {}").get(0);
    Call call = new Call("o.a o.b", "g", List.of("x", "1"));
    assertEquals(List.of(new Method("f", call)), recipe.methods());
    assertEquals("int c() {}", recipe.steps().get(0).java());
  }

  @Test
  void valuesAreWhereTheBlockHasThem() {
    Recipe recipe =
        block(
            "arrays x, y = b.z",
            "optional w",
            "kept e",
            "lines l if far",
            "rows max, log.hi = b.logHi",
            "lanes sum.hi = lanes.hi",
            "numbers scale, at_y",
            "pairs keep = b.keep");
    assertEquals(
        Map.of(
            "x", new Memory("b.x", "b.xAt + start", "", false),
            "y", new Memory("b.z", "b.zAt + start", "", false),
            "w", new Memory("b.w", "b.wAt + start", "b.w != null", false),
            "e", new Memory("b.e", "b.eAt + start", "b.e != null", true),
            "l", new Memory("b.l", "start", "b.far", false),
            "max", new Memory("b.max", null, "", false),
            "log.hi", new Memory("b.logHi", null, "", false),
            "sum.hi", new Memory("lanes.hi", "Blocks.lane(start)", "", false)),
        recipe.memory());
    assertEquals(
        Map.of(
            "scale", "b.scale", "at_y", "b.atY", "keep.hi", "hi(b.keep)", "keep.lo", "lo(b.keep)"),
        recipe.numbers());
    assertTrue(recipe.ofTile());
  }

  @Test
  void whatStandsBelowALineIsDoneWhereThatSays() {
    Recipe recipe =
        block(
            "optional w, v",
            "a = f(x)",
            "if !w && far",
            "  if v || settings.smooth",
            "    b = f(x, y.hi)",
            "  in vectors",
            "    c = f(x)",
            "  in loops",
            "    choosing",
            "      c = f(x)",
            "finite",
            "  d = f(x)",
            "  choosing",
            "    d = f(x)");
    String far = "b.w == null && b.far";
    assertEquals(
        List.of(
            step(new Scope("", Form.ALL, Form.LOOPS), "a", "f", "x"),
            step(
                new Scope(far + " && (b.v != null || b.settings.smooth)", Form.ALL, Form.LOOPS),
                "b",
                "f",
                "x",
                "y.hi"),
            step(new Scope(far, Form.ALL, null), "c", "f", "x"),
            step(new Scope(far, null, Form.ALL), "c", "f", "x"),
            step(new Scope("", Form.FINITE, Form.LOOPS), "d", "f", "x"),
            step(new Scope("", Form.FINITE, Form.ALL), "d", "f", "x")),
        recipe.steps());
  }

  @Test
  void javaIsForLoops() {
    Recipe recipe = block("if far", "  java f({v.hi}, n); // b");
    Scope scope = new Scope("b.far", null, Form.LOOPS);
    assertEquals(
        List.of(new Step(scope, null, false, List.of(), null, "f({v.hi}, n); // b")),
        recipe.steps());
  }

  @Test
  void stepsFoldAndFetch() {
    Recipe recipe =
        block("a = f(x) fetching x, t", "a = f(a) fetching x after b.n", "fold a = f(a)");
    assertEquals(List.of("x", "t"), recipe.steps().get(0).ahead());
    assertEquals("n", recipe.steps().get(0).further());
    assertEquals(List.of("x"), recipe.steps().get(1).ahead());
    assertEquals("b.n", recipe.steps().get(1).further());
    assertTrue(recipe.steps().get(2).folds());
  }

  @Test
  void partsOfAnyFileAreIncluded() {
    Recipes recipes = new Recipes();
    recipes.add("a.txt", "block B of RowBlock as loops\n  include p y lanes.more");
    recipes.add(
        "b.txt", "part p $value $to\n  if far\n    include q $to\n    $value = f($value.hi)");
    recipes.add("c.txt", "part q $a\n  numbers $a.hi, other");
    Recipe recipe = recipes.all().get(0);
    assertEquals(Set.of("lanes.more.hi", "other"), recipe.numbers().keySet());
    Scope far = new Scope("b.far", Form.ALL, Form.LOOPS);
    assertEquals(List.of(step(far, "y", "f", "y.hi")), recipe.steps());
  }

  @Test
  void linesBelowAFeatureAreForKernelsWithIt() {
    String lines = "\n  if X_1\n    numbers n\n  if Y\n    java 1;";
    Recipe recipe = read("block B of RowBlock as loops with Z X_1" + lines).get(0);
    assertEquals(Map.of("n", "b.n"), recipe.numbers());
    assertEquals(List.of(), recipe.steps());
  }

  /** Lines of a file, with a bar between them. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '@',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "blocks B of X as loops@1: blocks B of X as loops: no kernel, functions, formulas, block or part",
        "block B of X@1: block B of X: no kernel, functions, formulas, block or part",
        "block B of X as passes@1: block B of X as passes: no kernel, functions, formulas, block or part",
        "formulas F@1: formulas F: no kernel, functions, formulas, block or part",
        "part p|part p@2: part p: there is such a part already",
        "functions F|    f@2: f: stands too far to the right",
        "functions F|  f(x)@2: f(x): no function, and no method: function(arguments)",
        "block B of X as loops|  array x@2: array x: no word of recipes, and no result = function(arguments)",
        "block B of X as loops|  y = 1@2: y = 1: no word of recipes, and no result = function(arguments)",
        "block B of X as loops|  y = f(x) fetch x@2: y = f(x) fetch x: no word of recipes, and no result = function(arguments)",
        "block B of X as loops|  fold y = f(y) fetching x@2: fold y = f(y) fetching x: a fold fetches nothing",
        "block B of X as loops|  arrays x y@2: arrays x y: x y is no name, nor name = Java",
        "block B of X as loops|  include p@2: include p: no such part",
        "part p|  include q|part q|  include p|block B of X as loops|  include p@4: include p: it includes itself",
        "part p $a|block B of X as loops|  include p@3: include p: it takes as many values as part p $a",
        "block B of X as loops|  in passes|    y = f(x)@2: in passes: neither vectors nor loops",
        "block B of X as loops|  if w@2: if w: nothing stands below it",
        "block B of X as loops|  arrays x|    y = f(x)@2: arrays x: nothing may stand below it",
      })
  void refusesAndSaysWhichLine(String lines, String message) {
    Exception e = assertThrows(IllegalArgumentException.class, () -> read(lines.split("\\|")));
    assertEquals("a.txt:" + message, e.getMessage());
  }

  @Test
  void whatAStepNeedsIsThereBefore() {
    String kernel = "typedef float fvec;\nINLINE fvec f(fvec x) { return x + 1.0f; }\n";
    Program program = new Program(Source.of(kernel));
    Recipe right = block("arrays x, y", "z = f(x)", "y = f(z)");
    assertEquals(2, new Plan(right, program, true, 14).items.size());
    Recipe wrong = block("arrays x, y", "y = f(z)", "z = f(x)");
    for (boolean loops : new boolean[] {false, true}) {
      Exception e =
          assertThrows(IllegalArgumentException.class, () -> new Plan(wrong, program, loops, 14));
      assertEquals("z is neither declared nor computed before", e.getMessage());
    }
  }

  /** Else the array would hold what it held before. */
  @Test
  void aNumberUnderTheNameOfAnArrayIsRefused() {
    String kernel =
        "typedef float fvec;\nINLINE fvec one(fvec x) { return (fvec)(1.0f); }\n"
            + "INLINE fvec f(fvec x) { return x + 1.0f; }\n";
    Program program = new Program(Source.of(kernel));
    Recipe wrong = block("arrays x, y", "if a", "  z = one(x)", "if !a", "  z = f(x)", "y = f(z)");
    for (boolean loops : new boolean[] {false, true}) {
      Exception e =
          assertThrows(IllegalArgumentException.class, () -> new Plan(wrong, program, loops, 14));
      assertEquals("one stores no z, a number or an argument; other steps do", e.getMessage());
    }
  }
}
