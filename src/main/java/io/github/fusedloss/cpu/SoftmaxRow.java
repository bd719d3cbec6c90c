package io.github.fusedloss.cpu;

/**
 * What a softmax needs to know about a row of logits, or about one block of it; kernels/softmax.cl
 * does the same on a device.
 *
 * <p>Exponentials are relative to a reference close to the maximum, chosen so that scaling is
 * exact. For |max| up to 2^14 it is K ln 2, K = rint(max / ln 2), so that scaling is a power of
 * two. Above, it is the maximum itself, from which all logits that count differ by exact numbers.
 * Terms are 2^32 exp(x - reference). The logits that equal the maximum are counted ({@code ties}),
 * the others summed ({@code rest}): the sum without the maximum keeps all its digits however small
 * it is.
 */
final class SoftmaxRow {
  /** Whether sums over it are in order, see {@link Blocks#inOrder}. */
  boolean inOrder;

  /** The largest logit that is not NaN; negative infinity if there is none. */
  float max;

  /** How many logits equal the maximum. */
  float ties;

  /** Sum of 2^32 exp(x - reference) over the logits below the maximum; NaN if a logit is NaN. */
  long rest;

  /** Sum of 2^-24 weight * target * (max - x); with smoothing, of 2^-24 weight * (max - x). */
  long distance;

  /** Sum of weight * target; with smoothing, of weight. */
  long mass;

  /** The number subtracted from each logit: the maximum or 0. */
  float shift;

  /** The number K of the reference. */
  float exponent;

  /** A number for {@link GeneratedRows#term}: it rounds, and scales by 2^(32 - K). */
  float magic;

  /** Logits below this one count as zero. */
  float cut;

  // ---- for the outputs of rows, see RowOutputs

  /** Sum of the terms times (max - x). */
  long moment;

  /** The lowest class whose logit is the maximum; arbitrary if a logit is NaN. */
  int lowest;

  /** How many classes come before the target. */
  int before;

  // ---- filled by GeneratedRows.finish

  /** Whether there is no softmax: because of a NaN, +infinity, or nothing but -infinity. */
  boolean undefined;

  /** log of the sum of exp(x - max). */
  long log;

  /** Sum of 2^32 exp(x - reference) over all logits. */
  long total;

  /** The sum {@link #total} without one logit that equals the maximum. */
  long others;

  /** Returns the logarithm of the sum of exponentials; NaN if a logit is NaN. */
  float logSumExp() {
    if (ScalarMath.hi(rest) != ScalarMath.hi(rest)) {
      return Float.NaN;
    }
    long lse = GeneratedNumerics.pairAdd(ScalarMath.pair(max, 0f), log);
    return undefined ? max : ScalarMath.hi(lse);
  }

  /** Returns the factor that turns exponentials into a softmax; NaN if there is none. */
  float softmaxFactor() {
    return undefined
        ? Float.NaN
        : GeneratedNumerics.divide(1f, ScalarMath.hi(total), ScalarMath.lo(total));
  }

  /** Limits probabilities to 1, which rounding may have exceeded; NaN stays. */
  static void limit(float[] probabilities, int at, int n) {
    for (int i = at; i < at + n; i++) {
      probabilities[i] = Math.min(probabilities[i], 1f);
    }
  }
}
