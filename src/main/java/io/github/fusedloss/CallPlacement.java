package io.github.fusedloss;

import io.github.fusedloss.CallHistory.Start;
import io.github.fusedloss.backend.Executor;
import io.github.fusedloss.backend.Function;
import io.github.fusedloss.backend.HostMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Decides on which executor a call with host arrays is computed: the fastest, transfers included.
 * Executors are named by their place in the list of the {@link Engine}, the device first.
 *
 * <p>Estimates come first: opening measures an OpenCL device, which takes a few milliseconds; the
 * CPU's rates are constants. An executor that is {@link #DOUBT} times slower by its estimate is
 * never chosen. Between the others the times of earlier calls of the same kind and size decide
 * ({@link CallHistory}).
 */
final class CallPlacement {
  /**
   * An estimate is trusted only where it says that one executor is at least this many times faster.
   * It is rough: other programs may have been busy while the device was measured.
   */
  private static final double DOUBT = 32;

  private static final int SAMPLE = 1 << 20;

  /**
   * A call of so many nanoseconds is long enough for HotSpot to compile the interpreted code while
   * the call goes on. With shorter calls that takes hundreds of them.
   */
  private static final double LONG = 300_000;

  private final List<Estimate> estimates;
  private final List<Start> starts;
  private final Map<Key, CallHistory> histories = new ConcurrentHashMap<>();

  CallPlacement(List<Estimate> estimates) {
    this.estimates = List.copyOf(estimates);
    this.starts = estimates.stream().map(Estimate::start).toList();
  }

  /**
   * What is known of an executor before it has computed anything.
   *
   * @param call nanoseconds per call
   * @param element nanoseconds per element
   * @param start what slows down its first calls
   */
  record Estimate(double call, double element, Start start) {
    /** More threads than this do not help, because they wait for memory. */
    private static final int THREADS = 8;

    /**
     * Nanoseconds per element and thread for binary cross entropy with its gradient, as measured.
     */
    private static final double VECTOR = 1.5;

    private static final double SCALAR = 5;

    /** Estimates one executor; {@code threads} are those of the CPU, or 0 for all processors. */
    static Estimate of(Executor executor, int threads) {
      if (!executor.info().backend().equals("cpu")) {
        double call = shortest(executor, 1);
        // Two arrays go to the device, and one comes back.
        double each = Math.max(0, shortest(executor, SAMPLE) - call) / SAMPLE;
        return new Estimate(call, 3 * each, Start.BUILDS);
      }
      boolean vector = executor.info().name().equals("cpu:vector");
      int all = threads > 0 ? threads : Runtime.getRuntime().availableProcessors();
      int useful = Math.min(THREADS, all);
      return vector
          ? new Estimate(0, VECTOR / useful, Start.INTERPRETED)
          : new Estimate(0, SCALAR / useful, Start.READY);
    }

    /** Returns the shortest time of three sums of a host array, in nanoseconds. */
    private static double shortest(Executor device, int size) {
      HostMemory values = HostMemory.of(new float[size]);
      long shortest = Long.MAX_VALUE;
      for (int i = 0; i < 3; i++) {
        long start = System.nanoTime();
        device.sum(size, values);
        shortest = Math.min(shortest, System.nanoTime() - start);
      }
      return shortest;
    }

    private double nanos(long size) {
      return call + element * size;
    }
  }

  /**
   * Estimates the speed of these executors; {@code threads} are those of the CPU, or 0 for all
   * processors.
   */
  static CallPlacement between(List<Executor> executors, int threads) {
    List<Estimate> estimates = new ArrayList<>();
    executors.forEach(executor -> estimates.add(Estimate.of(executor, threads)));
    return new CallPlacement(estimates);
  }

  /**
   * What the speed of a call depends on, besides its size.
   *
   * @param gradient whether the gradient is computed too
   * @param octave the logarithm of the rows' length, which decides how they are computed
   */
  record Kind(Function function, ElementType type, boolean gradient, byte octave) {
    /** Describes a call over rows of so many classes, or over elements if {@code classes} is 1. */
    static Kind of(Function function, ElementType type, boolean gradient, int classes) {
      return new Kind(function, type, gradient, octaveOf(classes));
    }

    // The methods that Java makes for a record use method handles, which cost some 20 ms in the
    // first call.
    @Override
    public int hashCode() {
      return (function.hashCode() * 31 + type.hashCode()) * 31 + octave * 2 + (gradient ? 1 : 0);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Kind kind
          && function == kind.function
          && type == kind.type
          && gradient == kind.gradient
          && octave == kind.octave;
    }
  }

  private static byte octaveOf(long size) {
    return (byte) (63 - Long.numberOfLeadingZeros(size));
  }

  /** Four sizes for each octave of sizes: within one of them, times per element are comparable. */
  private record Key(Kind kind, byte octave, byte quarter) {
    // Written by hand because of the time that a record's own methods take, see {@link Kind}.
    @Override
    public int hashCode() {
      return kind.hashCode() * 31 + octave * 4 + quarter;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Key key
          && octave == key.octave
          && quarter == key.quarter
          && kind.equals(key.kind);
    }
  }

  /** Returns the executor with the lowest estimate. */
  private int estimated(long size) {
    int best = 0;
    for (int i = 1; i < estimates.size(); i++) {
      if (estimates.get(i).nanos(size) < estimates.get(best).nanos(size)) {
        best = i;
      }
    }
    return best;
  }

  /** Returns the executors that may be chosen, one bit for each. */
  private int candidates(long size, int best) {
    double most = DOUBT * estimates.get(best).nanos(size);
    int candidates = 1 << best;
    for (int i = 0; i < estimates.size(); i++) {
      candidates |= estimates.get(i).nanos(size) < most ? 1 << i : 0;
    }
    return candidates;
  }

  /** Returns whether more than one executor may be chosen. */
  boolean inDoubt(long size) {
    return Integer.bitCount(candidates(size, estimated(size))) > 1;
  }

  /**
   * Chooses where a call is computed. If it is {@link #inDoubt}, {@link #took} or {@link #failed}
   * must be told afterwards.
   *
   * @param size elements of the largest operand
   */
  int choose(Kind kind, long size) {
    int best = estimated(size);
    int candidates = candidates(size, best);
    if (Integer.bitCount(candidates) == 1) {
      return best;
    }
    boolean early = starts.get(best) == Start.INTERPRETED && estimates.get(best).nanos(size) < LONG;
    int ready = starts.indexOf(Start.READY);
    boolean plain = early && ready >= 0 && (candidates >> ready & 1) != 0;
    return history(kind, size).choose(plain ? ready : best, candidates);
  }

  /** Notes what a call took on the executor that {@link #choose} gave. */
  void took(Kind kind, long size, int executor, long nanos) {
    history(kind, size).took(executor, (double) nanos / size, nanos);
  }

  /** Notes that a call threw on the executor that {@link #choose} gave. */
  void failed(Kind kind, long size, int executor) {
    history(kind, size).failed(executor);
  }

  private CallHistory history(Kind kind, long size) {
    byte octave = octaveOf(size);
    long quarter = octave < 2 ? 0 : size >>> octave - 2 & 3;
    return histories.computeIfAbsent(
        new Key(kind, octave, (byte) quarter), key -> new CallHistory(starts));
  }
}
