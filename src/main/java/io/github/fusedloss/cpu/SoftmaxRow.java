package io.github.fusedloss.cpu;

/**
 * What a softmax needs to know of a row of logits, or of one block of it; kernels/softmax.cl is the
 * same on a device.
 *
 * <p>Exponentials are taken relative to a reference close to the maximum that scales exactly: for
 * |max| up to 2^14 it is K ln 2, K = rint(max / ln 2), so that scaling is a power of two; above, it
 * is the maximum itself, from which logits worth counting differ exactly. Terms are 2^32 exp(x -
 * reference). The logits that equal the maximum are counted ({@code ties}), the others summed
 * ({@code rest}): the sum without the maximum keeps all its digits however small it is.
 */
final class SoftmaxRow {
  /** Whether sums over it are in order, see {@link Blocks#inOrder}. */
  boolean inOrder;

  /** The largest logit that is not NaN; negative infinity if there is none. */
  float max;

  /** How many logits equal it. */
  float ties;

  /** Sum of 2^32 exp(x - reference) over the logits below the maximum; NaN if a logit is NaN. */
  long rest;

  /** Sum of 2^-24 weight * target * (max - x); with smoothing, of 2^-24 weight * (max - x). */
  long distance;

  /** Sum of weight * target; with smoothing, of weight. */
  long mass;

  /** Subtracted from each logit: the maximum or 0. */
  float shift;

  /** K of the reference. */
  float exponent;

  /** For {@link GeneratedRows#term}: rounds, and scales by 2^(32 - K). */
  float magic;

  /** Logits below it count as zero. */
  float cut;

  // ---- where a loss says more of its rows, see RowOutputs

  /** Sum of the terms times (max - x). */
  long moment;

  /** The lowest class whose logit is the maximum; of no meaning if a logit is NaN. */
  int lowest;

  /** How many classes come before the target. */
  int before;

  // ---- filled by GeneratedRows.finish

  /** No softmax: a NaN, +infinity, or nothing but -infinity. */
  boolean undefined;

  /** log of the sum of exp(x - max). */
  long log;

  /** Sum of 2^32 exp(x - reference), all logits. */
  long total;

  /** The same without one logit that equals the maximum. */
  long others;

  /** NaN where there is one among the logits. */
  float logSumExp() {
    if (ScalarMath.hi(rest) != ScalarMath.hi(rest)) {
      return Float.NaN;
    }
    long lse = GeneratedNumerics.pairAdd(ScalarMath.pair(max, 0f), log);
    return undefined ? max : ScalarMath.hi(lse);
  }

  /** What makes the exponentials a softmax; NaN where there is none. */
  float softmaxFactor() {
    return undefined
        ? Float.NaN
        : GeneratedNumerics.divide(1f, ScalarMath.hi(total), ScalarMath.lo(total));
  }

  /** What the factor made of exponentials: none is above 1, whatever rounding did; NaN stays. */
  static void limit(float[] probabilities, int at, int n) {
    for (int i = at; i < at + n; i++) {
      probabilities[i] = Math.min(probabilities[i], 1f);
    }
  }
}
