// Generated from kernels/distillation.cl by ci/generate. Do not edit.
package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.hi;
import static io.github.fusedloss.cpu.ScalarMath.lo;
import static io.github.fusedloss.cpu.VectorMath.*;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;
import static jdk.incubator.vector.VectorOperators.*;

import jdk.incubator.vector.*;

/** Passes of the Vector API over a strip of a block, of kernels/distillation.cl. */
final class GeneratedLineSumsVectors {
  private GeneratedLineSumsVectors() {}

  static final VectorPasses<LineSums> PASSES =
      new VectorPasses<>(
          GeneratedLineSumsVectors::wanted,
          GeneratedLineSumsVectors::accumulateFloat);

  private static long wanted(LineSums b) {
    return 0b1L;
  }

  private static void accumulateFloat(LineSums b, Lanes lanes, int start, int n) {
    float[] sumHis = b.hi;
    int sumHisAt = b.hiAt + start;
    float[] tos = b.to;
    int tosAt = b.toAt + start;
    float[] sumLos = b.lo;
    int sumLosAt = b.loAt + start;
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector sumHi = fromArray(SPECIES, sumHis, sumHisAt + i);
      FloatVector to = fromArray(SPECIES, tos, tosAt + i);
      FloatVector sumLo = fromArray(SPECIES, sumLos, sumLosAt + i);
      FloatVector s2 = sumHi.add(to);
      FloatVector z = s2.sub(sumHi);
      FloatVector lo = sumHi.sub(s2.sub(z)).add(to.sub(z));
      FloatVector lo2 = sumLo.add(lo);
      s2.intoArray(sumHis, sumHisAt + i);
      lo2.intoArray(sumLos, sumLosAt + i);
    }
  }
}
