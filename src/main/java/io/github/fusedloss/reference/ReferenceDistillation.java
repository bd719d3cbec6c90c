package io.github.fusedloss.reference;

import java.util.Arrays;
import org.apache.commons.math3.analysis.differentiation.DerivativeStructure;
import org.apache.commons.math3.util.FastMath;

/**
 * The divergence between the softmaxes of a student's and a teacher's logits, from its definition,
 * in double. The gradient is by automatic differentiation of each class's term.
 *
 * <p>The sums cancel where the two agree. {@code ExpectedDistillation} in {@code verify} bounds the
 * errors that this causes, and {@code DfpRows} among the tests has all digits.
 */
public final class ReferenceDistillation {
  private ReferenceDistillation() {}

  /**
   * The numbers that a divergence depends on.
   *
   * @param beta b: with 0 the divergence is KL(t | s), with 1 KL(s | t), between them a JSD
   * @param temperature the number that both logits are divided by
   * @param factor a factor of loss and gradient
   */
  public record DivergenceOptions(double beta, double temperature, double factor) {}

  /**
   * Returns {@code b KL(t | M) + (1 - b) KL(s | M)} with {@code M = b t + (1 - b) s}.
   *
   * @param x (n, classes, inner) logits of the student
   * @param z (n, classes, inner) logits of the teacher
   */
  public static ReferenceLoss of(
      float[] x, float[] z, int n, int classes, int inner, DivergenceOptions options) {
    double temperature = options.temperature();
    double factor = options.factor();
    RowLayout layout = new RowLayout(n, classes, inner);
    RowLayout.requireLength("x", x.length, layout.elements());
    RowLayout.requireLength("z", z.length, layout.elements());
    double[] loss = new double[layout.rows()];
    double[] gradient = new double[x.length];
    for (int r = 0; r < loss.length; r++) {
      double[] slopes = new double[classes];
      loss[r] = factor * row(layout.row(x, r), layout.row(z, r), options, slopes);
      for (int c = 0; c < classes; c++) {
        gradient[layout.index(r, c)] = factor * slopes[c] / temperature;
      }
    }
    return ReferenceLoss.unweighted(loss, gradient, classes, inner);
  }

  /** Turns logits into logarithms of probabilities; returns false if there are none. */
  private static boolean logSoftmax(double[] x, double temperature) {
    double max = ReferencePrimitives.max(x);
    if (!Double.isFinite(max)) {
      return false;
    }
    for (int c = 0; c < x.length; c++) {
      x[c] = (x[c] - max) / temperature;
    }
    double log = FastMath.log(ReferencePrimitives.sum(ReferencePrimitives.exponentials(x, 0)));
    for (int c = 0; c < x.length; c++) {
      x[c] -= log;
    }
    return true;
  }

  private static double row(double[] s, double[] t, DivergenceOptions options, double[] to) {
    double beta = options.beta();
    double temperature = options.temperature();
    if (!logSoftmax(s, temperature) || !logSoftmax(t, temperature)) {
      Arrays.fill(to, Double.NaN);
      return Double.NaN;
    }
    CompensatedSum loss = new CompensatedSum();
    CompensatedSum mean = new CompensatedSum(); // a sum of the derivatives
    for (int c = 0; c < s.length; c++) {
      DerivativeStructure term = term(s[c], t[c], beta);
      loss.add(term.getValue());
      to[c] = term.getPartialDerivative(1);
      mean.add(to[c]);
    }
    if (beta == 1 && Double.isInfinite(loss.value())) {
      Arrays.fill(to, Double.NaN); // it has no derivative
      return loss.value();
    }
    for (int c = 0; c < s.length; c++) {
      to[c] -= FastMath.exp(s[c]) * mean.value();
    }
    return loss.value();
  }

  /**
   * Returns the term of a class from the logarithms of both probabilities. The derivative is by the
   * student's logarithm: a probability far below the range of doubles still has one, and nothing is
   * divided by the probability.
   */
  private static DerivativeStructure term(double logS, double logT, double beta) {
    double t = FastMath.exp(logT);
    DerivativeStructure log = new DerivativeStructure(1, 1, 0, logS);
    DerivativeStructure student = log.exp();
    double s = student.getValue();
    if (beta == 0) {
      return t == 0 ? constant(impossible(logT, logS)) : log.negate().add(logT).multiply(t);
    }
    if (beta == 1) {
      return s == 0 ? constant(impossible(logS, logT)) : student.multiply(log.subtract(logT));
    }
    if (s == 0 && t == 0) {
      return constant(0);
    }
    double larger = Math.max(logS, logT);
    DerivativeStructure ofStudent = log.subtract(larger).exp().multiply(1 - beta);
    DerivativeStructure middle = ofStudent.add(beta * FastMath.exp(logT - larger)).log();
    middle = middle.add(larger);
    DerivativeStructure ofTeacher = constant(0);
    if (t > 0) {
      ofTeacher = middle.negate().add(logT).multiply(beta * t);
    }
    return s == 0
        ? ofTeacher
        : ofTeacher.add(student.multiply(log.subtract(middle)).multiply(1 - beta));
  }

  /** Returns p (log p - log q) for a p that is 0, or so small that it is 0 as a double. */
  private static double impossible(double logP, double logQ) {
    boolean infinite = logP > Double.NEGATIVE_INFINITY && logQ == Double.NEGATIVE_INFINITY;
    return infinite ? Double.POSITIVE_INFINITY : 0;
  }

  private static DerivativeStructure constant(double value) {
    return new DerivativeStructure(1, 1, value);
  }
}
