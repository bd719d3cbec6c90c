package io.github.fusedloss.cpu;

/**
 * Some rows of logits and their results, wherever they lie and however they are walked. A row is
 * read once; then come its results, before the next row. Rows are counted from the first of these.
 * One thread has it; the work on blocks may run on others.
 */
interface RowSource {
  /** Work on a block that begins with class start, of the row that is read or was. */
  interface BlockWork {
    void run(RowBlock block, int start, Scratch scratch);
  }

  /**
   * Reads a row.
   *
   * @param watched a class whose logit will be asked for, or -1
   * @param more sets distance and mass of a block's row; or null
   */
  SoftmaxRow read(int t, int watched, BlockWork more);

  /** A logit of the row that was read; what stood there then. */
  float logit(int watched);

  /**
   * Makes results of the row's exponentials, where these are. A block's row is what they are
   * relative to: the one that was read if the block is all of it.
   */
  void results(BlockWork work);

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
