package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.INF;
import static io.github.fusedloss.cpu.ScalarMath.hi;
import static io.github.fusedloss.cpu.ScalarMath.lo;
import static io.github.fusedloss.cpu.ScalarMath.pair;
import static java.lang.Math.abs;

/** The work on blocks of rows in plain Java, and on elements that vectors leave over. */
final class ScalarRows {
  private ScalarRows() {}

  /** Returns the largest value that is not NaN, and never -0. */
  static float maxOfNumbers(float[] x, int at, int n) {
    float max = Float.NEGATIVE_INFINITY;
    for (int i = at; i < at + n; i++) {
      max = x[i] > max ? x[i] : max;
    }
    return max + 0f;
  }

  /** Does {@link BlockKernels#softmax(RowBlock, Lanes)}. */
  static void softmax(RowBlock b, Lanes lanes) {
    SoftmaxRow row = b.row;
    lanes.clear(b.n, row.inOrder);
    if (b.n >= Strip.FEW && !row.inOrder && inStrips(b, lanes)) {
      return;
    }
    GeneratedRows.reference(maxOfNumbers(b.x, b.xAt, b.n), row);
    b.of(row);
    row.ties = softmax(b, 0, lanes);
    row.rest = lanes.total();
  }

  /**
   * Computes the softmax in strips; returns false, with nothing done, if a logit is NaN or the
   * maximum infinite.
   */
  private static boolean inStrips(RowBlock b, Lanes lanes) {
    Strip s = lanes.strip();
    s.extremes(b.x, b.xAt, b.n);
    float max = s.max();
    if (!(abs(max) < INF)) {
      return false;
    }
    SoftmaxRow row = b.row;
    GeneratedRows.reference(max + 0f, row);
    b.of(row);
    b.far = s.min() < row.cut;
    int at = b.xAt;
    float[] e = b.e;
    int eAt = b.eAt;
    b.e = s.termHi;
    b.eAt = 0;
    int ties = 0;
    for (int start = 0; start < b.n; start += Strip.LENGTH) {
      int m = Math.min(Strip.LENGTH, b.n - start);
      b.xAt = at + start;
      GeneratedTermsStrips.run(b, lanes, 0, m);
      if (e != null) {
        System.arraycopy(s.termHi, 0, e, eAt + start, m);
      }
      ties += s.dropTies(max, b.x, b.xAt, s.termHi, m);
      StripSums.sum(s, s.termHi, s.zero, lanes, start, m);
    }
    b.xAt = at;
    b.e = e;
    b.eAt = eAt;
    row.ties = ties;
    row.rest = StripSums.total(s, lanes);
    return true;
  }

  /** Computes the terms of the block's elements from {@code from} on; returns how many are ties. */
  static int softmax(RowBlock b, int from, Lanes lanes) {
    SoftmaxRow row = b.row;
    int ties = 0;
    for (int i = from; i < b.n; i++) {
      float v = b.x[b.xAt + i];
      float term = GeneratedRows.term(v, row.cut, row.shift, row.magic);
      if (b.e != null) {
        b.e[b.eAt + i] = term;
      }
      if (v == row.max) {
        ties++;
        term = 0f;
      }
      lanes.add(i, term, 0f);
    }
    return ties;
  }

  /** Does {@link BlockKernels#distances}. */
  static void distances(RowBlock b, Lanes lanes) {
    SoftmaxRow row = b.row;
    boolean few = b.n < Strip.FEW;
    if (b.q == null) {
      row.mass =
          b.w == null ? pair(b.n, 0f) : StripSums.of(b.w, null, b.wAt, b.n, row.inOrder, lanes);
    } else if (few || row.inOrder) {
      lanes.clear(b.n, row.inOrder);
      mass(b, 0, lanes);
      row.mass = lanes.total();
    }
    if (!few && !row.inOrder) {
      sums(b, lanes);
      if (abs(hi(row.distance)) < INF) {
        return;
      }
    }
    lanes.clear(b.n, row.inOrder);
    distances(b, 0, lanes);
    row.distance = lanes.total();
  }

