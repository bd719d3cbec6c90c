// Generated from kernels/softmax.cl by ci/generate. Do not edit.
package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.hi;
import static io.github.fusedloss.cpu.ScalarMath.lo;
import static io.github.fusedloss.cpu.VectorMath.*;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;
import static jdk.incubator.vector.VectorOperators.*;

import jdk.incubator.vector.*;

/** Passes of the Vector API over a strip of a block, of kernels/softmax.cl. */
final class GeneratedTileLogsVectors {
  private GeneratedTileLogsVectors() {}

  static final VectorPasses<RowTile> PASSES =
      new VectorPasses<>(
          GeneratedTileLogsVectors::wanted,
          GeneratedTileLogsVectors::logSoftmax);

  private static long wanted(RowTile b) {
    return 0b1L;
  }

  private static void logSoftmax(RowTile b, Lanes lanes, int start, int n) {
    float[] xs = b.x;
    int xsAt = start;
    float[] maxs = b.max;
    float[] logHis = b.logHi;
    float[] logLos = b.logLo;
    FloatVector c = broadcast(SPECIES, Float.POSITIVE_INFINITY);
    FloatVector c2 = broadcast(SPECIES, Float.NaN);
    float[] es = b.e;
    int esAt = start;
    int end = b.end();
    for (int line = 0; line < end; line += n) {
      for (int i = 0; i < n; i += LENGTH) {
        FloatVector x = fromArray(SPECIES, xs, xsAt + line + i);
        FloatVector max = fromArray(SPECIES, maxs, i);
        FloatVector logHi = fromArray(SPECIES, logHis, i);
        FloatVector logLo = fromArray(SPECIES, logLos, i);
        FloatVector b2 = max.neg();
        FloatVector s2 = x.sub(max);
        FloatVector z = s2.sub(x);
        FloatVector lo = x.sub(s2.sub(z)).add(b2.sub(z));
        FloatVector b3 = logHi.neg();
        FloatVector s3 = s2.sub(logHi);
        FloatVector z2 = s3.sub(s2);
        FloatVector lo2 = s2.sub(s3.sub(z2)).add(b3.sub(z2));
        FloatVector r = s3.add(lo2.add(lo.sub(logLo)));
        FloatVector v = s3.blend(r, r.abs().compare(LT, c));
        c2.blend(v, v.compare(EQ, v)).intoArray(es, esAt + line + i);
      }
    }
  }
}
