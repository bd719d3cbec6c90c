package io.github.fusedloss.cpu;

import java.util.Arrays;

/**
 * Sums in lanes ({@link Blocks}) of rows side by side. A line holds one lane of all rows. If there
 * are no more classes than lanes, each class has a lane of its own, and its line is simply what it
 * adds. Lanes without a class are left out, because they would add 0.
 */
final class LineSums {
  float[] hi = new float[0];
  float[] lo = new float[0];

  /** Where the line begins that is added to. */
  int hiAt;

  int loAt;

  /** Receives what a class adds: a line of the sums itself, or a line that is added to one. */
  float[] to;

  int toAt;

  private final float[] line = new float[RowTile.ROWS];
  private int lanes;
  private int stride;

  /** Begins sums over so many classes; {@code stride} is the length of a line. */
  void begin(int classes, int stride) {
    this.stride = stride;
    boolean alone = classes <= Blocks.LANES;
    lanes = alone ? Blocks.lanesOf(classes) : Blocks.width(classes);
    int length = lanes * stride;
    if (hi.length < length) {
      hi = new float[length];
      lo = new float[length];
    }
    Arrays.fill(hi, alone ? classes * stride : 0, length, 0f);
    Arrays.fill(lo, 0, length, 0f);
    to = alone ? hi : line;
    toAt = 0;
  }

  /** Moves on to class c. */
  void at(int c) {
    if (to == hi) {
      toAt = c * stride;
    } else {
      hiAt = Blocks.lane(c) * stride;
      loAt = hiAt;
    }
  }

  /** Returns whether what a class adds must still be added to its line. */
  boolean adds() {
    return to != hi;
  }

  /** Returns the length of all lines together. */
  int length() {
    return lanes * stride;
  }

  /** Returns the sum of row t, once the lines are added up. */
  long sum(int t) {
    return ScalarMath.pair(hi[t], lo[t]);
  }
}
