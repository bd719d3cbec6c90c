package io.github.fusedloss.cpu;

import io.github.fusedloss.backend.Curvature;

/** Cross entropy of rows of logits, one row after the other. */
final class CrossEntropyRows implements RowWork {
  private final RowOperands operands;
  private final Transform transform;
  private final TargetOperands targets;
  private final RowFormulas formulas;
  private final Settings settings;
  private final Curvature wanted;

  /** Whether it is softmax focal loss, whose second derivative bends more. */
  private final boolean focal;

  private final Workers workers;

  /** wanted: what is of the second derivative, or null. */
  CrossEntropyRows(
      RowOperands operands,
      Transform transform,
      TargetOperands targets,
      RowFormulas formulas,
      Settings settings,
      Curvature wanted,
      Workers workers) {
    this.operands = operands;
    this.transform = transform;
    this.targets = targets;
    this.formulas = formulas;
    this.settings = settings;
    this.wanted = wanted;
    focal = formulas instanceof GeneratedFocalClassFormulas;
    this.workers = workers;
  }

  @Override
  public void run(long first, int count, Scratch scratch) {
    Row row = new Row(new BlockedRows(operands, transform, first, workers, scratch), scratch.tile);
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

  /** The row that is worked at; several threads may work at its blocks. */
  private final class Row {
    private final RowTarget target = new RowTarget();
    private final BlockedRows.BlockWork sum = this::sum;
    private final BlockedRows.BlockWork gradient = this::gradient;

    /** The target's class; -1 if it has a probability of each class, which are these. */
    private int y = -1;

    private OperandRow probabilities;
    private final BlockedRows source;
    private final RowTile tile;
    private SoftmaxRow sums;
    private long r;

    /** Losses go to the tile. */
    Row(BlockedRows source, RowTile tile) {
      this.source = source;
      this.tile = tile;
    }

    /** False if the row counts for nothing. */
    boolean begin(long r, Scratch scratch) {
      this.r = r;
      target.scale = targets.scale(r);
      target.penaltyScale = targets.penaltyScale(r);
      if (targets.probabilities() != null) {
        if (targets.ignores(r)) {
          return false;
        }
        probabilities =
            operands.layout().input(targets.probabilities(), r, scratch, Scratch.Slot.TARGET);
        return true;
      }
      y = targets.indices().get((int) r);
      if (y == Targets.IGNORED) {
        return false;
      }
      target.w = targets.weights().get(y);
      return true;
    }

    /** Makes all gradients this value, where they are wanted; the loss is the same. */
    void none(int t, float value) {
      if (operands.result() != null) {
        source.fill(t, value);
      }
      tile.loss(t, value);
    }

    void loss(int t) {
      boolean spread = targets.haveShares(settings);
      sums = source.read(t, y, spread || operands.outputs() != null ? sum : null);
      target.x = y < 0 ? 0f : source.logit(y);
      if (operands.outputs() != null) {
        operands.outputs().put(r, sums, target);
      }
      if (sums.undefined) {
        none(t, Float.NaN);
        return;
      }
      formulas.loss(tile, t, sums, target, settings);
      if (operands.result() != null) {
        source.results(gradient);
      }
    }

    private void sum(RowBlock b, int start, Scratch scratch) {
      if (operands.outputs() != null) {
        float x = y < 0 ? 0f : source.logit(y);
        operands.outputs().block(b, start, y, x, scratch.lanes);
      }
      if (targets.haveShares(settings)) {
        operands.kernels().distances(withShares(b, start, scratch), scratch.lanes);
      }
    }

    private void gradient(RowBlock b, int start, Scratch scratch) {
      boolean here = y >= start && y < start + b.n;
      int own = b.eAt + y - start;
      float e = here ? b.e[own] : 0f;
      if (b.row == sums) {
        formulas.slope(sums, target, e, settings, b.slope);
      } else {
        formulas.blockSlope(sums, b.row, target, e, settings, b.slope);
      }
      if (wanted != null) { // The exponentials become the gradient.
        hessian(b, here ? own : -1, scratch);
      }
      operands.kernels().gradient(withShares(b, start, scratch), scratch.lanes);
      if (here) {
        b.e[own] = b.slope.atY;
      }
    }

    /** own: where the target's exponential is in the block, or -1. */
    private void hessian(RowBlock b, int own, Scratch scratch) {
      b.curve.of(sums, b.row, target, b.slope.factor, targets.factor(), wanted);
      if (focal) {
        b.curve.focal(sums, b.row, target, own < 0 ? 0f : b.e[own], settings);
      }
      operands.kernels().hessian(b, scratch.lanes);
      if (focal && own >= 0) {
        b.h[b.hAt + own - b.eAt] = b.curve.atTarget;
      }
    }

    /** Sets what the classes of a block have of the target. */
    private RowBlock withShares(RowBlock b, int start, Scratch scratch) {
      if (!targets.haveShares(settings)) {
        return b.noShares();
      }
      targets.weights().of(b, start, scratch);
      return y >= 0
          ? b.equalShares()
          : b.shares(probabilities.block(start, b.n, scratch), probabilities.at(start), settings);
    }
  }
}
