package io.github.fusedloss.cpu;

/** One thread's working space, kept between calls. */
final class Scratch {
  final Lanes lanes = new Lanes();
  final BceBlock bce = new BceBlock();
  final SoftmaxRow row = new SoftmaxRow();
  final RowTile tile = new RowTile();
  private final float[][] slots = new float[6][];
  private SoftmaxRow[] blocks = new SoftmaxRow[0];

  /** An array of at least {@code length}, one for each slot. */
  float[] floats(int slot, int length) {
    if (slots[slot] == null || slots[slot].length < length) {
      slots[slot] = new float[Math.max(length, Math.min(length * 2, Blocks.BLOCK))];
    }
    return slots[slot];
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
}
