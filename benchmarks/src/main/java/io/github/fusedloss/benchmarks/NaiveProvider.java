package io.github.fusedloss.benchmarks;

import io.github.fusedloss.benchmarks.Work.Options;

/** Plain loops over arrays, one thread, {@code java.lang.Math}: as people write a loss in Java. */
final class NaiveProvider implements Provider {
  @Override
  public String device() {
    return Machine.processor() + ", plain loops, 1 thread";
  }

  @Override
  public Call prepare(Problem p) {
    Work work = p.work();
    Provider.refuse(work.dtype().isSixteenBit(), "written for float32 only");
    switch (work.function()) {
      case BINARY_CROSS_ENTROPY_WITH_LOGITS, CROSS_ENTROPY, SUM, LOGSUMEXP, SOFTMAX -> {}
      default -> throw new UnsupportedOperationException("not written");
    }
    Provider.refuse(work.options() == Options.SMOOTHING_WEIGHTS_IGNORE, "not written");
    return new Call() {
      private double scalar;
      private float[] values;

      @Override
      public Object run() {
        boolean wanted = work.gradient() || work.function() == Work.Function.SOFTMAX;
        values = wanted ? new float[p.x().length] : null;
        scalar =
            switch (work.function()) {
              case BINARY_CROSS_ENTROPY_WITH_LOGITS ->
                  p.weight() == null ? binary(p, values) : weighted(p, values);
              case CROSS_ENTROPY ->
                  p.target() != null
                      ? probabilities(p, values)
                      : crossEntropy(
                          p.x(), p.classes(), work.batch(), work.classes(), work.inner(), values);
              case LOGSUMEXP -> logSumExp(p.x(), 0, p.x().length, 1);
              case SUM -> sum(p.x());
              default -> softmax(p, values);
            };
        return scalar;
      }

      @Override
      public Outcome outcome() {
        return new Outcome(scalar, values);
      }
    };
  }

  private static double binary(Problem p, float[] gradient) {
    float[] x = p.x();
    float[] t = p.target();
    double loss = 0;
    for (int i = 0; i < x.length; i++) {
      loss += Math.max(x[i], 0) - x[i] * t[i] + Math.log(1 + Math.exp(-Math.abs(x[i])));
      if (gradient != null) {
        gradient[i] = (float) ((1 / (1 + Math.exp(-x[i])) - t[i]) / x.length);
      }
    }
    return loss / x.length;
  }

  private static double weighted(Problem p, float[] gradient) {
    float[] x = p.x();
    float[] t = p.target();
    float[] w = p.weight();
    double pw = p.posWeight()[0];
    double loss = 0;
    for (int i = 0; i < x.length; i++) {
      double factor = 1 + (pw - 1) * t[i];
      double softplus = Math.log(1 + Math.exp(-Math.abs(x[i]))) + Math.max(-x[i], 0);
      loss += w[i] * ((1 - t[i]) * x[i] + factor * softplus);
      if (gradient != null) {
        double sigmoid = 1 / (1 + Math.exp(-x[i]));
        gradient[i] =
            (float) (w[i] * ((1 - t[i]) * sigmoid - pw * t[i] * (1 - sigmoid)) / x.length);
      }
    }
    return loss / x.length;
  }

  private static double crossEntropy(
      float[] x, int[] y, int batch, int classes, int inner, float[] gradient) {
    int rows = batch * inner;
    double loss = 0;
    for (int b = 0; b < batch; b++) {
      for (int j = 0; j < inner; j++) {
        int first = b * classes * inner + j;
        int target = y[b * inner + j];
        double lse = logSumExp(x, first, classes, inner);
        loss += lse - x[first + target * inner];
        if (gradient != null) {
          for (int c = 0; c < classes; c++) {
            int i = first + c * inner;
            gradient[i] = (float) ((Math.exp(x[i] - lse) - (c == target ? 1 : 0)) / rows);
          }
        }
      }
    }
    return loss / rows;
  }

  private static double probabilities(Problem p, float[] gradient) {
    float[] x = p.x();
    float[] q = p.target();
    int rows = p.work().rows();
    int classes = p.work().classes();
    double loss = 0;
    for (int r = 0; r < rows; r++) {
      double lse = logSumExp(x, r * classes, classes, 1);
      for (int i = r * classes; i < (r + 1) * classes; i++) {
        loss += q[i] * (lse - x[i]);
        if (gradient != null) {
          gradient[i] = (float) ((Math.exp(x[i] - lse) - q[i]) / rows);
        }
      }
    }
    return loss / rows;
  }

  private static double softmax(Problem p, float[] values) {
    float[] x = p.x();
    int classes = p.work().classes();
    for (int first = 0; first < x.length; first += classes) {
      double lse = logSumExp(x, first, classes, 1);
      for (int i = first; i < first + classes; i++) {
        values[i] = (float) Math.exp(x[i] - lse);
      }
    }
    return 0;
  }

  private static double logSumExp(float[] x, int first, int n, int stride) {
    float max = Float.NEGATIVE_INFINITY;
    for (int c = 0; c < n; c++) {
      max = Math.max(max, x[first + c * stride]);
    }
    double sum = 0;
    for (int c = 0; c < n; c++) {
      sum += Math.exp(x[first + c * stride] - max);
    }
    return max + Math.log(sum);
  }

  private static double sum(float[] x) {
    double sum = 0;
    for (float v : x) {
      sum += v;
    }
    return sum;
  }
}
