// Generated from kernels/cross_entropy.cl by ci/generate. Do not edit.
package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.hi;
import static io.github.fusedloss.cpu.ScalarMath.lo;
import static io.github.fusedloss.cpu.VectorMath.*;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;
import static jdk.incubator.vector.VectorOperators.*;

import jdk.incubator.vector.*;

/** Passes of the Vector API over a strip of a block, of kernels/cross_entropy.cl. */
final class GeneratedTileDistanceEndsVectors {
  private GeneratedTileDistanceEndsVectors() {}

  static final VectorPasses<RowTile> PASSES =
      new VectorPasses<>(
          GeneratedTileDistanceEndsVectors::wanted,
          GeneratedTileDistanceEndsVectors::normalise,
          GeneratedTileDistanceEndsVectors::normaliseAgain);

  private static long wanted(RowTile b) {
    return 0b1L
        | (b.shares.given ? 0b10L : 0);
  }

  private static void normalise(RowTile b, Lanes lanes, int start, int n) {
    float[] distanceHis = b.shares.distanceHi;
    float[] distanceLos = b.shares.distanceLo;
    FloatVector c = broadcast(SPECIES, Float.POSITIVE_INFINITY);
    FloatVector c2 = broadcast(SPECIES, 0f);
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector distanceHi = fromArray(SPECIES, distanceHis, i);
      FloatVector distanceLo = fromArray(SPECIES, distanceLos, i);
      FloatVector s2 = distanceHi.add(distanceLo);
      FloatVector lo = distanceLo.sub(s2.sub(distanceHi));
      VectorMask<Float> finite = distanceHi.abs().compare(LT, c);
      FloatVector hi = distanceHi.blend(s2, finite);
      FloatVector lo2 = c2.blend(lo, finite);
      hi.intoArray(distanceHis, i);
      lo2.intoArray(distanceLos, i);
    }
  }

  private static void normaliseAgain(RowTile b, Lanes lanes, int start, int n) {
    float[] massHis = b.shares.massHi;
    float[] massLos = b.shares.massLo;
    FloatVector c = broadcast(SPECIES, Float.POSITIVE_INFINITY);
    FloatVector c2 = broadcast(SPECIES, 0f);
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector massHi = fromArray(SPECIES, massHis, i);
      FloatVector massLo = fromArray(SPECIES, massLos, i);
      FloatVector s2 = massHi.add(massLo);
      FloatVector lo = massLo.sub(s2.sub(massHi));
      VectorMask<Float> finite = massHi.abs().compare(LT, c);
      FloatVector hi = massHi.blend(s2, finite);
      FloatVector lo2 = c2.blend(lo, finite);
      hi.intoArray(massHis, i);
      lo2.intoArray(massLos, i);
    }
  }
}
