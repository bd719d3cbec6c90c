package io.github.fusedloss.verify;

import io.github.fusedloss.CrossEntropy;
import io.github.fusedloss.Hessian;
import io.github.fusedloss.LogitTransform;
import io.github.fusedloss.NllLoss;
import io.github.fusedloss.SoftmaxFocalLoss;
import io.github.fusedloss.Target;
import io.github.fusedloss.Tensor;
import io.github.fusedloss.reference.ReferenceCrossEntropy;
import io.github.fusedloss.reference.ReferenceFocalRows;
import io.github.fusedloss.reference.ReferenceLoss;
import io.github.fusedloss.reference.ReferencePrimitives;
import io.github.fusedloss.reference.RowOptions;
import java.util.Arrays;
import java.util.function.Supplier;

/** What the losses of rows must give. */
final class ExpectedRows {
  /** The logits or log-probabilities as the loss uses them. */
  private float[] x;

  private final int batch;
  private final int classes;
  private final int inner;
  private final boolean probabilities;

  /** Class probabilities, or null. */
  private final float[] q;

  /** Class indices, or null. */
  private final long[] y;

  private final double[] lossTerms;
  private final double[] gradientTerms;

  /** A factor of each loss, or null. */
  private final double[] rowWeights;

  /** The factor of each row's softmax in the gradient. */
  private final double[] sizes;

  /**
   * Begins with one call.
   *
   * @param classAxis the class axis as the loss counts it
   */
  ExpectedRows(Tensor input, Target targets, int classAxis) {
    Tensor target = targets.tensor();
    x = input.toFloatArray();
    LogitRows rows = LogitRows.of(input, classAxis);
    batch = rows.batch();
    classes = rows.classes();
    inner = rows.inner();
    probabilities = target.type().isFloating();
    q = probabilities ? target.toFloatArray() : null;
    y = probabilities ? null : target.toLongArray();
    lossTerms = new double[batch * inner];
    gradientTerms = new double[x.length];
    rowWeights = RowFactors.of(targets);
    sizes = new double[batch * inner];
  }

  Expected logProbabilities(NllLoss loss) {
    float[] w = weights(loss.weight());
    ignore(loss.ignoreIndex());
    ReferenceLoss reference =
        ReferenceCrossEntropy.nllLoss(x, batch, classes, inner, y, w, loss.ignoreIndex());
    return expected(reference, Promise.ROW_LOSS, null, null);
  }

  Expected logits(CrossEntropy loss) {
    return loss.logits().equals(LogitTransform.NONE)
        ? ofLogits(loss)
        : transformed(loss.logits(), () -> ofLogits(loss), loss.zLoss(), 1);
  }

  Expected focal(SoftmaxFocalLoss loss) {
    return loss.logits().equals(LogitTransform.NONE)
        ? focalOfLogits(loss)
        : transformed(loss.logits(), () -> focalOfLogits(loss), 0, 1 + loss.gamma());
  }

