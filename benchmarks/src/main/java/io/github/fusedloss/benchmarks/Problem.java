package io.github.fusedloss.benchmarks;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * A work's data and what comes out of it.
 *
 * <p>The data is a {@link Tile}, repeated. Every element of every provider's result can so be
 * checked within the time of a benchmark.
 *
 * @param x the input, numbers of the work's dtype
 * @param target of a binary loss, or class probabilities, numbers of the dtype; otherwise null
 * @param classes indices; otherwise null
 * @param weight for each element (binary) or class; or null
 * @param posWeight one value, or null
 * @param scalar the exact loss (mean), sum or logsumexp
 * @param values the exact gradient or softmax of one tile, or null if the work has none
 */
record Problem(
    Work work,
    float[] x,
    float[] target,
    int[] classes,
    float[] weight,
    float[] posWeight,
    double scalar,
    double[] values) {

  static final int IGNORE_INDEX = -100;
  static final float LABEL_SMOOTHING = 0.1f;

  private static Problem last;

  /** Forward and forward with gradient follow each other and share the data. */
  static synchronized Problem of(Work work) {
    String key = Tile.key(work);
    if (last == null || !Tile.key(last.work).equals(key)) {
      last = null; // so that the old arrays can go before the new ones come
      Tile tile = Tile.of(work);
      int repeats = tile.repeats();
      last =
          new Problem(
              work,
              repeat(tile.x(), repeats),
              repeat(tile.target(), repeats),
              repeat(tile.classes(), repeats),
              work.function().elementwise() ? repeat(tile.weight(), repeats) : tile.weight(),
              tile.posWeight(),
              tile.scalar(),
              tile.values());
    }
    boolean hasValues = work.gradient() || work.function() == Work.Function.SOFTMAX;
    return new Problem(
        work,
        last.x,
        last.target,
        last.classes,
        last.weight,
        last.posWeight,
        last.scalar,
        hasValues ? last.values : null);
  }

  private static float[] repeat(float[] tile, int repeats) {
    if (tile == null || repeats == 1) {
      return tile;
    }
    FloatBuffer values = FloatBuffer.allocate(tile.length * repeats);
    for (int r = 0; r < repeats; r++) {
      values.put(tile);
    }
    return values.array();
  }

  private static int[] repeat(int[] tile, int repeats) {
    return tile == null
        ? null
        : IntStream.range(0, tile.length * repeats).map(i -> tile[i % tile.length]).toArray();
  }

  /** The bits of values that are numbers of the work's 16-bit dtype. */
  short[] bits(float[] values) {
    short[] bits = new short[values.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = work.dtype().encode(values[i]);
    }
    return bits;
  }

  /** Class indices as PyTorch takes them. */
  long[] longClasses() {
    return Arrays.stream(classes).asLongStream().toArray();
  }
}
