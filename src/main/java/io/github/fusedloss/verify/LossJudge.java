package io.github.fusedloss.verify;

import io.github.fusedloss.BinaryCrossEntropy;
import io.github.fusedloss.BinaryCrossEntropyWithLogits;
import io.github.fusedloss.CrossEntropy;
import io.github.fusedloss.ElementType;
import io.github.fusedloss.Loss;
import io.github.fusedloss.LossResult;
import io.github.fusedloss.NllLoss;
import io.github.fusedloss.Reduction;
import io.github.fusedloss.Tensor;
import io.github.fusedloss.reference.ReferenceBinaryCrossEntropy;
import io.github.fusedloss.reference.ReferenceCrossEntropy;
import io.github.fusedloss.reference.ReferenceLoss;
import io.github.fusedloss.reference.ReferencePrimitives;
import java.util.Arrays;
import java.util.List;

/**
 * Judges what a loss computed: the losses, their reductions and totals, the gradient. Its bounds
 * are the promises of docs/numerics.md.
 */
final class LossJudge {
  /** Where a negative weight or a target outside [0, 1] makes the terms of a loss cancel. */
  private static final double TERMS = Promise.TERM;

  /** Losses and gradients of logits so small, before weights, are multiples of 2^-149. */
  private static final double COARSE = 0x1p-102;

  /** Rows longer than a block, or of tiny weight, give up the relative accuracy below 2^-94. */
  private static final double TINY = 0x1p-117;

  private static final int BLOCK = 4096;

  final Judge losses;
  final Judge reduced;
  final Judge sum;
  final Judge weightSum;
  final Judge gradient;
  private final Loss loss;

  LossJudge(Loss loss) {
    this.loss = loss;
    losses = new Judge("loss", 0, true);
    reduced = new Judge("reduced loss", Promise.REDUCED_LOSS.ulps(), true);
    sum = new Judge("sum", Promise.REDUCED_LOSS.ulps(), true);
    weightSum = new Judge("weight sum", Promise.WEIGHT_SUM.ulps(), true);
    gradient = new Judge("gradient", 0, true);
  }

  private LossJudge(LossJudge tally, Loss loss) {
    this.loss = loss;
    losses = tally.losses;
    reduced = tally.reduced;
    sum = tally.sum;
    weightSum = tally.weightSum;
    gradient = tally.gradient;
  }

  private static boolean binary(Loss loss) {
    return loss instanceof BinaryCrossEntropyWithLogits || loss instanceof BinaryCrossEntropy;
  }

  /** The same tally for a call with other options. */
  LossJudge with(Loss loss) {
    return new LossJudge(this, loss);
  }

  /** One for each quantity, in the order of computation. */
  List<Judge> all() {
    return List.of(losses, reduced, sum, weightSum, gradient);
  }

  /** The worst value of the first quantity with one outside its tolerance; empty if all passed. */
  String worst() {
    return all().stream().map(Judge::worst).filter(w -> !w.isEmpty()).findFirst().orElse("");
  }

  /**
   * What is to be expected, and how nearly: ULP, or absolute bounds from the size of the terms that
   * a value is made of.
   *
   * @param size of each row's factor; null for elements
   */
  private record Expected(
      ReferenceLoss reference,
      double[] lossUlps,
      double[] lossTerms,
      double gradientUlps,
      double[] gradientTerms,
      double[] size) {}

