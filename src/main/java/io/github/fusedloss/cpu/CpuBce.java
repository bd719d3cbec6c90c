package io.github.fusedloss.cpu;

import io.github.fusedloss.backend.BadElementException;
import io.github.fusedloss.backend.BceTask;
import io.github.fusedloss.backend.Function;
import io.github.fusedloss.backend.Operand;
import io.github.fusedloss.cpu.Scratch.Slot;

/** Computes a loss over the elements of one task, block by block. */
class CpuBce implements BlockSums.Source {
  private final BceTask task;
  private final BlockKernels kernels;
  private final Floats x;
  private final Floats t;
  private final Floats weight;
  private final Floats posWeight;
  private final Floats upstream;
  private final Floats loss;
  private final Floats gradient;
  private final Floats hessian;
  private final Transform transform;

  CpuBce(BceTask task, BlockKernels kernels) {
    this.task = task;
    this.kernels = kernels;
    x = Floats.input(task.input(), task.gradient(), kernels);
    t = new Floats(task.target(), kernels);
    weight = floats(task.options().weight(), kernels);
    posWeight = floats(task.options().posWeight(), kernels);
    upstream = Floats.orNull(task.upstream().each(), kernels);
    loss = Floats.orNull(task.loss(), kernels);
    gradient = Floats.orNull(task.gradient(), kernels);
    hessian = Floats.orNull(task.hessianMemory(), kernels);
    transform = Transform.of(task.logits(), gradient != null, 0, 0, kernels);
  }

  private static Floats floats(Operand operand, BlockKernels kernels) {
    return operand == null ? null : new Floats(operand.values(), kernels);
  }

  /** Computes a block and returns the sum of its losses. */
  @Override
  public long run(long start, int n, Scratch scratch) {
    BceBlock b = scratch.bce;
    b.n = n;
    b.scale = scale();
    float[] numbers = task.numbers(); // not kept: a small call should make few and small objects
    b.gamma = numbers[0];
    b.alphaOfOne = numbers[1];
    b.alphaOfZero = numbers[2];
    b.square = task.isSquare();
    b.logTarget = task.hasLogTarget();
    b.smooth = task.isSmooth();
    b.keep = Settings.split(1.0 - task.labelSmoothing());
    b.spreadE = task.labelSmoothing() / 2;
    b.x = x.array(start, n, scratch, Slot.INPUT);
    b.xAt = x.at(start);
    b.t = t.array(start, n, scratch, Slot.TARGET);
    b.tAt = t.at(start);
    Operand w = task.options().weight();
    b.w = weight == null ? null : spread(weight, w, start, n, scratch, Slot.WEIGHT);
    b.wAt = weight != null && full(w) ? weight.at(start) : 0;
    Operand pw = task.options().posWeight();
    b.posWeight =
        posWeight == null ? null : spread(posWeight, pw, start, n, scratch, Slot.POS_WEIGHT);
    b.posWeightAt = posWeight != null && full(pw) ? posWeight.at(start) : 0;
    b.upstream = upstream == null ? null : upstream.array(start, n, scratch, Slot.UPSTREAM);
    b.upstreamAt = upstream == null ? 0 : upstream.at(start);
    b.loss = loss == null ? null : loss.result(n, scratch, Slot.RESULT);
    b.lossAt = loss == null ? 0 : loss.at(start);
    b.gradient = gradient == null ? null : gradient.result(n, scratch, Slot.RESULT);
    b.gradientAt = gradient == null ? 0 : gradient.at(start);
    b.hessian = hessian == null ? null : hessian.result(n, scratch, Slot.HESSIAN);
    b.hessianAt = hessian == null ? 0 : hessian.at(start);
    begin(b, start, scratch);
    float[] given = b.x;
    int givenAt = b.xAt;
    if (transform != null) {
      b.x = transform.adjacent(given, givenAt, n, 0, scratch);
      b.xAt = 0;
    }
    look(b, start);
    ElementFormulas formulas = formulas(task.function(), b);
    long sum = kernels.elementLoss(formulas, b, scratch.lanes);
    if (transform != null && transform.slopes) {
      transform.slopes(given, givenAt, b.gradient, b.gradientAt, n, scratch);
    }
    if (hessian != null) {
      b.least = task.hessian().least();
      kernels.elementHessian(formulas, b, scratch.lanes);
    }
    end(b, scratch);
    if (hessian != null) {
      hessian.written(start, n, b.hessian);
    }
    if (gradient != null) {
      gradient.written(start, n, b.gradient);
    }
    return sum;
  }

