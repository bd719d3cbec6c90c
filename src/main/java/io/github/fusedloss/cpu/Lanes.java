package io.github.fusedloss.cpu;

/** The running sums of one block, see {@link Blocks}. Each thread has one. */
final class Lanes {
  final float[] hi = new float[Blocks.ACCUMULATORS];
  final float[] lo = new float[Blocks.ACCUMULATORS];

  /**
   * The sums of a second quantity of the same block, which hold those of a third; null in the
   * third.
   */
  final Lanes more;

  private Strip strip;
  private int width;
  private boolean inOrder;

  Lanes() {
    this(new Lanes(new Lanes(null)));
  }

  private Lanes(Lanes more) {
    this.more = more;
  }

  /** Begins a block of {@code terms} terms, in one lane if {@code inOrder}. */
  void clear(int terms, boolean inOrder) {
    this.inOrder = inOrder;
    width = inOrder ? 1 : Blocks.width(terms);
    java.util.Arrays.fill(hi, 0, width, 0f);
    java.util.Arrays.fill(lo, 0, width, 0f);
  }

  /** Adds term i of the block. */
  void add(int i, float valueHi, float valueLo) {
    Blocks.accumulate(hi, lo, inOrder ? 0 : Blocks.lane(i), valueHi, valueLo);
  }

  /** Returns working space for loops over blocks of at least {@link Strip#FEW} elements. */
  Strip strip() {
    if (strip == null) {
      strip = new Strip();
    }
    return strip;
  }

  /** Returns how many lanes are in use, a power of two. */
  int width() {
    return width;
  }

  /** Returns the block's sum. */
  long total() {
    return Blocks.tree(hi, lo, width);
  }
}
