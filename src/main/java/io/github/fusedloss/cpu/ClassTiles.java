package io.github.fusedloss.cpu;

import java.util.Arrays;

/** Cross entropy of rows side by side: all rows of a tile at once. */
final class ClassTiles implements RowWork {
  private final RowOperands operands;
  private final LogitLoss loss;

  ClassTiles(RowOperands operands, LogitLoss loss) {
    this.operands = operands;
    this.loss = loss;
  }

  @Override
  public boolean sideBySide() {
    return true;
  }

  @Override
  public void run(long first, int count, Scratch scratch) {
    BlockKernels kernels = operands.kernels();
    RowTile tile = operands.tile(loss.transform(), first, count, scratch);
    tile.gradient = operands.result() != null;
    tile.settings = loss.settings();
    beginTargets(tile);
    tile.hasShares = loss.hasShares();
    if (tile.hasShares) {
      beginShares(tile, scratch);
      kernels.distances(tile, scratch.lanes);
    }
    kernels.losses(tile, loss.formulas(), scratch.lanes);
    if (operands.outputs() != null) {
      operands.outputs().tile(tile, scratch.lanes);
    }
    if (loss.wanted() != null) {
      hessian(tile, scratch);
    }
    if (tile.gradient) {
      gradient(tile, scratch);
    }
  }

  /**
   * Sets the target of each row. With class probabilities the class only says whether the row
   * counts.
   */
  private void beginTargets(RowTile tile) {
    boolean probable = loss.targets().probabilities() != null;
    for (int t = 0; t < tile.rows; t++) {
      long row = tile.first + t;
      int y = loss.targets().indices() == null ? 0 : loss.targets().indices().get((int) row);
      float w = y == Targets.IGNORED || probable ? 1f : loss.targets().weights().get(y);
      tile.target(t, y, w, loss.targets().scale(row));
    }
    for (int t = 0; tile.gradient && t < tile.rows; t++) { // Without a penalty this costs little.
      tile.penalty.scale(t, loss.targets().penaltyScale(tile.first + t));
    }
  }

  private void gradient(RowTile tile, Scratch scratch) {
    if (tile.hasShares) {
      operands.kernels().gradient(tile, scratch.lanes);
    } else {
      operands.kernels().scale(tile, scratch.lanes);
    }
    if (loss.transform() != null && loss.transform().slopes) {
      slopes(tile, scratch);
    }
    tile.fix();
    TileMemory.store(tile, tile.e, operands.result(), scratch);
  }

  /** Finds the probabilities and weights of the tile's elements. */
  private void beginShares(RowTile tile, Scratch scratch) {
    float[] q = null;
    if (loss.targets().probabilities() != null) {
      q = scratch.floats(Scratch.Slot.SHARES, tile.end());
      TileMemory.load(tile, loss.targets().probabilities(), q, scratch);
    }
    if (tile.shares == null) {
      tile.shares = new TileShares(RowTile.ROWS);
    }
    boolean weighted = !loss.targets().weights().areOne();
    if (weighted && tile.shares.beginWeights(loss.targets(), tile.stride, tile.end())) {
      for (int c = 0; c < tile.classes; c++) {
        Arrays.fill(
            tile.shares.w, c * tile.stride, (c + 1) * tile.stride, loss.targets().weights().get(c));
      }
    }
    tile.shares.begin(q, weighted, loss.settings().smooth, tile.end(), tile.inOrder);
  }

  /** Computes the second derivatives from the exponentials, which become the gradient later. */
  private void hessian(RowTile tile, Scratch scratch) {
    if (tile.curves == null) {
      tile.curves = new TileCurves(RowTile.ROWS);
    }
    tile.curves.begin(loss.wanted(), loss.targets().factor(), loss.isFocal());
    operands.kernels().hessian(tile, scratch.lanes);
    for (int t = 0; t < tile.rows; t++) {
      if (tile.target[t] == Targets.IGNORED) {
        tile.fill(t, 0f, tile.h);
      } else if (loss.isFocal()) {
        tile.h[tile.target[t] * tile.stride + t] = tile.curves.atTarget[t];
      }
    }
    TileMemory.store(tile, tile.h, operands.hessian(), scratch);
  }

  /** Turns gradients into those with respect to the logits as they were given. */
  private void slopes(RowTile tile, Scratch scratch) {
    loss.transform().slopes(tile, scratch);
    for (int t = 0; t < tile.rows; t++) {
      if (tile.target[t] != Targets.IGNORED) {
        float x = tile.given[tile.target[t] * tile.stride + t];
        tile.atTarget[t] = loss.transform().slope(x, tile.atTarget[t]);
      }
    }
  }
}
