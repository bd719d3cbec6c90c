package io.github.fusedloss;

import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** A shape of logits that tests try: (N, C), or with inner above 1 (N, C, inner). */
public record LogitShape(int batch, int classes, int inner) {
  /** Shapes written as "5x10 3x7x43". */
  public static List<LogitShape> list(String text) {
    return Stream.of(text.trim().split("\\s+")).map(LogitShape::of).toList();
  }

  /** One shape: "5x10" or "3x7x43". */
  public static LogitShape of(String text) {
    int[] n = Stream.of(text.split("x")).mapToInt(Integer::parseInt).toArray();
    return new LogitShape(n[0], n[1], n.length > 2 ? n[2] : 1);
  }

  public int rows() {
    return batch * inner;
  }

  public int elements() {
    return rows() * classes;
  }

  /** Returns the shape of the logits, which class probabilities have, too. */
  public long[] input() {
    return inner == 1 ? new long[] {batch, classes} : new long[] {batch, classes, inner};
  }

  /** Returns the shape of class indices, and of anything else with one number for each row. */
  public long[] target() {
    return inner == 1 ? new long[] {batch} : new long[] {batch, inner};
  }

  /** Which row an element belongs to. */
  public int row(int element) {
    return element / (classes * inner) * inner + element % inner;
  }

  /** Random class indices, one in nine of them the default ignore_index. */
  public int[] indices(RandomGenerator random) {
    int[] y = new int[rows()];
    Arrays.setAll(y, i -> random.nextInt(9) == 0 ? -100 : random.nextInt(classes));
    return y;
  }

  @Override
  public String toString() {
    return batch + " x " + classes + " x " + inner;
  }
}
