package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.add;
import static io.github.fusedloss.cpu.ScalarMath.canonical;
import static io.github.fusedloss.cpu.ScalarMath.hi;
import static io.github.fusedloss.cpu.ScalarMath.lo;
import static io.github.fusedloss.cpu.ScalarMath.multiply;
import static io.github.fusedloss.cpu.ScalarMath.pair;
import static java.lang.Math.fma;

import io.github.fusedloss.backend.CrossEntropyTask;
import io.github.fusedloss.backend.CrossEntropyTask.Kind;
import io.github.fusedloss.backend.SoftmaxTask;
import io.github.fusedloss.backend.Totals;

/** Losses and functions of rows of logits, row by row; kernels/cross_entropy.cl on a device. */
final class CpuRows {
  /** Classes that are worth a row of all threads. */
  private static final int SPLIT = 1 << 17;

  /**
   * Longer rows, of more classes than any vocabulary has, are copied block by block where they have
   * to be copied, never as a whole.
   */
  static final int WHOLE = 5 << 16;

  /** Sets another length, at least a block, for tests. */
  private static final String WHOLE_PROPERTY = "fusedloss.cpu.whole";

  private final BlockKernels kernels;
  private final Workers workers;
  private final int whole;

  CpuRows(BlockKernels kernels, Workers workers) {
    this.kernels = kernels;
    this.workers = workers;
    whole = Math.max(Blocks.BLOCK, Integer.getInteger(WHOLE_PROPERTY, WHOLE));
  }

  /** Rows enough to be worth a part of their own. */
  private static int rowsPerPart(int classes, long inner) {
    int rows = Math.max(1, (int) CpuExecutor.PARALLEL / classes);
    int tile = RowTile.full(classes, inner);
    return rows < tile ? rows : rows / tile * tile;
  }

  /** Parts of rows; {@code classes} of each are worked at. */
  private void forRows(long rows, int classes, Layout layout, CpuExecutor.BlockWork work) {
    int per = rowsPerPart(classes, layout.inner());
    workers.run(
        (rows + per - 1) / per,
        rows * classes >= CpuExecutor.PARALLEL && !layout.split(),
        (part, scratch) -> {
          long start = part * per;
          work.run(start, (int) Math.min(per, rows - start), scratch);
        });
  }

  /**
   * Whether all threads work at one row: if with rows of their own a quarter of their time or more
   * would pass idle, and a row has blocks enough for all of them.
   */
  private boolean split(long rows, int classes, long inner) {
    long threads = workers.threads();
    long most = (rows + threads - 1) / threads * threads;
    boolean idle = 4 * (most - rows) >= most && most > rows;
    return idle && classes >= SPLIT && Blocks.count(classes) >= 4 * threads && inner == 1;
  }

  /**
   * Where the elements of a row are: adjacent, or gathered from {@code inner} apart.
   *
   * @param split whether all threads work at one row
   * @param whole a row of up to so many classes is copied as a whole
   */
  private record Layout(int classes, long inner, boolean split, int whole) {
    long first(long row) {
      return inner == 1 ? row * classes : row / inner * inner * classes + row % inner;
    }

    OperandRow input(Floats from, long row, Scratch scratch, int slot) {
      return OperandRow.input(from, first(row), inner, classes, whole, scratch, slot);
    }

    OperandRow result(Floats to, long row, Scratch scratch, int slot) {
      return OperandRow.result(to, first(row), inner, classes, whole, scratch, slot);
    }
  }

  /** True if rows are worked at a tile at a time: sums in order, one block. */
  private static boolean tiled(Layout layout) {
    return Blocks.inOrder(layout.classes(), layout.inner()) && layout.classes() <= Blocks.BLOCK;
  }

  /** Loads a tile of rows and reads them. */
  private RowTile tile(
      Floats from, long first, int rows, Layout layout, boolean keep, Scratch scratch) {
    RowTile tile = scratch.tile;
    tile.begin(layout.classes(), rows);
    tile.load(from, first, layout.inner(), scratch);
    kernels.softmax(tile, keep, scratch.lanes);
    return tile;
  }

