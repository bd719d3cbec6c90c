package io.github.fusedloss.cpu;

/**
 * Some rows of logits and their results, wherever they lie and however they are walked. A row is
 * read once; then come its results, before the next row. Rows are counted from the first of these.
 * One thread has it; the work on blocks may run on others.
 */
interface RowSource {
  /** What is summed up besides the softmax, a block at a time. */
  interface Sums {
    /** Sets distance and mass of the row of a block that begins with class start. */
    void run(RowBlock block, int start, Scratch scratch);
  }

  /** What becomes of the exponentials of classes start to start + n of a row. */
  interface Results {
    /**
     * Makes them results where they are, in e from at on.
     *
     * @param block these classes, to whose reference they are relative; the row itself if they are
     *     all
     */
    void run(float[] e, int at, int start, int n, SoftmaxRow block, Scratch scratch);
  }

  /**
   * Reads a row.
   *
   * @param watched a class whose logit will be asked for, or -1
   * @param more summed up as well, or null
   */
  SoftmaxRow read(int t, int watched, Sums more);

  /** A logit of the row that was read; what stood there then. */
  float logit(int watched);

  /** Makes results of the row's exponentials. */
  void results(Results work);

  /** The exponentials times this are the row's results. */
  void scale(float coefficient);

  /**
   * The logits less the logarithm of the sum of their exponentials are the row's results; NaN if it
   * is undefined.
   */
  void logSoftmax();

  /** All results of row t are this value; the row need not have been read. */
  void fill(int t, float value);

  /** All results are there. */
  void end();
}