  void judge(
      String where,
      Tensor input,
      Tensor target,
      float upstream,
      Tensor upstreams,
      LossResult result,
      boolean withGradient) {
    float[] x = input.toFloatArray();
    Expected expected =
        binary(loss) ? elements(x, input, target, upstreams) : rows(x, input, target);
    ReferenceLoss reference = expected.reference();
    double own = loss.denominator();
    boolean mean = loss.reduction() == Reduction.MEAN;
    double denominator = mean ? Double.isNaN(own) ? reference.weightSum() : own : 1;
    int n = reference.loss().length;
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
    double allTerms = Arrays.stream(expected.lossTerms()).sum();
    sum.value(where, 0, (float) result.sum(), reference.sum(), allTerms);
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
        negative ? TERMS * weights : 0);
    if (loss.reduction() == Reduction.NONE) {
      float[] actual = result.losses().toFloatArray();
      for (int i = 0; i < n; i++) {
        losses.value(
            where,
            i,
            actual[i],
            reference.loss()[i],
            expected.lossTerms()[i],
            expected.lossUlps()[i]);
      }
    } else {
      double terms = allTerms / Math.abs(denominator);
      double value =
          mean ? Double.isNaN(own) ? reference.mean() : reference.mean(own) : reference.sum();
      reduced.value(where, 0, result.loss(), value, terms);
    }
    if (!withGradient) {
      return;
    }
    double[] up = new double[n];
    float[] factors = upstreams == null ? null : upstreams.toFloatArray();
    for (int i = 0; i < n; i++) {
      up[i] = factors == null ? upstream : (double) factors[i] * upstream;
    }
    double[] exact =
        mean
            ? Double.isNaN(own)
                ? reference.gradientOfMean(upstream)
                : reference.gradientOfMean(upstream, own)
            : reference.gradientOfNone(up);
    double ulps = expected.gradientUlps();
    float[] actual = result.gradient().toFloatArray();
    int classes = reference.classes();
    int inner = reference.inner();
    for (int i = 0; i < actual.length; i++) {
      int row = i / (classes * inner) * inner + i % inner;
      double factor = Math.abs(up[row] / denominator);
      double bound = expected.gradientTerms()[i] * factor;
      if (expected.size() != null && Math.abs(exact[i]) < 0x1p-94) {
        boolean tiny = expected.size()[row] * factor < 0x1p-93 * classes;
        bound = classes > BLOCK || tiny ? Math.max(bound, TINY) : bound;
      }
      double stored = exact[i];
      if (input.type().isSixteenBit()) {
        float rounded = input.type().decode(input.type().encode((float) exact[i]));
        stored = Float.isInfinite(rounded) ? rounded : exact[i];
        bound =
            Math.max(bound, ulps * Math.ulp((float) exact[i])) + rounding(input.type(), exact[i]);
      }
      gradient.value(where, i, actual[i], stored, Double.isFinite(bound) ? bound : 0, ulps);
    }
  }

  /** Half of the spacing of a 16-bit type's numbers around a value. */
  private static double rounding(ElementType type, double value) {
    int exponent = Math.getExponent(value);
    return type == ElementType.FLOAT16
        ? Math.scalb(0.5, Math.max(exponent, -14) - 10)
        : Math.scalb(0.5, Math.max(exponent, Float.MIN_EXPONENT) - 7);
  }

  private Expected elements(float[] x, Tensor input, Tensor target, Tensor upstreams) {
    float[] t = target.toFloatArray();
    int n = x.length;
    int factors = (loss.reduction() == Reduction.MEAN ? 1 : 0) + (upstreams == null ? 0 : 1);
    double[] lossUlps = new double[n];
    double[] lossTerms = new double[n];
    double[] gradientTerms = new double[n];
    if (loss instanceof BinaryCrossEntropy b) {
      float[] w = expand(b.weight(), input);
      ReferenceLoss reference = ReferenceBinaryCrossEntropy.ofProbabilities(x, t, w);
      for (int i = 0; i < n; i++) {
        lossTerms[i] = w != null && w[i] < 0 ? TERMS * Math.abs(reference.loss()[i]) : 0;
      }
      Arrays.fill(lossUlps, Promise.PROBABILITY_LOSS.ulps());
      factors += w == null ? 0 : 1;
      return new Expected(
          reference,
          lossUlps,
          lossTerms,
          Promise.PROBABILITY_GRADIENT.ulps(factors),
          gradientTerms,
          null);
    }
    BinaryCrossEntropyWithLogits b = (BinaryCrossEntropyWithLogits) loss;
    float[] w = expand(b.weight(), input);
    float[] pw = expand(b.posWeight(), input);
    double soft = Promise.BINARY_SOFT_GRADIENT.terms() * Promise.TERM;
    for (int i = 0; i < n; i++) {
      double weight = w == null ? 1 : Math.abs(w[i]);
      double q = Math.abs(t[i]) * (pw == null ? 1 : Math.abs(pw[i]));
      boolean promised = t[i] >= 0 && t[i] <= 1 && (pw == null || pw[i] >= 0);
      double size = weight * (Math.abs(1 - t[i]) + q);
      lossTerms[i] = promised ? 0 : TERMS * size * (Math.abs(x[i]) + 1);
      double sigmoid = 1 / (1 + Math.exp(-x[i]));
      boolean hard = t[i] == 0 || t[i] == 1;
      Promise promise =
          !hard
              ? Promise.BINARY_SOFT_LOSS
              : w == null && pw == null
                  ? Promise.BINARY_HARD_LOSS
                  : Promise.BINARY_HARD_WEIGHTED_LOSS;
      lossUlps[i] = promise.ulps();
      gradientTerms[i] =
          hard ? 0 : soft * weight * (Math.abs(1 - t[i]) * sigmoid + q * (1 - sigmoid));
      double tail = Math.exp(-Math.abs(x[i]));
      if (tail < COARSE) {
        lossTerms[i] = Math.max(lossTerms[i], Float.MIN_VALUE * size);
        gradientTerms[i] = Math.max(gradientTerms[i], Float.MIN_VALUE * size);
      }
    }
    factors += (w == null ? 0 : 1) + (pw == null ? 0 : 1);
    return new Expected(
        ReferenceBinaryCrossEntropy.withLogits(x, t, w, pw),
        lossUlps,
        lossTerms,
        Promise.BINARY_HARD_GRADIENT.ulps(factors),
        gradientTerms,
        null);
  }

  private Expected rows(float[] x, Tensor input, Tensor target) {
    long[] shape = input.shape();
    int axis = shape.length == 1 ? 0 : 1;
    int batch = axis == 0 ? 1 : (int) shape[0];
    int classes = (int) shape[axis];
    int inner = 1;
    for (int d = axis + 1; d < shape.length; d++) {
      inner *= (int) shape[d];
    }
    if (x.length == 0) { // Some dimension is 0, and others may be anything.
      batch = 0;
      classes = 1;
      inner = 1;
    }
    double[] lossUlps = new double[batch * inner];
    double[] lossTerms = new double[batch * inner];
    double[] gradientTerms = new double[x.length];
    if (loss instanceof NllLoss l) {
      float[] w = weights(l.weight());
      return new Expected(
          ReferenceCrossEntropy.nllLoss(
              x, batch, classes, inner, target.toLongArray(), w, l.ignoreIndex()),
          filled(lossUlps, Promise.ROW_LOSS),
          lossTerms,
          Promise.ROW_HARD_GRADIENT.ulps(),
          gradientTerms,
          null);
    }
    CrossEntropy l = (CrossEntropy) loss;
    float[] w = weights(l.weight());
    double e = l.labelSmoothing();
    double[] p = ReferencePrimitives.softmax(x, batch, classes, inner);
    boolean probabilities = target.type().isFloating();
    float[] q = probabilities ? target.toFloatArray() : null;
    long[] y = probabilities ? null : target.toLongArray();
    double soft = Promise.ROW_SOFT_GRADIENT.terms() * Promise.TERM;
    double[] sizes = new double[batch * inner];
    for (int row = 0; row < sizes.length && !probabilities; row++) {
      sizes[row] = w == null || y[row] == l.ignoreIndex() ? 1 : Math.abs(w[(int) y[row]]);
    }
    if (probabilities || e > 0) {
      for (int row = 0; row < batch * inner; row++) {
        int first = row / inner * classes * inner + row % inner;
        double[] b = new double[classes];
        double mass = 0;
        boolean negative = false;
        double size = 0;
        for (int c = 0; c < classes; c++) {
          int i = first + c * inner;
          double own = probabilities ? q[i] : y[row] == c ? 1 : 0;
          double share = (own * (1 - e) + e / classes) * (w == null ? 1 : w[c]);
          negative |= share < 0;
          b[c] = Math.abs(share);
          mass += b[c];
          size = Math.max(size, Math.abs(x[i]));
        }
        for (int c = 0; c < classes; c++) {
          int i = first + c * inner;
          gradientTerms[i] = soft * (mass * p[i] + b[c]);
        }
        sizes[row] = mass;
        lossTerms[row] = negative ? TERMS * mass * (2 * size + Math.log(classes)) : 0;
      }
    }
    ReferenceLoss reference =
        probabilities
            ? ReferenceCrossEntropy.ofProbabilities(x, batch, classes, inner, q, w, e)
            : ReferenceCrossEntropy.ofIndices(x, batch, classes, inner, y, w, l.ignoreIndex(), e);
    for (int row = 0; row < sizes.length; row++) {
      // What does not count, what is lost of a subnormal logarithm, and of parts with shares.
      double lost = sizes[row] * (classes * 0x1p-150 + 0x1p-149);
      double parts = probabilities || e > 0 ? classes * 0x1p-125 : 0;
      if (Math.abs(reference.loss()[row]) < Math.max(sizes[row] * 0x1p-126, parts * 0x1p24)) {
        lossTerms[row] = Math.max(lossTerms[row], 2 * (lost + parts));
      }
    }
    return new Expected(
        reference,
        filled(lossUlps, probabilities || e > 0 ? Promise.ROW_SOFT_LOSS : Promise.ROW_LOSS),
        lossTerms,
        Promise.ROW_HARD_GRADIENT.ulps(),
        gradientTerms,
        sizes);
  }

  private static double[] filled(double[] ulps, Promise promise) {
    Arrays.fill(ulps, promise.ulps());
    return ulps;
  }

  private static float[] weights(Tensor weight) {
    return weight == null ? null : weight.toFloatArray();
  }

  /** Broadcast by NumPy's rules, written out. */
  private static float[] expand(Tensor weight, Tensor like) {
    if (weight == null) {
      return null;
    }
    float[] from = weight.toFloatArray();
    long[] shape = weight.shape();
    long[] to = like.shape();
    float[] values = new float[(int) like.size()];
    for (int i = 0; i < values.length; i++) {
      long rest = i;
      long at = 0;
      long stride = 1;
      for (int d = to.length - 1; d >= 0; d--) {
        int s = d - (to.length - shape.length);
        if (s >= 0) {
          at += shape[s] == 1 ? 0 : rest % to[d] * stride;
          stride *= shape[s];
        }
        rest /= to[d];
      }
      values[i] = from[(int) at];
    }
    return values;
  }
}
