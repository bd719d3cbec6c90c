package io.github.fusedloss.verify;

import io.github.fusedloss.ElementType;
import io.github.fusedloss.Hessian;
import io.github.fusedloss.Loss;
import io.github.fusedloss.LossResult;
import io.github.fusedloss.NllLoss;
import io.github.fusedloss.Reduction;
import io.github.fusedloss.Target;
import io.github.fusedloss.Tensor;
import io.github.fusedloss.reference.ReferenceLoss;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Judges what a loss computed, over any number of calls: the losses, their reductions and totals,
 * and the gradient.
 */
final class LossJudge {
  private final Judge losses = new Judge("loss", 0, true);
  private final Judge reduced = new Judge("reduced loss", Promise.REDUCED_LOSS.ulps(), true);
  private final Judge sum = new Judge("sum", Promise.REDUCED_LOSS.ulps(), true);
  private final Judge zSum = new Judge("z-loss", Promise.REDUCED_LOSS.ulps(), true);
  private final Judge weightSum = new Judge("weight sum", Promise.WEIGHT_SUM.ulps(), true);
  private final Judge gradient = new Judge("gradient", 0, true);
  private final Judge hessian = new Judge("second derivative", 0, true);

  private final OutputJudge outputs = new OutputJudge();

  /** Returns one judge for each quantity, in the order of computation. */
  List<Judge> all() {
    List<Judge> all =
        new ArrayList<>(List.of(losses, reduced, sum, zSum, weightSum, gradient, hessian));
    all.addAll(outputs.all());
    return all;
  }

  /**
   * Returns the worst value of the first quantity that has one outside its tolerance; empty if all
   * passed.
   */
  String worst() {
    return all().stream().map(Judge::worst).filter(w -> !w.isEmpty()).findFirst().orElse("");
  }

  /**
   * Judges one call.
   *
   * @param where names the call in a message
   * @param upstream factor of the gradient
   * @param upstreams one more factor for each row, or null
   */
  void judge(
      String where,
      Loss loss,
      Tensor input,
      Target target,
      float upstream,
      Tensor upstreams,
      LossResult result) {
    Expected expected = expected(loss, input, target, upstreams);
    ReferenceLoss reference = expected.reference();
    if (result.count() != reference.count()) {
      throw new VerificationException(
          where
              + " count: expected "
              + reference.count()
              + ", got "
              + result.count()
              + " on "
              + result.device());
    }
    outputs.judge(where, loss, input, target, result);
    boolean mean = loss.reduction() == Reduction.MEAN;
    boolean own = mean && loss.denominator().isEmpty();
    boolean batch = loss.reduction() == Reduction.BATCHMEAN;
    double samples = batch && input.rank() > 0 ? input.shape()[0] : 1;
    double denominator = mean ? loss.denominator().orElse(reference.weightSum()) : samples;
    boolean hasZ = expected.z() != null;
    double zDenominator = own && hasZ ? reference.z().weightSum() : denominator;
    totals(where, expected, result);
    if (loss.reduction() == Reduction.NONE) {
      losses(where, expected, result.losses().toFloatArray());
    } else {
      double value = own ? reference.mean() : reference.mean(denominator);
      double terms = termsOfSum(expected) / Math.abs(denominator);
      if (expected.z() != null) {
        terms += Arrays.stream(expected.z().loss()).sum() / zDenominator;
      }
      reduced.value(where, 0, result.loss(), value, terms);
    }
    if (result.hasGradient()) {
      double[] factors = new double[reference.loss().length];
      float[] each = upstreams == null ? null : upstreams.toFloatArray();
      for (int row = 0; row < factors.length; row++) {
        factors[row] = each == null ? upstream : (double) each[row] * upstream;
      }
      double[] exact =
          own
              ? reference.gradientOfMean(upstream)
              : mean || batch
                  ? reference.gradientOfMean(upstream, denominator)
                  : reference.gradientOfNone(factors);
      if (loss instanceof NllLoss) {
        atTargets(exact, reference, target.tensor().toLongArray());
      }
      double[] zFactors = new double[factors.length];
      for (int row = 0; row < factors.length; row++) {
        zFactors[row] = Math.abs(factors[row] / zDenominator);
        factors[row] = Math.abs(factors[row] / denominator);
      }
      gradient(where, expected, exact, factors, zFactors, result.gradient());
    }
  }

  /**
   * Clears the gradient except at targets: negative log likelihood reads nothing else, so there is
   * no 0 / 0 either.
   */
  private static void atTargets(double[] gradient, ReferenceLoss reference, long[] y) {
    int classes = reference.classes();
    int inner = reference.inner();
    for (int i = 0; i < gradient.length; i++) {
      gradient[i] = i / inner % classes == y[reference.row(i)] ? gradient[i] : 0;
    }
  }

  /** Judges the second derivative of one call, or what stands in its place. */
  void hessian(
      String where, Loss loss, Tensor input, Target target, Hessian kind, LossResult result) {
    boolean mean = loss.reduction() == Reduction.MEAN;
    double own = result.weightSum();
    double denominator = mean ? loss.denominator().orElse(own) : 1;
    double ofZ = mean ? loss.denominator().orElse(rowWeights(input, target, loss)) : 1;
    int factors = (mean ? 1 : 0) + (target.rowWeights() == null ? 0 : 1);
    ExpectedHessian expected =
        Oracle.hessian(loss, new Oracle.Question(input, target, factors), kind);
    float[] actual = result.hessian().toFloatArray();
    for (int i = 0; i < actual.length; i++) {
      double exact = expected.exact()[i] / denominator;
      double bound = expected.bounds()[i] / Math.abs(denominator);
      if (expected.ofZ() != null && expected.ofZ()[i] != 0) {
        exact += expected.ofZ()[i] / ofZ;
        bound += expected.zBounds()[i] / ofZ;
      }
      // It is rounded once more after the denominator. The terms do not cover that for the smallest
      // numbers.
      bound += bound > 0 ? Float.MIN_VALUE : 0;
      hessian.value(where, i, actual[i], exact, bound, expected.ulps());
    }
  }

