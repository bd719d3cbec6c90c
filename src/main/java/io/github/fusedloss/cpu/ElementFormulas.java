package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.GeneratedNumerics.canonical;
import static io.github.fusedloss.cpu.ScalarMath.INF;
import static io.github.fusedloss.cpu.ScalarMath.hi;
import static io.github.fusedloss.cpu.ScalarMath.lo;
import static io.github.fusedloss.cpu.ScalarMath.pair;
import static java.lang.Math.abs;

import io.github.fusedloss.backend.Function;

/**
 * The formulas of a loss over elements in three forms: loops over strips; passes of vectors; and
 * element by element, for blocks too short for these, elements they leave over, and losses to be
 * judged.
 */
enum ElementFormulas {
  /** Binary cross entropy of logits. */
  LOGITS {
    @Override
    void strip(BceBlock b, Lanes lanes, int start, int n) {
      if (b.smooth) {
        GeneratedSmoothedLogitsStrips.run(b, lanes, start, n);
      } else {
        GeneratedLogitsStrips.run(b, lanes, start, n);
      }
    }

    @Override
    VectorPasses<BceBlock> passes(BceBlock b) {
      return b.smooth ? GeneratedSmoothedLogitsVectors.PASSES : GeneratedLogitsVectors.PASSES;
    }

    @Override
    void each(BceBlock b, int from, Lanes lanes) {
      for (int i = from; i < b.n; i++) {
        float x = b.x[b.xAt + i];
        float t = b.t[b.tAt + i];
        long e = GeneratedNumerics.expMinus(abs(x));
        long l = GeneratedNumerics.log1pUnit(hi(e), lo(e));
        long v = logitLoss(b, i, x, t, l);
        float w = b.w == null ? 1f : b.w[b.wAt + i];
        if (b.w != null) {
          v = GeneratedLogits.weightedLoss(v, w);
        }
        if (!(abs(hi(v)) < INF)) {
          float limit = logitLimit(b, i, x, t, l);
          limit = b.w == null ? limit : GeneratedLogits.weightedLimit(limit, w);
          v = pair(canonical(limit), 0f);
        }
        lanes.add(i, hi(v), lo(v));
        if (b.loss != null) {
          b.loss[b.lossAt + i] = b.w == null ? hi(v) : hi(v) + lo(v);
        }
        if (b.gradient != null) {
          float g =
              b.smooth
                  ? GeneratedLogits.smoothedSlope(x, t, posWeight(b, i), b.keep, b.half, e)
                  : GeneratedLogits.logitSlope(x, t, positivePart(b, i, t), e);
          b.gradient[b.gradientAt + i] = canonical(g * factor(b, i));
        }
      }
    }
  },

  /** Binary cross entropy of probabilities, which are in [0, 1], as the targets are. */
  PROBABILITIES {
    @Override
    void strip(BceBlock b, Lanes lanes, int start, int n) {
      if (b.smooth) {
        GeneratedSmoothedBceStrips.run(b, lanes, start, n);
      } else {
        GeneratedBceStrips.run(b, lanes, start, n);
      }
    }

    @Override
    VectorPasses<BceBlock> passes(BceBlock b) {
      return b.smooth ? GeneratedSmoothedBceVectors.PASSES : GeneratedBceVectors.PASSES;
    }

    @Override
    void each(BceBlock b, int from, Lanes lanes) {
      for (int i = from; i < b.n; i++) {
        float p = b.x[b.xAt + i];
        float t = b.t[b.tAt + i];
        if (b.smooth) {
          long v = GeneratedBce.smoothedProbabilityLoss(p, t, b.keep, b.half);
          finish(b, i, lanes, v, GeneratedBce.smoothedProbabilitySlope(p, t, b.keep, b.half));
        } else {
          float slope = b.gradient == null ? 0f : GeneratedBce.probabilitySlope(p, t);
          finish(b, i, lanes, GeneratedBce.probabilityLoss(p, t), slope);
        }
      }
    }
  },

