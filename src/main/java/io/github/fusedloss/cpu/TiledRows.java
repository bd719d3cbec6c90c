package io.github.fusedloss.cpu;

/** Rows that lie side by side in the thread's {@link RowTile}. */
final class TiledRows implements RowSource {
  private final RowOperands rows;
  private final Scratch scratch;
  private final RowTile tile;
  private final SoftmaxRow row;
  private final Transform transform;

  // The row that was read.
  private int t;

  /** Whether exponentials are still to be multiplied by their row's coefficient. */
  private boolean scaled;

  /** Whether results are still to be made of logits and their row's logarithm. */
  private boolean logarithms;

  TiledRows(RowOperands rows, Transform transform, long first, int count, Scratch scratch) {
    this.rows = rows;
    this.transform = transform;
    this.scratch = scratch;
    row = scratch.row;
    tile = scratch.tile;
    load(rows, transform, first, count, scratch);
  }

  /** Has the thread's tile hold these rows, their softmax done. */
  static RowTile load(
      RowOperands rows, Transform transform, long first, int count, Scratch scratch) {
    RowTile tile = scratch.tile;
    tile.begin(rows.layout().classes(), count, rows.layout().inOrder());
    tile.first = first;
    tile.inner = rows.layout().inner();
    TileMemory.load(tile, rows.input(), tile.x, scratch);
    if (transform != null) {
      transform.tile(tile, scratch);
    }
    if (rows.hessian() != null) {
      tile.h = scratch.floats(Scratch.Slot.HESSIANS, tile.end());
    }
    rows.kernels().softmax(tile, rows.keep() || rows.needTerms(), scratch.lanes);
    return tile;
  }

  @Override
  public SoftmaxRow read(int t, int watched, BlockWork more) {
    this.t = t;
    row.inOrder = tile.inOrder;
    tile.read(t, row);
    if (more != null) {
      more.run(logits(), 0, scratch);
    }
    return row;
  }

  /** The row as a block. */
  private RowBlock logits() {
    float[] x = scratch.floats(Scratch.Slot.INPUT, tile.classes);
    tile.row(tile.x, t, x);
    if (rows.needTerms()) {
      float[] e = scratch.floats(Scratch.Slot.TERMS, tile.classes);
      tile.row(tile.e, t, e);
      scratch.block.terms(e, 0, tile.classes);
    }
    return scratch.block.logits(x, 0, tile.classes).of(row);
  }

  @Override
  public float logit(int c) {
    return tile.x[c * tile.stride + t];
  }

  @Override
  public void results(BlockWork work) {
    float[] e = scratch.floats(Scratch.Slot.RESULT, tile.classes);
    tile.row(tile.e, t, e);
    boolean curved = rows.hessian() != null;
    float[] h = curved ? scratch.floats(Scratch.Slot.HESSIAN, tile.classes) : null;
    work.run(scratch.block.terms(e, 0, tile.classes).hessian(h, 0).of(row), 0, scratch);
    if (curved) {
      tile.putRow(h, t, tile.h);
    }
    if (transform != null && transform.slopes) {
      float[] given = scratch.floats(Scratch.Slot.LOGITS, tile.classes);
      tile.row(tile.given, t, given);
      transform.slopes(given, 0, e, 0, tile.classes, scratch);
    }
    tile.putRow(e, t, tile.e);
  }

  /** All rows of the tile are scaled, or none. */
  @Override
  public void scale(float coefficient) {
    tile.coefficient[t] = coefficient;
    scaled = true;
  }

  @Override
  public void logSoftmax() {
    if (row.undefined) {
      tile.logHi[t] = Float.NaN; // It becomes NaN by a logarithm of NaN.
    }
    logarithms = true;
  }

  @Override
  public void fill(int t, float value) {
    tile.fill(t, value, tile.e);
    if (rows.hessian() != null) {
      tile.fill(t, value, tile.h);
    }
  }

  @Override
  public void end() {
    if (scaled) {
      rows.kernels().scale(tile, scratch.lanes);
    }
    if (logarithms) {
      rows.kernels().logSoftmax(tile, scratch.lanes);
    }
    if (rows.result() != null) {
      TileMemory.store(tile, tile.e, rows.result(), scratch);
    }
    if (rows.hessian() != null) {
      TileMemory.store(tile, tile.h, rows.hessian(), scratch);
    }
  }
}
