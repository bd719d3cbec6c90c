package io.github.fusedloss.cpu;

/** The sums of a block ({@link Blocks}) in loops over strips. */
final class StripSums {
  private static final int LANES = Blocks.LANES;

  private StripSums() {}

  /**
   * Returns the sum of a block's terms; lo may be null. Long sums that are not in order use loops.
   */
  static long of(float[] hi, float[] lo, int at, int n, boolean inOrder, Lanes lanes) {
    lanes.clear(n, inOrder);
    if (n >= Strip.FEW && !inOrder) {
      sum(hi, lo, at, n, lanes);
      return total(lanes.strip(), lanes);
    }
    for (int i = 0; i < n; i++) {
      lanes.add(i, hi[at + i], lo == null ? 0f : lo[at + i]);
    }
    return lanes.total();
  }

  /** Adds terms to a block's lanes; the first is term {@code start} of the block. */
  static void sum(Strip s, float[] hi, float[] lo, Lanes lanes, int start, int n) {
    int lane = Blocks.lane(start);
    System.arraycopy(lanes.hi, lane, s.sumHi, 0, LANES);
    System.arraycopy(lanes.lo, lane, s.sumLo, 0, LANES);
    sum(hi, lo, s.sumHi, s.sumLo, n);
    Strip.moved(s.sumHi, n, lanes.hi, lane);
    Strip.moved(s.sumLo, n, lanes.lo, lane);
  }

  /** Adds a block to its lanes; lo may be null. */
  private static void sum(float[] hi, float[] lo, int at, int n, Lanes lanes) {
    Strip s = lanes.strip();
    for (int start = 0; start < n; start += Strip.LENGTH) {
      int m = Math.min(Strip.LENGTH, n - start);
      Strip.load(hi, at + start, m, s.termHi);
      if (lo != null) {
        Strip.load(lo, at + start, m, s.termLo);
      }
      sum(s, s.termHi, lo == null ? s.zero : s.termLo, lanes, start, m);
    }
  }

  /**
   * Does {@link Blocks#accumulate} for one lane after the other. Element i of the sums is the sum
   * of lane i mod 64 before term i, so that the loop is as long as the strip.
   */
  private static void sum(float[] hi, float[] lo, float[] sumHi, float[] sumLo, int n) {
    for (int i = 0; i < n; i++) {
      float a = sumHi[i];
      float b = hi[i];
      float s = a + b;
      float z = s - a;
      sumHi[i + LANES] = s;
      sumLo[i + LANES] = sumLo[i] + (((a - (s - z)) + (b - z)) + lo[i]);
    }
  }

  /** Returns a block's sum. */
  static long total(Strip s, Lanes lanes) {
    long total = tree(s, lanes);
    return Math.abs(ScalarMath.hi(total)) < ScalarMath.INF ? total : lanes.total();
  }

  /**
   * Does {@link Blocks#tree}, but keeps the lanes. If the sum is not finite, the result may be
   * another such pair.
   */
  private static long tree(Strip s, Lanes lanes) {
    int width = lanes.width();
    System.arraycopy(lanes.hi, 0, s.treeHi, 0, width);
    System.arraycopy(lanes.lo, 0, s.treeLo, 0, width);
    tree(s, s.treeHi, s.treeLo, width, 1);
    return ScalarMath.pair(s.treeHi[0], s.treeLo[0]);
  }

  /**
   * Does {@link Blocks#tree} for several sums side by side, in place: lane l of sum t is element
   * {@code l * sums + t} of {@code width}. If a sum is not finite, the result may be another such
   * number.
   */
  static void tree(Strip s, float[] hi, float[] lo, int width, int sums) {
    if (width / sums < Blocks.ACCUMULATORS) {
      for (int at = 0; at < width; at += Strip.LENGTH) {
        int n = Math.min(Strip.LENGTH, width - at);
        Strip.load(hi, at, n, s.termHi);
        Strip.load(lo, at, n, s.termLo);
        fastTwoSum(s.termHi, s.termLo, n);
        System.arraycopy(s.termHi, 0, hi, at, n);
        System.arraycopy(s.termLo, 0, lo, at, n);
      }
    }
    for (int half = width / 2; half >= sums; half /= 2) {
      for (int at = 0; at < half; at += Strip.LENGTH) {
        int n = Math.min(Strip.LENGTH, half - at);
        Strip.load(hi, at, n, s.firstHi);
        Strip.load(lo, at, n, s.firstLo);
        Strip.load(hi, half + at, n, s.termHi);
        Strip.load(lo, half + at, n, s.termLo);
        add(s.firstHi, s.firstLo, s.termHi, s.termLo, n);
        fastTwoSum(s.firstHi, s.firstLo, n);
        System.arraycopy(s.firstHi, 0, hi, at, n);
        System.arraycopy(s.firstLo, 0, lo, at, n);
      }
    }
  }

  /** Does {@link GeneratedNumerics#fastTwoSum} in place. */
  private static void fastTwoSum(float[] hi, float[] lo, int n) {
    for (int i = 0; i < n; i++) {
      float a = hi[i];
      float b = lo[i];
      float s = a + b;
      hi[i] = s;
      lo[i] = b - (s - a);
    }
  }

  /** Adds pairs without normalising: the first half of {@link GeneratedNumerics#pairAdd}. */
  private static void add(float[] hi, float[] lo, float[] b, float[] bLo, int n) {
    for (int i = 0; i < n; i++) {
      float a = hi[i];
      float s = a + b[i];
      float z = s - a;
      hi[i] = s;
      lo[i] = ((a - (s - z)) + (b[i] - z)) + (lo[i] + bLo[i]);
    }
  }
}
