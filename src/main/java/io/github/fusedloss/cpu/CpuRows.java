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

  private final BlockKernels kernels;
  private final Workers workers;

  CpuRows(BlockKernels kernels, Workers workers) {
    this.kernels = kernels;
    this.workers = workers;
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
   */
  private record Layout(int classes, long inner, boolean split) {
    boolean adjacent() {
      return inner == 1;
    }

    long first(long row) {
      return inner == 1 ? row * classes : row / inner * inner * classes + row % inner;
    }

    float[] row(Floats from, long row, Scratch scratch, int slot) {
      if (adjacent()) {
        return from.array(first(row), classes, scratch, slot);
      }
      float[] gathered = scratch.floats(slot, classes);
      from.gather(first(row), inner, classes, gathered);
      return gathered;
    }

    int at(Floats from, long row) {
      return adjacent() ? from.at(first(row)) : 0;
    }

    /** Room to work out a row's result; where it is final if adjacent, else scattered later. */
    float[] result(Floats to, Scratch scratch, int slot) {
      return adjacent() ? to.result(classes, scratch, slot) : scratch.floats(slot, classes);
    }

    void scatter(float[] result, Floats to, long row) {
      long first = first(row);
      if (adjacent()) {
        to.written(first, classes, result);
      } else {
        for (int c = 0; c < classes; c++) {
          to.put(first + c * inner, result[c]);
        }
      }
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
    void run(SoftmaxRow block, int start, int n, Scratch scratch);
  }

  /** Reads a row once: its maximum, sums, and what follows from them. */
  private SoftmaxRow read(
      float[] x, int at, Layout layout, float[] e, int eAt, Extra extra, Scratch scratch) {
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
          kernels.softmax(x, at + start, n, e, eAt + start, block, s.lanes);
          if (extra != null) {
            extra.run(block, start, n, s);
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

  /** Calls for each block of the row with the factor of its stored exponentials. */
  private interface Scaling {
    void run(int start, int n, float coefficient, float top, Scratch scratch);
  }

  private void scale(
      SoftmaxRow row, Layout layout, float coefficient, Scratch scratch, Scaling work) {
    int count = (int) Blocks.count(layout.classes());
    SoftmaxRow[] blocks = count > 1 ? scratch.blocks(count) : null;
    boolean likely = hi(row.others) + hi(row.others) < hi(row.total);
    forBlocks(
        layout,
        scratch,
        (b, start, n, s) -> {
          SoftmaxRow block = blocks == null ? row : blocks[b];
          float c = blocks == null ? coefficient : block.coefficient(row, coefficient);
          work.run(start, n, c, likely && block.max == row.max ? row.top() : Float.NaN, s);
        });
  }

  private static void fill(float[] to, int at, int n, float value) {
    java.util.Arrays.fill(to, at, at + n, value);
  }

  // ---- softmax, log_softmax, logsumexp

  void softmax(SoftmaxTask task) {
    Floats input = new Floats(task.input(), kernels);
    Floats output = new Floats(task.output(), kernels);
    boolean split = split(task.rows(), task.classes(), task.inner());
    Layout layout = new Layout(task.classes(), task.inner(), split);
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
            float[] x = layout.row(input, r, scratch, 0);
            int at = layout.at(input, r);
            if (task.kind() == SoftmaxTask.Kind.LOGSUMEXP) {
              SoftmaxRow row = read(x, at, layout, null, 0, null, scratch);
              output.put(r, logSumExp(row));
              continue;
            }
            float[] out = layout.result(output, scratch, 1);
            int outAt = layout.at(output, r);
            softmaxRow(task.kind(), x, at, layout, out, outAt, scratch);
            layout.scatter(out, output, r);
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
            fill(x, 0, layout.classes(), Float.NaN);
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
      SoftmaxTask.Kind kind,
      float[] x,
      int at,
      Layout layout,
      float[] out,
      int outAt,
      Scratch scratch) {
    int classes = layout.classes();
    if (kind == SoftmaxTask.Kind.LOG_SOFTMAX) {
      SoftmaxRow row = read(x, at, layout, null, 0, null, scratch);
      if (row.undefined) {
        fill(out, outAt, classes, Float.NaN);
      } else {
        float max = row.max;
        long log = row.log;
        forBlocks(
            layout,
            scratch,
            (b, i, n, s) -> kernels.logSoftmax(x, at + i, n, out, outAt + i, max, log));
      }
      return;
    }
    SoftmaxRow row = read(x, at, layout, out, outAt, null, scratch);
    if (row.undefined) {
      fill(out, outAt, classes, Float.NaN);
      return;
    }
    float one = ScalarMath.divide(1f, hi(row.total), lo(row.total));
    scale(row, layout, one, scratch, (i, n, c, top, s) -> kernels.scale(out, outAt + i, n, c));
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
    float scale = task.mean() ? (float) (task.scale() / weightSum) : task.scale();
    int rows = (int) task.rows();
    CpuRowLoss loss = new CpuRowLoss(task, targets, scale);
    boolean targetsOnly = task.kind() == Kind.NLL && task.gradient() == null;
    forRows(rows, targetsOnly ? 1 : task.classes(), loss.layout, loss);
    long sum = Blocks.sum(loss.hi, loss.lo, rows, kernels, workers);
    return new Totals(ScalarMath.toDouble(sum), weightSum, count);
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
    private final float[] weight;
    private final Smoothing smoothing;
    private final long allWeights;
    private final Floats losses;
    // The rows' losses, pairs.
    final float[] hi;
    final float[] lo;

    CpuRowLoss(CrossEntropyTask task, Targets targets, float scale) {
      this.task = task;
      this.targets = targets;
      this.scale = scale;
      boolean split = task.kind() != Kind.NLL && split(task.rows(), task.classes(), task.inner());
      layout = new Layout(task.classes(), task.inner(), split);
      input = Floats.input(task.input(), task.gradient(), kernels);
      probabilities = targets == null ? new Floats(task.target(), kernels) : null;
      upstream = Floats.orNull(task.upstream(), kernels);
      gradient = Floats.orNull(task.gradient(), kernels);
      losses = Floats.orNull(task.loss(), kernels);
      hi = new float[(int) task.rows()];
      lo = new float[hi.length];
      smoothing =
          task.labelSmoothing() > 0f
              ? new Smoothing(task.labelSmoothing(), task.classes())
              : Smoothing.NONE;
      if (task.weight() == null) {
        weight = null;
        allWeights = ClassWeights.count(task.classes());
      } else {
        weight = new float[task.classes()];
        new Floats(task.weight(), kernels).gather(0, 1, weight.length, weight);
        allWeights = ClassWeights.sum(weight, kernels, workers);
      }
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
      if (tile != null && targets != null && !smoothing.present) {
        plain((int) first, tile, scratch);
      } else {
        for (int t = 0; t < rows; t++) {
          long value = run(first + t, tile, t, scratch);
          hi[(int) first + t] = hi(value);
          lo[(int) first + t] = lo(value);
        }
      }
      if (losses != null) {
        for (int r = (int) first; r < first + rows; r++) {
          losses.put(r, canonical(hi[r]));
        }
      }
      if (tile != null && gradient != null) {
        tile.store(gradient, first, layout.inner(), scratch);
      }
    }

    /** A tile of rows against class indices, no smoothing. */
    private void plain(int first, RowTile tile, Scratch scratch) {
      tile.weighted = weight != null;
      for (int t = 0; t < tile.rows; t++) {
        int y = targets.get(first + t);
        float w = weight == null || y == Targets.IGNORED ? 1f : weight[y];
        tile.target(t, y, w, scaleOf(first + t));
      }
      kernels.losses(tile, gradient != null, scratch.lanes);
      System.arraycopy(tile.lossHi, 0, hi, first, tile.rows);
      System.arraycopy(tile.lossLo, 0, lo, first, tile.rows);
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
        return nll(r, y, hi(s));
      }
      if (y == Targets.IGNORED) {
        if (gradient != null) {
          float[] g = result(r, tile, t, scratch);
          fill(g, tile == null ? layout.at(gradient, r) : 0, task.classes(), 0f);
          keep(g, r, tile, t);
        }
        return 0L;
      }
      return indices(r, y, s, tile, t, scratch);
    }

    /** The input's row, adjacent; {@link #at}. */
    private float[] row(Floats from, long r, RowTile tile, int t, Scratch scratch) {
      if (tile == null) {
        return layout.row(from, r, scratch, 0);
      }
      float[] x = scratch.floats(0, task.classes());
      tile.row(tile.x, t, x);
      return x;
    }

    /** Where the gradient's row is worked out; in a tile it holds the exponentials. */
    private float[] result(long r, RowTile tile, int t, Scratch scratch) {
      if (tile == null) {
        return layout.result(gradient, scratch, 1);
      }
      float[] g = scratch.floats(1, task.classes());
      tile.row(tile.e, t, g);
      return g;
    }

    /** Puts the gradient's row where it belongs. */
    private void keep(float[] g, long r, RowTile tile, int t) {
      if (tile == null) {
        layout.scatter(g, gradient, r);
      } else {
        tile.putRow(g, t);
      }
    }

    private int at(Floats from, long r, RowTile tile) {
      return tile == null ? layout.at(from, r) : 0;
    }

    private SoftmaxRow read(
        float[] x, int at, float[] g, int gAt, Extra extra, RowTile tile, int t, Scratch scratch) {
      if (tile == null) {
        return CpuRows.this.read(x, at, layout, g, gAt, extra, scratch);
      }
      SoftmaxRow row = scratch.row;
      row.inOrder = true;
      tile.read(t, row);
      if (extra != null) {
        extra.run(row, 0, task.classes(), scratch);
      }
      return row;
    }

    private long undefined(long r, float[] g, int gAt, RowTile tile, int t) {
      if (g != null) {
        fill(g, gAt, task.classes(), Float.NaN);
        keep(g, r, tile, t);
      }
      return pair(Float.NaN, 0f);
    }

    private long nll(long r, int y, float s) {
      long first = layout.first(r);
      long at = first + y * task.inner();
      float x = y == Targets.IGNORED ? 0f : input.get(at);
      if (gradient != null) { // It may be where the input is.
        for (int c = 0; c < task.classes(); c++) {
          gradient.put(first + c * task.inner(), 0f);
        }
      }
      if (y == Targets.IGNORED) {
        return 0L;
      }
      float w = weight == null ? 1f : weight[y];
      if (gradient != null) {
        gradient.put(at, x == x ? canonical(-(s * w)) : Float.NaN);
      }
      return weighted(pair(-x, 0f), w);
    }

    private long weighted(long loss, float w) {
      return weight == null ? loss : ScalarMath.weighted(loss, w);
    }

    private long indices(long r, int y, long s, RowTile tile, int t, Scratch scratch) {
      float[] x = row(input, r, tile, t, scratch);
      int at = at(input, r, tile);
      float[] g = gradient == null ? null : result(r, tile, t, scratch);
      int gAt = gradient == null ? 0 : at(gradient, r, tile);
      Extra extra =
          smoothing.present
              ? (b, i, n, sc) -> kernels.smoothing(x, at + i, n, weight, i, b, sc.lanes)
              : null;
      SoftmaxRow row = read(x, at, g, gAt, extra, tile, t, scratch);
      if (row.undefined) {
        return undefined(r, g, gAt, tile, t);
      }
      float w = weight == null ? 1f : weight[y];
      long own = row.loss(x[at + y]);
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
        gradient(row, x[at + y] == row.max, y, w, s, g, gAt, scratch);
        keep(g, r, tile, t);
      }
      return loss;
    }

    private void gradient(
        SoftmaxRow row, boolean top, int y, float w, long s, float[] g, int gAt, Scratch scratch) {
      if (!smoothing.present) {
        long sw = multiply(pair(w, 0f), s);
        float coefficient = ScalarMath.divide(sw, row.total);
        scale(
            row,
            layout,
            coefficient,
            scratch,
            (i, n, c, t, sc) -> {
              boolean here = y >= i && y < i + n;
              float e = here ? g[gAt + y] : 0f;
              kernels.scale(g, gAt + i, n, c);
              if (here) {
                // p - 1 is minus the sum of the others, which keeps its digits near 1.
                float v = top ? -(coefficient * hi(row.others)) : fma(e, c, -lo(sw)) - hi(sw);
                g[gAt + y] = canonical(v);
              }
            });
        return;
      }
      long all = add(smoothing.kept(w), multiply(allWeights, smoothing.spread));
      float coefficient = ScalarMath.divide(multiply(all, s), row.total);
      long own = add(smoothing.kept(w), multiply(smoothing.spread, w));
      float spread = hi(s) * hi(smoothing.spread);
      scale(
          row,
          layout,
          coefficient,
          scratch,
          (i, n, c, likeliest, sc) -> {
            boolean here = y >= i && y < i + n;
            float e = here ? g[gAt + y] : 0f;
            kernels.scaleSmoothing(g, gAt + i, n, c, spread, weight, i);
            if (here) {
              float v =
                  top && likeliest == likeliest
                      ? ScalarMath.lessShare(likely(row, all, s, coefficient), hi(s), own)
                      : fma(e, c, -(hi(s) * hi(own)));
              g[gAt + y] = canonical(v);
            }
          });
    }

    /** The product of a maximum's probability: all of it less the others'. */
    private static long likely(SoftmaxRow row, long all, long s, float coefficient) {
      return add(multiply(all, hi(s)), multiply(row.others, -coefficient));
    }

    private long probabilities(long r, long s, RowTile tile, int t, Scratch scratch) {
      float[] x = row(input, r, tile, t, scratch);
      int at = at(input, r, tile);
      float[] q = layout.row(probabilities, r, scratch, 2);
      int qAt = layout.at(probabilities, r);
      float[] g = gradient == null ? null : result(r, tile, t, scratch);
      int gAt = gradient == null ? 0 : at(gradient, r, tile);
      Extra extra =
          (b, i, n, sc) ->
              kernels.probabilities(x, at + i, n, q, qAt + i, weight, i, smoothing, b, sc.lanes);
      SoftmaxRow row = read(x, at, g, gAt, extra, tile, t, scratch);
      if (row.undefined) {
        return undefined(r, g, gAt, tile, t);
      }
      float unit = SoftmaxRow.DISTANCE_UNIT;
      long distance = pair(hi(row.distance) * unit, lo(row.distance) * unit);
      long loss = add(distance, multiply(row.log, row.mass));
      if (g != null) {
        float coefficient = ScalarMath.divide(multiply(row.mass, s), row.total);
        long likely = likely(row, row.mass, s, coefficient);
        scale(
            row,
            layout,
            coefficient,
            scratch,
            (i, n, c, top, sc) ->
                kernels.scaleProbabilities(
                    g, gAt + i, n, c, top, likely, hi(s), q, qAt + i, weight, i, smoothing,
                    sc.lanes));
        keep(g, r, tile, t);
      }
      return loss;
    }
  }
}
