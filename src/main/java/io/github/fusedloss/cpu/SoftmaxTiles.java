package io.github.fusedloss.cpu;

import io.github.fusedloss.backend.Function;
import io.github.fusedloss.backend.SoftmaxTask;

/** Computes softmax, log_softmax and logsumexp of rows side by side: all rows of a tile at once. */
final class SoftmaxTiles implements RowWork {
  private final Function function;
  private final RowOperands operands;
  private final Floats output;
  private final Transform transform;

  SoftmaxTiles(SoftmaxTask task, RowOperands operands, Transform transform, Floats output) {
    function = task.function();
    this.operands = operands;
    this.transform = transform;
    this.output = output;
  }

  @Override
  public boolean sideBySide() {
    return true;
  }

  @Override
  public void run(long first, int count, Scratch scratch) {
    RowTile tile = operands.tile(transform, first, count, scratch);
    SoftmaxRow row = scratch.row;
    for (int t = 0; t < count; t++) {
      tile.read(t, row);
      switch (function) {
        case LOGSUMEXP -> output.put(first + t, row.logSumExp());
        case SOFTMAX -> tile.coefficient[t] = row.softmaxFactor();
        case LOG_SOFTMAX -> {
          if (row.undefined) {
            tile.logHi[t] = Float.NaN; // Then all results of the row are NaN.
          }
        }
      }
    }
    if (function == Function.LOGSUMEXP) {
      return;
    }
    if (function == Function.SOFTMAX) {
      operands.kernels().scale(tile, scratch.lanes);
      SoftmaxRow.limit(tile.e, 0, tile.end());
    } else {
      operands.kernels().logSoftmax(tile, scratch.lanes);
    }
    TileMemory.store(tile, tile.e, output, scratch);
  }
}
