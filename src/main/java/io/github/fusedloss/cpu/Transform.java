package io.github.fusedloss.cpu;

import io.github.fusedloss.backend.Logits;
import java.util.Arrays;

/** Transforms the logits of a task; for all threads. */
final class Transform {
  private final Logits logits;
  private final ClassWeights bias;
  private final BlockKernels kernels;

  /** The numbers of the transform, without elements. */
  private final LogitBlock numbers = new LogitBlock();

  /** Whether gradients are multiplied by the slopes of the transform. */
  final boolean slopes;

  private Transform(Logits logits, boolean gradient, ClassWeights bias, BlockKernels kernels) {
    this.logits = logits;
    this.bias = bias;
    this.kernels = kernels;
    numbers.softcap = logits.hasSoftcap();
    numbers.cap = logits.softcap();
    numbers.twice = Settings.split(logits.twice());
    numbers.temperature = logits.hasTemperature();
    numbers.inverse = Settings.split(logits.inverse());
    slopes = gradient && logits.hasSlopes();
  }

  /**
   * Makes the transform; null if nothing is done.
   *
   * @param gradient whether results are gradients with respect to the logits
   */
  static Transform of(
      Logits logits, boolean gradient, int classes, int whole, BlockKernels kernels) {
    return logits.isPlain()
        ? null
        : new Transform(
            logits, gradient, ClassWeights.of(logits.bias(), classes, whole, kernels), kernels);
  }

  private LogitBlock block(int n, Scratch scratch) {
    LogitBlock b = scratch.logits;
    b.n = n;
    b.numbersOf(numbers);
    return b;
  }

  /**
   * Transforms n adjacent logits, of the classes from {@code start} on; the result is in the
   * thread's scratch, from 0 on.
   */
  float[] adjacent(float[] x, int at, int n, int start, Scratch scratch) {
    float[] y = scratch.floats(Scratch.Slot.LOGITS, n);
    System.arraycopy(x, at, y, 0, n);
    LogitBlock b = block(n, scratch);
    b.y = y;
    b.yAt = 0;
    bias.of(b, start, scratch);
    kernels.transform(b, scratch.lanes);
    return y;
  }

  /**
   * Transforms all rows of a tile in place; if slopes need them, {@link RowTile#given} keeps the
   * logits.
   */
  void tile(RowTile tile, Scratch scratch) {
    int n = tile.stride;
    if (slopes) {
      tile.given = scratch.floats(Scratch.Slot.GIVEN, tile.end());
      System.arraycopy(tile.x, 0, tile.given, 0, tile.end());
    }
    float[] same = logits.bias() == null ? null : scratch.floats(Scratch.Slot.LOGITS, n);
    for (int c = 0; c < tile.classes; c++) {
      LogitBlock b = block(n, scratch);
      b.y = tile.x;
      b.yAt = c * n;
      b.bias = same;
      b.biasAt = 0;
      if (same != null) {
        Arrays.fill(same, 0, n, bias.get(c));
      }
      kernels.transform(b, scratch.lanes);
    }
  }

  /** Transforms one logit, of class c. */
  float one(float v, int c) {
    float y = ScalarLogits.unbiased(numbers, v);
    return logits.bias() == null ? y : GeneratedTransforms.biased(y, bias.get(c));
  }

  /** Multiplies the gradients of n adjacent logits x by the slopes there. */
  void slopes(float[] x, int xAt, float[] e, int eAt, int n, Scratch scratch) {
    LogitBlock b = block(n, scratch);
    b.x = x;
    b.xAt = xAt;
    b.e = e;
    b.eAt = eAt;
    kernels.slopes(b, scratch.lanes);
  }

  /** Multiplies one gradient by the slope at logit x. */
  float slope(float x, float e) {
    return ScalarLogits.timesSlope(numbers, e, x);
  }

  /** Multiplies all gradients of a tile by the slopes. */
  void slopes(RowTile tile, Scratch scratch) {
    for (int at = 0; at < tile.end(); at += tile.stride) {
      slopes(tile.given, at, tile.e, at, tile.stride, scratch);
    }
  }
}
