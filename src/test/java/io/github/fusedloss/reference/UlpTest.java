package io.github.fusedloss.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.apache.commons.math3.dfp.Dfp;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("once") // Oracles compute on the JVM alone, with its strict functions or Commons Math.
class UlpTest {
  private static final double INF = Double.POSITIVE_INFINITY;
  private static final double NAN = Double.NaN;
  private static final float FLOAT_INF = Float.POSITIVE_INFINITY;

  @Test
  void theExactValuesBinadeSetsTheUnit() {
    assertDistance(0, 1, 1);
    assertDistance(1, Math.nextUp(1f), 1);
    assertDistance(0.5, 3, 3 + 0x1p-23);
    assertDistance(6, 3, 3 + 6 * 0x1p-22);
    assertDistance(0x1p23, 0, 1);
    // From 1 - 2^-24 to 1 + 2^-23 is 3 * 2^-24: 3 of the units below 1, 1.5 of those above.
    assertDistance(3, Math.nextUp(1f), Math.nextDown(1f));
    assertDistance(1.5, Math.nextDown(1f), Math.nextUp(1f));
  }

  @Test
  void subnormalsAndZeroHaveOneUnit() {
    assertDistance(1, Float.MIN_VALUE, 0);
    assertDistance(0.25, 0, 0x1p-151);
    assertDistance(1, Float.MIN_NORMAL, Float.MIN_NORMAL - Float.MIN_VALUE);
    assertDistance(1, Math.nextUp(Float.MIN_NORMAL), Float.MIN_NORMAL);
    assertDistance(0, -0f, 0);
    assertDistance(0, 0, 1e-300);
  }

  @Test
  void overflowAndInfinities() {
    double halfway = 0x1.ffffffp127;
    assertDistance(0, FLOAT_INF, halfway);
    assertDistance(INF, FLOAT_INF, Math.nextDown(halfway));
    assertDistance(0.5, Float.MAX_VALUE, halfway);
    assertDistance(INF, FLOAT_INF, -halfway);
    assertDistance(0, FLOAT_INF, 1e300);
    assertEquals(0, Ulp.distance(FLOAT_INF, INF));
    assertEquals(INF, Ulp.distance(FLOAT_INF, -INF));
    assertEquals(INF, Ulp.distance(1, INF));
  }

  @Test
  void nan() {
    assertEquals(0, Ulp.distance(Float.NaN, NAN));
    assertEquals(INF, Ulp.distance(Float.NaN, 1));
    assertEquals(INF, Ulp.distance(1, NAN));
    assertEquals(INF, Ulp.distance(FLOAT_INF, NAN));
    assertEquals(INF, Ulp.distance(Float.NaN, INF));
  }

  @Test
  void aDfpJustBelowAPowerOfTwoBelongsToTheLowerBinade() {
    // 2 - 1e-40 is 2 in double; its unit is 2^-23, twice as fine as that of 2.
    Dfp exact = DfpJudge.exact(2).subtract(DfpJudge.exact(1).newInstance("1e-40"));
    assertEquals(2, DfpJudge.ulps(Math.nextUp(2f), exact), 1e-12);
    assertEquals(1, Ulp.distance(Math.nextUp(2f), 2.0));
  }

  private static void assertDistance(double distance, float computed, double exact) {
    assertEquals(distance, Ulp.distance(computed, exact), 1e-15);
    assertEquals(distance, Ulp.distance(-computed, -exact), 1e-15);
    assertEquals(distance, DfpJudge.ulps(computed, DfpJudge.exact(exact)), 1e-15);
  }
}
