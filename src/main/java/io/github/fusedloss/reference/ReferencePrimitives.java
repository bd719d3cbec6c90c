package io.github.fusedloss.reference;

import org.apache.commons.math3.util.FastMath;

/**
 * Sigmoid, the softmax family and the plain reductions, from their definitions, in double.
 *
 * <p>Sigmoid, softmax and log-softmax (also where a row is so confident that it is close to 0) have
 * a relative error below 2e-14 where the exact magnitude is at least 1e-55, hence for every result
 * that is not 0 as a float. The bound is the rounding of a difference of two logits up to 128;
 * 1e-15 is typical. {@code logSumExp} has an absolute error below 1e-15 times the larger of 1 and
 * the row's maximum in magnitude: near a result of 0 the largest logit cancels, and only {@code
 * DfpRows.logSumExp} among the tests has all digits.
 */
public final class ReferencePrimitives {
  private ReferencePrimitives() {}

  /** Returns {@code 1 / (1 + e^-x)} of every element. */
  public static double[] sigmoid(float[] x) {
    double[] y = new double[x.length];
    for (int i = 0; i < y.length; i++) {
      y[i] = 1 / (1 + FastMath.exp(-(double) x[i]));
    }
    return y;
  }

  /** Returns {@code log(1 + e^x)}. */
  public static double softplus(double x) {
    return Math.max(x, 0) + FastMath.log1p(FastMath.exp(-Math.abs(x)));
  }

  /**
   * Returns {@code e^x_c / sum_k e^x_k} along the class axis; a row that holds NaN or +Infinity, or
   * nothing but -Infinity, is NaN.
   *
   * @param x (n, classes, inner) logits
   * @return (n, classes, inner) probabilities
   * @throws IllegalArgumentException if a size is negative, classes is 0 or x has another length
   */
  public static double[] softmax(float[] x, int n, int classes, int inner) {
    RowLayout layout = checked(x, n, classes, inner);
    double[] y = new double[x.length];
    for (int r = 0; r < layout.rows(); r++) {
      double[] row = layout.row(x, r);
      double max = max(row);
      double z = sum(exponentials(row, max));
      for (int c = 0; c < classes; c++) {
        y[layout.index(r, c)] = FastMath.exp(row[c] - max) / z;
      }
    }
    return y;
  }

  /**
   * Returns the logarithm of {@link #softmax}; -Infinity for a logit of -Infinity among finite
   * ones.
   *
   * @param x (n, classes, inner) logits
   * @return (n, classes, inner) log-probabilities
   * @throws IllegalArgumentException if a size is negative, classes is 0 or x has another length
   */
  public static double[] logSoftmax(float[] x, int n, int classes, int inner) {
    RowLayout layout = checked(x, n, classes, inner);
    double[] y = new double[x.length];
    for (int r = 0; r < layout.rows(); r++) {
      double[] row = layout.row(x, r);
      double max = max(row);
      double[] terms = exponentials(row, max);
      double[] rest = sumsOfOthers(terms);
      for (int c = 0; c < classes; c++) {
        // Below one half, log p has all its digits as a difference; above, only as log(1 - q).
        y[layout.index(r, c)] =
            terms[c] > rest[c]
                ? FastMath.log1p(0 - rest[c] / (terms[c] + rest[c]))
                : row[c] - max - FastMath.log(terms[c] + rest[c]);
      }
    }
    return y;
  }

  /**
   * Returns {@code log sum_k e^x_k} along the class axis; +Infinity if the row holds it, -Infinity
   * if it holds nothing else, NaN if it holds NaN.
   *
   * @param x (n, classes, inner) logits
   * @return one value per row (n, inner)
   * @throws IllegalArgumentException if a size is negative, classes is 0 or x has another length
   */
  public static double[] logSumExp(float[] x, int n, int classes, int inner) {
    RowLayout layout = checked(x, n, classes, inner);
    double[] y = new double[layout.rows()];
    for (int r = 0; r < y.length; r++) {
      double[] row = layout.row(x, r);
      double max = max(row);
      y[r] = Double.isInfinite(max) ? max : max + FastMath.log(sum(exponentials(row, max)));
    }
    return y;
  }

  /**
   * Returns the compensated sum in double. So 2^26 floats have no more error than one; 0 over
   * nothing.
   */
  public static double sum(float[] x) {
    CompensatedSum sum = new CompensatedSum();
    for (float v : x) {
      sum.add(v);
    }
    return sum.value();
  }

  /** Returns {@link #sum(float[])} over the number of elements; NaN over nothing. */
  public static double mean(float[] x) {
    return sum(x) / x.length;
  }

  /**
   * Returns the largest element; NaN if one is NaN.
   *
   * @throws IllegalArgumentException if there is no element
   */
  public static double max(float[] x) {
    if (x.length == 0) {
      throw new IllegalArgumentException("x: expected at least 1 element, got 0");
    }
    float max = Float.NEGATIVE_INFINITY;
    for (float v : x) {
      max = Math.max(max, v);
    }
    return max;
  }

  static double sum(double[] x) {
    CompensatedSum sum = new CompensatedSum();
    for (double v : x) {
      sum.add(v);
    }
    return sum.value();
  }

  static double max(double[] x) {
    double max = Double.NEGATIVE_INFINITY;
    for (double v : x) {
      max = Math.max(max, v);
    }
    return max;
  }

  /**
   * Returns for every j the sum of all elements but j. It adds these up, and never subtracts j from
   * the whole sum.
   */
  static double[] sumsOfOthers(double[] x) {
    double[] others = new double[x.length];
    CompensatedSum before = new CompensatedSum();
    for (int j = 0; j < x.length; j++) {
      others[j] = before.value();
      before.add(x[j]);
    }
    CompensatedSum after = new CompensatedSum();
    for (int j = x.length - 1; j >= 0; j--) {
      others[j] += after.value();
      after.add(x[j]);
    }
    return others;
  }

  static double[] exponentials(double[] row, double shift) {
    double[] terms = new double[row.length];
    for (int c = 0; c < terms.length; c++) {
      terms[c] = FastMath.exp(row[c] - shift);
    }
    return terms;
  }

  private static RowLayout checked(float[] x, int n, int classes, int inner) {
    RowLayout layout = new RowLayout(n, classes, inner);
    RowLayout.requireLength("x", x.length, layout.elements());
    return layout;
  }
}
