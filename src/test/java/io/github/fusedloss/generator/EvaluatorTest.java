package io.github.fusedloss.generator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Checks which OpenCL C the generator reads, and which it refuses. */
@Tag("once") // The generator runs when the library is made.
class EvaluatorTest {
  private static final String TYPES =
      "#define LESS -2.0f\ntypedef float fvec; typedef int ivec; typedef uint uvec;\n"
          + "typedef struct { fvec hi, lo; } pair;\n"
          + "typedef struct { pair sum; ivec some; } part;\n";

  private static Map<String, int[]> call(String text, String function, float... arguments) {
    Program program = new Program(Source.of(TYPES + text));
    List<String> names = program.parameters(function).stream().map(Program.Variable::name).toList();
    return new Evaluator<>(program, new Interpreter(2))
        .call(
            function,
            names,
            "r",
            leaf -> {
              String name = leaf.replaceAll("\\..*", "");
              float value = arguments[names.indexOf(name)];
              return new int[] {Float.floatToRawIntBits(value), Float.floatToRawIntBits(-value)};
            });
  }

  /** Computes {@code fvec f(fvec a, fvec b)} with this body. */
  private static float f(String body, float a, float b) {
    int[] bits = call("INLINE fvec f(fvec a, fvec b) {" + body + "}", "f", a, b).get("r");
    return Float.intBitsToFloat(bits[0]);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '@',
      value = {
        "return a + b * 2.0f;                                      @ 13",
        "return (a + b) * 2.0f;                                    @ 16",
        "return a - b - 1.0f;                                      @ -3",
        "return -a * -b;                                           @ 15",
        "fvec c = a, d; d = c * b; d += 1.0f; return d;            @ 16",
        "return a < b ? a > b ? 1.0f : 2.0f : 3.0f;                @ 2",
        "return a < b && !(a == b) || a > b ? 1.0f : 0.0f;         @ 1",
        "return fma(a, b, -1.0f) + fabs(-a);                       @ 17",
        "return (fvec)(0x1.8p+1f) + (fvec)(1e1f);                  @ 13",
        "return as_float(as_uint(a) + (1u << 23));                 @ 6",
        "return as_float((as_uint(a) & 0x7f800000u) | 0x400000u);  @ 3",
        "return convert_float(as_int(-1) >> 1);                    @ -1",
        "return as_float(as_uint(-2.0f) >> 1 << 1);                @ -2",
        "return convert_float(convert_int(a * -0.9f) - 1);         @ -3",
        "ivec c = a < b; return c ? b : a;                         @ 5",
        "pair p; p.hi = a; p.lo = b; pair q = p; q.hi = b; return p.hi;   @ 3",
        "if (1 == 2) { return a; } else return b; return a;        @ 5",
        "pair p, q; p.hi = p.lo = a; q.hi = b; q.lo = b; p = q; q.hi = a; return p.hi;  @ 5",
        "return a * -LESS;                                         @ 6",
      })
  void computes(String body, float expected) {
    assertEquals(expected, f(body, 3f, 5f));
  }

  @Test
  void structuresAreValuesAndPointersAreNot() {
    String functions =
        "INLINE pair two(fvec a, fvec b) { pair p; p.hi = a; p.lo = b; return p; }\n"
            + "INLINE void change(part *p, pair q) { p->sum.lo = 7.0f; q.hi = 9.0f; }\n"
            + "INLINE fvec same(const part *p, const part *q) { return p == q ? 1.0f : 0.0f; }\n"
            + "INLINE part f(fvec a, fvec b) { part p, z; p.sum = two(a, b); p.some = a < b;\n"
            + "  pair q = two(a, a); change(&p, q); z = p;\n"
            + "  p.sum.hi = q.hi + same(&p, &p) * 100.0f + same(&p, &z) * 1000.0f; return p; }\n";
    Map<String, int[]> part = call(functions, "f", 3f, 5f);
    assertEquals(List.of("r.sum.hi", "r.sum.lo", "r.some"), List.copyOf(part.keySet()));
    assertEquals(103f, Float.intBitsToFloat(part.get("r.sum.hi")[0]));
    assertEquals(7f, Float.intBitsToFloat(part.get("r.sum.lo")[0]));
    assertEquals(1, part.get("r.some")[0]);
  }

