package io.github.fusedloss;

import java.io.Serializable;
import java.math.BigInteger;

/**
 * A sum of floats and doubles without any rounding, so that order and grouping do not matter. It is
 * a long integer in units of 2^-1074, the least double. Its limbs (digits) of 32 bits are held in
 * longs, and carried now and then (Radford Neal, Fast exact summation using small and large
 * superaccumulators, 2015). Only the limbs between the least and the largest term are kept.
 *
 * <p>The sum is exact up to 2^63 terms. Infinities and NaN are remembered apart. It is not safe for
 * use by many threads.
 */
final class ExactSum implements Serializable {
  private static final long serialVersionUID = 1;

  private static final int LIMB_BITS = 32;
  private static final long LIMB_MASK = 0xffffffffL;

  /** The exponent of the unit in which the sum is counted. */
  private static final int UNIT = Double.MIN_EXPONENT - 52;

  /**
   * How many limbs a term needs. Its 53 bits touch two limbs, and 2^63 terms reach 147 bits above
   * the lower one.
   */
  private static final int LIMBS_OF_A_TERM = 5;

  /**
   * How many terms are added before limbs are carried. A term adds less than 2^53 to a limb, and
   * 2^9 of them less than 2^62.
   */
  private static final int TERMS_BETWEEN_CARRIES = 1 << 9;

  /**
   * How many floats of one exponent can be added in a long: significands of 24 bits then need fewer
   * than 53 bits.
   */
  private static final int FLOATS_OF_A_BIN = 1 << 28;

  /** The position of a float's last digit, in units, is its biased exponent plus this number. */
  private static final int FLOAT_POSITION = Float.MIN_EXPONENT - 23 - UNIT - 1;

  /** The limbs from the lowest up. Once they are carried, all but the highest are in [0, 2^32). */
  private long[] limbs = {};

  /** The number of the lowest limb that is kept, counted from the unit. */
  private int first;

  private int uncarried;
  private boolean nan;
  private boolean positive;
  private boolean negative;

  /** Adds a term, which may be any double. */
  void add(double term) {
    long bits = Double.doubleToRawLongBits(term);
    int exponent = (int) (bits >>> 52) & 0x7ff;
    if (exponent == 0x7ff) {
      addSpecial(term);
      return;
    }
    long significand = bits & (1L << 52) - 1 | (exponent == 0 ? 0 : 1L << 52);
    add(bits < 0 ? -significand : significand, Math.max(exponent - 1, 0));
  }

  /** Adds terms, each of which may be any float. */
  void add(float[] terms) {
    // The significands of each exponent are added up first, which takes one operation a term.
    long[] bins = new long[256];
    int unflushed = 0;
    for (float term : terms) {
      int bits = Float.floatToRawIntBits(term);
      int exponent = bits >>> 23 & 0xff;
      int significand = bits & 0x7fffff | (exponent == 0 ? 0 : 0x800000);
      bins[exponent] += exponent == 255 ? 0 : bits < 0 ? -significand : significand;
      if (exponent == 255) {
        addSpecial(term);
      }
      if (++unflushed == FLOATS_OF_A_BIN) {
        addBins(bins);
        unflushed = 0;
      }
    }
    addBins(bins);
  }

  private void addBins(long[] bins) {
    for (int exponent = 0; exponent < bins.length; exponent++) {
      add(bins[exponent], FLOAT_POSITION + Math.max(exponent, 1));
      bins[exponent] = 0;
    }
  }

  /** Adds a significand below 2^53 times 2^position units. */
  private void add(long significand, int position) {
    if (significand == 0) {
      return;
    }
    int limb = position / LIMB_BITS;
    int shift = position % LIMB_BITS;
    cover(limb, limb + LIMBS_OF_A_TERM);
    limbs[limb - first] += significand << shift & LIMB_MASK;
    limbs[limb - first + 1] += significand >> LIMB_BITS - shift;
    if (++uncarried == TERMS_BETWEEN_CARRIES) {
      carry();
    }
  }

  private void addSpecial(double term) {
    nan |= term != term;
    positive |= term == Double.POSITIVE_INFINITY;
    negative |= term == Double.NEGATIVE_INFINITY;
  }

