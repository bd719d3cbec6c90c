package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.VectorMath.LENGTH;
import static io.github.fusedloss.cpu.VectorMath.ONE;
import static io.github.fusedloss.cpu.VectorMath.SPECIES;
import static io.github.fusedloss.cpu.VectorMath.ZERO;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;
import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.GT;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * The work of {@link VectorKernels} on tiles. Its passes are made from the kernels, except those
 * for maxima, for sums in lanes with ties, and for the places of classes.
 */
final class VectorTile {
  private VectorTile() {}

  /** Does {@link BlockKernels#softmax(RowTile, boolean, Lanes)}. */
  static void softmax(RowTile tile, boolean keep, Lanes lanes) {
    MAXIMA.run(tile, lanes, tile.stride);
    terms(tile, keep, lanes);
    sums(tile, lanes);
    GeneratedRowEndsVectors.PASSES.run(tile, lanes, tile.stride);
  }

  /** Computes the exponentials relative to the maxima, to be kept or not. */
  static void terms(RowTile tile, boolean keep, Lanes lanes) {
    tile.keep = keep;
    GeneratedReferencesVectors.PASSES.run(tile, lanes, tile.stride);
    GeneratedTileTermsVectors.PASSES.run(tile, lanes, tile.stride);
  }

  /** Computes the sums of each row's terms. */
  private static void sums(RowTile tile, Lanes lanes) {
    tile.clear();
    if (tile.inOrder) {
      GeneratedTileSumsVectors.PASSES.run(tile, lanes, tile.stride);
    } else {
      SUMS_OF_LANES.run(tile, lanes, tile.stride);
      addLanes(tile, tile.restHi, tile.restLo);
    }
  }

  /** Adds up each row's lanes. */
  private static void addLanes(RowTile tile, float[] hi, float[] lo) {
    VectorSums.tree(tile.laneHi, tile.laneLo, tile.lanes(), tile.stride);
    tile.takeSumsOfLanes(tile.laneHi, tile.laneLo, hi, lo);
  }

  /** Does {@link BlockKernels#distances(RowTile, Lanes)}. */
  static void distances(RowTile tile, Lanes lanes) {
    TileShares shares = tile.shares;
    shares.clear(tile.stride);
    GeneratedTileDistancesVectors.PASSES.run(tile, lanes, tile.stride);
    if (tile.inOrder) {
      GeneratedTileDistanceEndsVectors.PASSES.run(tile, lanes, tile.stride);
      return;
    }
    if (shares.given) {
      tile.clearLanes();
      GeneratedTileMassesInLanesVectors.PASSES.whole(tile, lanes, tile.lanes());
      addLanes(tile, shares.massHi, shares.massLo);
    }
    tile.clearLanes();
    GeneratedTileDistancesInLanesVectors.PASSES.whole(tile, lanes, tile.lanes());
    addLanes(tile, shares.distanceHi, shares.distanceLo);
  }

  /** Does {@link BlockKernels#outputs}. */
  static void outputs(RowTile tile, Lanes lanes) {
    if (tile.wantsEntropy) {
      GeneratedTileMomentsVectors.PASSES.run(tile, lanes, tile.stride);
      tile.exchangeSums();
      sums(tile, lanes);
      tile.exchangeSums();
    }
    if (tile.wantsLowest) {
      LOWEST.run(tile, lanes, tile.stride);
    }
    if (tile.wantsBefore) {
      BEFORE.run(tile, lanes, tile.stride);
    }
    GeneratedOutputsVectors.PASSES.run(tile, lanes, tile.stride);
  }

  private static final VectorPasses<RowTile> MAXIMA = new VectorPasses<>(VectorTile::maxima);

  private static final VectorPasses<RowTile> SUMS_OF_LANES =
      new VectorPasses<>(VectorTile::sumsOfLanes);

