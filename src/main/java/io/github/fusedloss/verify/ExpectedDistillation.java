package io.github.fusedloss.verify;

import io.github.fusedloss.Distillation;
import io.github.fusedloss.Target;
import io.github.fusedloss.Tensor;
import io.github.fusedloss.reference.ReferenceDistillation;
import io.github.fusedloss.reference.ReferenceLoss;

/** What the divergence of rows must give. */
final class ExpectedDistillation {
  /**
   * How far the reference's own sums, which cancel, may be off, relative to the size of their
   * terms.
   */
  private static final double OF_REFERENCE = 1e-15;

  private final Distillation loss;
  private final Target target;
  private final float[] x;
  private final float[] z;
  private final int batch;
  private final int classes;
  private final int inner;
  private final double temperature;

  /** 0 for forward KL, 1 for reverse KL, and a number between them for a JSD. */
  private final double beta;

  ExpectedDistillation(Tensor input, Target target, Distillation loss) {
    this.loss = loss;
    this.target = target;
    x = input.toFloatArray();
    z = target.tensor().toFloatArray();
    LogitRows rows = LogitRows.of(input, loss.classAxis());
    batch = rows.batch();
    classes = rows.classes();
    inner = rows.inner();
    temperature = loss.temperature();
    beta =
        switch (loss.divergence()) {
          case FORWARD_KL -> 0;
          case REVERSE_KL -> 1;
          case JSD -> loss.beta();
        };
  }

  Expected expected() {
    double factor = loss.temperatureSquared() ? temperature * temperature : 1;
    ReferenceLoss reference =
        ReferenceDistillation.of(
            x,
            z,
            batch,
            classes,
            inner,
            new ReferenceDistillation.DivergenceOptions(beta, temperature, factor));
    double[] s = logarithms(x);
    double[] t = logarithms(z);
    double[] lossTerms = new double[batch * inner];
    double[] gradientTerms = new double[x.length];
    for (int row = 0; row < lossTerms.length; row++) {
      terms(s, t, row, factor, lossTerms, gradientTerms);
    }
    double[] rowWeights = RowFactors.of(target);
    RowFactors.scale(lossTerms, rowWeights, 1, 1);
    RowFactors.scale(gradientTerms, rowWeights, classes, inner);
    return new Expected(
        reference.withRowWeights(rowWeights),
        Expected.ulps(lossTerms.length, Promise.DISTILLATION_LOSS),
        lossTerms,
        Promise.DISTILLATION_GRADIENT.ulps(),
        gradientTerms,
        null,
        null);
  }

  /**
   * Returns the logarithms of the softmax. With a low temperature, some probabilities are too small
   * even for doubles.
   */
  private double[] logarithms(float[] logits) {
    double[] logs = new double[logits.length];
    for (int row = 0; row < batch * inner; row++) {
      int first = row / inner * classes * inner + row % inner;
      double max = Double.NEGATIVE_INFINITY;
      for (int c = 0; c < classes; c++) {
        max = Math.max(max, logits[first + c * inner]);
      }
      double sum = 0;
      for (int c = 0; c < classes; c++) {
        int i = first + c * inner;
        logs[i] = (logits[i] - max) / temperature;
        sum += Math.exp(logs[i]);
      }
      for (int c = 0; c < classes; c++) {
        logs[first + c * inner] -= Math.log(sum);
      }
    }
    return logs;
  }

  /** Returns the logarithm of b t + (1 - b) s from the logarithms of both. */
  private double logMixture(double logS, double logT) {
    if (beta == 0 || beta == 1) {
      return beta == 0 ? logS : logT;
    }
    double larger = Math.max(logS, logT);
    double sum = beta * Math.exp(logT - larger) + (1 - beta) * Math.exp(logS - larger);
    return larger + Math.log(sum);
  }

  /** Returns the size of a logarithm; 0 if it is infinite, because such a class has no term. */
  private static double magnitude(double logarithm) {
    return Double.isFinite(logarithm) ? Math.abs(logarithm) : 0;
  }

  /**
   * Finds the bounds of one row; {@code logS} and {@code logT} are logarithms of the probabilities.
   */
  private void terms(
      double[] logS, double[] logT, int row, double factor, double[] ofLoss, double[] ofGradient) {
    int first = row / inner * classes * inner + row % inner;
    double apart = 0;
    double size = 2; // of the terms of the sums
    double mean = 0;
    double[] u = new double[classes]; // not needed for forward KL
    double farthest = 1;
    for (int c = 0; c < classes; c++) {
      int i = first + c * inner;
      double s = Math.exp(logS[i]);
      double t = Math.exp(logT[i]);
      apart += Math.abs(s - t);
      u[c] = magnitude(logS[i] - logMixture(logS[i], logT[i]));
      mean += s * u[c];
      size += Math.max(s, t) * (magnitude(logS[i]) + magnitude(logT[i]));
      farthest = Math.max(farthest, s > 0 || t > 0 ? magnitude(logT[i] - logS[i]) : 0);
    }
    // Probabilities below 2^-149 are 0, and others are multiples of it.
    double lost = 2 * Float.MIN_VALUE * (farthest + 104);
    ofLoss[row] = factor * (OF_REFERENCE * size + classes * lost);
    double unit = Promise.DISTILLATION_GRADIENT.terms() * Promise.TERM;
    for (int c = 0; c < classes; c++) {
      int i = first + c * inner;
      double s = Math.exp(logS[i]);
      double t = Math.exp(logT[i]);
      double slope = beta == 0 ? Math.abs(s - t) : s * (u[c] + mean);
      double terms = slope + Math.max(s, t) * apart;
      double own = s * (size + magnitude(logS[i]) + magnitude(logT[i])) + t;
      double bound = unit * terms + OF_REFERENCE * own + lost;
      ofGradient[i] = factor / temperature * bound;
    }
  }
}
