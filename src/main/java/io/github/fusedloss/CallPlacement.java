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
 * On which executor calls with host arrays are computed: where they are fastest, transfers
 * included. Executors are named by their place in the list of the {@link Engine}, the device first.
 *
 * <p>Estimates come first: opening measures an OpenCL device, a few milliseconds; the CPU's rates
 * are constants. An executor that is {@link #DOUBT} times slower by its estimate is out. Among the
 * others what calls of the same kind and size took decides ({@link CallHistory}).
 */
final class CallPlacement {
  /**
   * The estimate is trusted where it says that one is this many times faster, or more. It is rough:
   * other programs may have been busy while the device was measured.
   */
  private static final double DOUBT = 32;

  private static final int SAMPLE = 1 << 20;

  /**
   * Nanoseconds of a call in which HotSpot compiles what it interprets while the call goes on; in
   * shorter ones it takes hundreds of calls.
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
   * @param start what its first calls are like
   */
  record Estimate(double call, double element, Start start) {
    /** More threads than this wait for memory. */
    private static final int THREADS = 8;

    /** Nanoseconds per element and thread of binary cross entropy with its gradient, measured. */
    private static final double VECTOR = 1.5;

    private static final double SCALAR = 5;

    /** threads: of the CPU, or 0 for all processors. */
    static Estimate of(Executor executor, int threads) {
      if (!executor.info().backend().equals("cpu")) {
        double call = shortest(executor, 1);
        // Two arrays go to the device and one comes back.
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

    /** The shortest of three sums of a host array. */
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

  /** Measures and estimates these; threads: of the CPU, or 0 for all processors. */
  static CallPlacement between(List<Executor> executors, int threads) {
    List<Estimate> estimates = new ArrayList<>();
    executors.forEach(executor -> estimates.add(Estimate.of(executor, threads)));
    return new CallPlacement(estimates);
  }

  /**
   * What the speed of a call depends on, beside its size.
   *
   * @param gradient whether with its gradient
   * @param octave of the rows' length, which decides how they are computed
   */
  record Kind(Function function, ElementType type, boolean gradient, byte octave) {
    /** Of rows of so many classes, or of elements if that is 1. */
    static Kind of(Function function, ElementType type, boolean gradient, int classes) {
      return new Kind(function, type, gradient, octaveOf(classes));
    }

    // A record's own methods are made of method handles, some 20 ms in the first call of a JVM.
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

  /** Four sizes to an octave: within one, times per element are comparable. */
  private record Key(Kind kind, byte octave, byte quarter) {
    // As in Kind.
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

  /** The executor of least estimate. */
  private int estimated(long size) {
    int best = 0;
    for (int i = 1; i < estimates.size(); i++) {
      if (estimates.get(i).nanos(size) < estimates.get(best).nanos(size)) {
        best = i;
      }
    }
    return best;
  }

  /** The executors that come into question, a bit each. */
  private int candidates(long size, int best) {
    double most = DOUBT * estimates.get(best).nanos(size);
    int candidates = 1 << best;
    for (int i = 0; i < estimates.size(); i++) {
      candidates |= estimates.get(i).nanos(size) < most ? 1 << i : 0;
    }
    return candidates;
  }

  /** Whether more than one executor comes into question. */
  boolean inDoubt(long size) {
    return Integer.bitCount(candidates(size, estimated(size))) > 1;
  }

  /**
   * Where to compute a call. Where {@link #inDoubt}, {@link #took} has to be told.
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

  /** What a call took where {@link #choose} had it computed. */
  void took(Kind kind, long size, int executor, long nanos) {
    history(kind, size).took(executor, (double) nanos / size, nanos);
  }

  /** A call that threw. */
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
