package io.github.fusedloss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.fusedloss.verify.ReferenceCheck;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The classes on any axis give the bits of the layout (N, C, inner) that it is. */
class ClassAxisTest {
  private final Random random = new Random(4);

  /** (6, 5, 4) and (2, 3, 5, 4) with class axis 2 are the same elements in the same order. */
  @Test
  void anAxisInTheMiddleIsALayout() {
    float[] x = Numbers.values(random, 120, 5);
    int[] y = random.ints(24, 0, 5).toArray();
    Tensor merged = Tensor.of(x, 6, 5, 4);
    Tensor apart = Tensor.of(x, 2, 3, 5, 4);
    for (FusedLoss fused : OpenDevices.all()) {
      for (int axis : new int[] {2, -2}) {
        CrossEntropy ce = CrossEntropy.DEFAULT.withClassAxis(axis);
        NllLoss nll = NllLoss.DEFAULT.withClassAxis(axis);
        Tensor target = Tensor.of(y, 6, 4);
        Tensor same = Tensor.of(y, 2, 3, 4);
        assertArrayEquals(
            Bits.of(fused.forwardAndGradient(CrossEntropy.DEFAULT, merged, target)),
            Bits.of(fused.forwardAndGradient(ce, apart, same)));
        assertArrayEquals(
            Bits.of(fused.forwardAndGradient(NllLoss.DEFAULT, merged, target)),
            Bits.of(fused.forwardAndGradient(nll, apart, same)));
        LossResult none = fused.forward(ce.withReduction(Reduction.NONE), apart, same);
        assertArrayEquals(new long[] {2, 3, 4}, none.losses().shape());
        assertArrayEquals(Bits.of(fused.softmax(merged)), Bits.of(fused.softmax(apart, axis)));
        assertArrayEquals(
            Bits.of(fused.logSoftmax(merged)), Bits.of(fused.logSoftmax(apart, axis)));
        assertArrayEquals(Bits.of(fused.logSumExp(merged)), Bits.of(fused.logSumExp(apart, axis)));
        assertArrayEquals(new long[] {2, 3, 4}, fused.logSumExp(apart, axis).shape());
      }
    }
  }

  /**
   * A sequence of tokens, (batch, time, classes), is rows of adjacent classes; axis 0 is columns.
   */
  @Test
  void theLastAndTheFirst() {
    float[] x = Numbers.values(random, 2 * 7 * 70, 5);
    int[] y = random.ints(14, 0, 70).toArray();
    for (FusedLoss fused : OpenDevices.all()) {
      CrossEntropy last = CrossEntropy.DEFAULT.withClassAxis(-1);
      assertArrayEquals(
          Bits.of(
              fused.forwardAndGradient(
                  CrossEntropy.DEFAULT, Tensor.of(x, 14, 70), Tensor.of(y, 14))),
          Bits.of(fused.forwardAndGradient(last, Tensor.of(x, 2, 7, 70), Tensor.of(y, 2, 7))));
      CrossEntropy first = CrossEntropy.DEFAULT.withClassAxis(0);
      int[] two = random.ints(490, 0, 2).toArray();
      assertArrayEquals(
          Bits.of(
              fused.forwardAndGradient(
                  CrossEntropy.DEFAULT, Tensor.of(x, 1, 2, 490), Tensor.of(two, 1, 490))),
          Bits.of(fused.forwardAndGradient(first, Tensor.of(x, 2, 490), Tensor.of(two, 490))));
      // The only axis of one dimension is 0, -1 and the default.
      Tensor row = Tensor.of(new float[] {1, 2, 3}, 3);
      int[] one = Bits.of(fused.softmax(row));
      assertArrayEquals(one, Bits.of(fused.softmax(row, 0)));
      assertArrayEquals(one, Bits.of(fused.softmax(row, -1)));
    }
  }

  @Test
  void theReferenceKnowsTheAxis() {
    FusedLoss fused = FusedLoss.open("cpu:scalar").checkedBy(new ReferenceCheck());
    float[] x = new float[60];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) random.nextGaussian();
    }
    for (int axis : new int[] {0, 1, 2, -1}) {
      long[] shape = {3, 4, 5};
      long[] rows =
          axis == 0 ? new long[] {4, 5} : axis == 1 ? new long[] {3, 5} : new long[] {3, 4};
      Tensor target = Tensor.of(random.ints(Shapes.size(rows), 0, 3).toArray(), rows);
      CrossEntropy loss = CrossEntropy.DEFAULT.withClassAxis(axis).withLabelSmoothing(0.1f);
      fused.forwardAndGradient(loss, Tensor.of(x, shape), target).close();
      fused
          .forwardAndGradient(NllLoss.DEFAULT.withClassAxis(axis), Tensor.of(x, shape), target)
          .close();
    }
    fused.close();
  }

  @Test
  void whatIsNoAxisIsRefused() {
    try (FusedLoss fused = FusedLoss.open("cpu:scalar")) {
      Tensor x = Tensor.of(new float[6], 2, 3);
      Tensor y = Tensor.of(new int[2], 2);
      for (int axis : new int[] {2, -3}) {
        IllegalArgumentException e =
            assertThrows(
                IllegalArgumentException.class,
                () -> fused.forward(CrossEntropy.DEFAULT.withClassAxis(axis), x, y));
        assertEquals(
            "classAxis must be an axis of the input (2, 3), from -2 to 1, got " + axis,
            e.getMessage());
        assertThrows(IllegalArgumentException.class, () -> fused.softmax(x, axis));
      }
    }
  }
}
