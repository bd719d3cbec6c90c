package io.github.fusedloss.accuracy;

import io.github.fusedloss.Reduction;

/**
 * What a {@link Point} should give, in double, and the size of the terms of each value: to rank
 * candidates fast. {@link PointJudge} has the last word on values, and takes the sizes from here.
 *
 * <p>From the definitions, rearranged only where a double would cancel.
 */
final class InDouble {
  /** The exact values in the order of the outputs; a total has one value. */
  final double[] values;

  /** Size of the terms of each; see Promise. */
  final double[] terms;

  private final Point p; // what it is computed from

  /** Computes as if each row came so many times. */
  InDouble(Point p, int times) {
    this(p);
    boolean mean = p.reduction() == Reduction.MEAN && !p.out().equals("total");
    if (mean && Double.isNaN(p.denominator()) || p.function().equals("mean")) {
      return; // over them all
    }
    for (int i = 0; i < values.length; i++) {
      values[i] *= times;
      terms[i] *= times;
    }
  }

  InDouble(Point p) {
    this.p = p;
    int n =
        p.isGradient() || p.function().equals("sigmoid") || p.function().endsWith("softmax")
            ? p.x().length
            : p.rows();
    double[] v = new double[n];
    double[] size = new double[n];
    if (!p.isLoss() && p.reduced()) {
      for (int i = 0; i < n; i++) {
        v[i] = p.x()[i];
        size[i] = Math.abs(v[i]);
      }
    } else if (p.classes() == 0) {
      elements(v, size);
    } else if (p.function().equals(Point.NLL)) {
      nll(v, size);
    } else {
      rows(v, size);
    }
    if (p.isGradient()) {
      for (int i = 0; i < n; i++) {
        double f = factor(p, i / Math.max(1, p.classes()));
        v[i] *= f;
        size[i] *= Math.abs(f);
      }
    } else if (p.reduced() || p.out().equals("total")) {
      double by = p.out().equals("total") ? 1 : divisor(p);
      v = new double[] {sum(v) / by};
      size = new double[] {sum(size) / Math.abs(by)};
    }
    values = v;
    terms = size;
  }

  /** Returns the factor of a row's gradient without weights: upstream over the divisor. */
  static double factor(Point p, int row) {
    double u = p.upstream() == null ? 1 : p.upstream()[p.upstream().length == 1 ? 0 : row];
    return u / (p.reduction() == Reduction.MEAN ? divisor(p) : 1);
  }

  /** Returns the number that a sum is divided by. */
  static double divisor(Point p) {
    if (p.function().equals("mean")) {
      return p.x().length;
    }
    if (p.reduction() != Reduction.MEAN) {
      return 1;
    }
    if (!Double.isNaN(p.denominator())) {
      return p.denominator();
    }
    if (p.indices() == null || p.weight() == null) {
      return p.rows();
    }
    double sum = 0;
    for (int y : p.indices()) {
      sum += p.weight()[y];
    }
    return sum;
  }

  static double of(float[] values, int i) {
    return values == null ? 1 : values[values.length == 1 ? 0 : i];
  }

  private static double sum(double[] values) {
    double high = 0;
    double low = 0;
    for (double v : values) {
      double s = high + v;
      double z = s - high;
      low += (high - (s - z)) + (v - z);
      high = s;
    }
    return high + low;
  }

  /** log(1 + e^x). */
  private static double softplus(double x) {
    return Math.max(x, 0) + StrictMath.log1p(StrictMath.exp(-Math.abs(x)));
  }

  private static double sigmoid(double x) {
    double e = StrictMath.exp(-Math.abs(x));
    return (x < 0 ? e : 1) / (1 + e);
  }

