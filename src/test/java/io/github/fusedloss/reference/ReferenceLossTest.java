package io.github.fusedloss.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("once") // Oracles compute on the JVM alone, with its strict functions or Commons Math.
class ReferenceLossTest {
  private static final double NAN = Double.NaN;
  private static final double INF = Double.POSITIVE_INFINITY;

  /** Two samples of two classes with three inner places; row 1 and row 5 are ignored. */
  private static ReferenceLoss loss() {
    return new ReferenceLoss(
        new double[] {1, 0, 2, 4, 8, 0},
        new double[] {0.5, 0, 1, 2, 0.5, 0},
        new boolean[] {true, false, true, true, true, false},
        new double[] {1, 0, 2, -1, 0, -2, 4, 8, 0, -4, -8, 0},
        2,
        3);
  }

  @Test
  void reductions() {
    assertEquals(4, loss().count());
    assertEquals(4, loss().weightSum());
    assertEquals(15, loss().sum());
    assertEquals(3.75, loss().mean());
    assertEquals(1.875, loss().mean(8));
  }

  @Test
  void gradients() {
    assertArrayEquals(
        new double[] {3, 0, 6, -3, 0, -6, 12, 24, 0, -12, -24, 0}, loss().gradientOfMean(3, 1));
    assertArrayEquals(
        new double[] {.5, 0, 1, -.5, 0, -1, 2, 4, 0, -2, -4, 0}, loss().gradientOfMean(2));
    assertArrayEquals(
        new double[] {.25, 0, .5, -.25, 0, -.5, 1, 2, 0, -1, -2, 0}, loss().gradientOfMean(2, 8));
    assertArrayEquals(
        new double[] {1, 0, 6, -1, 0, -6, 16, 40, 0, -16, -40, 0},
        loss().gradientOfNone(new double[] {1, 2, 3, 4, 5, 6}));
  }

  @Test
  void anIgnoredRowsGradientIsZeroWhateverItIsMultipliedWith() {
    assertArrayEquals(
        new double[] {INF, 0, INF, -INF, 0, -INF, INF, INF, 0, -INF, -INF, 0},
        loss().gradientOfMean(1, 0));
    double[] nan = {NAN, 0, NAN, NAN, 0, NAN, NAN, NAN, 0, NAN, NAN, 0};
    assertArrayEquals(nan, loss().gradientOfMean(NAN, 1));
    assertArrayEquals(nan, loss().gradientOfNone(new double[] {NAN, NAN, NAN, NAN, NAN, NAN}));
  }

  @Test
  void meanOverNothingIsNan() {
    double[] none = {};
    ReferenceLoss empty = new ReferenceLoss(none, none, new boolean[0], none, 3, 0);
    assertEquals(NAN, empty.mean());
    assertEquals(0, empty.sum());
    assertEquals(0, empty.count());
    assertEquals(0, empty.gradientOfMean(1).length);
  }

  @Test
  void upstreamNeedsOneElementPerRow() {
    Exception e =
        assertThrows(
            IllegalArgumentException.class, () -> loss().gradientOfNone(new double[] {1, 2}));
    assertEquals("upstream: expected 6 elements, got 2", e.getMessage());
  }
}
