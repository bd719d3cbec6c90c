package io.github.fusedloss.benchmarks;

import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.fusedloss.ElementType;
import java.util.List;
import org.junit.jupiter.api.Test;

/** 16-bit storage is judged to one rounding, as sharply as the type allows. */
class CheckTest {
  private static final List<ElementType> TYPES = List.of(ElementType.FLOAT16, ElementType.BFLOAT16);

  /** A thousand elements, and rows as short and as long as those of the works. */
  private static final long[][] SHAPES = {{1000}, {64, 10}, {16, 1000}};

  private static Problem problem(ElementType dtype, long[] shape) {
    return Problem.of(
        new Work(
            shape.length == 1
                ? Work.Function.BINARY_CROSS_ENTROPY_WITH_LOGITS
                : Work.Function.CROSS_ENTROPY,
            Work.Options.NONE,
            shape,
            dtype,
            true,
            true));
  }

  /** The exact gradient as the type stores it, its largest element {@code steps} numbers away. */
  private static Call.Outcome stored(Problem problem, int steps) {
    ElementType dtype = problem.work().dtype();
    float[] values = new float[problem.values().length];
    int largest = 0;
    for (int i = 0; i < values.length; i++) {
      values[i] = dtype.decode(dtype.encode((float) problem.values()[i]));
      largest = Math.abs(values[i]) > Math.abs(values[largest]) ? i : largest;
    }
    values[largest] = dtype.decode((short) (dtype.encode(values[largest]) + steps));
    return new Call.Outcome(problem.scalar(), values);
  }

  @Test
  void roundedOncePasses() {
    for (ElementType dtype : TYPES) {
      for (long[] shape : SHAPES) {
        Problem problem = problem(dtype, shape);
        Check.check(problem, stored(problem, 0), true);
      }
    }
  }

  /** The next number may be within what float32 is allowed; 4 away no number is. */
  @Test
  void fewStepsAwayIsCaught() {
    for (ElementType dtype : TYPES) {
      for (long[] shape : SHAPES) {
        Problem problem = problem(dtype, shape);
        assertThrows(
            Check.WrongResultException.class,
            () -> Check.check(problem, stored(problem, 4), true),
            problem.work()::key);
      }
    }
  }

  /** The looser tolerance of arithmetic in 16 bits lets no gradient of zeros pass. */
  @Test
  void zerosAreCaughtAlways() {
    for (ElementType dtype : TYPES) {
      for (long[] shape : SHAPES) {
        Problem problem = problem(dtype, shape);
        Call.Outcome zeros = new Call.Outcome(problem.scalar(), new float[problem.values().length]);
        assertThrows(Check.WrongResultException.class, () -> Check.check(problem, zeros, false));
      }
    }
  }

  @Test
  void ourExecutorsPass() throws Exception {
    for (ElementType dtype : TYPES) {
      for (long[] shape : SHAPES) {
        for (boolean onDevice : new boolean[] {false, true}) {
          Problem problem = problem(dtype, shape);
          try (Provider provider = new FusedLossProvider("cpu:scalar", onDevice);
              Call call = provider.prepare(problem)) {
            call.run();
            Check.check(problem, call.outcome(), provider.roundsOnce());
          }
        }
      }
    }
  }
}