  private void elements(double[] v, double[] size) {
    for (int i = 0; i < v.length; i++) {
      double x = p.x()[i];
      if (!p.isLoss()) {
        v[i] = sigmoid(x);
        continue;
      }
      double t = p.target()[i];
      double no = of(p.weight(), i) * (1 - t);
      double yes = of(p.weight(), i) * of(p.posWeight(), i) * t;
      if (p.function().equals(Point.LOGITS)) {
        double a = no == 0 ? 0 : no * (p.isGradient() ? sigmoid(x) : softplus(x));
        double b = yes == 0 ? 0 : yes * (p.isGradient() ? sigmoid(-x) : softplus(-x));
        v[i] = p.isGradient() ? a - b : a + b;
        size[i] = Math.abs(a) + Math.abs(b);
      } else if (p.isGradient()) {
        v[i] = of(p.weight(), i) * (x - t) / Math.max((1 - x) * x, 1e-12);
        size[i] = Math.abs(v[i]);
      } else {
        v[i] = -yes * Math.max(StrictMath.log(x), -100) - no * Math.max(StrictMath.log1p(-x), -100);
        size[i] = Math.abs(v[i]);
      }
    }
  }

  private void nll(double[] v, double[] size) {
    for (int r = 0; r < p.rows(); r++) {
      int y = p.indices()[r];
      double w = of(p.weight(), y);
      if (p.isGradient()) {
        v[r * p.classes() + y] = -w;
      } else {
        v[r] = -w * p.x()[r * p.classes() + y];
        size[r] = Math.abs(v[r]);
      }
    }
  }

  private void rows(double[] v, double[] size) {
    int n = p.classes();
    double[] e = new double[n];
    for (int r = 0; r < p.rows(); r++) {
      int at = r * n;
      int top = 0;
      for (int c = 1; c < n; c++) {
        top = p.x()[at + c] > p.x()[at + top] ? c : top;
      }
      double max = p.x()[at + top];
      double others = 0;
      for (int c = 0; c < n; c++) {
        // Long rows hold few different numbers.
        e[c] =
            c > 0 && p.x()[at + c] == p.x()[at + c - 1]
                ? e[c - 1]
                : StrictMath.exp(p.x()[at + c] - max);
        others += c == top ? 0 : e[c];
      }
      double log = StrictMath.log1p(others);
      if (!p.isLoss()) {
        for (int c = 0; c < n && p.function().endsWith("softmax"); c++) {
          v[at + c] =
              p.function().equals("softmax") ? e[c] / (1 + others) : p.x()[at + c] - max - log;
        }
        if (p.function().equals("logsumexp")) {
          v[r] = max + log;
          size[r] = Math.max(1, Math.abs(max));
        }
      } else if (p.indices() != null && p.smoothing() == 0) {
        int y = p.indices()[r];
        double w = of(p.weight(), y);
        if (p.isGradient()) {
          for (int c = 0; c < n; c++) {
            v[at + c] = w * (e[c] / (1 + others));
          }
          v[at + y] = -w * (y == top ? others : 1 + others - e[y]) / (1 + others);
        } else {
          v[r] = w == 0 ? 0 : w * (max - p.x()[at + y] + log);
          size[r] = Math.abs(v[r]);
        }
      } else {
        soft(v, size, r, e, max, log, 1 + others);
      }
    }
  }

  private void soft(
      double[] v, double[] size, int r, double[] e, double max, double log, double total) {
    int n = p.classes();
    double mass = 0;
    for (int c = 0; c < n; c++) {
      double a = coefficient(p, r, c);
      mass += a;
      if (!p.isGradient() && a != 0) {
        v[r] += a * (max - p.x()[r * n + c] + log);
      }
    }
    if (!p.isGradient()) {
      size[r] = Math.abs(v[r]);
      return;
    }
    for (int c = 0; c < n; c++) {
      double a = coefficient(p, r, c);
      double own = mass * e[c] / total;
      v[r * n + c] = own - a;
      size[r * n + c] = Math.abs(own) + Math.abs(a);
    }
  }

  /** Returns the sum of all coefficients of a row, which multiplies its softmax. */
  static double mass(Point p, int r) {
    double mass = 0;
    for (int c = 0; c < p.classes(); c++) {
      mass += coefficient(p, r, c);
    }
    return mass;
  }

  /** Weight times smoothed target. */
  private static double coefficient(Point p, int r, int c) {
    double q = p.indices() != null ? p.indices()[r] == c ? 1 : 0 : p.target()[r * p.classes() + c];
    double s = p.smoothing();
    return of(p.weight(), c) * (q * (1 - s) + s / p.classes());
  }
}
