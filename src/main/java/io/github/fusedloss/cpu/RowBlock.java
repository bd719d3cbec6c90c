package io.github.fusedloss.cpu;

/** One block of a row of logits: where to read, where to write. Null is absent. */
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

  static RowBlock logits(float[] x, int at, int n) {
    RowBlock b = new RowBlock();
    b.n = n;
    b.x = x;
    b.xAt = at;
    return b;
  }

  static RowBlock terms(float[] e, int at, int n) {
    RowBlock b = new RowBlock();
    b.n = n;
    b.e = e;
    b.eAt = at;
    return b;
  }

  RowBlock weights(float[] w, int at) {
    this.w = w;
    wAt = at;
    return this;
  }

  RowBlock probabilities(float[] q, int at, Smoothing smoothing) {
    this.q = q;
    qAt = at;
    this.smoothing = smoothing;
    return this;
  }

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
