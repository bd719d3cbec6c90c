package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.GeneratedNumerics.canonical;
import static io.github.fusedloss.cpu.ScalarMath.hi;
import static io.github.fusedloss.cpu.ScalarMath.lo;

import io.github.fusedloss.ElementType;

/**
 * The block kernels in plain Java. Blocks worth it are worked at in loops over a {@link Strip},
 * which HotSpot vectorises; others one element at a time, and so are tails of vectors, and what has
 * an infinity or NaN that has to be judged.
 */
class ScalarKernels implements BlockKernels {
  @Override
  public void decode(ElementType type, short[] from, int at, int n, float[] to, int toAt) {
    for (int i = 0; i < n; i++) {
      to[toAt + i] = type.decode(from[at + i]);
    }
  }

  @Override
  public void encode(ElementType type, float[] from, int at, int n, short[] to, int toAt) {
    for (int i = 0; i < n; i++) {
      to[toAt + i] = type.encode(from[at + i]);
    }
  }

  @Override
  public long elementLoss(ElementFormulas formulas, BceBlock b, Lanes lanes) {
    if (b.n >= Strip.FEW && !b.odd) {
      lanes.clear(b.n, false);
      for (int start = 0; start < b.n; start += Strip.LENGTH) {
        formulas.strip(b, lanes, start, Math.min(Strip.LENGTH, b.n - start));
      }
      long total = StripSums.total(lanes.strip(), lanes);
      if (Math.abs(hi(total)) < ScalarMath.INF) {
        return total;
      }
    }
    lanes.clear(b.n, false);
    formulas.each(b, 0, lanes);
    return lanes.total();
  }

  @Override
  public void elementHessian(ElementFormulas formulas, BceBlock b, Lanes lanes) {
    formulas.eachHessian(b, 0);
  }

  @Override
  public boolean inUnitInterval(float[] x, int at, int n) {
    boolean in = true;
    for (int i = at; i < at + n; i++) {
      in &= x[i] >= 0f & x[i] <= 1f;
    }
    return in;
  }

  @Override
  public boolean isZeroOrOne(float[] x, int at, int n) {
    boolean are = true;
    for (int i = at; i < at + n; i++) {
      are &= x[i] == 0f | x[i] == 1f;
    }
    return are;
  }

  @Override
  public void sigmoid(float[] x, int at, int n, float[] out, int outAt, Lanes lanes) {
    for (int i = 0; i < n; i++) {
      out[outAt + i] = GeneratedLogits.logistic(x[at + i]);
    }
  }

  @Override
  public long sum(float[] hi, float[] lo, int at, int n, Lanes lanes) {
    return StripSums.of(hi, lo, at, n, false, lanes);
  }

  @Override
  public float max(float[] x, int at, int n) {
    float max = x[at];
    for (int i = at + 1; i < at + n; i++) {
      max = Math.max(max, x[i]);
    }
    return canonical(max);
  }

  @Override
  public void softmax(RowBlock b, Lanes lanes) {
    ScalarRows.softmax(b, lanes);
  }

  @Override
  public void softmax(RowTile tile, boolean keep, Lanes lanes) {
    ScalarTiles.softmax(tile, keep, lanes);
  }

  @Override
  public void losses(RowTile tile, RowFormulas formulas, Lanes lanes) {
    ScalarTiles.losses(tile, formulas, lanes);
  }

  @Override
  public void distances(RowTile tile, Lanes lanes) {
    ScalarTiles.distances(tile, lanes);
  }

  @Override
  public void gradient(RowTile tile, Lanes lanes) {
    ScalarTiles.gradient(tile, lanes);
  }

  @Override
  public void scale(RowTile tile, Lanes lanes) {
    ScalarTiles.scale(tile, lanes);
  }

  @Override
  public void distances(RowBlock b, Lanes lanes) {
    ScalarRows.distances(b, lanes);
  }

  @Override
  public void gradient(RowBlock b, Lanes lanes) {
    ScalarRows.gradient(b, 0, lanes);
  }

  @Override
  public void moment(RowBlock b, Lanes lanes) {
    ScalarRows.moment(b, lanes);
  }

  @Override
  public int indexOf(float value, float[] x, int at, int n) {
    int i = 0;
    while (i < n && x[at + i] != value) {
      i++;
    }
    return i;
  }

  @Override
  public int before(float value, int equal, float[] x, int at, int n) {
    int before = 0;
    for (int i = at; i < at + n; i++) {
      before += x[i] > value ? 1 : 0;
    }
    for (int i = at; i < at + equal; i++) {
      before += x[i] == value ? 1 : 0;
    }
    return before;
  }

  @Override
  public void outputs(RowTile tile, Lanes lanes) {
    ScalarTiles.outputs(tile, lanes);
  }

  @Override
  public void hessian(RowBlock b, Lanes lanes) {
    ScalarRows.hessian(b, 0);
  }

  @Override
  public void hessian(RowTile tile, Lanes lanes) {
    ScalarTiles.hessian(tile);
  }

  @Override
  public void transform(LogitBlock b, Lanes lanes) {
    ScalarLogits.transform(b, 0);
  }

  @Override
  public void slopes(LogitBlock b, Lanes lanes) {
    ScalarLogits.slopes(b, 0);
  }

  @Override
  public void masses(DistillBlock b, Lanes lanes) {
    clear(b, lanes);
    DistillationFormulas.masses(b, 0, lanes);
    b.sums.student = lanes.total();
    b.sums.teacher = lanes.more.total();
    b.sums.difference = lanes.more.more.total();
  }

  /** Begins the sums of a block. */
  static void clear(DistillBlock b, Lanes lanes) {
    lanes.clear(b.n, false);
    lanes.more.clear(b.n, false);
    lanes.more.more.clear(b.n, false);
  }

  @Override
  public void divergences(DistillBlock b, Lanes lanes) {
    clear(b, lanes);
    DistillationFormulas.terms(b, 0, lanes);
    b.sum = lanes.total();
    b.ofStudent = lanes.more.total();
  }

  @Override
  public void slopes(DistillBlock b, Lanes lanes) {
    DistillationFormulas.slopes(b, 0);
  }

  @Override
  public void logSoftmax(RowTile tile, Lanes lanes) {
    ScalarTiles.logSoftmax(tile, lanes);
  }

  @Override
  public void logSoftmax(RowBlock b, Lanes lanes) {
    ScalarRows.logSoftmax(b, 0);
  }
}
