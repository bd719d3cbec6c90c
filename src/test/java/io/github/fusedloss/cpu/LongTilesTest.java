package io.github.fusedloss.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.fusedloss.CrossEntropy;
import io.github.fusedloss.FusedLoss;
import io.github.fusedloss.LossResult;
import io.github.fusedloss.Reduction;
import io.github.fusedloss.Tensor;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Long rows with many neighbours have the bits that they have with one, where each goes its own
 * way; whatever their logits are. BatchInvarianceTest shows that for ordinary ones.
 */
class LongTilesTest {
  /** Two whole blocks and a short one. */
  private static final int CLASSES = 8200;

  private static final String THREADS = "fusedloss.cpu.threads";

  /**
   * More neighbours than vectors (16) or loops (32) need, for one thread; two items of the batch.
   */
  private static final int INNER = 37;

  private static final int ROWS = 2 * INNER;

  private static final float[] SPECIAL = {
    Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 3e38f, -3e38f, 1e-40f, -0f, 90f
  };

  @Test
  void rowsAreAsAlone() {
    Random random = new Random(20261130);
    float[] x = new float[ROWS * CLASSES];
    int[] y = new int[ROWS];
    float[] weight = new float[CLASSES];
    for (int c = 0; c < CLASSES; c++) {
      weight[c] = c % 7 == 0 ? 0f : random.nextFloat();
    }
    for (int r = 0; r < ROWS; r++) {
      y[r] = r % 9 == 8 ? -100 : random.nextInt(CLASSES);
      for (int c = 0; c < CLASSES; c++) {
        x[at(r, c)] = (float) random.nextGaussian() * 5;
      }
      // A third of the rows has one of these somewhere, some at the target; one has nothing else.
      if (r % 3 == 0) {
        int c = r % 2 == 0 && y[r] >= 0 ? y[r] : random.nextInt(CLASSES);
        x[at(r, c)] = SPECIAL[r / 3 % SPECIAL.length];
      }
      for (int c = 0; r == 4 && c < CLASSES; c++) {
        x[at(r, c)] = Float.NEGATIVE_INFINITY;
      }
      // The first block has nothing that counts beside the others.
      for (int c = 0; r == 5 && c < Blocks.BLOCK; c++) {
        x[at(r, c)] = Float.NEGATIVE_INFINITY;
      }
    }
    CrossEntropy plain = CrossEntropy.DEFAULT.withReduction(Reduction.NONE);
    Tensor weights = Tensor.of(weight, CLASSES);
    boolean vectors = VectorSupport.unavailability().isEmpty();
    for (String name : vectors ? List.of("cpu:scalar", "cpu:vector") : List.of("cpu:scalar")) {
      System.setProperty(THREADS, "1");
      try (FusedLoss executor = FusedLoss.open(name)) {
        System.clearProperty(THREADS);
        for (CrossEntropy loss :
            List.of(plain, plain.withWeight(weights), plain.withZLoss(0.01f).withWeight(weights))) {
          check(executor, loss, x, y);
        }
      }
    }
  }

  private static int at(int row, int c) {
    return (row / INNER * CLASSES + c) * INNER + row % INNER;
  }

  private static void check(FusedLoss executor, CrossEntropy loss, float[] x, int[] y) {
    float[] gradient = x.clone(); // It takes the place of the logits.
    Tensor logits = Tensor.of(gradient, 2, CLASSES, INNER);
    float[] losses;
    try (LossResult forward =
        executor.forward(loss, Tensor.of(x, 2, CLASSES, INNER), Tensor.of(y, 2, INNER))) {
      losses = forward.losses().toFloatArray();
    }
    executor.forwardAndGradient(loss, logits, Tensor.of(y, 2, INNER), logits).close();
    for (int r = 0; r < ROWS; r++) {
      float[] alone = new float[2 * CLASSES];
      for (int c = 0; c < CLASSES; c++) {
        alone[2 * c] = x[at(r, c)];
      }
      float[] ofRow = new float[2 * CLASSES];
      float[] lossOfRow;
      try (LossResult one =
          executor.forwardAndGradient(
              loss,
              Tensor.of(alone, 1, CLASSES, 2),
              Tensor.of(new int[] {y[r], 0}, 1, 2),
              Tensor.of(ofRow, 1, CLASSES, 2))) {
        lossOfRow = one.losses().toFloatArray();
      }
      String what = executor + " " + loss + " row " + r;
      same(lossOfRow[0], losses[r], what);
      for (int c = 0; c < CLASSES; c++) {
        same(ofRow[2 * c], gradient[at(r, c)], what);
      }
    }
  }

  private static void same(float expected, float actual, String what) {
    assertEquals(Float.floatToRawIntBits(expected), Float.floatToRawIntBits(actual), what);
  }
}
