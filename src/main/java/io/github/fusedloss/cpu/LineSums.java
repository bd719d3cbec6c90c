package io.github.fusedloss.cpu;

import java.util.Arrays;

/**
 * Sums in lanes ({@link Blocks}) of rows side by side: a line is a lane of all rows. Where each
 * class has a lane to itself, its line is what it adds, and only lanes that a class has take part:
 * what the others would add is 0.
 */
final class LineSums {
  float[] hi = new float[0];
  float[] lo = new float[0];

  /** Where these are added to. */
  int hiAt;

  int loAt;

  /** Receives what a class adds: a line, or what is to be added to one. */
  float[] to;

  int toAt;

  private final float[] line = new float[RowTile.ROWS];
  private int lanes;
  private int stride;

  /** Begins sums of so many classes; {@code stride} is the length of a line. */
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

  /** Comes to class c. */
  void at(int c) {
    if (to == hi) {
      toAt = c * stride;
    } else {
      hiAt = Blocks.lane(c) * stride;
      loAt = hiAt;
    }
  }

  /** Whether what a class adds is not in its line yet. */
  boolean adds() {
    return to != hi;
  }

  /** Of all lines. */
  int length() {
    return lanes * stride;
  }

  /** The sum of row t, once the lines are added up. */
  long sum(int t) {
    return ScalarMath.pair(hi[t], lo[t]);
  }
}