  /** What is added to the softmax's sums for a loss over all classes. */
  private interface Extra {
    void run(SoftmaxRow block, float[] x, int at, int start, int n, Scratch scratch);
  }

  /**
   * Reads a row once: its maximum, sums, and what follows from them. The exponentials stay in
   * {@code e}, if that is not null and remembers them.
   */
  private SoftmaxRow read(OperandRow x, OperandRow e, Layout layout, Extra extra, Scratch scratch) {
    SoftmaxRow row = scratch.row;
    int classes = layout.classes();
    int count = (int) Blocks.count(classes);
    boolean inOrder = Blocks.inOrder(classes, layout.inner());
    SoftmaxRow[] blocks = count > 1 ? scratch.blocks(count) : null;
    forBlocks(
        layout,
        scratch,
        (b, start, n, s) -> {
          SoftmaxRow block = count > 1 ? blocks[b] : row;
          block.inOrder = inOrder;
          block.distance = 0L;
          block.mass = 0L;
          float[] logits = x.block(start, n, s);
          int at = x.at(start);
          boolean keep = e != null && e.remembers();
          float[] terms = keep ? e.room(n, s) : null;
          kernels.softmax(logits, at, n, terms, keep ? e.at(start) : 0, block, s.lanes);
          if (extra != null) {
            extra.run(block, logits, at, start, n, s);
          }
        });
    if (count > 1) {
      row.merge(blocks, count);
    }
    row.finish();
    return row;
  }

  /** Work on one block of a row: classes start to start + n. */
  private interface RowBlock {
    void run(int block, int start, int n, Scratch scratch);
  }

  private void forBlocks(Layout layout, Scratch scratch, RowBlock work) {
    int classes = layout.classes();
    if (layout.split()) {
      workers.run(
          Blocks.count(classes), true, (block, own) -> run((int) block, classes, work, own));
    } else {
      for (int block = 0; block < Blocks.count(classes); block++) {
        run(block, classes, work, scratch);
      }
    }
  }

  private static void run(int block, int classes, RowBlock work, Scratch scratch) {
    int start = block * Blocks.BLOCK;
    work.run(block, start, Math.min(Blocks.BLOCK, classes - start), scratch);
  }

  /** Calls for each block of the row with its exponentials and their factor. */
  private interface Scaling {
    void run(float[] e, int at, int start, int n, float coefficient, float top, Scratch scratch);
  }

  /** Turns the exponentials in {@code e} to results. What it does not remember is read again. */
  private void scale(
      SoftmaxRow row,
      OperandRow x,
      OperandRow e,
      Layout layout,
      float coefficient,
      Scratch scratch,
      Scaling work) {
    int count = (int) Blocks.count(layout.classes());
    SoftmaxRow[] blocks = count > 1 ? scratch.blocks(count) : null;
    boolean likely = hi(row.others) + hi(row.others) < hi(row.total);
    forBlocks(
        layout,
        scratch,
        (b, start, n, s) -> {
          SoftmaxRow block = blocks == null ? row : blocks[b];
          float c =
              blocks == null ? coefficient : GeneratedRows.coefficient(block, row, coefficient);
          float[] terms = e.room(n, s);
          int at = e.at(start);
          if (!e.remembers()) {
            float[] logits = x.block(start, n, s);
            s.again.inOrder = block.inOrder;
            kernels.softmax(logits, x.at(start), n, terms, at, s.again, s.lanes);
          }
          float top =
              likely && block.max == row.max
                  ? ScalarMath.expFloat(row.max - row.shift, row.magic)
                  : Float.NaN;
          work.run(terms, at, start, n, c, top, s);
          e.written(start, n, terms);
        });
  }

  // ---- softmax, log_softmax, logsumexp

