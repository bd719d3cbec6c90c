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

/** The largest logits of rows side by side, and their sums in lanes, for {@link VectorKernels}. */
final class VectorTile {
  private VectorTile() {}

  static final VectorPasses<RowTile> MAXIMA = new VectorPasses<>(VectorTile::maxima);

  static final VectorPasses<RowTile> SUMS_OF_LANES = new VectorPasses<>(VectorTile::sumsOfLanes);

  /** Adds each term to the lane of its class, but the maximum's to their number. */
  private static void sumsOfLanes(RowTile tile, Lanes lanes, int start, int n) {
    int stride = tile.stride;
    for (int t = 0; t < n; t += LENGTH) {
      FloatVector max = fromArray(SPECIES, tile.max, t);
      FloatVector ties = ZERO;
      for (int lane = t; lane < Blocks.LANES * stride; lane += stride) {
        FloatVector hi = ZERO;
        FloatVector lo = ZERO;
        for (int i = lane; i < tile.end(); i += Blocks.LANES * stride) {
          VectorMask<Float> tie = fromArray(SPECIES, tile.x, i).compare(EQ, max);
          ties = ties.add(ONE, tie);
          FloatVector e = fromArray(SPECIES, tile.e, i).blend(ZERO, tie);
          FloatVector s = hi.add(e);
          FloatVector z = s.sub(hi);
          lo = lo.add(hi.sub(s.sub(z)).add(e.sub(z)));
          hi = s;
        }
        hi.intoArray(tile.laneHi, lane);
        lo.intoArray(tile.laneLo, lane);
      }
      ties.intoArray(tile.ties, t);
    }
  }

  private static void maxima(RowTile tile, Lanes lanes, int start, int n) {
    float[] x = tile.x;
    int end = tile.end();
    int stride = tile.stride;
    for (int t = 0; t < n; t += LENGTH) {
      FloatVector max = broadcast(SPECIES, Float.NEGATIVE_INFINITY);
      for (int i = t; i < end; i += stride) {
        FloatVector v = fromArray(SPECIES, x, i);
        max = max.blend(v, v.compare(GT, max));
      }
      max.add(ZERO).intoArray(tile.max, t);
    }
  }
}