  /** Returns the formulas of a function with the options of a block. */
  static ElementFormulas formulas(Function function, BceBlock b) {
    boolean weighted = b.posWeight != null;
    return switch (function) {
      case BINARY_CROSS_ENTROPY_WITH_LOGITS -> logits(b.smooth, weighted);
      case BINARY_CROSS_ENTROPY ->
          b.smooth ? GeneratedSmoothedBceFormulas.ALL : GeneratedBceFormulas.ALL;
      case SIGMOID_FOCAL_LOSS -> focal(b.square, weighted);
      case KL_DIV ->
          b.logTarget ? GeneratedLogDivergenceFormulas.ALL : GeneratedDivergenceFormulas.ALL;
      default -> throw new IllegalArgumentException("no loss over elements: " + function);
    };
  }

  private static ElementFormulas logits(boolean smooth, boolean weighted) {
    if (smooth) {
      return weighted
          ? GeneratedWeightedSmoothedLogitsFormulas.ALL
          : GeneratedSmoothedLogitsFormulas.ALL;
    }
    return weighted ? GeneratedWeightedLogitsFormulas.ALL : GeneratedLogitsFormulas.ALL;
  }

  private static ElementFormulas focal(boolean square, boolean weighted) {
    if (square) {
      return weighted
          ? GeneratedWeightedSquaredFocalFormulas.ALL
          : GeneratedSquaredFocalFormulas.ALL;
    }
    return weighted ? GeneratedWeightedFocalFormulas.ALL : GeneratedFocalFormulas.ALL;
  }

  /** Returns the factor of all gradients. */
  float scale() {
    return task.upstream().scale();
  }

  /** Prepares a block before it is computed. */
  void begin(BceBlock b, long start, Scratch scratch) {}

  /** Completes a block after it is computed. */
  void end(BceBlock b, Scratch scratch) {}

  /** Looks at the block's targets, and sets what its formulas have to know. */
  private void look(BceBlock b, long start) {
    b.soft = false;
    b.odd = false;
    switch (task.function()) {
      case BINARY_CROSS_ENTROPY -> check(b, start);
      case SIGMOID_FOCAL_LOSS -> {
        b.soft = !b.square && !kernels.isZeroOrOne(b.t, b.tAt, b.n);
        b.odd = (b.square || b.soft) && !kernels.inUnitInterval(b.t, b.tAt, b.n);
      }
      case KL_DIV -> b.odd = !b.logTarget && !kernels.inUnitInterval(b.t, b.tAt, b.n);
      default -> {}
    }
  }

  private void check(BceBlock b, long start) {
    if (!kernels.inUnitInterval(b.x, b.xAt, b.n) || !kernels.inUnitInterval(b.t, b.tAt, b.n)) {
      refuse(b, start);
    }
  }

  private boolean full(Operand operand) {
    return operand.repeat() == 1 && operand.period() == task.size() && operand.first() == 0;
  }

  /** Returns the values of a weight for one block; a weight that is broadcast is written out. */
  private float[] spread(
      Floats from, Operand operand, long start, int n, Scratch scratch, Slot slot) {
    if (full(operand)) {
      return from.array(start, n, scratch, slot);
    }
    float[] to = scratch.floats(slot, n);
    long first = start + operand.first();
    long value = first / operand.repeat() % operand.period();
    long used = first % operand.repeat();
    for (int i = 0; i < n; i++) {
      to[i] = from.get(value);
      if (++used == operand.repeat()) {
        used = 0;
        if (++value == operand.period()) {
          value = 0;
        }
      }
    }
    return to;
  }

  /**
   * Throws for the first bad element, unless another thread has made all elements good meanwhile.
   */
  private static void refuse(BceBlock b, long start) {
    for (int i = 0; i < b.n; i++) {
      BadElementException bad = BceTask.refuse(start + i, b.x[b.xAt + i], b.t[b.tAt + i]);
      if (bad != null) {
        throw bad;
      }
    }
  }
}
