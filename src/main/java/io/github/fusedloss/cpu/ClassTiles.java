package io.github.fusedloss.cpu;

/** Cross entropy of rows side by side against class indices, all rows of a tile at once. */
final class ClassTiles implements CpuRows.Work {
  private final RowOperands operands;
  private final Targets targets;
  private final ClassWeights weights;
  private final RowScale scale;

  ClassTiles(RowOperands operands, Targets targets, ClassWeights weights, RowScale scale) {
    this.operands = operands;
    this.targets = targets;
    this.weights = weights;
    this.scale = scale;
  }

  @Override
  public void run(long first, int count, Scratch scratch) {
    BlockKernels kernels = operands.kernels();
    boolean gradient = operands.result() != null;
    RowTile tile = TiledRows.load(operands, first, count, scratch);
    tile.weighted = weights.present();
    for (int t = 0; t < count; t++) {
      int y = targets.get((int) first + t);
      float w = y == Targets.IGNORED ? 1f : weights.get(y);
      tile.target(t, y, w, scale.of(first + t));
    }
    kernels.losses(tile, gradient, scratch.lanes);
    if (gradient) {
      kernels.scale(tile, scratch.lanes);
      tile.fix();
      tile.store(operands.result(), first, operands.layout().inner(), scratch);
    }
  }
}
