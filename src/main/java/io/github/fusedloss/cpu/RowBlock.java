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

  /** Class probabilities and weights, and what smoothing does to the former. */
  float[] q;

  int qAt;
  float[] w;
  int wAt;
  Smoothing smoothing = Smoothing.NONE;

  /** Holds the maximum and what exponentials refer to. */
  SoftmaxRow row;

  /** Whether a logit may be below the row's cut. */
  boolean far;

  /** What distances are from: the maximum, or 0 where there is none. */
  float from;

  /** Of the gradient, {@code factor * e - scale * share}: see {@link BlockKernels}. */
  float factor;

  float scale;
  float top;
  long likely;

  /** Whether all classes have this share, already scaled, times w; there are no q then. */
  boolean shared;

  float share;

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

  /** Where exponentials are, and what is made of them; e may be null. */
  RowBlock terms(float[] e, int at) {
    this.e = e;
    eAt = at;
    return this;
  }

  RowBlock weights(float[] w, int at) {
    this.w = w;
    wAt = at;
    return this;
  }

  /** Each class has its own share. */
  RowBlock probabilities(float[] q, int at, Smoothing smoothing) {
    this.q = q;
    qAt = at;
    this.smoothing = smoothing;
    shared = false;
    return this;
  }

  /** All classes have one share, but for their weights. */
  RowBlock equalShares(float share) {
    q = null;
    shared = true;
    this.share = share;
    return this;
  }

  /** No class has a share: the gradient is a factor. */
  RowBlock factor(float factor) {
    q = null;
    w = null;
    shared = false;
    this.factor = factor;
    return this;
  }

  /** The row, whose maximum and reference are known. */
  RowBlock reference(SoftmaxRow row) {
    this.row = row;
    from = from(row);
    return this;
  }

  /** Where distances are from. */
  static float from(SoftmaxRow row) {
    return row.max > Float.NEGATIVE_INFINITY ? row.max : 0f;
  }

  RowBlock gradient(float factor, float top, long likely, float scale) {
    this.factor = factor;
    this.top = top;
    this.likely = likely;
    this.scale = scale;
    return this;
  }

  /** Lets go of the arrays. */
  void release() {
    x = null;
    e = null;
    q = null;
    w = null;
  }

  /** The smoothed and weighted probability of class i. */
  long share(int i) {
    float p = q[qAt + i];
    if (!smoothing.present) {
      return w == null ? ScalarMath.pair(p, 0f) : GeneratedClasses.givenShare(p, w[wAt + i]);
    }
    return w == null
        ? GeneratedClasses.smoothed(p, smoothing.keep, smoothing.spread)
        : GeneratedClasses.smoothedShare(p, w[wAt + i], smoothing.keep, smoothing.spread);
  }

  /** What the exponential of class i becomes. */
  float gradient(int i) {
    float v = e[eAt + i];
    if (q != null) {
      return GeneratedClasses.sharedGradient(v, share(i), factor, scale, top, likely);
    } else if (!shared) {
      return GeneratedClasses.scaledGradient(v, factor);
    }
    return w == null
        ? GeneratedClasses.equalGradient(v, factor, share)
        : GeneratedClasses.weightedGradient(v, w[wAt + i], factor, share);
  }
}