  /** Focal loss of logits. */
  FOCAL {
    @Override
    void strip(BceBlock b, Lanes lanes, int start, int n) {
      GeneratedFocalStrips.run(b, lanes, start, n);
    }

    @Override
    VectorPasses<BceBlock> passes(BceBlock b) {
      return GeneratedFocalVectors.PASSES;
    }

    @Override
    void each(BceBlock b, int from, Lanes lanes) {
      for (int i = from; i < b.n; i++) {
        float x = b.x[b.xAt + i];
        float t = b.t[b.tAt + i];
        long e = GeneratedNumerics.expMinus(abs(x));
        long l = GeneratedNumerics.log1pUnit(hi(e), lo(e));
        // How much of the target was missed; but for the square, times a factor.
        long m =
            b.square ? GeneratedFocal.missedPart(x, t, e) : GeneratedFocal.missedUpscaled(x, t, e);
        long power =
            b.square ? GeneratedFocal.square(m) : GeneratedFocal.softPower(x, t, m, l, b.gamma);
        float alpha = GeneratedFocal.checkedFactor(t, b.alphaOfOne, b.alphaOfZero);
        long whole = logitLoss(b, i, x, t, l);
        long v = GeneratedFocal.focusedLoss(whole, power, alpha);
        if (!(abs(hi(v)) < INF)) {
          float limit = logitLimit(b, i, x, t, l);
          v = pair(canonical(GeneratedFocal.focusedLimit(limit, power, alpha)), 0f);
        }
        float slope = 0f;
        if (b.gradient != null) {
          slope = GeneratedLogits.logitSlope(x, t, positivePart(b, i, t), e);
          slope =
              b.square
                  ? GeneratedFocal.squaredSlope(slope, t, e, hi(whole), m, alpha)
                  : GeneratedFocal.focusedSlope(
                      slope,
                      t,
                      e,
                      GeneratedFocal.softRatio(x, t, e, m),
                      hi(whole),
                      power,
                      b.gamma,
                      alpha);
        }
        finish(b, i, lanes, v, slope);
      }
    }
  },

  /** The terms of a divergence. */
  DIVERGENCE {
    @Override
    void strip(BceBlock b, Lanes lanes, int start, int n) {
      GeneratedDivergenceStrips.run(b, lanes, start, n);
    }

    @Override
    VectorPasses<BceBlock> passes(BceBlock b) {
      return GeneratedDivergenceVectors.PASSES;
    }

    @Override
    void each(BceBlock b, int from, Lanes lanes) {
      for (int i = from; i < b.n; i++) {
        float x = b.x[b.xAt + i];
        float t = b.t[b.tAt + i];
        if (b.logTarget) {
          long p = GeneratedDivergence.expPair(t);
          long v = GeneratedDivergence.logDivergence(x, t, p);
          if (!(abs(hi(v)) < INF)) {
            v = pair(GeneratedDivergence.limitOfLogDivergence(x, t, p), 0f);
          }
          finish(b, i, lanes, v, GeneratedDivergence.logDivergenceSlope(p));
        } else {
          long v = GeneratedDivergence.divergence(x, t);
          if (!(abs(hi(v)) < INF) || t < 0f) {
            v = pair(GeneratedDivergence.limitOfDivergence(x, t, hi(v)), 0f);
          }
          finish(b, i, lanes, v, GeneratedDivergence.divergenceSlope(t));
        }
      }
    }
  };

  /** Returns the formulas of a function. */
  static ElementFormulas of(Function function) {
    return switch (function) {
      case BINARY_CROSS_ENTROPY_WITH_LOGITS -> LOGITS;
      case BINARY_CROSS_ENTROPY -> PROBABILITIES;
      case SIGMOID_FOCAL_LOSS -> FOCAL;
      case KL_DIV -> DIVERGENCE;
      default -> throw new IllegalArgumentException("no loss over elements: " + function);
    };
  }

  /**
   * Computes losses and gradients of elements start to start + n of a block. They are right if the
   * losses turn out to be finite, and the block is not {@link BceBlock#odd}.
   */
  abstract void strip(BceBlock b, Lanes lanes, int start, int n);

  /**
   * Returns the vector passes that compute losses and gradients; they are right where {@link
   * #strip} is.
   */
  abstract VectorPasses<BceBlock> passes(BceBlock b);

  /**
   * Computes losses and gradients of the block's elements from {@code from} on, whatever they are.
   */
  abstract void each(BceBlock b, int from, Lanes lanes);

  /**
   * Returns the vector passes that compute second derivatives; they are right where {@link #strip}
   * is, for blocks that are not {@link BceBlock#odd}.
   */
  VectorPasses<BceBlock> hessianPasses() {
    return switch (this) {
      case LOGITS -> GeneratedLogitHessianVectors.PASSES;
      case FOCAL -> GeneratedFocalHessianVectors.PASSES;
      default -> throw new IllegalArgumentException("no second derivative of " + this);
    };
  }

