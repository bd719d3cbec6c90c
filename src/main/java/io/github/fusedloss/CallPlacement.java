package io.github.fusedloss;

import io.github.fusedloss.backend.Executor;
import io.github.fusedloss.backend.Function;
import io.github.fusedloss.backend.HostMemory;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Where calls with host arrays are computed: on a device, or on the CPU beside it. That is where
 * they are faster, transfers included.
 *
 * <p>At first an estimate decides: opening measures the device, a few milliseconds; the CPU's rate
 * is a constant, because its kernels run at a hundredth of their speed until HotSpot has compiled
 * them. Where the estimate leaves it open, what calls of the same kind and size took decides, and
 * the side that was not chosen is tried now and then, for a fiftieth of the time at most.
 */
final class CallPlacement {
  /** Nanoseconds per element and thread of binary cross entropy with its gradient, measured. */
  private static final double VECTOR = 1.5;

  private static final double SCALAR = 5;

  /** More threads than this wait for memory. */
  private static final int THREADS = 8;

  private static final int SAMPLE = 1 << 20;

  /** The estimate is trusted where it says that one side is this many times faster, or more. */
  private static final double DOUBT = 8;

  /** The share of the time that trials of the other side may take. */
  private static final double TRIALS = 0.02;

  /** Counted as spent on trials before the first: kernels that were never used are built in it. */
  private static final long BUILD = 20_000_000;

  /** Before so many calls nothing is tried: HotSpot is still compiling what is called. */
  private static final int WARM = 32;

  /**
   * A time that is exceeded again and again is outdated: it grows by this share of the excess, but
   * no more than of itself. One call that waits for HotSpot or a collection says nothing.
   */
  private static final double AGING = 0.1;

  private final double call;
  private final double element;
  private final double own;
  private final Map<Key, History> histories = new ConcurrentHashMap<>();

  /** Nanoseconds per call and per element on the device, per element on the CPU. */
  CallPlacement(double call, double element, double own) {
    this.call = call;
    this.element = element;
    this.own = own;
  }

  /** Measures the device. */
  static CallPlacement between(Executor device, Executor cpu) {
    double call = nanos(device, 1);
    // Two arrays go to the device and one comes back.
    double element = 3 * Math.max(0, nanos(device, SAMPLE) - call) / SAMPLE;
    double own = cpu.info().name().equals("cpu:vector") ? VECTOR : SCALAR;
    int threads = Math.min(THREADS, Runtime.getRuntime().availableProcessors());
    return new CallPlacement(call, element, own / threads);
  }

  /** The shortest of three sums of a host array. */
  private static double nanos(Executor device, int size) {
    HostMemory values = HostMemory.of(new float[size]);
    long shortest = Long.MAX_VALUE;
    for (int i = 0; i < 3; i++) {
      long start = System.nanoTime();
      device.sum(size, values);
      shortest = Math.min(shortest, System.nanoTime() - start);
    }
    return shortest;
  }

  /** Whether the estimate says that the device is faster. */
  private boolean estimate(long size) {
    return call + element * size <= own * size;
  }

  /** Whether the estimate may be wrong about it. */
  boolean inDoubt(long size) {
    double device = call + element * size;
    double cpu = own * size;
    return device < DOUBT * cpu && cpu < DOUBT * device;
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
  }

  private static byte octaveOf(long size) {
    return (byte) (63 - Long.numberOfLeadingZeros(size));
  }

  /** Four sizes to an octave: within one, both sides' times per element are comparable. */
  private record Key(Kind kind, byte octave, byte quarter) {}

  /**
   * Whether this call belongs on the device. Where {@link #inDoubt}, {@link #took} has to be told.
   *
   * @param size elements of the largest operand
   */
  boolean onDevice(Kind kind, long size) {
    return inDoubt(size) ? history(kind, size).onDevice(estimate(size)) : estimate(size);
  }

  /** What a call took where {@link #onDevice} had it computed. */
  void took(Kind kind, long size, boolean onDevice, long nanos) {
    history(kind, size).took(onDevice, (double) nanos / size, nanos);
  }

  private History history(Kind kind, long size) {
    byte octave = octaveOf(size);
    long quarter = octave < 2 ? 0 : size >>> octave - 2 & 3;
    return histories.computeIfAbsent(new Key(kind, octave, (byte) quarter), key -> new History());
  }

  /** What calls of one kind and size took on both sides: index 0 the CPU, 1 the device. */
  private static final class History {
    private final double[] perElement = {Double.NaN, Double.NaN};
    private double spent;
    private int calls;
    private double tried = BUILD;
    // Of the trial in progress: its first call builds kernels and does not count.
    private int trial = -1;
    private boolean warm;

    synchronized boolean onDevice(boolean estimate) {
      if (trial < 0 && calls >= WARM && tried <= TRIALS * spent) {
        trial = better(estimate) ? 0 : 1;
        warm = false;
      }
      return trial < 0 ? better(estimate) : trial == 1;
    }

    private boolean better(boolean estimate) {
      boolean unknown = Double.isNaN(perElement[0]) || Double.isNaN(perElement[1]);
      return unknown ? estimate : perElement[1] < perElement[0];
    }

    synchronized void took(boolean onDevice, double each, long nanos) {
      int side = onDevice ? 1 : 0;
      spent += nanos;
      calls++;
      if (side == trial) {
        tried += nanos;
        if (!warm) {
          warm = true;
          return;
        }
        trial = -1;
      }
      double before = perElement[side];
      perElement[side] =
          Double.isNaN(before) || each < before
              ? each
              : before + AGING * Math.min(each - before, before);
    }
  }
}
