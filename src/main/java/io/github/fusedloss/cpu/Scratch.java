package io.github.fusedloss.cpu;

import java.lang.ref.SoftReference;

/**
 * One thread's working space. What it keeps after a call is bounded, whatever the call's shape:
 * some rows of {@link RowLayout#WHOLE} elements. {@link Workers} keeps it while the heap has room.
 */
final class Scratch {
  /** What an operand is copied for if it cannot be used where it is. */
  enum Slot {
    INPUT,
    TARGET,
    WEIGHT,
    /** Class probabilities of a tile, or a teacher's logits. */
    SHARES,
    POS_WEIGHT,
    ROW_WEIGHT,
    UPSTREAM,
    RESULT,
    /** Second derivatives of a block. */
    HESSIAN,
    /** Second derivatives of a tile. */
    HESSIANS,
    /** Transformed logits. */
    LOGITS,
    /** Logits of a tile before they were transformed. */
    GIVEN,
    /** Exponentials that no result is made of. */
    TERMS
  }

  private static final SoftmaxRow[] NONE = {};

  final SoftReference<Scratch> kept = new SoftReference<>(this);
  final Lanes lanes = new Lanes();
  final BceBlock bce = new BceBlock();
  final RowBlock block = new RowBlock();
  final SoftmaxRow row = new SoftmaxRow();

  /** The sums of a block whose terms are computed again. */
  final SoftmaxRow again = new SoftmaxRow();

  final LogitBlock logits = new LogitBlock();
  final DistillBlock distill = new DistillBlock();
  final MassSums massSums = new MassSums();
  final RowTile tile = new RowTile();

  /** A block of pairs that {@link RowSum} can use next; or null. */
  PairBlock spare;

  private final float[][] slots = new float[Slot.values().length][];
  private SoftmaxRow[] blocks = NONE;
  private DivergenceTile divergenceTile;

  DivergenceTile divergenceTile() {
    if (divergenceTile == null) {
      divergenceTile = new DivergenceTile();
    }
    return divergenceTile;
  }

  /** Returns an array of at least {@code length} elements; there is one for each slot. */
  float[] floats(Slot slot, int length) {
    float[] array = slots[slot.ordinal()];
    if (array == null || array.length < length) {
      array = new float[Math.max(length, Math.min(length * 2, Blocks.BLOCK))];
      slots[slot.ordinal()] = array;
    }
    return array;
  }

  SoftmaxRow[] blocks(int count) {
    if (blocks.length < count) {
      SoftmaxRow[] more = new SoftmaxRow[count];
      System.arraycopy(blocks, 0, more, 0, blocks.length);
      for (int i = blocks.length; i < count; i++) {
        more[i] = new SoftmaxRow();
      }
      blocks = more;
    }
    return blocks;
  }

  /** Ends a call: lets go of the caller's arrays, and of what grows with the length of a row. */
  void release() {
    bce.release();
    block.release();
    logits.release();
    distill.release();
    if (tile.shares != null) {
      tile.shares.release();
    }
    if (blocks.length > RowLayout.WHOLE / Blocks.BLOCK) {
      blocks = NONE; // Making a new array could fail for lack of memory.
    }
  }
}
