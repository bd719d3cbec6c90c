package io.github.fusedloss.opencl;

import io.github.fusedloss.backend.Curvature;
import io.github.fusedloss.backend.Memory;
import io.github.fusedloss.backend.Operand;

/**
 * A part of an operand, copied to a buffer of its own even if the operand is on the device. It has
 * {@code runs} runs of {@code run} adjacent elements: the first begins at {@code from}, and each
 * other {@code stride} further. A single run that reaches the end of the operand goes on at its
 * beginning.
 */
final class Slice extends Memory {
  /** Work on adjacent elements. */
  @FunctionalInterface
  interface Run {
    void run(long from, long length, long done);
  }

  final Memory whole;
  private final long from;
  private final long run;
  private final long stride;
  private final long runs;

  private Slice(Memory whole, long from, long run, long stride, long runs) {
    super(whole.type(), run * runs);
    this.whole = whole;
    this.from = from;
    this.run = run;
    this.stride = stride;
    this.runs = runs;
  }

  /**
   * Returns elements from to from + length: the operand itself if these are all; null if it is
   * null.
   */
  static Memory of(Memory whole, long from, long length) {
    return whole == null || from == 0 && length == whole.length()
        ? whole
        : new Slice(whole, from, length, length, 1);
  }

  /** Returns elements from to from + length of a second derivative; null if it is null. */
  static Curvature of(Curvature hessian, long from, long length) {
    return hessian == null ? null : hessian.in(of(hessian.to(), from, length));
  }

  /** Returns elements from to from + length, in a buffer of its own in any case. */
  static Memory apart(Memory whole, long from, long length) {
    return new Slice(whole, from, length, length, 1);
  }

  /** Returns several runs of elements. */
  static Memory strided(Memory whole, long from, long run, long stride, long runs) {
    return new Slice(whole, from, run, stride, runs);
  }

  /**
   * Returns the values that meet elements at to at + length of an input; null if there are none.
   */
  static Operand of(Operand operand, long at, long length) {
    if (operand == null) {
      return null;
    }
    long repeat = operand.repeat();
    long period = operand.period();
    long first = at + operand.first();
    long values = (first + length - 1) / repeat - first / repeat + 1;
    if (values >= period) {
      return new Operand(operand.values(), repeat, period, first % (repeat * period));
    }
    Memory part = of(operand.values(), first / repeat % period, values);
    return new Operand(part, repeat, values, first % repeat);
  }

  /** Calls {@code work} for the runs in order; {@code done} counts the elements before. */
  void runs(Run work) {
    for (long r = 0; r < runs; r++) {
      long at = from + r * stride;
      long first = Math.min(run, whole.length() - at);
      work.run(at, first, r * run);
      if (first < run) {
        work.run(0, run - first, r * run + first);
      }
    }
  }

  @Override
  public Memory slice(long from, long length) {
    throw new UnsupportedOperationException("pieces are cut of operands, not of pieces");
  }

  @Override
  public boolean overlaps(Memory other) {
    throw new UnsupportedOperationException("operands are compared, not pieces");
  }

  @Override
  protected void free() {}
}
