package io.github.fusedloss.cpu;

/** A block of floats; of pairs if {@code lo} is not null. */
final class SumBlock {
  final float[] hi;
  final float[] lo;
  final int hiAt;
  final int loAt;

  SumBlock(float[] hi, float[] lo, int at) {
    this.hi = hi;
    this.lo = lo;
    hiAt = at;
    loAt = at;
  }
}
