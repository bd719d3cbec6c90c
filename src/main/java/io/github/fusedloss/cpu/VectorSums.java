package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.VectorMath.INFINITY;
import static io.github.fusedloss.cpu.VectorMath.LENGTH;
import static io.github.fusedloss.cpu.VectorMath.SPECIES;
import static io.github.fusedloss.cpu.VectorMath.ZERO;
import static jdk.incubator.vector.FloatVector.fromArray;
import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/** The sums of a block ({@link Blocks}) for {@link VectorKernels}. */
final class VectorSums {
  private VectorSums() {}

  /**
   * Returns the block's sum, see {@link Blocks#tree}; elements of a vector beyond the lanes in use
   * are ignored.
   */
  static long total(Lanes lanes) {
    tree(lanes.hi, lanes.lo, lanes.width(), 1);
    return ScalarMath.pair(lanes.hi[0], lanes.lo[0]);
  }

  /**
   * Does {@link Blocks#tree} for several sums side by side, in place: lane l of sum t is element
   * {@code l * sums + t} of {@code width}.
   */
  static void tree(float[] hi, float[] lo, int width, int sums) {
    if (width / sums < Blocks.ACCUMULATORS) {
      for (int i = 0; i < width; i += LENGTH) {
        FloatVector a = fromArray(SPECIES, hi, i);
        FloatVector b = fromArray(SPECIES, lo, i);
        VectorMask<Float> finite = a.abs().compare(LT, INFINITY);
        FloatVector s = a.add(b);
        a.blend(s, finite).intoArray(hi, i);
        ZERO.blend(b.sub(s.sub(a)), finite).intoArray(lo, i);
      }
    }
    for (int half = width / 2; half >= sums; half /= 2) {
      for (int i = 0; i < half; i += LENGTH) {
        FloatVector c = fromArray(SPECIES, hi, i);
        FloatVector d = fromArray(SPECIES, hi, i + half);
        FloatVector a = c.add(d);
        FloatVector z = a.sub(c);
        FloatVector e = c.sub(a.sub(z)).add(d.sub(z));
        FloatVector b = e.add(fromArray(SPECIES, lo, i).add(fromArray(SPECIES, lo, i + half)));
        VectorMask<Float> finite = a.abs().compare(LT, INFINITY);
        FloatVector s = a.add(b);
        a.blend(s, finite).intoArray(hi, i);
        ZERO.blend(b.sub(s.sub(a)), finite).intoArray(lo, i);
      }
    }
  }
}