  /** Adds each term to the lane of its class; terms of the maximum are counted instead. */
  private static void sumsOfLanes(RowTile tile, Lanes lanes, int start, int n) {
    float[] laneHi = tile.laneHi;
    float[] laneLo = tile.laneLo;
    tile.clearLanes();
    for (int at = 0; at < tile.end(); at += n) {
      int lane = at % tile.lanes();
      for (int t = 0; t < n; t += LENGTH) {
        VectorMask<Float> tie =
            fromArray(SPECIES, tile.x, at + t).compare(EQ, fromArray(SPECIES, tile.max, t));
        fromArray(SPECIES, tile.ties, t).add(ZERO.blend(ONE, tie)).intoArray(tile.ties, t);
        FloatVector e = fromArray(SPECIES, tile.e, at + t).blend(ZERO, tie);
        FloatVector hi = fromArray(SPECIES, laneHi, lane + t);
        FloatVector s = hi.add(e);
        FloatVector z = s.sub(hi);
        FloatVector lo = hi.sub(s.sub(z)).add(e.sub(z));
        s.intoArray(laneHi, lane + t);
        fromArray(SPECIES, laneLo, lane + t).add(lo).intoArray(laneLo, lane + t);
      }
    }
  }

  private static final VectorPasses<RowTile> LOWEST = new VectorPasses<>(VectorTile::lowest);

  private static final VectorPasses<RowTile> BEFORE = new VectorPasses<>(VectorTile::before);

  /** Finds the lowest class whose logit is the maximum. */
  private static void lowest(RowTile tile, Lanes lanes, int start, int n) {
    float[] x = tile.x;
    int stride = tile.stride;
    for (int t = 0; t < n; t += LENGTH) {
      FloatVector max = fromArray(SPECIES, tile.max, t);
      FloatVector lowest = broadcast(SPECIES, 0f);
      FloatVector c = broadcast(SPECIES, tile.classes - 1);
      for (int i = tile.end() - stride + t; i >= 0; i -= stride) {
        lowest = lowest.blend(c, fromArray(SPECIES, x, i).compare(EQ, max));
        c = c.sub(ONE);
      }
      lowest.intoArray(tile.lowest, t);
    }
  }

  /** Counts the classes that come before the target. */
  private static void before(RowTile tile, Lanes lanes, int start, int n) {
    float[] x = tile.x;
    int end = tile.end();
    int stride = tile.stride;
    for (int t = 0; t < n; t += LENGTH) {
      FloatVector own = fromArray(SPECIES, tile.targetX, t);
      FloatVector y = fromArray(SPECIES, tile.targetClass, t);
      FloatVector before = broadcast(SPECIES, 0f);
      FloatVector c = broadcast(SPECIES, 0f);
      for (int i = t; i < end; i += stride) {
        FloatVector v = fromArray(SPECIES, x, i);
        VectorMask<Float> first = v.compare(EQ, own).and(y.compare(GT, c));
        before = before.add(ZERO.blend(ONE, v.compare(GT, own).or(first)));
        c = c.add(ONE);
      }
      before.intoArray(tile.before, t);
    }
  }

  static final VectorPasses<DivergenceTile> LARGEST = new VectorPasses<>(VectorTile::largest);

  private static void maxima(RowTile tile, Lanes lanes, int start, int n) {
    largest(tile.x, tile.end(), tile.stride, tile.max, n);
  }

  private static void largest(DivergenceTile tile, Lanes lanes, int start, int n) {
    largest(tile.largestOf, tile.classes * tile.stride, tile.stride, tile.largest, n);
  }

  private static void largest(float[] x, int end, int stride, float[] to, int n) {
    for (int t = 0; t < n; t += LENGTH) {
      FloatVector max = broadcast(SPECIES, Float.NEGATIVE_INFINITY);
      for (int i = t; i < end; i += stride) {
        FloatVector v = fromArray(SPECIES, x, i);
        max = max.blend(v, v.compare(GT, max));
      }
      max.add(ZERO).intoArray(to, t);
    }
  }
}
