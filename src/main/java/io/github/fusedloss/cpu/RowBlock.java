package io.github.fusedloss.cpu;

/**
 * One block of a row of logits: where to read, and where to write. An array that is absent is null.
 * Each thread has one; before a kernel is called, the caller sets what that kernel reads.
 */
final class RowBlock {
  int n;
  float[] x;
  int xAt;

  /** Exponentials, or the results that replace them. */
  float[] e;

  int eAt;

  /** Second derivatives, and the numbers that they are made with. */
  float[] h;

  int hAt;

  final Curve curve = new Curve();

  /** Class probabilities q and class weights w, and how q is smoothed. */
  float[] q;

  int qAt;
  float[] w;
  int wAt;
  Settings settings;

  /** Holds the maximum and the reference of the exponentials. */
  SoftmaxRow row;

  /** Whether a logit may be below the row's cut. */
  boolean far;

  /** The logit that distances are measured from: the maximum, or 0 if there is none. */
  float from;

  /** The numbers that the gradient is made with, see {@link BlockKernels#gradient}. */
  final Slope slope = new Slope();

  /** Whether all classes have one share, except for their weights w; then there is no q. */
  boolean shared;

  /**
   * The largest logit, for passes and for log_softmax, and the logarithm that log_softmax
   * subtracts.
   */
  float max;

  long log;

  /** Sets the logits of n classes. */
  RowBlock logits(float[] x, int at, int n) {
    this.n = n;
    this.x = x;
    xAt = at;
    return this;
  }

  /** Sets where exponentials of n classes are or go; e may be null. */
  RowBlock terms(float[] e, int at, int n) {
    this.n = n;
    this.e = e;
    eAt = at;
    return this;
  }

  /** Sets where the second derivatives go; h may be null. */
  RowBlock hessian(float[] h, int at) {
    this.h = h;
    hAt = at;
    return this;
  }

  RowBlock weights(float[] w, int at) {
    this.w = w;
    wAt = at;
    return this;
  }

  /** Gives each class its own share: a probability, which may be smoothed. */
  RowBlock shares(float[] q, int at, Settings settings) {
    this.q = q;
    qAt = at;
    this.settings = settings;
    shared = false;
    return this;
  }

  /** Gives all classes one share, except for their weights. */
  RowBlock equalShares() {
    q = null;
    shared = true;
    return this;
  }

  /** Gives no class a share: the gradient is a factor times the exponential. */
  RowBlock noShares() {
    q = null;
    w = null;
    shared = false;
    return this;
  }

  /** Gives no class a share, and sets the factor of the exponentials. */
  RowBlock factor(float factor) {
    slope.factor = factor;
    return noShares();
  }

  /** Sets the row, whose maximum and reference are known. */
  RowBlock of(SoftmaxRow row) {
    this.row = row;
    from = from(row);
    return this;
  }

  /** Returns the logit that distances are measured from. */
  static float from(SoftmaxRow row) {
    return row.max > Float.NEGATIVE_INFINITY ? row.max : 0f;
  }

  /** Lets go of the arrays, so that they can be collected. */
  void release() {
    x = null;
    e = null;
    h = null;
    q = null;
    w = null;
  }

  /** Returns the smoothed and weighted probability of class i. */
  long share(int i) {
    float p = q[qAt + i];
    if (!settings.smooth) {
      return w == null ? ScalarMath.pair(p, 0f) : GeneratedClasses.givenShare(p, w[wAt + i]);
    }
    return w == null
        ? GeneratedClasses.smoothed(p, settings.keep, settings.spread)
        : GeneratedClasses.smoothedShare(p, w[wAt + i], settings.keep, settings.spread);
  }

  /** Returns the result that replaces the exponential of class i. */
  float gradient(int i) {
    float v = e[eAt + i];
    float factor = slope.factor;
    if (q != null) {
      return GeneratedClasses.sharedGradient(
          v, share(i), factor, slope.scale, slope.top, slope.likely);
    } else if (!shared) {
      return GeneratedClasses.scaledGradient(v, factor);
    }
    return w == null
        ? GeneratedClasses.equalGradient(v, factor, slope.spread)
        : GeneratedClasses.weightedGradient(v, w[wAt + i], factor, slope.spread);
  }
}
