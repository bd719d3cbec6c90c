package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.hi;
import static io.github.fusedloss.cpu.ScalarMath.lo;
import static io.github.fusedloss.cpu.ScalarMath.pair;

import java.util.Arrays;

/**
 * The shares that every class has of the target, for the rows of a tile: with label smoothing or
 * class probabilities. Element i belongs to element i of the tile's logits.
 */
final class TileShares {
  /** Whether there are class probabilities q; without them all classes have one share. */
  boolean given;

  float[] q;

  /** Whether there are class weights w; they are the same for all rows. */
  boolean weighted;

  float[] w = new float[0];

  private Object weightsOf;
  private int weightsStride;

  /** Whether shares are pairs: probabilities that are weighted or smoothed. */
  boolean pairs;

  float[] shareHi = new float[0];
  float[] shareLo = new float[0];

  /**
   * For passes, the share of each element times its distance; for loops, the lanes of {@link
   * #massHi}.
   */
  float[] awayHi = new float[0];

  float[] awayLo = new float[0];

  /** The sums of the rows as pairs, see {@link SoftmaxRow#distance} and {@link SoftmaxRow#mass}. */
  final float[] distanceHi;

  final float[] distanceLo;
  final float[] massHi;
  final float[] massLo;

  /** The numbers that the gradient is made with, see {@link Slope}. */
  final float[] scale;

  final float[] spread;
  final float[] top;
  final float[] likelyHi;
  final float[] likelyLo;

  /** Makes room for a tile of at most so many rows. */
  TileShares(int rows) {
    distanceHi = new float[rows];
    distanceLo = new float[rows];
    massHi = new float[rows];
    massLo = new float[rows];
    scale = new float[rows];
    spread = new float[rows];
    top = new float[rows];
    likelyHi = new float[rows];
    likelyLo = new float[rows];
  }

  /** Begins with the probabilities of a tile's elements; null if there are none. */
  void begin(float[] q, boolean weighted, boolean smooth, int elements, boolean inOrder) {
    this.q = q;
    this.weighted = weighted;
    given = q != null;
    pairs = given && (weighted || smooth);
    if (pairs && shareHi.length < elements) {
      shareHi = new float[elements];
      shareLo = new float[elements];
    }
    if ((given || weighted || !inOrder) && awayHi.length < elements) {
      awayHi = new float[elements];
      awayLo = new float[elements];
    }
  }

  /**
   * Makes room for weights.
   *
   * @param of the object that has the weights, the same throughout a call
   * @param stride how far it is from one class to the next
   * @return whether the weights must still be written
   */
  boolean beginWeights(Object of, int stride, int elements) {
    if (weightsOf == of && weightsStride == stride) {
      return false;
    }
    w = w.length < elements ? new float[elements] : w;
    weightsOf = of;
    weightsStride = stride;
    return true;
  }

  /** Ends a call: lets go of the caller's arrays. */
  void release() {
    weightsOf = null;
  }

  /** Begins the sums of all rows. */
  void clear(int rows) {
    Arrays.fill(distanceHi, 0, rows, 0f);
    Arrays.fill(distanceLo, 0, rows, 0f);
    Arrays.fill(massHi, 0, rows, 0f);
    Arrays.fill(massLo, 0, rows, 0f);
  }

  /** Returns the share of element i; without q, its weight. See {@link RowBlock#share}. */
  long share(int i) {
    return pairs ? pair(shareHi[i], shareLo[i]) : pair(given ? q[i] : w[i], 0f);
  }

  /** Takes over the numbers that the gradient of row t is made with. */
  void slope(int t, Slope slope) {
    scale[t] = slope.scale;
    spread[t] = slope.spread;
    top[t] = slope.top;
    likelyHi[t] = hi(slope.likely);
    likelyLo[t] = lo(slope.likely);
  }
}
