package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.GeneratedNumerics.canonical;
import static io.github.fusedloss.cpu.ScalarMath.INF;
import static io.github.fusedloss.cpu.ScalarMath.hi;
import static io.github.fusedloss.cpu.ScalarMath.lo;
import static io.github.fusedloss.cpu.ScalarMath.pair;
import static java.lang.Math.abs;

/**
 * Binary cross entropy in plain Java: in strips; element by element what is too short for them,
 * left over, or has losses to be judged.
 */
final class ScalarBce {
  private ScalarBce() {}

  /** Losses and gradients of elements start to start + n of a block. */
  private interface Strips {
    void run(BceBlock block, Lanes lanes, int start, int n);
  }

  /** {@link BlockKernels#bceWithLogits}. */
  static long ofLogits(BceBlock b, Lanes lanes) {
    if (b.n >= Strip.FEW) {
      Strips strips = b.smooth ? GeneratedSmoothedLogitsStrips::run : GeneratedLogitsStrips::run;
      long total = inStrips(strips, b, lanes);
      if (abs(hi(total)) < INF) {
        return total;
      }
    }
    lanes.clear(b.n, false);
    ofLogits(b, 0, lanes);
    return lanes.total();
  }

  /** {@link BlockKernels#bce}. */
  static long ofProbabilities(BceBlock b, Lanes lanes) {
    if (b.n >= Strip.FEW) {
      Strips strips = b.smooth ? GeneratedSmoothedBceStrips::run : GeneratedBceStrips::run;
      long total = inStrips(strips, b, lanes);
      if (abs(hi(total)) < INF) {
        return total;
      }
    }
    lanes.clear(b.n, false);
    ofProbabilities(b, 0, lanes);
    return lanes.total();
  }

  private static long inStrips(Strips strips, BceBlock b, Lanes lanes) {
    lanes.clear(b.n, false);
    for (int start = 0; start < b.n; start += Strip.LENGTH) {
      strips.run(b, lanes, start, Math.min(Strip.LENGTH, b.n - start));
    }
    return StripSums.total(lanes.strip(), lanes);
  }

  /** The block's elements from this one on. */
  static void ofLogits(BceBlock b, int from, Lanes lanes) {
    for (int i = from; i < b.n; i++) {
      float x = b.x[b.xAt + i];
      float t = b.t[b.tAt + i];
      long e = GeneratedNumerics.expMinus(abs(x));
      long l = GeneratedNumerics.log1pUnit(hi(e), lo(e));
      float posWeight = b.posWeight == null ? 1f : b.posWeight[b.posWeightAt + i];
      float pt = t * posWeight;
      long v;
      if (b.smooth) {
        v = GeneratedLogits.smoothedLoss(x, t, posWeight, b.keep, b.half, l);
      } else if (b.posWeight == null) {
        v = GeneratedLogits.logitLoss(x, t, l);
      } else {
        v = GeneratedLogits.posWeightedLoss(x, t, posWeight, l);
      }
      float w = b.w == null ? 1f : b.w[b.wAt + i];
      if (b.w != null) {
        v = GeneratedLogits.weightedLoss(v, w);
      }
      if (!(abs(hi(v)) < INF)) {
        float limit =
            b.smooth
                ? GeneratedLogits.smoothedLimit(x, t, posWeight, b.keep, b.half, l)
                : b.posWeight == null
                    ? GeneratedLogits.limitOfLoss(x, t, l)
                    : GeneratedLogits.posWeightedLimit(x, t, pt, l);
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
                ? GeneratedLogits.smoothedSlope(x, t, posWeight, b.keep, b.half, e)
                : GeneratedLogits.logitSlope(x, t, pt, e);
        b.gradient[b.gradientAt + i] = canonical(g * factor(b, i));
      }
    }
  }

  /** The block's elements from this one on. */
  static void ofProbabilities(BceBlock b, int from, Lanes lanes) {
    for (int i = from; i < b.n; i++) {
      float p = b.x[b.xAt + i];
      float t = b.t[b.tAt + i];
      long v =
          b.smooth
              ? GeneratedBce.smoothedProbabilityLoss(p, t, b.keep, b.half)
              : GeneratedBce.probabilityLoss(p, t);
      if (b.w != null) {
        v = GeneratedBce.weightedProbabilityLoss(v, b.w[b.wAt + i]);
      }
      lanes.add(i, hi(v), lo(v));
      if (b.loss != null) {
        b.loss[b.lossAt + i] = hi(v);
      }
      if (b.gradient != null) {
        float g =
            b.smooth
                ? GeneratedBce.smoothedProbabilitySlope(p, t, b.keep, b.half)
                : GeneratedBce.probabilitySlope(p, t);
        b.gradient[b.gradientAt + i] = canonical(g * factor(b, i));
      }
    }
  }

  /** What an element's gradient is multiplied by. */
  private static float factor(BceBlock b, int i) {
    float factor = b.w == null ? b.scale : b.w[b.wAt + i] * b.scale;
    return b.upstream == null ? factor : factor * b.upstream[b.upstreamAt + i];
  }
}
