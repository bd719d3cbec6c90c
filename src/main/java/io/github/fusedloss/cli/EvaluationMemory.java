package io.github.fusedloss.cli;

/**
 * What {@code evaluate} holds in the heap: each thread a summary, which has numbers for each class,
 * and the logits it works at. Rounded up from the fields and arrays that there are.
 *
 * @param classes of a row
 * @param rows of all files
 * @param logits that a thread works at
 * @param weighted whether rows have weights
 */
record EvaluationMemory(long classes, long rows, long logits, boolean weighted) {
  /** What is counted of a class, in arrays. */
  private static final long OF_A_CLASS = 32;

  /** The exact sums of a class that has rows, and those of their weights. */
  private static final long OF_A_CLASS_WITH_ROWS = 256;

  private static final long OF_A_CLASS_WITH_WEIGHTS = 1024;

  /** As it was stored, as a float, its probability, and a copy of one of these. */
  private static final long OF_A_LOGIT = 16;

  /** There is a confusion matrix of up to so many classes; a test asks whether that is so. */
  static final int CLASSES_OF_A_MATRIX = 2048;

  /**
   * The share of the heap that is used, as a quotient: collectors need room, and so does the rest.
   */
  private static final int USED = 3;

  private static final int OF = 4;

  /** Bytes of each thread. */
  private long ofThread() {
    long withRows = weighted ? OF_A_CLASS_WITH_WEIGHTS : OF_A_CLASS_WITH_ROWS;
    long matrix = classes > CLASSES_OF_A_MATRIX ? 0 : 8 * classes * classes;
    return OF_A_CLASS * classes + withRows * Math.min(classes, rows) + matrix + OF_A_LOGIT * logits;
  }

  /** How many threads of at most so many there is room for; 0: not even for one. */
  int threads(int most, long heap) {
    return (int) Math.min(most, heap / OF * USED / Math.max(1, ofThread()));
  }

  /** What is said where there was not even room for one. */
  Failure tooMuch(long heap) {
    long gigabytes = (ofThread() / USED * OF >> 30) + 1;
    boolean ofLogits = OF_A_LOGIT * logits > ofThread() / 2;
    return new Failure(
        Failure.FAILED,
        "--input has "
            + (ofLogits ? "rows of " + logits + " logits along axis 0" : classes + " classes")
            + ", too many for a Java heap of "
            + (heap >> 20)
            + " MiB; raise it, for example FUSEDLOSS_JAVA_OPTS=-Xmx"
            + gigabytes
            + "g");
  }
}