  void softmax(SoftmaxTask task) {
    Floats input = new Floats(task.input(), kernels);
    Floats output = new Floats(task.output(), kernels);
    boolean split = split(task.rows(), task.classes(), task.inner());
    Layout layout = new Layout(task.classes(), task.inner(), split, whole);
    boolean tiled = tiled(layout);
    forRows(
        task.rows(),
        task.classes(),
        layout,
        (start, n, scratch) -> {
          int most = RowTile.full(layout.classes(), layout.inner());
          for (int i = 0; tiled && i < n; i += most) {
            int rows = Math.min(most, n - i);
            softmaxTile(task.kind(), input, output, layout, start + i, rows, scratch);
          }
          if (tiled) {
            return;
          }
          for (long r = start; r < start + n; r++) {
            OperandRow x = layout.input(input, r, scratch, 0);
            if (task.kind() == SoftmaxTask.Kind.LOGSUMEXP) {
              output.put(r, logSumExp(read(x, null, layout, null, scratch)));
              continue;
            }
            OperandRow out = layout.result(output, r, scratch, 1);
            softmaxRow(task.kind(), x, out, layout, scratch);
            out.store();
          }
        });
  }

  private void softmaxTile(
      SoftmaxTask.Kind kind,
      Floats input,
      Floats output,
      Layout layout,
      long first,
      int rows,
      Scratch scratch) {
    RowTile tile = tile(input, first, rows, layout, kind == SoftmaxTask.Kind.SOFTMAX, scratch);
    SoftmaxRow row = scratch.row;
    for (int t = 0; t < rows; t++) {
      tile.read(t, row);
      switch (kind) {
        case LOGSUMEXP -> output.put(first + t, logSumExp(row));
        // What is undefined becomes NaN by a factor of NaN.
        case SOFTMAX ->
            tile.coefficient[t] =
                row.undefined ? Float.NaN : ScalarMath.divide(1f, hi(row.total), lo(row.total));
        case LOG_SOFTMAX -> {
          float[] x = scratch.floats(0, layout.classes());
          tile.row(tile.x, t, x);
          if (row.undefined) {
            OperandRow.of(x, layout.classes()).fill(Float.NaN);
          } else {
            kernels.logSoftmax(x, 0, layout.classes(), x, 0, row.max, row.log);
          }
          tile.putRow(x, t);
        }
      }
    }
    if (kind == SoftmaxTask.Kind.SOFTMAX) {
      kernels.scale(tile, scratch.lanes);
    }
    if (kind != SoftmaxTask.Kind.LOGSUMEXP) {
      tile.store(output, first, layout.inner(), scratch);
    }
  }

  private static float logSumExp(SoftmaxRow row) {
    if (hi(row.rest) != hi(row.rest)) {
      return Float.NaN;
    }
    return row.undefined ? row.max : hi(add(pair(row.max, 0f), row.log));
  }

  private void softmaxRow(
      SoftmaxTask.Kind kind, OperandRow x, OperandRow out, Layout layout, Scratch scratch) {
    boolean log = kind == SoftmaxTask.Kind.LOG_SOFTMAX;
    SoftmaxRow row = read(x, log ? null : out, layout, null, scratch);
    if (row.undefined) {
      out.fill(Float.NaN);
    } else if (log) {
      forBlocks(
          layout,
          scratch,
          (b, i, n, s) -> {
            float[] to = out.room(n, s);
            float[] logits = x.block(i, n, s);
            kernels.logSoftmax(logits, x.at(i), n, to, out.at(i), row.max, row.log);
            out.written(i, n, to);
          });
    } else {
      float one = ScalarMath.divide(1f, hi(row.total), lo(row.total));
      scale(
          row, x, out, layout, one, scratch, (e, at, i, n, c, t, s) -> kernels.scale(e, at, n, c));
    }
  }

  // ---- losses

