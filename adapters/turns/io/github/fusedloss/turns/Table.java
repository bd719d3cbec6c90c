package io.github.fusedloss.turns;

import java.util.Random;

/**
 * A table that trees can learn: the class is that of the mean of the first two columns.
 *
 * @param features row by row
 */
public record Table(int rows, int columns, float[] features, float[] labels) {
  /** 100,000 rows of so many classes. */
  public static Table of(int classes) {
    int rows = 100_000;
    int columns = 20;
    Random random = new Random(1);
    float[] x = new float[rows * columns];
    for (int i = 0; i < x.length; i++) {
      x[i] = random.nextFloat();
    }
    float[] y = new float[rows];
    for (int i = 0; i < rows; i++) {
      y[i] = (int) ((x[i * columns] + x[i * columns + 1]) / 2 * classes);
    }
    return new Table(rows, columns, x, y);
  }
}