  /** Returns the sum of the weights of the rows that count, whatever their classes weigh. */
  private static double rowWeights(Tensor input, Target target, Loss loss) {
    Expected expected = expected(loss, input, target, null);
    return expected.z() == null ? 1 : expected.reference().z().weightSum();
  }

  private static Expected expected(Loss loss, Tensor input, Target target, Tensor upstreams) {
    boolean divided = loss.reduction() != Reduction.NONE && loss.reduction() != Reduction.SUM;
    int factors = (divided ? 1 : 0) + (upstreams == null ? 0 : 1);
    factors += target.rowWeights() == null ? 0 : 1;
    return Oracle.losses(loss, new Oracle.Question(input, target, factors));
  }

  private void totals(String where, Expected expected, LossResult result) {
    ReferenceLoss reference = expected.reference();
    double terms = termsOfSum(expected);
    sum.value(where, 0, (float) result.sum(), reference.sum(), terms);
    if (expected.z() != null) {
      double z = Arrays.stream(expected.z().loss()).sum();
      zSum.value(where, 0, (float) result.zLossSum(), reference.zSum(), z);
    }
    double weights = 0;
    boolean negative = false;
    for (double w : reference.weight()) {
      weights += Math.abs(w);
      negative |= w < 0;
    }
    weightSum.value(
        where,
        0,
        (float) result.weightSum(),
        reference.weightSum(),
        negative ? Promise.TERM * weights : 0);
  }

  /**
   * Returns how far the sum may be off because of the losses: by their terms, and by what is
   * promised for them beyond the promise for the sum. An ULP of a subnormal loss is not as small as
   * the loss, and a denominator below 1 makes it larger.
   */
  private static double termsOfSum(Expected expected) {
    double terms = Arrays.stream(expected.lossTerms()).map(LossJudge::known).sum();
    double[] exact = expected.reference().losses();
    for (int i = 0; i < exact.length; i++) {
      boolean coarse = exact[i] != 0 && Math.abs(exact[i]) < Float.MIN_NORMAL;
      boolean more = expected.lossUlps()[i] > Promise.REDUCED_LOSS.ulps();
      if ((coarse || more) && Double.isFinite(exact[i])) {
        terms += expected.lossUlps()[i] * Math.ulp((float) exact[i]);
      }
    }
    return terms;
  }

  private void losses(String where, Expected expected, float[] actual) {
    double[] exact = expected.reference().losses();
    for (int i = 0; i < expected.lossTerms().length; i++) {
      losses.value(
          where,
          i,
          actual[i],
          exact[i],
          known(expected.lossTerms()[i]) + (expected.z() == null ? 0 : expected.z().loss()[i]),
          expected.lossUlps()[i]);
    }
  }

  /** Returns the terms; 0 if they are infinite or not known, so that they allow nothing. */
  private static double known(double terms) {
    return Double.isFinite(terms) ? terms : 0;
  }

  /** Judges the gradients; there is a factor for each row. */
  private void gradient(
      String where,
      Expected expected,
      double[] exact,
      double[] factors,
      double[] zFactors,
      Tensor computed) {
    ElementType type = computed.type();
    int classes = expected.reference().classes();
    double ulps = expected.gradientUlps();
    float[] actual = computed.toFloatArray();
    for (int i = 0; i < actual.length; i++) {
      int row = expected.reference().row(i);
      double bound = expected.gradientTerms()[i] * factors[row];
      if (expected.z() != null) {
        bound += expected.z().gradient()[i] * zFactors[row];
      }
      if (expected.sizes() != null) {
        double size = expected.sizes()[row] * factors[row];
        bound = Math.max(bound, LowEnd.gradient(exact[i], size, classes));
      }
      bound = known(bound); // The rounding to the type counts in any case.
      double stored = exact[i];
      if (type.isSixteenBit() && Double.isFinite(exact[i])) {
        double inUlps = Math.min(Math.abs(exact[i]), Float.MAX_VALUE);
        bound = Math.max(bound, ulps * Math.ulp((float) inUlps));
        // A value that far away may be too large for the type.
        double farthest = exact[i] + Math.copySign(bound, actual[i]);
        boolean infinite = type.decode(type.encode((float) farthest)) == actual[i];
        stored = infinite && Float.isInfinite(actual[i]) ? actual[i] : exact[i];
        bound += rounding(type, exact[i]);
      }
      gradient.value(where, i, actual[i], stored, bound, ulps);
    }
  }

  /** Returns half of the spacing of a 16-bit type's numbers around a value. */
  private static double rounding(ElementType type, double value) {
    int exponent = Math.getExponent(value);
    return type == ElementType.FLOAT16
        ? Math.scalb(0.5, Math.max(exponent, -14) - 10)
        : Math.scalb(0.5, Math.max(exponent, Float.MIN_EXPONENT) - 7);
  }
}
