package io.github.fusedloss.reference;

/**
 * The outputs of each row of logits (n, classes, inner), from the definitions, in double. Here the
 * classes of a row are copied to one array.
 */
public final class ReferenceOutputs {
  private ReferenceOutputs() {}

  /**
   * Returns {@code -sum_c p_c log p_c}, p the softmax; classes of probability 0 add nothing. It is
   * as exact as {@link ReferencePrimitives#logSoftmax}, because no term is negative.
   *
   * @return one value per row (n, inner); NaN for a row without a softmax
   */
  public static double[] entropy(float[] x, int n, int classes, int inner) {
    RowLayout layout = new RowLayout(n, classes, inner);
    double[] p = ReferencePrimitives.softmax(x, n, classes, inner);
    double[] log = ReferencePrimitives.logSoftmax(x, n, classes, inner);
    double[] entropy = new double[layout.rows()];
    for (int r = 0; r < entropy.length; r++) {
      double[] terms = new double[classes];
      for (int c = 0; c < classes; c++) {
        int i = layout.index(r, c);
        terms[c] = p[i] == 0 ? 0 : 0 - p[i] * log[i];
      }
      entropy[r] = ReferencePrimitives.sum(terms);
    }
    return entropy;
  }

  /** Returns the lowest class of the largest logit of each row; -1 where a logit is NaN. */
  public static int[] argmax(float[] x, int n, int classes, int inner) {
    RowLayout layout = new RowLayout(n, classes, inner);
    int[] argmax = new int[layout.rows()];
    for (int r = 0; r < argmax.length; r++) {
      double[] row = layout.row(x, r);
      for (int c = 1; c < classes; c++) {
        argmax[r] = row[c] > row[argmax[r]] ? c : argmax[r];
      }
      argmax[r] = hasNaN(row) ? -1 : argmax[r];
    }
    return argmax;
  }

  /**
   * Returns how many classes come before the target: those with a larger logit, and those with the
   * same logit and a lower index; -1 where a logit is NaN.
   *
   * @param targets one class for each row
   */
  public static int[] rank(float[] x, int n, int classes, int inner, long[] targets) {
    RowLayout layout = new RowLayout(n, classes, inner);
    int[] rank = new int[layout.rows()];
    for (int r = 0; r < rank.length; r++) {
      double[] row = layout.row(x, r);
      int y = (int) targets[r];
      for (int c = 0; c < classes && y >= 0 && y < classes; c++) {
        rank[r] += row[c] > row[y] || row[c] == row[y] && c < y ? 1 : 0;
      }
      rank[r] = hasNaN(row) ? -1 : rank[r];
    }
    return rank;
  }

  private static boolean hasNaN(double[] row) {
    for (double v : row) {
      if (v != v) {
        return true;
      }
    }
    return false;
  }
}