  /**
   * Computes second derivatives of the block's elements from {@code from} on, whatever they are.
   */
  void eachHessian(BceBlock b, int from) {
    for (int i = from; i < b.n; i++) {
      float x = b.x[b.xAt + i];
      float t = b.t[b.tAt + i];
      long e = GeneratedNumerics.expMinus(abs(x));
      float bent = GeneratedLogits.logitVariance(e, this == FOCAL ? 0f : b.least) * mass(b, i, t);
      float h = this == FOCAL ? focalBend(b, i, x, t, e, bent) : bent;
      b.hessian[b.hessianAt + i] = canonical(h * factor(b, i));
    }
  }

  /** Returns the second derivative of focal loss; {@code bent} is that of binary cross entropy. */
  private static float focalBend(BceBlock b, int i, float x, float t, long e, float bent) {
    long l = GeneratedNumerics.log1pUnit(hi(e), lo(e));
    float alpha = GeneratedFocal.checkedFactor(t, b.alphaOfOne, b.alphaOfZero);
    float whole = hi(logitLoss(b, i, x, t, l));
    float before = GeneratedLogits.logitSlope(x, t, positivePart(b, i, t), e);
    if (b.square) {
      long part = GeneratedFocal.missedPart(x, t, e);
      return GeneratedFocal.squaredBend(x, before, bent, t, e, whole, part, alpha);
    }
    long m = GeneratedFocal.missedUpscaled(x, t, e);
    long power = GeneratedFocal.softPower(x, t, m, l, b.gamma);
    float ratio = GeneratedFocal.softRatio(x, t, e, m);
    return GeneratedFocal.focusedBend(x, before, bent, t, e, ratio, whole, power, b.gamma, alpha);
  }

  /** Returns the factor of p (1 - p) in binary cross entropy, before its weight. */
  private static float mass(BceBlock b, int i, float t) {
    if (b.posWeight == null) {
      return GeneratedLogits.logitMass(t);
    }
    float posWeight = b.posWeight[b.posWeightAt + i];
    return b.smooth
        ? GeneratedLogits.smoothedMass(t, posWeight, b.keep, b.half)
        : GeneratedLogits.posWeightedMass(t, posWeight);
  }

  /** Weighs and stores a loss, and stores the gradient from its slope. */
  private static void finish(BceBlock b, int i, Lanes lanes, long loss, float slope) {
    long v = b.w == null ? loss : GeneratedBce.weightedElement(loss, b.w[b.wAt + i]);
    lanes.add(i, hi(v), lo(v));
    if (b.loss != null) {
      b.loss[b.lossAt + i] = hi(v);
    }
    if (b.gradient != null) {
      b.gradient[b.gradientAt + i] = canonical(slope * factor(b, i));
    }
  }

  /** Returns the factor of an element's gradient. */
  private static float factor(BceBlock b, int i) {
    float factor = b.w == null ? b.scale : b.w[b.wAt + i] * b.scale;
    return b.upstream == null ? factor : factor * b.upstream[b.upstreamAt + i];
  }

  /** Returns the binary cross entropy of a logit, before its weight. */
  private static long logitLoss(BceBlock b, int i, float x, float t, long l) {
    if (b.smooth) {
      return GeneratedLogits.smoothedLoss(x, t, posWeight(b, i), b.keep, b.half, l);
    }
    return b.posWeight == null
        ? GeneratedLogits.logitLoss(x, t, l)
        : GeneratedLogits.posWeightedLoss(x, t, b.posWeight[b.posWeightAt + i], l);
  }

  /**
   * Returns the binary cross entropy of a logit where {@link #logitLoss} met an infinity or NaN.
   */
  private static float logitLimit(BceBlock b, int i, float x, float t, long l) {
    if (b.smooth) {
      return GeneratedLogits.smoothedLimit(x, t, posWeight(b, i), b.keep, b.half, l);
    }
    return b.posWeight == null
        ? GeneratedLogits.limitOfLoss(x, t, l)
        : GeneratedLogits.posWeightedLimit(x, t, positivePart(b, i, t), l);
  }

  private static float posWeight(BceBlock b, int i) {
    return b.posWeight == null ? 1f : b.posWeight[b.posWeightAt + i];
  }

  private static float positivePart(BceBlock b, int i, float t) {
    return b.posWeight == null ? t : t * b.posWeight[b.posWeightAt + i];
  }
}
