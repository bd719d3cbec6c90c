package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.VectorMath.LENGTH;
import static io.github.fusedloss.cpu.VectorMath.SPECIES;
import static io.github.fusedloss.cpu.VectorMath.ZERO;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;
import static jdk.incubator.vector.VectorOperators.GT;

import jdk.incubator.vector.FloatVector;

/** The largest logits of rows side by side, for {@link VectorKernels}. */
final class VectorTile {
  private VectorTile() {}

  static final VectorPasses<RowTile> MAXIMA = new VectorPasses<>(VectorTile::maxima);

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
