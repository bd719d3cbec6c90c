package io.github.fusedloss.cpu;

/** Cross entropy of rows of logits, one row after the other. */
final class CrossEntropyRows implements RowWork {
  private final RowOperands operands;
  private final LogitLoss loss;

  private final Workers workers;

  CrossEntropyRows(RowOperands operands, LogitLoss loss, Workers workers) {
    this.operands = operands;
    this.loss = loss;
    this.workers = workers;
  }

  @Override
  public void run(long first, int count, Scratch scratch) {
    Row row =
        new Row(new BlockedRows(operands, loss.transform(), first, workers, scratch), scratch.tile);
    for (int t = 0; t < count; t++) {
      if (row.begin(first + t, scratch)) {
        row.loss(t);
      } else {
        row.none(t, 0f);
        if (operands.outputs() != null) {
          operands.outputs().putIgnored(first + t);
        }
      }
    }
  }

  /** The row that is computed. Several threads may work on its blocks. */
  private final class Row {
    private final RowTarget target = new RowTarget();
    // Null if the loss needs nothing of a row but its softmax sums.
    private final BlockedRows.BlockWork sum;
    private final BlockedRows.BlockWork gradient = this::gradient;

    /**
     * The target's class; -1 if the target is a probability for each class, in {@code
     * probabilities}.
     */
    private int y = -1;

    private OperandRow probabilities;
    private final BlockedRows source;
    private final RowTile tile;
    private SoftmaxRow sums;
    private long r;

    /** Begins rows whose losses are stored in the tile. */
    Row(BlockedRows source, RowTile tile) {
      this.source = source;
      this.tile = tile;
      sum = loss.hasShares() || operands.outputs() != null ? this::sum : null;
    }

    /** Begins a row; returns false if it is ignored. */
    boolean begin(long r, Scratch scratch) {
      this.r = r;
      target.scale = loss.targets().scale(r);
      target.penaltyScale = loss.targets().penaltyScale(r);
      if (loss.targets().probabilities() != null) {
        if (loss.targets().ignores(r)) {
          return false;
        }
        probabilities =
            operands
                .layout()
                .input(loss.targets().probabilities(), r, scratch, Scratch.Slot.TARGET);
        return true;
      }
      y = loss.targets().indices().get((int) r);
      if (y == Targets.IGNORED) {
        return false;
      }
      target.w = loss.targets().weights().get(y);
      return true;
    }

    /** Makes all gradients of the row this value, if they are wanted, and the loss too. */
    void none(int t, float value) {
      if (operands.result() != null) {
        source.fill(t, value);
      }
      tile.loss(t, value);
    }

    void loss(int t) {
      sums = source.read(t, y, sum);
      target.x = y < 0 ? 0f : source.logit(y);
      if (operands.outputs() != null) {
        operands.outputs().put(r, sums, target);
      }
      if (sums.undefined) {
        none(t, Float.NaN);
        return;
      }
      loss.formulas().loss(tile, t, sums, target, loss.settings());
      if (operands.result() != null) {
        source.results(gradient);
      }
    }

    private void sum(RowBlock b, int start, Scratch scratch) {
      if (operands.outputs() != null) {
        float x = y < 0 ? 0f : source.logit(y);
        operands.outputs().block(b, start, y, x, scratch.lanes);
      }
      if (loss.hasShares()) {
        operands.kernels().distances(withShares(b, start, scratch), scratch.lanes);
      }
    }

    private void gradient(RowBlock b, int start, Scratch scratch) {
      boolean here = y >= start && y < start + b.n;
      int own = b.eAt + y - start;
      float e = here ? b.e[own] : 0f;
      if (b.row == sums) {
        loss.formulas().slope(sums, target, e, loss.settings(), b.slope);
      } else {
        loss.formulas().blockSlope(sums, b.row, target, e, loss.settings(), b.slope);
      }
      if (loss.wanted() != null) { // The exponentials become the gradient later.
        hessian(b, here ? own : -1, scratch);
      }
      operands.kernels().gradient(withShares(b, start, scratch), scratch.lanes);
      if (here) {
        b.e[own] = b.slope.atY;
      }
    }

    /**
     * Computes second derivatives; {@code own} is where the target's exponential is in the block,
     * or -1.
     */
    private void hessian(RowBlock b, int own, Scratch scratch) {
      b.curve.of(sums, b.row, target, b.slope.factor, loss.targets().factor(), loss.wanted());
      if (loss.isFocal()) {
        b.curve.focal(sums, b.row, target, own < 0 ? 0f : b.e[own], loss.settings());
      }
      operands.kernels().hessian(b, scratch.lanes);
      if (loss.isFocal() && own >= 0) {
        b.h[b.hAt + own - b.eAt] = b.curve.atTarget;
      }
    }

    /** Sets the shares that the classes of a block have of the target. */
    private RowBlock withShares(RowBlock b, int start, Scratch scratch) {
      if (!loss.hasShares()) {
        return b.noShares();
      }
      loss.targets().weights().of(b, start, scratch);
      return y >= 0
          ? b.equalShares()
          : b.shares(
              probabilities.block(start, b.n, scratch), probabilities.at(start), loss.settings());
    }
  }
}
