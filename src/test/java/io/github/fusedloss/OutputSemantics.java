package io.github.fusedloss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import java.util.function.Consumer;

/** The rows of docs/semantics.md about {@link Outputs}. */
final class OutputSemantics {
  private static final float NAN = Float.NaN;
  private static final float INF = Float.POSITIVE_INFINITY;
  private static final float LN2 = (float) Math.log(2);

  private OutputSemantics() {}

  static void rows(Map<String, Consumer<FusedLoss>> rows) {
    rows.put(
        "O1",
        fused -> {
          expect(fused, new float[] {NAN, 1}, -100, new float[3], -1, -1);
          Tensor x = Tensor.of(new float[] {NAN, 1}, 1, 2);
          Target target = Target.of(Tensor.of(new int[] {7}, 1));
          Tensor mask = Tensor.of(new boolean[] {false}, 1);
          Tensor weights = Tensor.of(new float[] {0}, 1);
          expect(fused, x, target.mask(mask), new float[3], -1, -1);
          expect(fused, x, target.rowWeights(weights), new float[3], -1, -1);
        });
    rows.put(
        "O2",
        fused -> {
          expect(fused, new float[] {NAN, 1}, 1, new float[] {NAN, NAN, NAN}, -1, -1);
          expect(fused, new float[] {INF, NAN, 1}, 0, new float[] {NAN, NAN, NAN}, -1, -1);
        });
    rows.put(
        "O3",
        fused -> {
          float[] undefined = {INF, NAN, NAN};
          expect(fused, new float[] {1, INF, INF}, 0, undefined, 1, 2);
          expect(fused, new float[] {1, INF, INF}, 2, undefined, 1, 1);
        });
    rows.put(
        "O4",
        fused -> expect(fused, new float[] {-INF, -INF}, 1, new float[] {-INF, NAN, NAN}, 0, 1));
    rows.put(
        "O5",
        fused -> expect(fused, new float[] {0, -INF, 0}, 1, new float[] {LN2, -INF, LN2}, 0, 2));
    rows.put(
        "O6",
        fused -> {
          float[] both = {LN2, -LN2, LN2};
          expect(fused, new float[] {0, 0, -INF}, 0, both, 0, 0);
          expect(fused, new float[] {0, 0, -INF}, 1, both, 0, 1);
        });
    rows.put(
        "O7", fused -> expect(fused, new float[] {-INF, 5, -INF}, 1, new float[] {5, 0, 0}, 1, 0));
  }

  private static void expect(
      FusedLoss fused, float[] x, int y, float[] numbers, int argmax, int rank) {
    Target target = Target.of(Tensor.of(new int[] {y}, 1));
    expect(fused, Tensor.of(x, 1, x.length), target, numbers, argmax, rank);
  }

  private static void expect(
      FusedLoss fused, Tensor x, Target target, float[] numbers, int argmax, int rank) {
    Outputs all = Outputs.of(Output.values());
    try (LossResult r = fused.forward(CrossEntropy.DEFAULT, x, target, all)) {
      float[] actual = {
        r.output(Output.LSE).toFloatArray()[0],
        r.output(Output.TARGET_LOG_PROBABILITY).toFloatArray()[0],
        r.output(Output.ENTROPY).toFloatArray()[0]
      };
      assertArrayEquals(numbers, actual);
      assertEquals(argmax, r.output(Output.ARGMAX).toLongArray()[0]);
      assertEquals(rank, r.output(Output.RANK).toLongArray()[0]);
    }
  }
}
