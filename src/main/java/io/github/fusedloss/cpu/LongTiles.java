package io.github.fusedloss.cpu;

/**
 * Cross entropy with class indices, for rows that are longer than a block and whose classes are not
 * adjacent in memory. It works on a block of all rows of a tile at a time. The sums of these rows
 * are in order, so that vectors must go across rows; and the elements that are adjacent in memory
 * are logits of several rows.
 */
final class LongTiles implements RowWork {
  /** A loop in plain Java over fewer rows is slower than one row after the other. */
  private static final int LOOP = 32;

  private final RowOperands operands;
  private final LogitLoss loss;
  private final int classes;
  private final int blocks;

  LongTiles(RowOperands operands, LogitLoss loss) {
    this.operands = operands;
    this.loss = loss;
    classes = operands.layout().classes();
    blocks = (int) Blocks.count(classes);
  }

  /**
   * Returns whether rows are to be computed in this way. Fewer neighbours than a vector has
   * elements gain nothing, nor do short loops in plain Java.
   *
   * @param share the number of rows for each thread
   */
  static boolean fit(RowLayout layout, BlockKernels kernels, long share) {
    int least = kernels.hasVectors() ? RowTile.VECTOR : LOOP;
    return layout.classes() > Blocks.BLOCK && layout.inner() >= least && share >= least;
  }

  @Override
  public boolean sideBySide() {
    return true;
  }

  @Override
  public void run(long first, int count, Scratch scratch) {
    RowTile tile = scratch.tile;
    // For each row, the sums of its blocks, and then those of the whole row.
    SoftmaxRow[] sums = scratch.blocks(count * (blocks + 1));
    tile.first = first;
    for (int b = 0; b < blocks; b++) {
      load(tile, b, count, scratch);
      operands.kernels().softmax(tile, false, scratch.lanes);
      for (int t = 0; t < count; t++) {
        tile.read(t, sums[t * (blocks + 1) + b]);
        int y = classInBlock(tile, t);
        if (y >= 0) {
          // Kept, since the gradient may be written over the logits.
          tile.targetX[t] = tile.x[y * tile.stride + t];
        }
      }
    }
    for (int t = 0; t < count; t++) {
      loss(tile, t, sums);
    }
    if (operands.result() != null) {
      // It begins with the last block, which is still in a cache.
      for (int b = blocks - 1; b >= 0; b--) {
        load(tile, b, count, scratch);
        for (int t = 0; t < count; t++) {
          tile.max[t] = sums[t * (blocks + 1) + b].max;
        }
        operands.kernels().terms(tile, scratch.lanes);
        gradient(tile, b, sums, scratch.lanes);
        TileMemory.store(tile, tile.e, operands.result(), scratch);
      }
    }
  }

  /** Loads block b of the rows into the tile. */
  private void load(RowTile tile, int b, int count, Scratch scratch) {
    int start = b * Blocks.BLOCK;
    tile.begin(Math.min(Blocks.BLOCK, classes - start), count, true);
    tile.start = start;
    tile.all = classes;
    tile.inner = operands.layout().inner();
    TileMemory.load(tile, operands.input(), tile.x, scratch);
  }

  /** Returns where the target of row t is in the tile's block; negative if it is not there. */
  private int classInBlock(RowTile tile, int t) {
    int y = loss.targets().indices().get((int) (tile.first + t)) - tile.start;
    return y < tile.classes ? y : -1;
  }

  private SoftmaxRow whole(SoftmaxRow[] sums, int t) {
    return sums[t * (blocks + 1) + blocks];
  }

  private void loss(RowTile tile, int t, SoftmaxRow[] sums) {
    if (loss.targets().ignores(tile.first + t)) {
      tile.loss(t, 0f);
      return;
    }
    SoftmaxRow row = whole(sums, t);
    BlockedRows.merge(row, sums, t * (blocks + 1), blocks);
    GeneratedRows.finish(row);
    if (row.undefined) {
      tile.loss(t, Float.NaN);
    } else {
      loss.formulas().loss(tile, t, row, target(tile, t), loss.settings());
    }
  }

  private RowTarget target(RowTile tile, int t) {
    long r = tile.first + t;
    RowTarget target = tile.rowTarget;
    target.x = tile.targetX[t];
    target.w = loss.targets().weights().get(loss.targets().indices().get((int) r));
    target.scale = loss.targets().scale(r);
    target.penaltyScale = loss.targets().penaltyScale(r);
    return target;
  }

  /** Turns a block's exponentials into the gradient. */
  private void gradient(RowTile tile, int b, SoftmaxRow[] sums, Lanes lanes) {
    for (int t = 0; t < tile.rows; t++) {
      SoftmaxRow row = whole(sums, t);
      tile.coefficient[t] = 0f;
      if (!loss.targets().ignores(tile.first + t) && !row.undefined) {
        int y = classInBlock(tile, t);
        float e = y >= 0 ? tile.e[y * tile.stride + t] : 0f;
        SoftmaxRow block = sums[t * (blocks + 1) + b];
        loss.formulas().blockSlope(row, block, target(tile, t), e, loss.settings(), tile.slope);
        tile.coefficient[t] = tile.slope.factor;
        tile.atTarget[t] = tile.slope.atY;
      }
    }
    operands.kernels().scale(tile, lanes);
    for (int t = 0; t < tile.rows; t++) {
      int y = classInBlock(tile, t);
      if (loss.targets().ignores(tile.first + t)) {
        tile.fill(t, 0f, tile.e);
      } else if (whole(sums, t).undefined) {
        tile.fill(t, Float.NaN, tile.e);
      } else if (y >= 0) {
        tile.e[y * tile.stride + t] = tile.atTarget[t];
      }
    }
  }
}
