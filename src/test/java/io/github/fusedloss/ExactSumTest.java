package io.github.fusedloss;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Sums beside those of BigDecimal, which is exact, and rounds once when it becomes a double. */
class ExactSumTest {
  private static ExactSum of(double... terms) {
    ExactSum sum = new ExactSum();
    for (double term : terms) {
      sum.add(term);
    }
    return sum;
  }

  private static void bits(double expected, double got) {
    assertEquals(Double.doubleToLongBits(expected), Double.doubleToLongBits(got));
  }

  private static double expected(List<Double> terms) {
    return terms.stream()
        .map(BigDecimal::new)
        .reduce(BigDecimal.ZERO, BigDecimal::add)
        .doubleValue();
  }

  @Test
  void exactWhereDoublesAreNot() {
    bits(1, of(1e300, 1, -1e300).value());
    bits(Double.MIN_VALUE, of(Double.MAX_VALUE, Double.MIN_VALUE, -Double.MAX_VALUE).value());
    bits(Double.MAX_VALUE, of(Double.MAX_VALUE, Double.MAX_VALUE, -Double.MAX_VALUE).value());
    bits(0, of().value());
    bits(0, of(-0.0, -0.0).value());
    bits(0, of(5, -5).value());
  }

  /** 2^53 and 1 lie half way between two doubles; a bit more or less decides, however small. */
  @Test
  void roundsOnceTiesToEven() {
    bits(0x1p53, of(0x1p53, 1).value());
    bits(0x1p53 + 4, of(0x1p53 + 2, 1).value());
    bits(0x1p53 + 2, of(0x1p53, 1, Double.MIN_VALUE).value());
    bits(0x1p53 + 2, of(0x1p53 + 2, 1, -Double.MIN_VALUE).value());
    bits(-(0x1p53 + 2), of(-0x1p53, -1, -Double.MIN_VALUE).value());
    // Half a step above the largest double.
    bits(Double.POSITIVE_INFINITY, of(Double.MAX_VALUE, 0x1p970).value());
    bits(Double.MAX_VALUE, of(Double.MAX_VALUE, 0x1p970, -Double.MIN_VALUE).value());
  }

  @Test
  void infinitiesAndNan() {
    double inf = Double.POSITIVE_INFINITY;
    bits(inf, of(1, inf, 2).value());
    bits(-inf, of(-inf, Double.MAX_VALUE, Double.MAX_VALUE).value());
    bits(Double.NaN, of(inf, -inf).value());
    bits(Double.NaN, of(1, Double.NaN, inf).value());
    ExactSum floats = new ExactSum();
    floats.add(new float[] {1f, Float.NEGATIVE_INFINITY});
    bits(-inf, floats.value());
    floats.add(of(inf));
    bits(Double.NaN, floats.value());
  }

  /** 3000 terms are more than are added between two carries, which are 512. */
  @Test
  void anyOrderAndGrouping() {
    SplittableRandom random = new SplittableRandom(1);
    for (int trial = 0; trial < 40; trial++) {
      int range = new int[] {3, 40, 400, 2000}[trial % 4];
      List<Double> terms = new ArrayList<>();
      for (int i = 0; i < 3000; i++) {
        double term = Math.scalb(random.nextDouble() - 0.5, random.nextInt(range) - range / 2);
        terms.add(term);
        if (random.nextInt(3) == 0) {
          terms.add(-term);
        }
      }
      double expected = expected(terms);
      Collections.shuffle(terms, new Random(trial));
      ExactSum total = new ExactSum();
      ExactSum part = new ExactSum();
      for (double term : terms) {
        part.add(term);
        if (random.nextInt(100) == 0) {
          total.add(part);
          part = new ExactSum();
        }
      }
      total.add(part);
      bits(expected, total.value());
    }
  }

  /** Every float has its place: the largest, the least and those between, of both signs. */
  @Test
  void floatsAsDoubles() {
    SplittableRandom random = new SplittableRandom(2);
    float[] floats = new float[10_000];
    List<Double> doubles = new ArrayList<>();
    for (int i = 0; i < floats.length; i++) {
      float value = Float.intBitsToFloat(random.nextInt());
      floats[i] = Float.isFinite(value) ? value : -0f;
      doubles.add((double) floats[i]);
    }
    ExactSum sum = new ExactSum();
    sum.add(floats);
    bits(expected(doubles), sum.value());
    assertEquals(of(doubles.stream().mapToDouble(d -> d).toArray()), sum);
  }

  /** The quotient lies between its neighbours' midpoints: judged without division. */
  @Test
  void quotientsAreTheNearestDoubles() {
    SplittableRandom random = new SplittableRandom(3);
    for (int i = 0; i < 3000; i++) {
      double above = Math.scalb(random.nextDouble() - 0.5, random.nextInt(200) - 100);
      double rest = Math.scalb(random.nextDouble(), random.nextInt(200) - 160);
      double below = random.nextInt(3) == 0 ? 1 + random.nextInt(9) : random.nextDouble() + 0.01;
      double got = of(above, rest).over(of(below));
      BigDecimal exact = new BigDecimal(above).add(new BigDecimal(rest));
      BigDecimal error = new BigDecimal(got).multiply(new BigDecimal(below)).subtract(exact).abs();
      BigDecimal half = new BigDecimal(Math.ulp(got) / 2).multiply(new BigDecimal(below));
      assertTrue(error.compareTo(half) <= 0, above + " + " + rest + " over " + below);
    }
    bits(1.0 / 3, of(1).over(of(3)));
    bits(-1.0 / 3, of(1).over(of(-3)));
    bits(0, of().over(of(3)));
    bits(Double.NEGATIVE_INFINITY, of(Double.POSITIVE_INFINITY).over(of(-2)));
  }
}
