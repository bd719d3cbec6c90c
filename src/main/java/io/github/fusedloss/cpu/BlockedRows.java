package io.github.fusedloss.cpu;

/**
 * Reads rows of logits one by one, each block by block, and writes their results. Adjacent elements
 * are used where they are, others are copied ({@link OperandRow}). A row is read once; then its
 * results are written, before the next row is read. Rows are counted from the first of those here.
 * All threads work on the blocks of one row if that is faster.
 */
final class BlockedRows {
  /**
   * Work on a block that begins with class start, of the row that is being read or was read last.
   */
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

  // The row that was read last.
  private final SoftmaxRow row;
  private SoftmaxRow[] blocks;
  private OperandRow x;
  private OperandRow result;
  private OperandRow hessian;

  /** Whether the memory of the results holds the row's exponentials. */
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

  /** Work on one block of a row, classes start to start + n; {@code block} has the block's sums. */
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

  /** Returns the thread's block with logits of the row, transformed if they have to be. */
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
      x.watch(watched); // The results may be written over the logits.
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
    // Slopes need the logits later, so the exponentials must not be written over them.
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

  /** Merges the blocks into the row, in order. */
  private void merge() {
    merge(row, blocks, 0, count);
    RowOutputs.begin(row);
    for (int b = 0; b < count && rows.outputs() != null; b++) {
      RowOutputs.merge(row, blocks[b]);
    }
  }

  /** Merges {@code count} blocks, from {@code blocks[at]} on, into the row. */
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

  /** Returns a logit of the row that was read, as it was then, transformed if it has to be. */
  float logit(int watched) {
    float value = x.get(watched);
    return transform == null ? value : transform.one(value, watched);
  }

  /**
   * Turns the row's exponentials into results, in place. If a row is too long to keep its
   * exponentials, they are computed again. The exponentials of a block are relative to the
   * reference of {@code block.row}, which is the row itself if it has one block.
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

  /** Writes the row's softmax: its exponentials times the coefficient. */
  void scale(float coefficient) {
    results(
        (b, start, own) -> {
          float c = b.row == row ? coefficient : GeneratedRows.coefficient(b.row, row, coefficient);
          kernels.gradient(b.factor(c), own.lanes);
          SoftmaxRow.limit(b.e, b.eAt, b.n);
        });
  }

  /**
   * Writes the row's log-softmax: the logits minus the logarithm of the sum of their exponentials;
   * NaN if the row is undefined.
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

  /** Makes all results of row t this value; the row need not have been read. */
  void fill(int t, float value) {
    layout.fill(rows.result(), first + t, value);
    if (rows.hessian() != null) {
      layout.fill(rows.hessian(), first + t, value);
    }
  }
}
