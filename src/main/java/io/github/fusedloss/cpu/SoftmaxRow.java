package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.INF;
import static io.github.fusedloss.cpu.ScalarMath.LN2_HI;
import static io.github.fusedloss.cpu.ScalarMath.LN2_LO;
import static io.github.fusedloss.cpu.ScalarMath.LOG2E;
import static io.github.fusedloss.cpu.ScalarMath.ROUND_TO_INT;
import static io.github.fusedloss.cpu.ScalarMath.add;
import static io.github.fusedloss.cpu.ScalarMath.fastTwoSum;
import static io.github.fusedloss.cpu.ScalarMath.hi;
import static io.github.fusedloss.cpu.ScalarMath.lo;
import static io.github.fusedloss.cpu.ScalarMath.multiply;
import static io.github.fusedloss.cpu.ScalarMath.pair;
import static io.github.fusedloss.cpu.ScalarMath.twoSum;
import static java.lang.Math.abs;
import static java.lang.Math.fma;

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
  /** Above this magnitude the maximum itself is the reference. */
  static final float SHIFT_ABOVE = 16384f;

  /** Logits this far below the maximum count as zero: exp(-104) is below the least float. */
  static final float CUT = 104f;

  /**
   * Further than this CUT is only where floats are 16 or more apart: it is rounded to 112 or 128.
   */
  static final float TOO_FAR = 108f;

  /** Is rounded to 96 or 64 there, or to 128 as well. */
  static final float COARSE_CUT = 95f;

  /** ROUND_TO_INT + 127 + 32. */
  static final float MAGIC = 12583071f;

  private static final float SCALE = 0x1p32f;

  /** So scaled, a difference of two floats never overflows, nor do the sums of many. */
  static final float DISTANCE_SCALE = 0x1p-24f;

  static final float DISTANCE_UNIT = 0x1p24f;

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

  /** 2^32 exp(max - reference) as the block kernels compute it. */
  float top() {
    return ScalarMath.expFloat(max - shift, magic);
  }

  // ---- filled by finish()

  /** No softmax: a NaN, +infinity, or nothing but -infinity. */
  boolean undefined;

  /** log of the sum of exp(x - max). */
  long log;

  /** Sum of 2^32 exp(x - reference), all logits. */
  long total;

  /** The same without one logit that equals the maximum. */
  long others;

  /** Sets the maximum and the reference that follows from it. */
  void reference(float max) {
    this.max = max;
    boolean finite = abs(max) < INF;
    shift = finite && abs(max) > SHIFT_ABOVE ? max : 0f;
    exponent = finite ? fma(max - shift, LOG2E, ROUND_TO_INT) - ROUND_TO_INT : 0f;
    magic = MAGIC - exponent;
    // Nothing but -infinity (or NaN): no logit counts, whatever it is.
    cut = max > Float.NEGATIVE_INFINITY ? cut(max) : INF;
  }

  /** max - 104, but never 112 or 128 below: the exponent of exp(-128) would wrap. */
  static float cut(float max) {
    float cut = max - CUT;
    cut = max - cut > TOO_FAR ? max - COARSE_CUT : cut;
    return max - cut > TOO_FAR ? max : cut;
  }

  /** 2^32 exp(max - reference). */
  private long topPair() {
    float reduced = abs(max) < INF ? max - shift : 0f;
    long e = ScalarMath.expCore(fma(-exponent, LN2_HI, reduced), exponent * -LN2_LO);
    return pair(hi(e) * SCALE, lo(e) * SCALE);
  }

  /** (max - x) + log: the loss if x is the logit of the target. */
  long loss(float x) {
    long gap = twoSum(max, -x);
    // Where the way to the error overflows, it is half a unit of 2^127, or of no meaning.
    return add(lo(gap) == lo(gap) ? gap : pair(hi(gap), 0f), log);
  }

  /** 2^-24 (from - v). */
  static long distance(float from, float v) {
    return twoSum(from * DISTANCE_SCALE, v * -DISTANCE_SCALE);
  }

  /** Computes what losses and gradients need. */
  void finish() {
    undefined = !(abs(max) < INF) || hi(rest) != hi(rest);
    long top = topPair();
    float h = hi(top) * 0x1p-32f;
    float inverse = ScalarMath.reciprocal12(h < 1f ? h + h : h);
    inverse = (h < 1f ? inverse + inverse : inverse) * 0x1p-32f;
    float q = hi(rest) * inverse;
    float remainder = fma(-q, hi(top), hi(rest)) + fma(-q, lo(top), lo(rest));
    long below = fastTwoSum(q, remainder * inverse);
    long u = twoSum(ties - 1f, hi(below));
    u = fastTwoSum(hi(u), lo(u) + lo(below));
    log = ScalarMath.log1pPair(u);
    long y = twoSum(1f, hi(u));
    y = fastTwoSum(hi(y), lo(y) + lo(u));
    total = multiply(top, y);
    others = multiply(top, u);
  }

  /** Merges the blocks of a row, in order. */
  void merge(SoftmaxRow[] blocks, int count) {
    float max = Float.NEGATIVE_INFINITY;
    for (int b = 0; b < count; b++) {
      max = blocks[b].max > max ? blocks[b].max : max;
    }
    reference(max);
    ties = 0f;
    rest = 0L;
    distance = 0L;
    mass = 0L;
    for (int b = 0; b < count; b++) {
      SoftmaxRow block = blocks[b];
      boolean same = block.max == max;
      long sum = block.rest;
      if (!same && block.max > Float.NEGATIVE_INFINITY) {
        sum = add(sum, multiply(block.topPair(), block.ties));
      }
      ties += same ? block.ties : 0f;
      rest = add(rest, block.times(this, sum));
      float from = block.max > Float.NEGATIVE_INFINITY ? block.max : 0f;
      distance = add(distance, add(block.distance, multiply(block.mass, distance(max, from))));
      mass = add(mass, block.mass);
    }
  }

  /** A sum relative to this block's reference, relative to that of the row. */
  private long times(SoftmaxRow row, long sum) {
    float power = power(row);
    if (power < -150f) {
      return hi(sum) == hi(sum) ? 0L : sum;
    }
    long product = multiply(sum, residue(row));
    float first = power < -100f ? power + 64f : power;
    float second = power < -100f ? 0x1p-64f : 1f;
    float scale = powerOfTwo(first);
    return pair(hi(product) * scale * second, lo(product) * scale * second);
  }

  /** A factor for terms relative to the row's reference, for terms relative to this block's. */
  float coefficient(SoftmaxRow row, float coefficient) {
    float power = power(row);
    if (power < -150f) {
      return coefficient * 0f;
    }
    long e = residue(row);
    float product = fma(coefficient, hi(e), coefficient * lo(e));
    float first = power < -100f ? power + 64f : power;
    float second = power < -100f ? 0x1p-64f : 1f;
    return product * powerOfTwo(first) * second;
  }

  /** The power of two in exp(reference of this - reference of the row). */
  private float power(SoftmaxRow row) {
    float x = shift - row.shift;
    if (!(x > -40000f) || max == Float.NEGATIVE_INFINITY) {
      return -1000f;
    }
    float k = fma(x, LOG2E, ROUND_TO_INT) - ROUND_TO_INT;
    return k + (exponent - row.exponent);
  }

  /** The rest of that factor; exactly 1 where both references are powers of two. */
  private long residue(SoftmaxRow row) {
    float x = shift - row.shift;
    float k = fma(x, LOG2E, ROUND_TO_INT) - ROUND_TO_INT;
    return ScalarMath.expCore(fma(-k, LN2_HI, x), k * -LN2_LO);
  }

  private static float powerOfTwo(float n) {
    return Float.intBitsToFloat((int) n + 127 << 23);
  }
}