  /** Computes sums of the row's distances and shares, in loops over strips. */
  private static void sums(RowBlock b, Lanes lanes) {
    Strip s = lanes.strip();
    lanes.clear(b.n, false);
    lanes.more.clear(b.n, false);
    for (int start = 0; start < b.n; start += Strip.LENGTH) {
      GeneratedDistancesStrips.run(b, lanes, start, Math.min(Strip.LENGTH, b.n - start));
    }
    b.row.distance = StripSums.total(s, lanes.more);
    b.row.mass = b.q == null ? b.row.mass : StripSums.total(s, lanes);
  }

  /** Adds the shares of the block's elements from {@code from} on. */
  static void mass(RowBlock b, int from, Lanes lanes) {
    for (int i = from; i < b.n; i++) {
      long p = b.share(i);
      lanes.add(i, hi(p), lo(p));
    }
  }

  /** Adds the distances, times shares or weights, of the block's elements from {@code from} on. */
  static void distances(RowBlock b, int from, Lanes lanes) {
    if (b.q == null) {
      distances(b, b.w, b.wAt, from, lanes);
    } else if (b.w == null && !b.settings.smooth) {
      distances(b, b.q, b.qAt, from, lanes);
    } else {
      for (int i = from; i < b.n; i++) {
        long d = GeneratedClasses.weightedDistance(b.x[b.xAt + i], b.from, b.share(i));
        lanes.add(i, hi(d), lo(d));
      }
    }
  }

  /** Adds the distances of the elements from {@code from} on, times p if that is not null. */
  private static void distances(RowBlock b, float[] p, int pAt, int from, Lanes lanes) {
    float max = b.from;
    for (int i = from; i < b.n; i++) {
      float v = b.x[b.xAt + i];
      long d =
          p == null
              ? GeneratedRows.distanceTo(max, v)
              : GeneratedClasses.weightedDistanceByFloat(v, max, p[pAt + i]);
      lanes.add(i, hi(d), lo(d));
    }
  }

  /** Does {@link BlockKernels#moment}. */
  static void moment(RowBlock b, Lanes lanes) {
    if (b.n >= Strip.FEW && !b.row.inOrder) {
      lanes.clear(b.n, false);
      for (int start = 0; start < b.n; start += Strip.LENGTH) {
        GeneratedMomentsStrips.run(b, lanes, start, Math.min(Strip.LENGTH, b.n - start));
      }
      b.row.moment = StripSums.total(lanes.strip(), lanes);
      if (abs(hi(b.row.moment)) < INF) {
        return;
      }
    }
    lanes.clear(b.n, b.row.inOrder);
    moments(b, 0, lanes);
    b.row.moment = lanes.total();
  }

  /** Adds what the block's elements from {@code from} on add to the moment. */
  static void moments(RowBlock b, int from, Lanes lanes) {
    for (int i = from; i < b.n; i++) {
      lanes.add(i, GeneratedOutputs.momentOf(b.x[b.xAt + i], b.row.max, b.e[b.eAt + i]), 0f);
    }
  }

  /** Computes the gradient of the block's elements from {@code from} on. */
  static void gradient(RowBlock b, int from, Lanes lanes) {
    float[] e = b.e;
    int at = b.eAt;
    int n = b.n;
    if (b.q == null && !b.shared) {
      float factor = b.slope.factor;
      for (int i = at + from; i < at + n; i++) {
        e[i] = GeneratedClasses.scaledGradient(e[i], factor);
      }
    } else if (b.q == null || n - from < Strip.FEW) {
      for (int i = from; i < n; i++) {
        e[at + i] = b.gradient(i);
      }
    } else {
      for (int start = from; start < n; start += Strip.LENGTH) {
        GeneratedGradientStrips.run(b, lanes, start, Math.min(Strip.LENGTH, n - start));
      }
    }
  }

  /** Does {@link BlockKernels#hessian(RowBlock, Lanes)} for the elements from {@code from} on. */
  static void hessian(RowBlock b, int from) {
    Curve c = b.curve;
    for (int i = from; i < b.n; i++) {
      b.h[b.hAt + i] =
          GeneratedHessian.hessianOf(
              b.e[b.eAt + i], c.factor, c.share, c.crest, c.rest, c.bend, c.tail, c.least);
    }
  }

  /** Computes the log-softmax of the block's elements from {@code from} on. */
  static void logSoftmax(RowBlock b, int from) {
    for (int i = from; i < b.n; i++) {
      b.e[b.eAt + i] = GeneratedLogSoftmax.logSoftmax(b.x[b.xAt + i], b.max, b.log);
    }
  }
}
