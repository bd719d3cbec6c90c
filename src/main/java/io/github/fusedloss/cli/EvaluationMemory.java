package io.github.fusedloss.cli;

/**
 * The memory that {@code evaluate} needs in the heap. Each thread has a summary, with numbers for
 * each class, and the logits it works on. The numbers are rounded up from the fields and arrays
 * that there are.
 *
 * @param classes the classes of a row
 * @param rows the rows of all files
 * @param logits how many logits a thread works on
 * @param weighted whether rows have weights
 */
record EvaluationMemory(long classes, long rows, long logits, boolean weighted) {
  /** Bytes of a class in arrays of counts. */
  private static final long OF_A_CLASS = 32;

  /** Bytes of the exact sums of a class that has rows, and of those of their weights. */
  private static final long OF_A_CLASS_WITH_ROWS = 256;

  private static final long OF_A_CLASS_WITH_WEIGHTS = 1024;

  /**
   * Bytes of a logit: as it was stored, as a float, its probability, and a copy of one of these.
   */
  private static final long OF_A_LOGIT = 16;

  /** Up to so many classes there is a confusion matrix; a test checks this number. */
  static final int CLASSES_OF_A_MATRIX = 2048;

  /**
   * The share of the heap that is used, as a quotient. Collectors need room, and so does the rest
   * of the program.
   */
  private static final int USED = 3;

  private static final int OF = 4;

  /** Returns the bytes of each thread. */
  private long ofThread() {
    long withRows = weighted ? OF_A_CLASS_WITH_WEIGHTS : OF_A_CLASS_WITH_ROWS;
    long matrix = classes > CLASSES_OF_A_MATRIX ? 0 : 8 * classes * classes;
    return OF_A_CLASS * classes + withRows * Math.min(classes, rows) + matrix + OF_A_LOGIT * logits;
  }

  /**
   * Returns for how many threads, at most {@code most}, there is room; 0 if there is none even for
   * one.
   */
  int threads(int most, long heap) {
    return (int) Math.min(most, heap / OF * USED / Math.max(1, ofThread()));
  }

  /** Returns the failure for a heap that has no room even for one thread. */
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
