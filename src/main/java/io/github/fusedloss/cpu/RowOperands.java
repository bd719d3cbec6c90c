package io.github.fusedloss.cpu;

/**
 * The rows of a task and how they are worked at.
 *
 * @param result of the input's layout; or null
 * @param hessian of the input's layout; or null
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
  /** Has the thread's tile hold rows, their softmax done. */
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

  /** Whether exponentials are to be seen, though the results are not made of them. */
  boolean needTerms() {
    return outputs != null && outputs.needTerms();
  }
}
