package io.github.fusedloss.cpu;

import java.util.concurrent.atomic.AtomicInteger;

/** The pairs of a block of rows, for {@link RowSum}. */
final class PairBlock {
  final float[] hi = new float[Blocks.BLOCK];
  final float[] lo = new float[Blocks.BLOCK];

  /** How many rows have not come yet. */
  final AtomicInteger left = new AtomicInteger();
}
