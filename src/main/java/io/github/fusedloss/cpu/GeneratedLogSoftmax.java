// Generated from kernels/softmax.cl by ci/generate. Do not edit.
package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.hi;
import static io.github.fusedloss.cpu.ScalarMath.lo;
import static io.github.fusedloss.cpu.ScalarMath.pair;
import static java.lang.Float.floatToRawIntBits;
import static java.lang.Float.intBitsToFloat;
import static java.lang.Math.*;

/** Functions of kernels/softmax.cl for one element; a long is a pair. */
final class GeneratedLogSoftmax {
  private GeneratedLogSoftmax() {}

  static float logSoftmax(float v, float max, long log) {
    float logHi = hi(log);
    float logLo = lo(log);
    float b2 = -max;
    float s2 = v - max;
    float z = s2 - v;
    float lo = (v - (s2 - z)) + (b2 - z);
    float b3 = -logHi;
    float s3 = s2 - logHi;
    float z2 = s3 - s2;
    float lo2 = (s2 - (s3 - z2)) + (b3 - z2);
    float r = s3 + (lo2 + (lo - logLo));
    float v2 = (abs(r) < Float.POSITIVE_INFINITY) ? r : s3;
    return (v2 == v2) ? v2 : Float.NaN;
  }
}
