package io.github.fusedloss.cpu;

/**
 * Rows of logits and their results one by one, each block by block: adjacent elements where they
 * are, others by copies ({@link OperandRow}). A row is read once; then come its results, before the
 * next row. Rows are counted from the first of these. All threads work at the blocks of a row if
 * that is worth it.
 */
final class BlockedRows {
  /** Work on a block that begins with class start, of the row that is read or was. */
  interface BlockWork {
    void run(RowBlock block, int start, Scratch scratch);
  }

  private final RowOperands rows;
  private final RowLayout layout;
  private final BlockKernels kernels;
  private final Transform transform;
  private final Workers workers;
  private final Scratch scratch;
  private final long first;
  private final int count;

  // The row that was read.
  private final SoftmaxRow row;
  private SoftmaxRow[] blocks;
  private OperandRow x;
  private OperandRow result;
  private OperandRow hessian;

  /** Whether the results' memory has its exponentials. */
  private boolean kept;

  BlockedRows(RowOperands rows, Transform transform, long first, Workers workers, Scratch scratch) {
    this.rows = rows;
    this.transform = transform;
    this.workers = workers;
    this.scratch = scratch;
    this.first = first;
    layout = rows.layout();
    kernels = rows.kernels();
    row = scratch.row;
    count = (int) Blocks.count(layout.classes());
  }

  /** Work on one block of a row: its sums, classes start to start + n. */
  private interface Part {
    void run(SoftmaxRow block, int start, int n, Scratch scratch);
  }

  private void forBlocks(Part work) {
    if (layout.split()) {
      workers.run(count, true, (b, own) -> run((int) b, work, own));
    } else {
      for (int b = 0; b < count; b++) {
        run(b, work, scratch);
      }
    }
  }

  private void run(int b, Part work, Scratch own) {
    int start = b * Blocks.BLOCK;
    int n = Math.min(Blocks.BLOCK, layout.classes() - start);
    work.run(count == 1 ? row : blocks[b], start, n, own);
  }

  /** The thread's block, with logits of the row. */
  private RowBlock logits(int start, int n, Scratch own) {
    float[] values = x.block(start, n, own);
    return transform == null
        ? own.block.logits(values, x.at(start), n)
        : own.block.logits(transform.adjacent(values, x.at(start), n, start, own), 0, n);
  }

  /**
   * Reads a row.
   *
   * @param watched a class whose logit will be asked for, or -1
   * @param more sets distance and mass of a block's row; or null
   */
  SoftmaxRow read(int t, int watched, BlockWork more) {
    x = layout.input(rows.input(), first + t, scratch, Scratch.Slot.INPUT);
    if (watched >= 0) {
      x.watch(watched); // The results may go where the logits are.
    }
    result =
        rows.result() == null
            ? null
            : layout.result(rows.result(), first + t, scratch, Scratch.Slot.RESULT);
    hessian =
        rows.hessian() == null
            ? null
            : layout.result(rows.hessian(), first + t, scratch, Scratch.Slot.HESSIAN);
    blocks = count == 1 ? null : scratch.blocks(count);
    // Slopes need the logits, which must not have been written over by then.
    boolean again = transform != null && transform.slopes && !x.remembers();
    kept = rows.keep() && result.remembers() && !again;
    forBlocks(
        (block, start, n, own) -> {
          block.inOrder = layout.inOrder();
          block.distance = 0L;
          block.mass = 0L;
          RowBlock b = logits(start, n, own);
          b.row = block;
          if (kept || !rows.needTerms()) {
            b.terms(kept ? result.room(n, own) : null, result == null ? 0 : result.at(start), n);
          } else {
            b.terms(own.floats(Scratch.Slot.TERMS, n), 0, n);
          }
          kernels.softmax(b, own.lanes);
          if (more != null) {
            more.run(b, start, own);
          }
        });
    if (count > 1) {
      merge();
    }
    GeneratedRows.finish(row);
    return row;
  }

  /** The blocks become the row, in order. */
  private void merge() {
    merge(row, blocks, 0, count);
    RowOutputs.begin(row);
    for (int b = 0; b < count && rows.outputs() != null; b++) {
      RowOutputs.merge(row, blocks[b]);
    }
  }

  /** The same of those from {@code at} on. */
  static void merge(SoftmaxRow row, SoftmaxRow[] blocks, int at, int count) {
    float max = Float.NEGATIVE_INFINITY;
    for (int b = at; b < at + count; b++) {
      max = blocks[b].max > max ? blocks[b].max : max;
    }
    GeneratedRows.reference(max, row);
    row.ties = 0f;
    row.rest = 0L;
    row.distance = 0L;
    row.mass = 0L;
    for (int b = at; b < at + count; b++) {
      GeneratedRows.merge(row, blocks[b]);
    }
  }

  /** A logit of the row that was read; what stood there then. */
  float logit(int watched) {
    float value = x.get(watched);
    return transform == null ? value : transform.one(value, watched);
  }

  /**
   * Makes results of the row's exponentials, where these are; those of a row too long to remember
   * them are computed again. A block's row is what they are relative to: the one that was read if
   * the block is all of it.
   */
  void results(BlockWork work) {
    forBlocks(
        (block, start, n, own) -> {
          float[] e = result.room(n, own);
          int at = result.at(start);
          float[] given = transform != null && transform.slopes ? x.block(start, n, own) : null;
          if (!kept) {
            RowBlock b = logits(start, n, own).terms(e, at, n);
            b.row = own.again;
            b.row.inOrder = block.inOrder;
            kernels.softmax(b, own.lanes);
          }
          float[] h = hessian == null ? null : hessian.room(n, own);
          own.block.hessian(h, hessian == null ? 0 : hessian.at(start));
          work.run(own.block.terms(e, at, n).of(block), start, own);
          if (given != null) {
            transform.slopes(given, x.at(start), e, at, n, own);
          }
          result.written(start, n, e);
          if (hessian != null) {
            hessian.written(start, n, h);
          }
        });
    result.store();
    if (hessian != null) {
      hessian.store();
    }
  }

  /** The exponentials times this are the row's softmax. */
  void scale(float coefficient) {
    results(
        (b, start, own) -> {
          float c = b.row == row ? coefficient : GeneratedRows.coefficient(b.row, row, coefficient);
          kernels.gradient(b.factor(c), own.lanes);
          SoftmaxRow.limit(b.e, b.eAt, b.n);
        });
  }

  /**
   * The logits less the logarithm of the sum of their exponentials are the row's results; NaN if it
   * is undefined.
   */
  void logSoftmax() {
    long log = row.undefined ? ScalarMath.pair(Float.NaN, 0f) : row.log;
    forBlocks(
        (block, start, n, own) -> {
          RowBlock b = logits(start, n, own);
          b.terms(result.room(n, own), result.at(start), n);
          b.max = row.max;
          b.log = log;
          kernels.logSoftmax(b, own.lanes);
          result.written(start, n, b.e);
        });
    result.store();
  }

  /** All results of row t are this value; the row need not have been read. */
  void fill(int t, float value) {
    layout.fill(rows.result(), first + t, value);
    if (rows.hessian() != null) {
      layout.fill(rows.hessian(), first + t, value);
    }
  }
}