  Totals crossEntropy(CrossEntropyTask task) {
    if (task.rows() > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          "input must have fewer than 2^31 rows on a CPU executor, got " + task.rows());
    }
    Targets targets =
        task.kind() == Kind.PROBABILITIES ? null : new Targets(task, kernels, workers);
    double weightSum = targets == null ? task.rows() : targets.weightSum;
    long count = targets == null ? task.rows() : targets.count;
    float scale = task.factor(weightSum);
    int rows = (int) task.rows();
    CpuRowLoss loss = new CpuRowLoss(task, targets, scale);
    boolean targetsOnly = task.kind() == Kind.NLL && task.gradient() == null;
    forRows(rows, targetsOnly ? 1 : task.classes(), loss.layout, loss);
    return new Totals(ScalarMath.toDouble(loss.sum.total(workers)), weightSum, count);
  }

  /** The losses of a task's rows, and their gradients. */
  private final class CpuRowLoss implements CpuExecutor.BlockWork {
    private final CrossEntropyTask task;
    private final Targets targets;
    private final float scale;
    private final Layout layout;
    private final Floats input;
    private final Floats probabilities;
    private final Floats upstream;
    private final Floats gradient;
    private final OperandRow weight;
    private final Smoothing smoothing;
    private final long allWeights;
    private final Floats losses;
    final RowSum sum;

    CpuRowLoss(CrossEntropyTask task, Targets targets, float scale) {
      this.task = task;
      this.targets = targets;
      this.scale = scale;
      boolean split = task.kind() != Kind.NLL && split(task.rows(), task.classes(), task.inner());
      layout = new Layout(task.classes(), task.inner(), split, whole);
      input = Floats.input(task.input(), task.gradient(), kernels);
      probabilities = targets == null ? new Floats(task.target(), kernels) : null;
      upstream = Floats.orNull(task.upstream(), kernels);
      gradient = Floats.orNull(task.gradient(), kernels);
      losses = Floats.orNull(task.loss(), kernels);
      sum = new RowSum(task.rows(), kernels);
      if (task.weight() == null) {
        weight = null;
        allWeights = ClassWeights.count(task.classes());
      } else {
        Floats weights = new Floats(task.weight(), kernels);
        weight = ClassWeights.row(weights, task.classes(), whole);
        allWeights = ClassWeights.sum(weight, task.classes(), kernels, workers);
      }
      smoothing =
          task.labelSmoothing() > 0f
              ? new Smoothing(task.labelSmoothing(), task.classes(), allWeights)
              : Smoothing.NONE;
    }

    @Override
    public void run(long start, int n, Scratch scratch) {
      int most = RowTile.full(task.classes(), task.inner());
      for (int i = 0; i < n; i += most) {
        tile(start + i, Math.min(most, n - i), scratch);
      }
    }

    /** Up to a tile of rows. */
    private void tile(long first, int rows, Scratch scratch) {
      RowTile tile =
          task.kind() != Kind.NLL && tiled(layout)
              ? CpuRows.this.tile(input, first, rows, layout, gradient != null, scratch)
              : null;
      float[] hi = scratch.tile.lossHi;
      float[] lo = scratch.tile.lossLo;
      if (tile != null && targets != null && !smoothing.present) {
        plain((int) first, tile, scratch);
      } else {
        for (int t = 0; t < rows; t++) {
          long value = run(first + t, tile, t, scratch);
          hi[t] = hi(value);
          lo[t] = lo(value);
        }
      }
      sum.add(first, rows, hi, lo, scratch);
      if (losses != null) {
        for (int t = 0; t < rows; t++) {
          hi[t] = canonical(hi[t]);
        }
        losses.paste(hi, 0, rows, first);
      }
      if (tile != null && gradient != null) {
        tile.store(gradient, first, layout.inner(), scratch);
      }
    }

    /** A tile of rows against class indices, no smoothing. */
    private void plain(int first, RowTile tile, Scratch scratch) {
      tile.gradient = gradient != null;
      for (int t = 0; t < tile.rows; t++) {
        int y = targets.get(first + t);
        float w = weight == null || y == Targets.IGNORED ? 1f : weight.get(y);
        tile.target(t, y, w, scaleOf(first + t));
      }
      kernels.losses(tile, scratch.lanes);
      if (gradient != null) {
        kernels.scale(tile, scratch.lanes);
        tile.fix();
      }
    }

    /** The factor of a row's gradient, without weights: a pair. */
    private long scaleOf(long r) {
      return upstream == null ? pair(scale, 0f) : multiply(pair(scale, 0f), upstream.get(r));
    }

    /** One row; t is its place in the tile, if that is not null. */
    private long run(long r, RowTile tile, int t, Scratch scratch) {
      long s = scaleOf(r);
      if (targets == null) {
        return probabilities(r, s, tile, t, scratch);
      }
      int y = targets.get((int) r);
      if (task.kind() == Kind.NLL) {
        return nll(r, y, upstream == null ? scale : scale * upstream.get(r));
      }
      if (y == Targets.IGNORED) {
        if (gradient != null) {
          OperandRow g = result(r, tile, t, scratch);
          g.fill(0f);
          keep(g, tile, t);
        }
        return 0L;
      }
      return indices(r, y, s, tile, t, scratch);
    }

    private OperandRow input(long r, RowTile tile, int t, Scratch scratch) {
      if (tile == null) {
        return layout.input(input, r, scratch, 0);
      }
      float[] x = scratch.floats(0, task.classes());
      tile.row(tile.x, t, x);
      return OperandRow.of(x, task.classes());
    }

    /** Where the gradient's row is worked out; in a tile it holds the exponentials. */
    private OperandRow result(long r, RowTile tile, int t, Scratch scratch) {
      if (tile == null) {
        return layout.result(gradient, r, scratch, 1);
      }
      float[] g = scratch.floats(1, task.classes());
      tile.row(tile.e, t, g);
      return OperandRow.of(g, task.classes());
    }

    /** Puts the gradient's row where it belongs. */
    private void keep(OperandRow g, RowTile tile, int t) {
      if (tile == null) {
        g.store();
      } else {
        tile.putRow(g.array(), t);
      }
    }

    private SoftmaxRow read(
        OperandRow x, OperandRow g, Extra extra, RowTile tile, int t, Scratch scratch) {
      if (tile == null) {
        return CpuRows.this.read(x, g, layout, extra, scratch);
      }
      SoftmaxRow row = scratch.row;
      row.inOrder = true;
      tile.read(t, row);
      if (extra != null) {
        int classes = task.classes();
        extra.run(row, x.block(0, classes, scratch), x.at(0), 0, classes, scratch);
      }
      return row;
    }

    private long undefined(OperandRow g, RowTile tile, int t) {
      if (g != null) {
        g.fill(Float.NaN);
        keep(g, tile, t);
      }
      return pair(Float.NaN, 0f);
    }

    /** The weights of classes i to i + n, from {@link #weightAt} on; or null. */
    private float[] weights(int i, int n, Scratch scratch) {
      return weight == null ? null : weight.block(i, n, scratch);
    }

    private int weightAt(int i) {
      return weight == null ? 0 : weight.at(i);
    }

    private long nll(long r, int y, float s) {
      long first = layout.first(r);
      long at = first + y * task.inner();
      float x = y == Targets.IGNORED ? 0f : input.get(at);
      if (gradient != null) { // It may be where the input is.
        gradient.fill(first, task.inner(), task.classes(), 0f);
      }
      if (y == Targets.IGNORED) {
        return 0L;
      }
      float w = weight == null ? 1f : weight.get(y);
      if (gradient != null) {
        gradient.put(at, x == x ? canonical(-(s * w)) : Float.NaN);
      }
      return weighted(pair(0f - x, 0f), w); // +0 where x is 0
    }

    private long weighted(long loss, float w) {
      return weight == null ? loss : ScalarMath.weighted(loss, w);
    }

    private long indices(long r, int y, long s, RowTile tile, int t, Scratch scratch) {
      OperandRow x = input(r, tile, t, scratch);
      x.watch(y); // The gradient may be where the input is.
      OperandRow g = gradient == null ? null : result(r, tile, t, scratch);
      Extra extra =
          smoothing.present
              ? (b, v, at, i, n, sc) ->
                  kernels.smoothing(v, at, n, weights(i, n, sc), weightAt(i), b, sc.lanes)
              : null;
      SoftmaxRow row = read(x, g, extra, tile, t, scratch);
      if (row.undefined) {
        return undefined(g, tile, t);
      }
      float w = weight == null ? 1f : weight.get(y);
      float logit = x.get(y);
      long own = GeneratedClass.loss(row, logit, 1f);
      long loss;
      if (smoothing.present) {
        long kept = smoothing.kept(w);
        own = hi(kept) == 0f && hi(own) == hi(own) ? 0L : multiply(own, kept);
        long distance = multiply(row.distance, smoothing.distanceSpread);
        long logs = multiply(row.log, multiply(allWeights, smoothing.spread));
        loss = add(own, add(distance, logs));
      } else {
        loss = weighted(own, w);
      }
      if (g != null) {
        gradient(row, logit == row.max, y, w, s, x, g, scratch);
        keep(g, tile, t);
      }
      return loss;
    }

    private void gradient(
        SoftmaxRow row,
        boolean top,
        int y,
        float w,
        long s,
        OperandRow x,
        OperandRow g,
        Scratch scratch) {
      if (!smoothing.present) {
        long sw = multiply(pair(w, 0f), s);
        float coefficient = ScalarMath.divide(sw, row.total);
        scale(
            row,
            x,
            g,
            layout,
            coefficient,
            scratch,
            (e, at, i, n, c, t, sc) -> {
              boolean here = y >= i && y < i + n;
              int own = at + y - i;
              float term = here ? e[own] : 0f;
              kernels.scale(e, at, n, c);
              if (here) {
                // p - 1 is minus the sum of the others, which keeps its digits near 1.
                float v = top ? -(coefficient * hi(row.others)) : fma(term, c, -lo(sw)) - hi(sw);
                e[own] = canonical(v);
              }
            });
        return;
      }
      long all = add(smoothing.kept(w), multiply(allWeights, smoothing.spread));
      float coefficient = ScalarMath.divide(multiply(all, s), row.total);
      long share = add(smoothing.kept(w), multiply(smoothing.spread, w));
      float spread = hi(s) * hi(smoothing.spread);
      scale(
          row,
          x,
          g,
          layout,
          coefficient,
          scratch,
          (e, at, i, n, c, likeliest, sc) -> {
            boolean here = y >= i && y < i + n;
            int own = at + y - i;
            float term = here ? e[own] : 0f;
            kernels.scaleSmoothing(e, at, n, c, spread, weights(i, n, sc), weightAt(i));
            if (here) {
              float v =
                  top && likeliest == likeliest
                      ? ScalarMath.lessShare(likely(row, all, s, coefficient), hi(s), share)
                      : fma(term, c, -(hi(s) * hi(share)));
              e[own] = canonical(v);
            }
          });
    }

    /** The product of a maximum's probability: all of it less the others'. */
    private static long likely(SoftmaxRow row, long all, long s, float coefficient) {
      return add(multiply(all, hi(s)), multiply(row.others, -coefficient));
    }

    private long probabilities(long r, long s, RowTile tile, int t, Scratch scratch) {
      OperandRow x = input(r, tile, t, scratch);
      OperandRow q = layout.input(probabilities, r, scratch, 2);
      OperandRow g = gradient == null ? null : result(r, tile, t, scratch);
      Extra extra =
          (b, v, at, i, n, sc) -> {
            float[] shares = q.block(i, n, sc);
            float[] w = weights(i, n, sc);
            int wAt = weightAt(i);
            kernels.probabilities(v, at, n, shares, q.at(i), w, wAt, smoothing, b, sc.lanes);
          };
      SoftmaxRow row = read(x, g, extra, tile, t, scratch);
      if (row.undefined) {
        return undefined(g, tile, t);
      }
      float unit = SoftmaxRow.DISTANCE_UNIT;
      long distance = pair(hi(row.distance) * unit, lo(row.distance) * unit);
      long loss = add(distance, multiply(row.log, row.mass));
      if (g != null) {
        float coefficient = ScalarMath.divide(multiply(row.mass, s), row.total);
        long likely = likely(row, row.mass, s, coefficient);
        scale(
            row,
            x,
            g,
            layout,
            coefficient,
            scratch,
            (e, eAt, i, n, c, top, sc) -> {
              float[] shares = q.block(i, n, sc);
              float[] w = weights(i, n, sc);
              int qAt = q.at(i);
              int wAt = weightAt(i);
              kernels.scaleProbabilities(
                  e, eAt, n, c, top, likely, hi(s), shares, qAt, w, wAt, smoothing, sc.lanes);
            });
        keep(g, tile, t);
      }
      return loss;
    }
  }
}
