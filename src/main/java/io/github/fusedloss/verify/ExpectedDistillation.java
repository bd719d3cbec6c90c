package io.github.fusedloss.verify;

import io.github.fusedloss.Distillation;
import io.github.fusedloss.Target;
import io.github.fusedloss.Tensor;
import io.github.fusedloss.reference.ReferenceDistillation;
import io.github.fusedloss.reference.ReferenceLoss;
import io.github.fusedloss.reference.ReferencePrimitives;

/** What the divergence of rows has to give. */
final class ExpectedDistillation {
  /** What the reference's own sums, which cancel, may be off by, of the size of their terms. */
  private static final double OF_REFERENCE = 1e-15;

  private final Distillation loss;
  private final Target target;
  private final float[] x;
  private final float[] z;
  private final int batch;
  private final int classes;
  private final int inner;
  private final double temperature;

  /** 0 is forward KL, 1 reverse KL, what is between them JSD. */
  private final double beta;

  ExpectedDistillation(Tensor input, Target target, Distillation loss) {
    this.loss = loss;
    this.target = target;
    x = input.toFloatArray();
    z = target.tensor().toFloatArray();
    Rows rows = Rows.of(input, loss.classAxis());
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
        ReferenceDistillation.of(x, z, batch, classes, inner, beta, temperature, factor);
    double[] s = softmax(x);
    double[] t = softmax(z);
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

  private double[] softmax(float[] logits) {
    float[] cooled = new float[logits.length];
    for (int i = 0; i < cooled.length; i++) {
      cooled[i] = (float) (logits[i] / temperature);
    }
    return ReferencePrimitives.softmax(cooled, batch, classes, inner);
  }

  /** Of a probability: its size, 0 where that is infinite. */
  private static double logarithm(double p) {
    return p > 0 ? Math.abs(Math.log(p)) : 0;
  }

  private void terms(
      double[] s, double[] t, int row, double factor, double[] ofLoss, double[] ofGradient) {
    int first = row / inner * classes * inner + row % inner;
    double apart = 0;
    double size = 2; // of the terms of the sums
    double mean = 0;
    double[] u = new double[classes];
    double farthest = 1;
    for (int c = 0; c < classes; c++) {
      int i = first + c * inner;
      apart += Math.abs(s[i] - t[i]);
      double middle = beta == 0 ? s[i] : beta * t[i] + (1 - beta) * s[i];
      double other = beta == 0 ? t[i] : s[i];
      u[c] = other > 0 && middle > 0 ? Math.abs(Math.log(other / middle)) : 0;
      mean += other * u[c];
      double distance = Math.abs(Math.log(t[i] / s[i]));
      distance = Double.isFinite(distance) ? distance : 0;
      size += Math.max(s[i], t[i]) * (logarithm(s[i]) + logarithm(t[i]));
      farthest = Math.max(farthest, distance);
    }
    // Probabilities below 2^-149 are 0, others multiples of it.
    double lost = 2 * Float.MIN_VALUE * (farthest + 104);
    ofLoss[row] = factor * (OF_REFERENCE * size + classes * lost);
    double unit = Promise.DISTILLATION_GRADIENT.terms() * Promise.TERM;
    for (int c = 0; c < classes; c++) {
      int i = first + c * inner;
      double slope = beta == 0 ? Math.abs(s[i] - t[i]) : s[i] * (u[c] + mean);
      double terms = slope + Math.max(s[i], t[i]) * apart;
      double own = s[i] * (size + logarithm(s[i]) + logarithm(t[i])) + t[i];
      double bound = unit * terms + OF_REFERENCE * own + lost;
      ofGradient[i] = factor / temperature * bound;
    }
  }
}
