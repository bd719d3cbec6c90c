package io.github.fusedloss;

import java.util.List;

/**
 * Remembers how long calls of one kind and size took on each executor, and chooses the executor of
 * the next call.
 *
 * <p>An executor counts as fast as the shortest of its last three calls: noise only adds time, so
 * one slow call says nothing, and three say that the machine has changed. The other executors are
 * tried now and then, for a share of the time: a larger share in the first calls and while HotSpot
 * compiles, a small one later.
 */
final class CallHistory {
  /** What slows down the first calls of an executor. */
  enum Start {
    /** Nothing: they take about as long as all others. */
    READY,
    /** Kernels are built in the first call of each kind. */
    BUILDS,
    /** They take many times as long, until HotSpot has compiled the passes of the Vector API. */
    INTERPRETED
  }

  /** How many calls an executor that starts interpreted gets before others are tried. */
  private static final int WARM = 20;

  /** How many calls count as the first. */
  private static final int FIRST = 100;

  /**
   * The share of the time that trials of one executor may take in the first calls. It also holds
   * for trials of the Vector API beside plain Java, until HotSpot has compiled it.
   */
  private static final double SHARE_AT_FIRST = 0.3;

  /** The share of the time that trials of one executor may take after the first calls. */
  private static final double SHARE = 0.02;

  /**
   * Nanoseconds of interpreted calls after which HotSpot has compiled them. About two seconds were
   * measured, for a thousand short calls as for twenty long ones.
   */
  private static final double COMPILING = 3e9;

  /** Nanoseconds that building the kernels for a first trial is expected to take. */
  private static final double BUILD = 20e6;

  /**
   * Nanoseconds that a first trial of the Vector API is expected to take, which loads its classes.
   */
  private static final double LOAD = 100e6;

  private final Side[] sides;
  private double spent;
  private int calls;
  private int trial = -1;

  CallHistory(List<Start> starts) {
    sides = starts.stream().map(Side::new).toArray(Side[]::new);
  }

  /** What is known of one executor. Times are nanoseconds per element. */
  private static final class Side {
    private final Start start;
    private final double[] last = {Double.NaN, Double.NaN, Double.NaN};
    private int calls;
    private double tried;
    private double nanos;
    private double inAll;

    Side(Start start) {
      this.start = start;
    }

    boolean isKnown() {
      return !Double.isNaN(last[0]);
    }

    /** Returns the shortest of the last calls; infinity if there was none. */
    double best() {
      double best = Double.POSITIVE_INFINITY;
      for (double each : last) {
        best = each < best ? each : best;
      }
      return best;
    }

    void took(double each, double nanos) {
      calls++;
      this.nanos = nanos;
      inAll += nanos;
      if (start == Start.BUILDS && calls == 1) {
        return; // A call that builds kernels says nothing of the next ones.
      }
      last[2] = last[1];
      last[1] = last[0];
      last[0] = each;
    }

    /**
     * Returns whether this executor may be tried, after the others have spent so much time.
     *
     * @param spent nanoseconds of the calls that were no trials
     * @param first whether the calls are still among the {@link #FIRST}
     * @param best how the fastest executor starts
     */
    boolean isDue(double spent, boolean first, Start best) {
      if (isKnown()) {
        boolean compiling = start == Start.INTERPRETED && best == Start.READY && inAll < COMPILING;
        return tried + nanos <= (first || compiling ? SHARE_AT_FIRST : SHARE) * spent;
      }
      return switch (start) {
        // The call that built kernels was not measured, so the one that is follows at once.
        case BUILDS -> calls == 1 || tried + BUILD <= SHARE * spent;
        case INTERPRETED -> tried + LOAD <= SHARE_AT_FIRST * spent;
        case READY -> true;
      };
    }
  }

  /**
   * Chooses the executor for the next call.
   *
   * @param first the executor to take while nothing is known
   * @param candidates a bit for each executor that may be chosen
   */
  synchronized int choose(int first, int candidates) {
    if (calls < WARM && sides[first].start == Start.INTERPRETED) {
      return first;
    }
    int best = first;
    for (int i = 0; i < sides.length; i++) {
      if ((candidates >> i & 1) != 0 && sides[i].best() < sides[best].best()) {
        best = i;
      }
    }
    // There is one trial at a time: other threads go on with the best.
    for (int i = 0; i < sides.length && trial < 0 && sides[best].isKnown(); i++) {
      boolean other = i != best && (candidates >> i & 1) != 0;
      if (other && sides[i].isDue(spent, calls < FIRST, sides[best].start)) {
        trial = i;
        return i;
      }
    }
    return best;
  }

  /** Notes that a call failed, so that its time says nothing. */
  synchronized void failed(int executor) {
    trial = executor == trial ? -1 : trial;
  }

  /** Notes what a call took, per element and in all. */
  synchronized void took(int executor, double each, double nanos) {
    Side side = sides[executor];
    side.took(each, nanos);
    calls++;
    if (calls == FIRST) { // The cost of starting must not keep later trials from being made.
      spent = 0;
      for (Side any : sides) {
        any.tried = 0;
      }
    }
    if (executor == trial) {
      side.tried += nanos;
      trial = -1;
    } else {
      spent += nanos;
    }
  }
}
