package io.github.fusedloss;

import java.util.List;

/**
 * What calls of one kind and size took on each executor, and which executor is next.
 *
 * <p>An executor is as fast as the shortest of its last three calls: noise only adds, so one slow
 * call says nothing, and three say that the machine has changed. The others are tried now and then,
 * for a share of the time: a larger one in the first calls and while HotSpot compiles them, a small
 * one later.
 */
final class CallHistory {
  /** What the first calls of an executor are like. */
  enum Start {
    /** As all others, more or less. */
    READY,
    /** Its kernels are built for the first call of each kind. */
    BUILDS,
    /** Many times as slow, until HotSpot has compiled the passes of the Vector API. */
    INTERPRETED
  }

  /** Where the first calls are interpreted, so many are made before others are tried. */
  private static final int WARM = 20;

  /** How many calls are the first. */
  private static final int FIRST = 100;

  /**
   * The share of the time that trials of one executor may take in the first calls, and those of the
   * Vector API beside plain Java until they are compiled.
   */
  private static final double SHARE_AT_FIRST = 0.3;

  /** The same later. */
  private static final double SHARE = 0.02;

  /**
   * Nanoseconds of interpreted calls in which HotSpot has compiled them: some two seconds were
   * measured, for a thousand calls as for twenty long ones.
   */
  private static final double COMPILING = 3e9;

  /** Nanoseconds that building kernels, for a first trial, is expected to take. */
  private static final double BUILD = 20e6;

  /** Nanoseconds that a first trial of the Vector API takes, which has its classes loaded. */
  private static final double LOAD = 100e6;

  private final Side[] sides;
  private double spent;
  private int calls;
  private int trial = -1;

  CallHistory(List<Start> starts) {
    sides = starts.stream().map(Side::new).toArray(Side[]::new);
  }

  /** What is known of one executor; times are nanoseconds per element. */
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

    /** The shortest of the last calls; of an unknown one infinity. */
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
        return; // Says nothing of the next.
      }
      last[2] = last[1];
      last[1] = last[0];
      last[0] = each;
    }

    /** Whether it may be tried, where the others have spent so much and this one is the best. */
    boolean isDue(double spent, boolean first, Start best) {
      if (isKnown()) {
        boolean compiling = start == Start.INTERPRETED && best == Start.READY && inAll < COMPILING;
        return tried + nanos <= (first || compiling ? SHARE_AT_FIRST : SHARE) * spent;
      }
      return switch (start) {
        // After the call that built kernels the one that is measured follows at once.
        case BUILDS -> calls == 1 || tried + BUILD <= SHARE * spent;
        case INTERPRETED -> tried + LOAD <= SHARE_AT_FIRST * spent;
        case READY -> true;
      };
    }
  }

  /**
   * The executor for the next call.
   *
   * @param first where nothing is known
   * @param candidates a bit for each that comes into question
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
    // One trial at a time: other threads go on with the best.
    for (int i = 0; i < sides.length && trial < 0 && sides[best].isKnown(); i++) {
      boolean other = i != best && (candidates >> i & 1) != 0;
      if (other && sides[i].isDue(spent, calls < FIRST, sides[best].start)) {
        trial = i;
        return i;
      }
    }
    return best;
  }

  /** A call was not computed: it said nothing. */
  synchronized void failed(int executor) {
    trial = executor == trial ? -1 : trial;
  }

  /** What a call took, per element and in all. */
  synchronized void took(int executor, double each, double nanos) {
    Side side = sides[executor];
    side.took(each, nanos);
    calls++;
    if (calls == FIRST) { // What starting has cost is no reason not to look again.
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