  @Test
  void refusesAnotherNumberOfArguments() {
    Program program = new Program(Source.of(TYPES + "INLINE fvec f(fvec a) { return a; }"));
    Evaluator<int[]> evaluator = new Evaluator<>(program, new Interpreter(1));
    for (List<String> arguments : List.of(List.<String>of(), List.of("a", "b"))) {
      Exception e =
          assertThrows(
              IllegalArgumentException.class,
              () -> evaluator.call("f", arguments, "r", leaf -> new int[1]));
      assertEquals("f: arguments expected: 1", e.getMessage());
    }
  }

  @Test
  void anArgumentMayBeANumber() {
    String choice = "INLINE fvec f(fvec a, int times) { if (times) return a + a; return a; }";
    Evaluator<int[]> evaluator =
        new Evaluator<>(new Program(Source.of(TYPES + choice)), new Interpreter(1));
    int[] three = {Float.floatToRawIntBits(3f)};
    for (int times = 0; times < 2; times++) {
      Map<String, int[]> r = evaluator.call("f", List.of("a", "" + times), "r", leaf -> three);
      assertEquals(3f * (1 + times), Float.intBitsToFloat(r.get("r")[0]));
    }
  }

  @Test
  void theBitsOfANanStay() {
    String body = "return a == a ? b : a;";
    float nan = Float.intBitsToFloat(0x7fc12345);
    assertEquals(0x7fc12345, Float.floatToRawIntBits(f(body, nan, 1f)));
    assertEquals(0x80000000, Float.floatToRawIntBits(f("return -(a * 0.0f);", 1f, 1f)));
  }

  @Test
  void thePreprocessorDecides() {
    String text =
        "#define ONE 1.0f // a constant\n#define TWICE(x) x x\n#define MORE \\\n  (ONE + ONE)\n"
            + "#if VEC == 1\n#define N 2.0f\n#elif VEC == 4\n#define N 3.0f\n#else\n#define N 4.0f\n"
            + "#endif\n#ifdef NONE\n#ifndef ALSO\n#define N 5.0f\n#else\n#define N 6.0f\n#endif\n#elif "
            + "defined(NONE)\n#define N 7.0f\n#endif\n"
            + "__kernel void k(__global float *x) { for (;;) x[0] /= 2; }\n"
            + "INLINE fvec g(__global float *x) { return x[0]; }\n"
            + "INLINE fvec f(fvec a) { return /* here */ MORE * N; }\n";
    assertEquals(4f, Float.intBitsToFloat(call(text, "f", 0f).get("r")[0]));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '@',
      quoteCharacter = '"',
      value = {
        "return a / b;                                  @ a / b: a formula has no DIVIDE of FLOAT",
        "return a + 1;                                  @ a + 1: types differ: FLOAT and INT",
        "return a * 2.0;                                @ 2.0: a double, not a float",
        "for (;;) a = b; return a;                      @ a formula has no FOR_LOOP",
        "return sqrt(a);                                @ sqrt(a): a formula cannot call sqrt",
        "return c;                                      @ c: not set yet, or no variable",
        "c = a; return c;                               @ c: no variable",
        "if (a < b) return a; return b;                 @ not known when the formula is generated",
        "fvec c; return c + a;                          @ c: not set yet, or no variable",
        "pair p; return p.hi;                           @ p.hi: not set yet, or no field",
        "ivec k = a; return a;                          @ int k = a: the value is of type FLOAT",
        "return a ? a : b;                              @ a ? a : b: types differ: FLOAT and MASK",
        "return as_int(a) < 2 ? a : b;                  @ as_int(a) < 2: a formula has no LESS_THAN",
        "return convert_float(a < b ? 3 : 4);           @ a < b ? 3 : 4: a formula has no choice of INT",
        "return as_float(as_int(a) ^ 1);                @ as_int(a) ^ 1: a formula has no XOR of INT",
        "return ++a;                                    @ ++a: a formula has no PREFIX_INCREMENT",
        "return a +;                                    @ illegal start of expression",
      })
  void refusesAndSaysWhat(String body, String message) {
    Exception e = assertThrows(IllegalArgumentException.class, () -> f(body, 3f, 5f));
    assertTrue(e.getMessage().contains(message), e.getMessage());
  }
}
