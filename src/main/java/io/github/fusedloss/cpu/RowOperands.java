package io.github.fusedloss.cpu;

/**
 * The operands of a task over rows, and how its rows are computed.
 *
 * @param result receives results, with the input's layout; or null
 * @param hessian receives second derivatives, with the input's layout; or null
 * @param keep whether the results are made of the exponentials
 * @param outputs what is wanted of each row besides; or null
 */
record RowOperands(
    RowLayout layout,
    Floats input,
    Floats result,
    Floats hessian,
    boolean keep,
    RowOutputs outputs,
    BlockKernels kernels) {
  /** Loads rows into the thread's tile, and computes their softmax. */
  RowTile tile(Transform transform, long first, int count, Scratch scratch) {
    RowTile tile = scratch.tile;
    tile.begin(layout.classes(), count, layout.inOrder());
    tile.first = first;
    tile.inner = layout.inner();
    TileMemory.load(tile, input, tile.x, scratch);
    if (transform != null) {
      transform.tile(tile, scratch);
    }
    if (hessian != null) {
      tile.h = scratch.floats(Scratch.Slot.HESSIANS, tile.end());
    }
    kernels.softmax(tile, keep || needTerms(), scratch.lanes);
    return tile;
  }

  /** Returns whether exponentials are needed though the results are not made of them. */
  boolean needTerms() {
    return outputs != null && outputs.needTerms();
  }
}