  /**
   * Returns what is expected for transformed logits, with bounds for how far these may be off.
   *
   * @param steep how many times faster than that of cross entropy the gradient may change
   */
  private Expected transformed(
      LogitTransform transform, Supplier<Expected> ofLogits, double zLoss, double steep) {
    ExpectedLogits logits = new ExpectedLogits(x, classes, inner, transform);
    x = logits.y;
    Expected e = ofLogits.get();
    double[] p = ReferencePrimitives.softmax(x, batch, classes, inner);
    double[] lse = ReferencePrimitives.logSumExp(x, batch, classes, inner);
    double[] widest = new double[sizes.length];
    for (int i = 0; i < p.length; i++) {
      widest[row(i)] = Math.max(widest[row(i)], p[i] > 0 ? logits.off[i] : 0);
    }
    boolean hasZ = e.z() != null;
    for (int i = 0; i < p.length; i++) {
      int row = row(i);
      double share = sizes[row] * p[i];
      double b = Math.abs(e.reference().gradient()[i]) + share;
      double changed = steep * (2 * widest[row] + 4 * Promise.TERM);
      // The slope multiplies a number that was rounded after the mean, whose bound is divided
      // again.
      double lost = 4 * Math.max(1, sizes[row]) * Float.MIN_VALUE * sizes.length;
      lossTerms[row] += b * logits.off[i];
      gradientTerms[i] = logits.slope[i] * (gradientTerms[i] + (share + b) * changed + lost);
      e.reference().gradient()[i] *= counted(e, row) ? logits.slope[i] : 1;
      if (hasZ) {
        double z = 2 * zLoss * p[i];
        double size = Math.max(1, Math.abs(lse[row]));
        e.z().loss()[row] += z * Math.abs(lse[row]) * logits.off[i];
        e.z().gradient()[i] = logits.slope[i] * (e.z().gradient()[i] + z * size * changed);
        e.z().gradient()[i] += logits.slope[i] * z * widest[row];
        e.reference().z().gradient()[i] *= counted(e, row) ? logits.slope[i] : 1;
      }
    }
    return e;
  }

  private static boolean counted(Expected e, int row) {
    return e.reference().counted()[row];
  }

  private Expected ofLogits(CrossEntropy loss) {
    float[] w = weights(loss.weight());
    double e = loss.labelSmoothing();
    long ignored = loss.ignoreIndex();
    ignore(ignored);
    boolean soft = probabilities || e > 0;
    if (soft) {
      softTerms(w, e);
    } else {
      for (int row = 0; row < sizes.length; row++) {
        sizes[row] = w == null || y[row] == ignored ? 1 : Math.abs(w[(int) y[row]]);
      }
    }
    RowOptions options =
        RowOptions.DEFAULT
            .withWeight(w)
            .withIgnoreIndex(ignored)
            .withLabelSmoothing(e)
            .withZLoss(loss.zLoss());
    ReferenceLoss reference =
        probabilities
            ? ReferenceCrossEntropy.ofProbabilities(x, batch, classes, inner, q, options)
            : ReferenceCrossEntropy.ofIndices(x, batch, classes, inner, y, options);
    for (int row = 0; row < sizes.length; row++) {
      double lost = LowEnd.rowLoss(reference.loss()[row], sizes[row], classes, soft);
      lossTerms[row] = Math.max(lossTerms[row], lost);
    }
    if (!soft && loss.zLoss() > 0) {
      hardTerms();
    }
    Expected.ZTerms z = loss.zLoss() > 0 ? zTerms(loss.zLoss()) : null;
    return expected(reference, soft ? Promise.ROW_SOFT_LOSS : Promise.ROW_LOSS, z, sizes);
  }

  private Expected focalOfLogits(SoftmaxFocalLoss loss) {
    float[] w = weights(loss.weight());
    ignore(loss.ignoreIndex());
    RowOptions options = RowOptions.DEFAULT.withWeight(w).withIgnoreIndex(loss.ignoreIndex());
    ReferenceLoss reference =
        ReferenceFocalRows.ofIndices(x, batch, classes, inner, y, options, loss.gamma());
    double[] p = ReferencePrimitives.softmax(x, batch, classes, inner);
    double[] others = new double[sizes.length];
    for (int i = 0; i < p.length; i++) {
      others[row(i)] += y[row(i)] == i / inner % classes ? 0 : p[i];
    }
    for (int i = 0; i < p.length; i++) {
      int row = row(i);
      if (y[row] == i / inner % classes) {
        // The gradient at the target is -w F O, and w F is the factor of the softmax.
        sizes[row] = others[row] == 0 ? 0 : Math.abs(reference.gradient()[i]) / others[row];
      }
    }
    int powers = (int) Math.ceil(loss.gamma());
    for (int i = 0; i < p.length; i++) {
      int row = row(i);
      double weight = !reference.counted()[row] || w == null ? 1 : Math.abs(w[(int) y[row]]);
      // The power of a small number may be subnormal, and is multiplied by the other factors.
      boolean low = Math.pow(others[row], loss.gamma() + 1) < LowEnd.COARSE_POWER;
      lossTerms[row] = low ? classes * weight * (1 + loss.gamma()) * Float.MIN_VALUE : 0;
      gradientTerms[i] = low ? 4 * lossTerms[row] : 0;
    }
    return expected(
        reference,
        Expected.ulps(lossTerms.length, Promise.FOCAL_ROW_LOSS, powers),
        Promise.FOCAL_ROW_GRADIENT.ulps(powers),
        null,
        sizes);
  }

