package io.github.fusedloss.cpu;

import io.github.fusedloss.backend.Curvature;
import java.util.Arrays;

/** Cross entropy of rows side by side, all rows of a tile at once. */
final class ClassTiles implements RowWork {
  private final RowOperands operands;
  private final Transform transform;
  private final TargetOperands targets;
  private final RowFormulas formulas;
  private final Settings settings;
  private final Curvature wanted;

  /** Whether it is softmax focal loss, whose second derivative bends more. */
  private final boolean focal;

  /** wanted: what is of the second derivative, or null. */
  ClassTiles(
      RowOperands operands,
      Transform transform,
      TargetOperands targets,
      RowFormulas formulas,
      Settings settings,
      Curvature wanted) {
    this.operands = operands;
    this.transform = transform;
    this.targets = targets;
    this.formulas = formulas;
    this.settings = settings;
    this.wanted = wanted;
    focal = formulas instanceof GeneratedFocalClassFormulas;
  }

  @Override
  public boolean sideBySide() {
    return true;
  }

  @Override
  public void run(long first, int count, Scratch scratch) {
    BlockKernels kernels = operands.kernels();
    RowTile tile = operands.tile(transform, first, count, scratch);
    tile.gradient = operands.result() != null;
    tile.settings = settings;
    beginTargets(tile);
    tile.hasShares = targets.haveShares(settings);
    if (tile.hasShares) {
      beginShares(tile, scratch);
      kernels.distances(tile, scratch.lanes);
    }
    kernels.losses(tile, formulas, scratch.lanes);
    if (operands.outputs() != null) {
      operands.outputs().tile(tile, scratch.lanes);
    }
    if (wanted != null) {
      hessian(tile, scratch);
    }
    if (tile.gradient) {
      gradient(tile, scratch);
    }
  }

  /** With class probabilities the class only says whether the row counts. */
  private void beginTargets(RowTile tile) {
    boolean probable = targets.probabilities() != null;
    for (int t = 0; t < tile.rows; t++) {
      long row = tile.first + t;
      int y = targets.indices() == null ? 0 : targets.indices().get((int) row);
      float w = y == Targets.IGNORED || probable ? 1f : targets.weights().get(y);
      tile.target(t, y, w, targets.scale(row));
    }
    for (int t = 0; tile.gradient && t < tile.rows; t++) { // Fast, where there is no penalty.
      tile.penalty.scale(t, targets.penaltyScale(tile.first + t));
    }
  }

  private void gradient(RowTile tile, Scratch scratch) {
    if (tile.hasShares) {
      operands.kernels().gradient(tile, scratch.lanes);
    } else {
      operands.kernels().scale(tile, scratch.lanes);
    }
    if (transform != null && transform.slopes) {
      slopes(tile, scratch);
    }
    tile.fix();
    TileMemory.store(tile, tile.e, operands.result(), scratch);
  }

  /** Finds the probabilities and weights of the tile's elements. */
  private void beginShares(RowTile tile, Scratch scratch) {
    float[] q = null;
    if (targets.probabilities() != null) {
      q = scratch.floats(Scratch.Slot.SHARES, tile.end());
      TileMemory.load(tile, targets.probabilities(), q, scratch);
    }
    if (tile.shares == null) {
      tile.shares = new TileShares(RowTile.ROWS);
    }
    boolean weighted = !targets.weights().areOne();
    if (weighted && tile.shares.beginWeights(targets, tile.stride, tile.end())) {
      for (int c = 0; c < tile.classes; c++) {
        Arrays.fill(
            tile.shares.w, c * tile.stride, (c + 1) * tile.stride, targets.weights().get(c));
      }
    }
    tile.shares.begin(q, weighted, settings.smooth, tile.end(), tile.inOrder);
  }

  /** Of the exponentials, which become the gradient later. */
  private void hessian(RowTile tile, Scratch scratch) {
    if (tile.curves == null) {
      tile.curves = new TileCurves(RowTile.ROWS);
    }
    tile.curves.begin(wanted, targets.factor(), focal);
    operands.kernels().hessian(tile, scratch.lanes);
    for (int t = 0; t < tile.rows; t++) {
      if (tile.target[t] == Targets.IGNORED) {
        tile.fill(t, 0f, tile.h);
      } else if (focal) {
        tile.h[tile.target[t] * tile.stride + t] = tile.curves.atTarget[t];
      }
    }
    TileMemory.store(tile, tile.h, operands.hessian(), scratch);
  }

  /** Gradients with respect to the logits as they were given. */
  private void slopes(RowTile tile, Scratch scratch) {
    transform.slopes(tile, scratch);
    for (int t = 0; t < tile.rows; t++) {
      if (tile.target[t] != Targets.IGNORED) {
        float x = tile.given[tile.target[t] * tile.stride + t];
        tile.atTarget[t] = transform.slope(x, tile.atTarget[t]);
      }
    }
  }
}
