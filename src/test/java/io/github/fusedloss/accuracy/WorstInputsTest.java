package io.github.fusedloss.accuracy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fusedloss.FusedLoss;
import io.github.fusedloss.OpenDevices;
import io.github.fusedloss.accuracy.PointJudge.Verdict;
import io.github.fusedloss.accuracy.WorstInputs.Line;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The worst inputs that were ever found keep their promises, with the same bits everywhere. */
@Tag("once") // SameBitsTest and KnownAnswersTest show that other JVMs give these bits.
class WorstInputsTest {
  private static final List<FusedLoss> EXECUTORS = OpenDevices.all();

  static List<Line> inputs() {
    return WorstInputs.all();
  }

  @ParameterizedTest
  @MethodSource("inputs")
  void keepsItsPromise(Line line) {
    Point.Computed first = line.point().compute(EXECUTORS.get(0));
    for (FusedLoss fused : EXECUTORS) {
      Point.Computed computed = line.point().compute(fused);
      assertTrue(
          WorstInputs.sameBits(first, computed),
          () -> fused.device() + " has other bits than " + EXECUTORS.get(0).device());
    }
    if (!line.is("outside")) {
      Verdict verdict = PointJudge.judge(line.point().promise(), line.point(), first);
      assertEquals(!line.is("broken"), verdict.kept(), verdict::toString);
    }
  }

  /** What the search prints can be read back. */
  @Test
  void linesAreReadAsTheyAreWritten() {
    for (Line line : WorstInputs.all()) {
      String written = line.point().toString();
      assertEquals(written, Point.parse(written).toString());
    }
  }
}
