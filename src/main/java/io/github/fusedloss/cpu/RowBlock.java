package io.github.fusedloss.cpu;

/**
 * One block of a row of logits: where to read, where to write. Null is absent. One per thread, of
 * which whoever calls a kernel sets what that reads.
 */
final class RowBlock {
  int n;
  float[] x;
  int xAt;

  /** Exponentials, and what is made of them. */
  float[] e;

  int eAt;

  /** Second derivatives, and what they are made with. */
  float[] h;

  int hAt;

  final Curve curve = new Curve();

  /** Class probabilities and weights, and what smoothing does to the former. */
  float[] q;

  int qAt;
  float[] w;
  int wAt;
  Settings settings;

  /** Holds the maximum and what exponentials refer to. */
  SoftmaxRow row;

  /** Whether a logit may be below the row's cut. */
  boolean far;

  /** What distances are from: the maximum, or 0 where there is none. */
  float from;

  /** What the gradient is made with: see {@link BlockKernels#gradient}. */
  final Slope slope = new Slope();

  /** Whether all classes have one share, but for their weights w; there are no q then. */
  boolean shared;

  /** The largest logit, for a moment; and what log_softmax takes away with it. */
  float max;

  long log;

  /** The logits of n classes. */
  RowBlock logits(float[] x, int at, int n) {
    this.n = n;
    this.x = x;
    xAt = at;
    return this;
  }

  /** Where exponentials of n classes are, and what is made of them; e may be null. */
  RowBlock terms(float[] e, int at, int n) {
    this.n = n;
    this.e = e;
    eAt = at;
    return this;
  }

  /** Where the second derivatives go; h may be null. */
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

  /** Each class has its own share: a probability, which may be smoothed. */
  RowBlock shares(float[] q, int at, Settings settings) {
    this.q = q;
    qAt = at;
    this.settings = settings;
    shared = false;
    return this;
  }

  /** All classes have one share, but for their weights. */
  RowBlock equalShares() {
    q = null;
    shared = true;
    return this;
  }

  /** No class has a share: the gradient is a factor. */
  RowBlock noShares() {
    q = null;
    w = null;
    shared = false;
    return this;
  }

  /** The same, with this factor. */
  RowBlock factor(float factor) {
    slope.factor = factor;
    return noShares();
  }

  /** The row, whose maximum and reference are known. */
  RowBlock of(SoftmaxRow row) {
    this.row = row;
    from = from(row);
    return this;
  }

  /** Where distances are from. */
  static float from(SoftmaxRow row) {
    return row.max > Float.NEGATIVE_INFINITY ? row.max : 0f;
  }

  /** Lets go of the arrays. */
  void release() {
    x = null;
    e = null;
    h = null;
    q = null;
    w = null;
  }

  /** The smoothed and weighted probability of class i. */
  long share(int i) {
    float p = q[qAt + i];
    if (!settings.smooth) {
      return w == null ? ScalarMath.pair(p, 0f) : GeneratedClasses.givenShare(p, w[wAt + i]);
    }
    return w == null
        ? GeneratedClasses.smoothed(p, settings.keep, settings.spread)
        : GeneratedClasses.smoothedShare(p, w[wAt + i], settings.keep, settings.spread);
  }

  /** What the exponential of class i becomes. */
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
