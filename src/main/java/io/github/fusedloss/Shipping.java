package io.github.fusedloss;

import io.github.fusedloss.backend.CrossEntropyTask;
import io.github.fusedloss.backend.Executor;
import io.github.fusedloss.backend.HostMemory;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Whether a call with host arrays is faster on a device, transfers included, than on the CPU.
 *
 * <p>At first an estimate decides: opening measures the device, a few milliseconds; the CPU's rate
 * is a constant, because its kernels run at a hundredth of their speed until HotSpot has compiled
 * them. Where the estimate leaves it open, what calls of the same kind and size took decides, and
 * the side that was not chosen is tried now and then, for a fiftieth of the time at most.
 */
final class Shipping {
  /** What calls compute, as far as their speed depends on it. */
  enum Work {
    SIGMOID,
    SOFTMAX,
    LOGSUMEXP,
    SUM,
    MAX,
    BINARY_CROSS_ENTROPY,
    BINARY_CROSS_ENTROPY_WITH_LOGITS,
    INDICES,
    PROBABILITIES,
    NLL;

    static Work of(CrossEntropyTask.Kind kind) {
      return switch (kind) {
        case INDICES -> INDICES;
        case PROBABILITIES -> PROBABILITIES;
        case NLL -> NLL;
      };
    }
  }

  /** Nanoseconds per element and thread of binary cross entropy with its gradient, measured. */
  private static final double VECTOR = 1.5;

  private static final double SCALAR = 5;

  /** More threads than this wait for memory. */
  private static final int THREADS = 8;

  private static final int SAMPLE = 1 << 20;

  private static final int TYPES = ElementType.values().length;

  /** How far off an estimate may be: where one side seems so many times faster, it is. */
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
  private final Map<Long, Record> records = new ConcurrentHashMap<>();

  /** Nanoseconds per call and per element on the device, per element on the CPU. */
  Shipping(double call, double element, double own) {
    this.call = call;
    this.element = element;
    this.own = own;
  }

  /** Measures the device. */
  static Shipping between(Executor device, Executor cpu) {
    double call = nanos(device, 1);
    // Two arrays go to the device and one comes back.
    double element = 3 * Math.max(0, nanos(device, SAMPLE) - call) / SAMPLE;
    double own = cpu.info().name().equals("cpu:vector") ? VECTOR : SCALAR;
    int threads = Math.min(THREADS, Runtime.getRuntime().availableProcessors());
    return new Shipping(call, element, own / threads);
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
   * A kind of call.
   *
   * @param work what is computed
   * @param gradient whether with its gradient
   * @param classes 1 for elements; the length of rows decides how they are computed
   */
  static long kind(Work work, ElementType type, boolean gradient, long classes) {
    int length = 64 - Long.numberOfLeadingZeros(classes);
    return ((long) work.ordinal() * TYPES + type.ordinal()) * 128 + (gradient ? 64 : 0) + length;
  }

  /**
   * Whether this call belongs on the device. Where {@link #inDoubt}, {@link #took} has to be told.
   *
   * @param kind from {@link #kind}
   * @param size elements of the largest operand
   */
  boolean ship(long kind, long size) {
    return inDoubt(size) ? record(kind, size).ship(estimate(size)) : estimate(size);
  }

  /** What a call of {@link #ship} took where it was computed. */
  void took(long kind, long size, boolean onDevice, long nanos) {
    record(kind, size).took(onDevice, (double) nanos / size, nanos);
  }

  private Record record(long kind, long size) {
    // Four sizes to an octave: within one, both sides' times per element are comparable.
    int octave = 63 - Long.numberOfLeadingZeros(size);
    long quarter = octave < 2 ? 0 : size >>> octave - 2 & 3;
    return records.computeIfAbsent(kind << 8 | octave << 2 | quarter, key -> new Record());
  }

  /** What calls of one kind and size took on both sides: index 0 the CPU, 1 the device. */
  private static final class Record {
    private final double[] perElement = {Double.NaN, Double.NaN};
    private double spent;
    private int calls;
    private double tried = BUILD;
    // Of the trial in progress: its first call builds kernels and does not count.
    private int trial = -1;
    private boolean warm;

    synchronized boolean ship(boolean estimate) {
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