  /** Returns the outputs of each row. */
  ExpectedOutputs outputs(long ignoreIndex, LogitTransform transform) {
    ignore(ignoreIndex);
    double[] off = new double[x.length];
    if (!transform.equals(LogitTransform.NONE)) {
      ExpectedLogits logits = new ExpectedLogits(x, classes, inner, transform);
      x = logits.y;
      off = logits.off;
    }
    boolean[] counts = new boolean[sizes.length];
    for (int row = 0; row < counts.length; row++) {
      boolean weighs = rowWeights == null || rowWeights[row] != 0;
      counts[row] = weighs && (y == null || y[row] != ignoreIndex);
    }
    return new ExpectedOutputs(x, off, batch, classes, inner, y, counts);
  }

  ExpectedHessian hessian(CrossEntropy loss, Hessian kind) {
    float[] w = weights(loss.weight());
    ignore(loss.ignoreIndex());
    double[] masses = new double[sizes.length];
    double[] z = new double[sizes.length];
    for (int row = 0; row < masses.length; row++) {
      double factor = rowWeights == null ? 1 : rowWeights[row];
      if (factor == 0 || !probabilities && y[row] == loss.ignoreIndex()) {
        continue;
      }
      int first = row / inner * classes * inner + row % inner;
      for (int c = 0; c < classes; c++) {
        double own = probabilities ? q[first + c * inner] : y[row] == c ? 1 : 0;
        double e = loss.labelSmoothing();
        masses[row] += (own * (1 - e) + e / classes) * (w == null ? 1 : w[c]) * factor;
      }
      z[row] = loss.zLoss() * factor;
    }
    return ExpectedHessian.rows(x, classes, inner, masses, z, kind);
  }

  ExpectedHessian hessian(SoftmaxFocalLoss loss) {
    float[] w = weights(loss.weight());
    ignore(loss.ignoreIndex());
    double[] masses = new double[sizes.length];
    for (int row = 0; row < masses.length; row++) {
      boolean counts = y[row] != loss.ignoreIndex();
      double factor = rowWeights == null ? 1 : rowWeights[row];
      masses[row] = counts ? factor * (w == null ? 1 : w[(int) y[row]]) : 0;
    }
    return ExpectedHessian.focalRows(x, classes, inner, y, masses, loss.gamma());
  }

  /**
   * Finds bounds from the terms w p_c, and w (1 - p_y), which cancel with the gradient of a z-loss.
   */
  private void hardTerms() {
    double[] p = ReferencePrimitives.softmax(x, batch, classes, inner);
    double term = Promise.ROW_Z_GRADIENT.terms() * Promise.TERM;
    for (int i = 0; i < p.length; i++) {
      boolean target = y[row(i)] == i / inner % classes;
      gradientTerms[i] = term * sizes[row(i)] * (target ? 1 - p[i] : p[i]);
    }
  }

  /** Returns the row of an element. */
  private int row(int i) {
    return i / (classes * inner) * inner + i % inner;
  }

