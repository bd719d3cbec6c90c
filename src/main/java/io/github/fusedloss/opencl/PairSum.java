package io.github.fusedloss.opencl;

import io.github.fusedloss.backend.BadElementException;
import io.github.fusedloss.backend.SumShape;

/**
 * The canonical sum of pairs that come piece by piece. Its shape depends on their number alone. It
 * holds the sums of the blocks that are complete, and the pairs after them.
 */
final class PairSum implements AutoCloseable {
  private static final long PAIR = 8;

  private final OpenClContext context;
  private final ReduceKernel reduce;
  private final long terms;
  private DeviceBuffer blockSums;
  private long blocks;
  private DeviceBuffer tail;
  private long pending;
  private double sum;
  private boolean added;

  /**
   * Begins a sum.
   *
   * @param terms how many pairs there will be, at least 1
   */
  PairSum(OpenClContext context, ReduceKernel reduce, long terms) {
    this.context = context;
    this.reduce = reduce;
    this.terms = terms;
  }

  /**
   * Adds the next pairs. If these are not all pairs, the piece is finished first, and its pairs
   * count only if everything succeeded, so that the piece may be tried again.
   */
  void add(CallBuffers piece, DeviceBuffer pairs, long length) {
    if (length == terms) {
      added = true;
      sum = reduce.sumPairs(piece, pairs, length);
    } else {
      count(part(piece, pairs, length));
    }
  }

  /**
   * Adds the next pairs of two sums with as many terms, which are not all. Either both count or
   * none, so that the piece may be tried again.
   */
  static void add(
      CallBuffers piece,
      PairSum one,
      DeviceBuffer ones,
      PairSum other,
      DeviceBuffer others,
      long length) {
    Part first = one.part(piece, ones, length);
    Part second;
    try {
      second = other.part(piece, others, length);
    } catch (Throwable e) {
      first.rest.close();
      throw e;
    }
    one.count(first);
    other.count(second);
  }

  /**
   * Adds the pairs of losses of which the device may have refused an element. In that case no
   * result is copied to the host. Waits once if these are all pairs.
   *
   * @param at where the piece begins
   * @throws BadElementException if an element is refused
   */
  void add(CallBuffers piece, ElementLosses losses, long length, long at) {
    if (length == terms) {
      reduce.toOnePair(piece, losses.pairs(), length, losses.totals().buffer());
    }
    losses.totals().read();
    losses.check(at);
    if (length == terms) {
      added = true;
      sum = length == 1 ? reduce.sumPairs(piece, losses.pairs(), 1) : losses.totals().sum();
    } else {
      count(part(piece, losses.pairs(), length));
    }
  }

  /**
   * Pairs that have been added up, but do not count yet.
   *
   * @param blocks how many blocks have become complete; their sums follow those of earlier blocks
   * @param rest the pairs after these blocks
   */
  private record Part(long blocks, DeviceBuffer rest, long length) {}

  private Part part(CallBuffers piece, DeviceBuffer pairs, long length) {
    piece.finish();
    if (blockSums == null) {
      blockSums = context.allocate(SumShape.blocks(terms) * PAIR);
    }
    DeviceBuffer all = pairs;
    long count = pending + length;
    if (pending > 0) {
      all = piece.room(count * PAIR);
      all.copyFrom(tail, 0, 0, pending * PAIR);
      all.copyFrom(pairs, 0, pending * PAIR, length * PAIR);
    }
    long full = count / SumShape.BLOCK;
    if (full > 0) {
      DeviceBuffer sums = reduce.sumOfBlocks(piece, all, full * SumShape.BLOCK);
      blockSums.copyFrom(sums, 0, blocks * PAIR, full * PAIR);
    }
    long left = count - full * SumShape.BLOCK;
    DeviceBuffer rest = context.allocate(left * PAIR);
    try {
      rest.copyFrom(all, full * SumShape.BLOCK * PAIR, 0, left * PAIR);
      context.finish();
    } catch (Throwable e) {
      rest.close();
      throw e;
    }
    return new Part(full, rest, left);
  }

  private void count(Part part) {
    if (tail != null) {
      tail.close();
    }
    added = true;
    tail = part.rest;
    pending = part.length;
    blocks += part.blocks;
  }

  /** Returns whether nothing was added. */
  boolean isEmpty() {
    return !added;
  }

  /** Returns the sum of all pairs; waits for the device. */
  double total() {
    if (blockSums == null) {
      return sum;
    }
    try (CallBuffers operands = new CallBuffers(context)) {
      if (blocks == 0) {
        return reduce.sumPairs(operands, tail, pending);
      }
      if (pending > 0) {
        DeviceBuffer last = reduce.sumOfBlocks(operands, tail, pending);
        blockSums.copyFrom(last, 0, blocks * PAIR, PAIR);
      }
      return reduce.sumPairs(operands, blockSums, blocks + (pending > 0 ? 1 : 0));
    }
  }

  @Override
  public void close() {
    if (tail != null) {
      tail.close();
    }
    if (blockSums != null) {
      blockSums.close();
    }
  }
}
