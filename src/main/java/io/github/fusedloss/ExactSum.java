package io.github.fusedloss;

import java.io.Serializable;
import java.math.BigInteger;

/**
 * A sum of floats and doubles without any rounding, so that order and grouping do not matter: a
 * long integer in units of 2^-1074, the least double, in limbs of 32 bits that are held in longs
 * and carried now and then (Radford Neal, Fast exact summation using small and large
 * superaccumulators, 2015). Only the limbs between the least and the largest term are there.
 *
 * <p>Exact up to 2^63 terms. Infinities and NaN are remembered apart. Not safe for use by many
 * threads.
 */
final class ExactSum implements Serializable {
  private static final long serialVersionUID = 1;

  private static final int LIMB_BITS = 32;
  private static final long LIMB_MASK = 0xffffffffL;

  /** The exponent of the unit. */
  private static final int UNIT = Double.MIN_EXPONENT - 52;

  /** A term of 53 bits touches two limbs; 2^63 of them reach 147 bits above the lower one. */
  private static final int LIMBS_OF_A_TERM = 5;

  /** What a term adds to a limb is below 2^53, and 2^9 such are below 2^62. */
  private static final int TERMS_BETWEEN_CARRIES = 1 << 9;

  /** Floats of one exponent whose significands, 24 bits each, add up to fewer than 53 bits. */
  private static final int FLOATS_OF_A_BIN = 1 << 28;

  /** What a biased exponent of a float lacks to the position of its last digit. */
  private static final int FLOAT_POSITION = Float.MIN_EXPONENT - 23 - UNIT - 1;

  /** From the least on; all but the highest are in [0, 2^32) when they have been carried. */
  private long[] limbs = {};

  /** The number of the first limb. */
  private int first;

  private int uncarried;
  private boolean nan;
  private boolean positive;
  private boolean negative;

  /** Adds a term. */
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
    // The significands of each exponent are added up first, which is one operation a term.
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

  /** Makes room for limbs from one to another, which is not included. */
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

  /** Whether all terms are finite. */
  boolean isFinite() {
    return !(nan || positive || negative);
  }

  /** What infinities and NaN among the terms add up to; 0 without them. */
  private double special() {
    return (nan ? Double.NaN : 0)
        + (positive ? Double.POSITIVE_INFINITY : 0)
        + (negative ? Double.NEGATIVE_INFINITY : 0);
  }

  /** The sum of the finite terms in units. */
  private BigInteger units() {
    BigInteger sum = BigInteger.ZERO;
    for (int i = limbs.length - 1; i >= 0; i--) {
      sum = sum.shiftLeft(LIMB_BITS).add(BigInteger.valueOf(limbs[i]));
    }
    return sum.shiftLeft(LIMB_BITS * first);
  }

  /** The nearest double, ties to even; infinite from half a step above the largest on. */
  double value() {
    return isFinite() ? rounded(units(), false, UNIT) : special();
  }

  /** The double nearest to this over another sum; NaN where that one's value is 0 or not finite. */
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
    // So that the quotient has more digits than a double; what is left decides between neighbours.
    int shift = Math.max(0, 64 + below.bitLength() - above.bitLength());
    BigInteger[] quotient = above.abs().shiftLeft(shift).divideAndRemainder(below.abs());
    double result = rounded(quotient[0], quotient[1].signum() != 0, -shift);
    return above.signum() * below.signum() < 0 ? -result : result;
  }

  /** The double nearest to a number times 2^exponent, which is a bit more if inexact. */
  private static double rounded(BigInteger number, boolean inexact, int exponent) {
    BigInteger size = number.abs();
    int excess = Math.max(0, size.bitLength() - 64);
    BigInteger digits = size.shiftRight(excess);
    boolean more = inexact || excess > 0 && size.getLowestSetBit() < excess;
    // A digit behind the last stands for all that follow: more than nothing, less than a half.
    BigInteger marked = digits.shiftLeft(1).or(more ? BigInteger.ONE : BigInteger.ZERO);
    double value = Math.scalb(marked.doubleValue(), exponent + excess - 1);
    return number.signum() < 0 ? -value : value;
  }

  /** Whether both are the same number. */
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
