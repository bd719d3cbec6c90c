package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.GeneratedNumerics.canonical;
import static io.github.fusedloss.cpu.ScalarMath.INF;
import static io.github.fusedloss.cpu.ScalarMath.hi;
import static java.lang.Math.abs;

import io.github.fusedloss.Output;
import io.github.fusedloss.backend.CrossEntropyTask;
import io.github.fusedloss.backend.HostMemory;
import io.github.fusedloss.backend.Memory;
import java.nio.IntBuffer;

/**
 * Computes the outputs of each row ({@link Output}) as kernels/row_outputs.cl does. Only outputs
 * that are wanted are computed.
 */
final class RowOutputs {
  /** The class and rank of a row that is ignored or has a NaN. */
  private static final int NO_CLASS = -1;

  private final BlockKernels kernels;
  private final Floats lse;
  private final Floats logProbability;
  private final Floats entropy;
  private final IntBuffer argmax;
  private final IntBuffer rank;

  private RowOutputs(CrossEntropyTask task, BlockKernels kernels) {
    this.kernels = kernels;
    lse = Floats.orNull(task.output(Output.LSE), kernels);
    logProbability = Floats.orNull(task.output(Output.TARGET_LOG_PROBABILITY), kernels);
    entropy = Floats.orNull(task.output(Output.ENTROPY), kernels);
    argmax = ints(task.output(Output.ARGMAX));
    rank = ints(task.output(Output.RANK));
  }

  /** Makes the outputs of a task; null if none are wanted. */
  static RowOutputs orNull(CrossEntropyTask task, BlockKernels kernels) {
    return task.results().extras().rows().isEmpty() ? null : new RowOutputs(task, kernels);
  }

  private static IntBuffer ints(Memory memory) {
    return memory == null ? null : ((HostMemory) memory).ints(0, (int) memory.length()).slice();
  }

  /** Returns whether the terms of the softmax are needed, even if no result is made of them. */
  boolean needTerms() {
    return entropy != null;
  }

  // ---- one row after the other

  /**
   * Looks at one block of a row, whose logits and terms are known.
   *
   * @param start the block's first class
   * @param y the target's class
   * @param x the target's logit
   */
  void block(RowBlock b, int start, int y, float x, Lanes lanes) {
    SoftmaxRow row = b.row;
    if (entropy != null) {
      kernels.moment(b, lanes);
    }
    if (argmax != null) {
      row.lowest = start + kernels.indexOf(row.max, b.x, b.xAt, b.n);
    }
    if (rank != null) {
      int equal = Math.max(0, Math.min(b.n, y - start));
      row.before = kernels.before(x, equal, b.x, b.xAt, b.n);
    }
  }

  /** Begins a row of several blocks. */
  static void begin(SoftmaxRow row) {
    row.moment = 0L;
    row.lowest = Integer.MAX_VALUE;
    row.before = 0;
  }

  /** Merges a block into its row, whose reference is set. */
  static void merge(SoftmaxRow row, SoftmaxRow block) {
    row.moment = GeneratedNumerics.pairAdd(row.moment, GeneratedOutputs.momentInRow(row, block));
    row.lowest = block.max == row.max ? Math.min(row.lowest, block.lowest) : row.lowest;
    row.before += block.before;
  }

  /** Writes the outputs of row r. */
  void put(long r, SoftmaxRow row, RowTarget target) {
    boolean nan = hi(row.rest) != hi(row.rest);
    if (lse != null) {
      lse.put(r, row.logSumExp());
    }
    if (logProbability != null) {
      logProbability.put(r, logProbability(row, target));
    }
    if (entropy != null) {
      entropy.put(r, entropy(row));
    }
    if (argmax != null) {
      argmax.put((int) r, nan ? NO_CLASS : row.lowest);
    }
    if (rank != null) {
      rank.put((int) r, nan ? NO_CLASS : row.before);
    }
  }

  private static float logProbability(SoftmaxRow row, RowTarget target) {
    return row.undefined ? Float.NaN : GeneratedOutputs.logProbability(row, target);
  }

  private static float entropy(SoftmaxRow row) {
    return row.undefined ? Float.NaN : GeneratedOutputs.entropy(row);
  }

  /** Writes the outputs of row r, which is ignored. */
  void putIgnored(long r) {
    for (Floats floats : new Floats[] {lse, logProbability, entropy}) {
      if (floats != null) {
        floats.put(r, 0f);
      }
    }
    for (IntBuffer ints : new IntBuffer[] {argmax, rank}) {
      if (ints != null) {
        ints.put((int) r, NO_CLASS);
      }
    }
  }

  // ---- rows side by side

  /** Computes the outputs of all rows of a tile. If they need terms, the tile has them. */
  void tile(RowTile tile, Lanes lanes) {
    tile.beginOutputs(entropy != null, argmax != null, rank != null);
    kernels.outputs(tile, lanes);
    long first = tile.first;
    for (int t = 0; t < tile.rows; t++) {
      boolean softmax = abs(tile.max[t]) < INF && tile.restHi[t] == tile.restHi[t];
      if (!softmax || tile.target[t] == Targets.IGNORED || !ordinary(tile, t)) {
        again(tile, t);
      }
    }
    paste(lse, tile.lse, tile.rows, first);
    paste(logProbability, tile.logProbability, tile.rows, first);
    paste(entropy, tile.entropy, tile.rows, first);
    paste(argmax, tile.lowest, tile.rows, first);
    paste(rank, tile.before, tile.rows, first);
  }

  /**
   * Returns whether the outputs of row t are right. Passes may get numbers wrong that are not
   * finite, and zeros, whose sign may be lost.
   */
  private boolean ordinary(RowTile tile, int t) {
    return ordinary(tile.lse[t])
        && ordinary(tile.logProbability[t])
        && (entropy == null || ordinary(tile.entropy[t]));
  }

  private static boolean ordinary(float v) {
    return v != 0f && abs(v) < INF;
  }

  /** Computes the outputs of one row of a tile once more. */
  private void again(RowTile tile, int t) {
    boolean ignored = tile.target[t] == Targets.IGNORED;
    SoftmaxRow row = tile.row;
    tile.read(t, row);
    row.moment = ScalarMath.pair(tile.momentHi[t], tile.momentLo[t]);
    tile.rowTarget.x = tile.targetX[t];
    boolean nan = tile.restHi[t] != tile.restHi[t];
    tile.lse[t] = ignored ? 0f : row.logSumExp();
    tile.logProbability[t] = ignored ? 0f : canonical(logProbability(row, tile.rowTarget));
    if (entropy != null) {
      tile.entropy[t] = ignored ? 0f : entropy(row);
    }
    tile.lowest[t] = ignored || nan ? NO_CLASS : tile.lowest[t];
    tile.before[t] = ignored || nan ? NO_CLASS : tile.before[t];
  }

  private static void paste(Floats to, float[] values, int n, long first) {
    if (to != null) {
      to.paste(values, 0, n, first);
    }
  }

  /**
   * Writes integers that are held as floats. They are exact, since a tile has no more classes than
   * a block.
   */
  private static void paste(IntBuffer to, float[] values, int n, long first) {
    for (int t = 0; to != null && t < n; t++) {
      to.put((int) first + t, (int) values[t]);
    }
  }
}