  private Expected.ZTerms zTerms(double factor) {
    double[] p = ReferencePrimitives.softmax(x, batch, classes, inner);
    double[] lse = ReferencePrimitives.logSumExp(x, batch, classes, inner);
    double[] max = new double[sizes.length];
    Arrays.fill(max, Double.NEGATIVE_INFINITY);
    for (int i = 0; i < p.length; i++) {
      max[row(i)] = Math.max(max[row(i)], x[i]);
    }
    double ofLoss = Promise.ROW_Z_LOSS.terms() * Promise.TERM * factor;
    double ofGradient = Promise.ROW_Z_GRADIENT.terms() * Promise.TERM * 2 * factor;
    double[] loss = new double[sizes.length];
    for (int row = 0; row < loss.length; row++) {
      loss[row] = ofLoss * Math.abs(lse[row]) * Math.max(1, Math.abs(max[row]));
    }
    double[] gradient = new double[x.length];
    for (int i = 0; i < p.length; i++) {
      double size = Math.max(1, Math.max(Math.abs(max[row(i)]), Math.abs(lse[row(i)])));
      // A logit far below the maximum counts as 0.
      gradient[i] = ofGradient * p[i] * size + 2 * factor * size * Float.MIN_VALUE;
    }
    return new Expected.ZTerms(loss, gradient);
  }

  private Expected expected(
      ReferenceLoss reference, Promise promise, Expected.ZTerms z, double[] softmaxSizes) {
    double[] ulps = Expected.ulps(lossTerms.length, promise);
    return expected(reference, ulps, Promise.ROW_HARD_GRADIENT.ulps(), z, softmaxSizes);
  }

  private Expected expected(
      ReferenceLoss reference,
      double[] lossUlps,
      double gradientUlps,
      Expected.ZTerms z,
      double[] softmaxSizes) {
    RowFactors.scale(lossTerms, rowWeights, 1, 1);
    RowFactors.scale(gradientTerms, rowWeights, classes, inner);
    RowFactors.scale(sizes, rowWeights, 1, 1);
    if (z != null) {
      RowFactors.scale(z.loss(), rowWeights, 1, 1);
      RowFactors.scale(z.gradient(), rowWeights, classes, inner);
    }
    return new Expected(
        reference.withRowWeights(rowWeights),
        lossUlps,
        lossTerms,
        gradientUlps,
        gradientTerms,
        z,
        softmaxSizes);
  }

  /** Makes the targets of rows with weight 0, which may be no classes, ignored ones. */
  private void ignore(long ignoreIndex) {
    for (int row = 0; rowWeights != null && y != null && row < y.length; row++) {
      y[row] = rowWeights[row] == 0 ? ignoreIndex : y[row];
    }
  }

  /** Finds bounds from the terms that cancel where the target is spread over classes. */
  private void softTerms(float[] w, double smoothing) {
    double soft = Promise.ROW_SOFT_GRADIENT.terms() * Promise.TERM;
    double[] p = ReferencePrimitives.softmax(x, batch, classes, inner);
    for (int row = 0; row < sizes.length; row++) {
      int first = row / inner * classes * inner + row % inner;
      double[] shares = new double[classes];
      double mass = 0;
      boolean negative = false;
      double largest = 0;
      for (int c = 0; c < classes; c++) {
        int i = first + c * inner;
        double own = probabilities ? q[i] : y[row] == c ? 1 : 0;
        double share = (own * (1 - smoothing) + smoothing / classes) * (w == null ? 1 : w[c]);
        negative |= share < 0;
        shares[c] = Math.abs(share);
        mass += shares[c];
        largest = Math.max(largest, Math.abs(x[i]));
      }
      for (int c = 0; c < classes; c++) {
        int i = first + c * inner;
        gradientTerms[i] = soft * (mass * p[i] + shares[c]);
      }
      sizes[row] = mass;
      lossTerms[row] = negative ? Promise.TERM * mass * (2 * largest + Math.log(classes)) : 0;
    }
  }

  private static float[] weights(Tensor weight) {
    return weight == null ? null : weight.toFloatArray();
  }
}