  /** Adds all terms of another sum. */
  void add(ExactSum other) {
    if (other.limbs.length > 0) {
      int end = other.first + other.limbs.length;
      cover(other.first, end);
      carry();
      for (int i = 0; i < other.limbs.length; i++) {
        limbs[other.first - first + i] += other.limbs[i];
      }
      carry();
    }
    nan |= other.nan;
    positive |= other.positive;
    negative |= other.negative;
  }

  /** Makes room for the limbs in [from, to). */
  private void cover(int from, int to) {
    if (limbs.length > 0 && from >= first && to <= first + limbs.length) {
      return;
    }
    int low = limbs.length == 0 ? from : Math.min(from, first);
    int high = limbs.length == 0 ? to : Math.max(to, first + limbs.length);
    long[] wider = new long[high - low];
    System.arraycopy(limbs, 0, wider, limbs.length == 0 ? 0 : first - low, limbs.length);
    limbs = wider;
    first = low;
  }

  private void carry() {
    for (int i = 0; i + 1 < limbs.length; i++) {
      limbs[i + 1] += limbs[i] >> LIMB_BITS;
      limbs[i] &= LIMB_MASK;
    }
    uncarried = 0;
  }

  /** Returns whether all terms are finite. */
  boolean isFinite() {
    return !(nan || positive || negative);
  }

  /** Returns what the infinities and NaN among the terms add up to; 0 if there are none. */
  private double special() {
    return (nan ? Double.NaN : 0)
        + (positive ? Double.POSITIVE_INFINITY : 0)
        + (negative ? Double.NEGATIVE_INFINITY : 0);
  }

  /** Returns the sum of the finite terms in units. */
  private BigInteger units() {
    BigInteger sum = BigInteger.ZERO;
    for (int i = limbs.length - 1; i >= 0; i--) {
      sum = sum.shiftLeft(LIMB_BITS).add(BigInteger.valueOf(limbs[i]));
    }
    return sum.shiftLeft(LIMB_BITS * first);
  }

  /**
   * Returns the nearest double, ties to even; it is infinite from half a step above the largest
   * double on.
   */
  double value() {
    return isFinite() ? rounded(units(), false, UNIT) : special();
  }

  /**
   * Returns the double nearest to this sum divided by another; NaN if the other one's value is 0 or
   * not finite.
   */
  double over(ExactSum divisor) {
    double size = divisor.value();
    if (size == 0 || !Double.isFinite(size)) {
      return Double.NaN;
    }
    BigInteger below = divisor.units();
    if (!isFinite()) {
      return special() * below.signum();
    }
    BigInteger above = units();
    // The shift gives the quotient more digits than a double has. The remainder decides between
    // neighbours.
    int shift = Math.max(0, 64 + below.bitLength() - above.bitLength());
    BigInteger[] quotient = above.abs().shiftLeft(shift).divideAndRemainder(below.abs());
    double result = rounded(quotient[0], quotient[1].signum() != 0, -shift);
    return above.signum() * below.signum() < 0 ? -result : result;
  }

  /**
   * Returns the double nearest to number * 2^exponent. If {@code inexact}, the exact value is a bit
   * larger.
   */
  private static double rounded(BigInteger number, boolean inexact, int exponent) {
    BigInteger size = number.abs();
    int excess = Math.max(0, size.bitLength() - 64);
    BigInteger digits = size.shiftRight(excess);
    boolean more = inexact || excess > 0 && size.getLowestSetBit() < excess;
    // One digit behind the last stands for all that follow: more than nothing, and less than a
    // half.
    BigInteger marked = digits.shiftLeft(1).or(more ? BigInteger.ONE : BigInteger.ZERO);
    double value = Math.scalb(marked.doubleValue(), exponent + excess - 1);
    return number.signum() < 0 ? -value : value;
  }

  /** Returns whether both sums are the same number. */
  @Override
  public boolean equals(Object other) {
    return other instanceof ExactSum sum
        && nan == sum.nan
        && positive == sum.positive
        && negative == sum.negative
        && units().equals(sum.units());
  }

  @Override
  public int hashCode() {
    return units().hashCode();
  }

  @Override
  public String toString() {
    return Double.toString(value());
  }
}
