package io.github.fusedloss.accuracy;

import io.github.fusedloss.Reduction;
import io.github.fusedloss.reference.DfpJudge;
import io.github.fusedloss.reference.DfpRows;
import io.github.fusedloss.reference.RowOptions;
import io.github.fusedloss.reference.Ulp;
import io.github.fusedloss.verify.Promise;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.commons.math3.dfp.Dfp;

/**
 * Judges what a {@link Point} gave, against the definition in 120 digits. One of share 1 is at its
 * limit.
 */
final class PointJudge {
  /**
   * The value that is nearest to breaking the promise, or furthest beyond.
   *
   * @param share of the limit, the better of the two where there are two
   * @param ulps off; NaN for a total
   * @param terms off, in 2^-22 of their size
   */
  record Verdict(
      Promise promise, double share, double ulps, double terms, int at, double got, String exact) {
    boolean kept() {
      return share <= 1;
    }

    /** How far off, in the unit of the better limit. */
    String distance() {
      boolean inTerms =
          promise.ulps() == 0 || promise.terms() > 0 && terms / promise.terms() == share;
      if (inTerms && terms > 0 && terms < 0.001) {
        return String.format(Locale.ROOT, "2^%.1f terms", Math.log(terms) / Math.log(2));
      }
      return String.format(
          Locale.ROOT, "%.3f %s", inTerms ? terms : ulps, inTerms ? "terms" : "ULP");
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "%s: %s, value %d: expected %s, got %s",
          promise,
          distance(),
          at,
          exact,
          got);
    }
  }

  private PointJudge() {}

  /**
   * Share of the limit of each row or, of what is reduced, of all; in double, so not the last word.
   */
  static double[] shares(Promise promise, Point p, Point.Computed computed, InDouble exact) {
    Lost lost = new Lost(promise, p);
    if (promise == Promise.TOTAL) {
      double off = Math.abs(computed.sum() - exact.values[0]);
      double terms = inTerms(Math.max(0, off - lost.of(0)), exact.terms[0]);
      return new double[] {share(promise, p, Double.NaN, terms)};
    }
    int each = p.reduced() && !p.isGradient() ? 1 : exact.values.length / p.rows();
    double[] shares = new double[exact.values.length / each];
    for (int i = 0; i < exact.values.length; i++) {
      if (i % each == 0) {
        lost.row(i / each);
      }
      float got = computed.values()[i];
      double value = exact.values[i];
      double slack = lost.of(value);
      double ulps = Math.max(0, Ulp.distance(got, value) - slack / spacing(value));
      double terms = inTerms(Math.max(0, Math.abs(got - value) - slack), exact.terms[i]);
      shares[i / each] = Math.max(shares[i / each], share(promise, p, ulps, terms));
    }
    return shares;
  }

  /** The last word. */
  static synchronized Verdict judge(Promise promise, Point p, Point.Computed computed) {
    Dfp[] exact = exact(p);
    double[] size = new InDouble(p).terms;
    Lost lost = new Lost(promise, p);
    if (promise == Promise.TOTAL) {
      Dfp got = DfpJudge.exact(computed.sum());
      double terms = inTerms(got, exact[0], lost.of(0), size[0]);
      return new Verdict(
          promise,
          share(promise, p, Double.NaN, terms),
          Double.NaN,
          terms,
          0,
          computed.sum(),
          text(exact[0]));
    }
    int each = p.reduced() && !p.isGradient() ? exact.length : exact.length / p.rows();
    Verdict worst = null;
    for (int i = 0; i < exact.length; i++) {
      if (i % each == 0) {
        lost.row(i / each);
      }
      float got = computed.values()[i];
      if (i % each > 0 && got == computed.values()[i - 1] && exact[i].equals(exact[i - 1])) {
        continue; // a run
      }
      double near = exact[i].toDouble();
      double slack = lost.of(near);
      double ulps = Math.max(0, DfpJudge.ulps(got, exact[i]) - slack / spacing(near));
      double terms =
          promise.terms() > 0 && Float.isFinite(got)
              ? inTerms(DfpJudge.exact(got), exact[i], slack, size[i])
              : Double.NaN;
      double share = share(promise, p, ulps, terms);
      if (worst == null || share > worst.share) {
        worst = new Verdict(promise, share, ulps, terms, i, got, text(exact[i]));
      }
    }
    return worst;
  }

  private static String text(Dfp value) {
    return Double.toString(value.toDouble());
  }

  private static double inTerms(Dfp got, Dfp exact, double slack, double size) {
    Dfp off = got.subtract(exact).abs().subtract(DfpJudge.exact(slack));
    return inTerms(Math.max(0, off.toDouble()), size);
  }

  private static double inTerms(double off, double size) {
    return off == 0 ? 0 : off / size / Promise.TERM;
  }

  /** The better of the two; infinite if nothing holds. */
  private static double share(Promise promise, Point p, double ulps, double terms) {
    double byUlps =
        promise.ulps() > 0 ? ulps / promise.ulps(p.factors()) : Double.POSITIVE_INFINITY;
    double byTerms = promise.terms() > 0 ? terms / promise.terms() : Double.POSITIVE_INFINITY;
    if (ulps == 0 || terms == 0) {
      return 0;
    }
    double a = Double.isNaN(byUlps) ? Double.POSITIVE_INFINITY : byUlps;
    double b = Double.isNaN(byTerms) ? Double.POSITIVE_INFINITY : byTerms;
    return Math.min(a, b);
  }

  private static double spacing(double value) {
    return Math.scalb(1.0, Math.max(Float.MIN_EXPONENT, Math.getExponent(value)) - 23);
  }

  // ---- what underflow may cost

  /** {@link Promise#lost} of the values of a row, or of what is reduced. */
  private static final class Lost {
    private final Promise promise;
    private final Point p;
    private final boolean all;
    private double factors;
    private double size;

    Lost(Promise promise, Point p) {
      this.promise = promise;
      this.p = p;
      all = promise == Promise.TOTAL || p.reduced() && !p.isGradient();
      row(0);
    }

    /** Goes to a row. */
    void row(int r) {
      int each = Math.max(1, p.classes());
      int first = all ? 0 : r * each;
      int end = all ? p.x().length : first + each;
      double weight = 1;
      double posWeight = 1;
      double logit = 2; // of two roundings
      boolean faint = false;
      for (int i = first; i < end; i++) {
        int w = p.classes() > 0 ? i % each : i;
        weight = Math.max(weight, p.weight() == null ? 1 : InDouble.of(p.weight(), w));
        posWeight = Math.max(posWeight, InDouble.of(p.posWeight(), i));
        if (p.target() != null && p.target()[i] != 0 && p.target()[i] < 0x1p-100f) {
          faint = true; // products with it may be subnormal
        }
        logit = Math.max(logit, 2 * Math.abs(p.x()[i]));
      }
      factors = weight * posWeight * (faint ? logit : 1);
      size = 1;
      if (p.isGradient()) {
        double factor = Math.abs(InDouble.factor(p, r));
        factors *= Math.max(1, factor);
        size = p.classes() > 0 ? InDouble.mass(p, r) * factor : 1;
      }
    }

    double of(double value) {
      double count =
          promise == Promise.TOTAL
              ? p.rows()
              : all ? Math.max(1, p.rows() / Math.abs(InDouble.divisor(p))) : 1;
      int classes = Math.max(1, p.classes());
      boolean soft =
          !p.isGradient() && (p.smoothing() > 0 || p.classes() > 0 && p.target() != null);
      return promise.lost(value, factors, size, classes, count, soft);
    }
  }

  // ---- exact values

  private static Dfp[] exact(Point p) {
    Dfp zero = DfpJudge.exact(0);
    if (!p.isLoss()) {
      return values(p);
    }
    int each = Math.max(1, p.classes());
    Map<Object, Dfp[]> known = new HashMap<>();
    Dfp[] all = new Dfp[p.isGradient() ? p.x().length : p.rows()];
    Dfp sum = zero;
    for (int r = 0; r < p.rows(); r++) {
      Dfp[] row = known.computeIfAbsent(key(p, r), k -> null);
      if (row == null) {
        row = p.isGradient() ? gradient(p, r) : new Dfp[] {loss(p, r)};
        known.put(key(p, r), row);
      }
      if (!p.isGradient()) {
        sum = sum.add(row[0]);
        all[r] = row[0];
        continue;
      }
      Dfp factor = DfpJudge.exact(InDouble.of(p.upstream(), r)).divide(divisor(p));
      for (int c = 0; c < each; c++) {
        all[r * each + c] = row[c].multiply(factor);
      }
    }
    if (p.out().equals("total")) {
      return new Dfp[] {sum};
    }
    return p.isGradient() || !p.reduced() ? all : new Dfp[] {sum.divide(divisor(p))};
  }

  /** All that a row's loss depends on, but for what all rows share. */
  private static Object key(Point p, int r) {
    int c = Math.max(1, p.classes());
    return Arrays.asList(
        new String(hex(Arrays.copyOfRange(p.x(), r * c, (r + 1) * c))),
        p.target() == null ? "" : hex(Arrays.copyOfRange(p.target(), r * c, (r + 1) * c)),
        p.indices() == null ? 0 : p.indices()[r],
        p.classes() == 0 ? InDouble.of(p.weight(), r) : 0,
        InDouble.of(p.posWeight(), r));
  }

  private static String hex(float[] values) {
    return Arrays.toString(values);
  }

  private static Dfp divisor(Point p) {
    if (p.reduction() == Reduction.MEAN
        && Double.isNaN(p.denominator())
        && p.indices() != null
        && p.weight() != null) {
      Dfp sum = DfpJudge.exact(0);
      for (int y : p.indices()) {
        sum = sum.add(DfpJudge.exact(p.weight()[y]));
      }
      return sum;
    }
    return DfpJudge.exact(InDouble.divisor(p)); // exact: a number of rows, or the caller's
  }

  private static Dfp[] values(Point p) {
    int each = Math.max(1, p.classes());
    Dfp[] all = new Dfp[p.x().length];
    for (int r = 0; r < p.rows(); r++) {
      float[] x = Arrays.copyOfRange(p.x(), r * each, (r + 1) * each);
      switch (p.function()) {
        case "softmax" -> System.arraycopy(DfpRows.softmax(x), 0, all, r * each, each);
        case "log_softmax" -> System.arraycopy(DfpRows.logSoftmax(x), 0, all, r * each, each);
        case "logsumexp" -> all[r] = DfpRows.logSumExp(x);
        case "sigmoid" -> all[r] = DfpJudge.sigmoid(x[0]);
        default -> all[r] = DfpJudge.exact(x[0]);
      }
    }
    if (p.function().equals("logsumexp")) {
      return Arrays.copyOf(all, p.rows());
    }
    if (!p.reduced()) {
      return all;
    }
    Dfp sum = DfpJudge.exact(0);
    for (Dfp v : all) {
      sum = sum.add(v);
    }
    return new Dfp[] {sum.divide(DfpJudge.exact(InDouble.divisor(p)))};
  }

  private static Dfp loss(Point p, int r) {
    if (p.classes() == 0) {
      double w = InDouble.of(p.weight(), r);
      return p.function().equals(Point.LOGITS)
          ? DfpJudge.binaryCrossEntropyWithLogits(
              p.x()[r], p.target()[r], w, InDouble.of(p.posWeight(), r))
          : DfpJudge.binaryCrossEntropy(p.x()[r], p.target()[r], w);
    }
    float[] x = Arrays.copyOfRange(p.x(), r * p.classes(), (r + 1) * p.classes());
    if (p.function().equals(Point.NLL)) {
      int y = p.indices()[r];
      return DfpJudge.exact(InDouble.of(p.weight(), y)).multiply(DfpJudge.exact(x[y])).negate();
    }
    return p.indices() != null
        ? DfpRows.crossEntropy(x, p.indices()[r], options(p))
        : DfpRows.crossEntropy(x, targets(p, r), options(p));
  }

  private static Dfp[] gradient(Point p, int r) {
    if (p.classes() == 0) {
      double w = InDouble.of(p.weight(), r);
      return new Dfp[] {
        p.function().equals(Point.LOGITS)
            ? DfpJudge.binaryCrossEntropyWithLogitsGradient(
                p.x()[r], p.target()[r], w, InDouble.of(p.posWeight(), r))
            : DfpJudge.binaryCrossEntropyGradient(p.x()[r], p.target()[r], w)
      };
    }
    if (p.function().equals(Point.NLL)) {
      Dfp[] row = new Dfp[p.classes()];
      Arrays.fill(row, DfpJudge.exact(0));
      int y = p.indices()[r];
      row[y] = DfpJudge.exact(InDouble.of(p.weight(), y)).negate();
      return row;
    }
    float[] x = Arrays.copyOfRange(p.x(), r * p.classes(), (r + 1) * p.classes());
    return p.indices() != null
        ? DfpRows.crossEntropyGradient(x, p.indices()[r], options(p))
        : DfpRows.crossEntropyGradient(x, targets(p, r), options(p));
  }

  private static RowOptions options(Point p) {
    return RowOptions.DEFAULT.withWeight(p.weight()).withLabelSmoothing(p.smoothing());
  }

  private static float[] targets(Point p, int r) {
    return Arrays.copyOfRange(p.target(), r * p.classes(), (r + 1) * p.classes());
  }
}
