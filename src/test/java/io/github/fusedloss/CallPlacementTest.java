package io.github.fusedloss;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fusedloss.backend.Function;
import org.junit.jupiter.api.Test;

/** The estimate, and what is learned where it is wrong; time is simulated. */
class CallPlacementTest {
  private static final CallPlacement.Kind KIND = kind(false);
  private static final CallPlacement.Kind OTHER = kind(true);
  private static final long SIZE = 1 << 20;
  private static final double SECOND = 1e9;

  private static CallPlacement.Kind kind(boolean gradient) {
    return CallPlacement.Kind.of(Function.BINARY_CROSS_ENTROPY, ElementType.FLOAT32, gradient, 1);
  }

  @Test
  void anEstimateBeyondDoubtDecidesAlone() {
    // 50 us a call against 6 ns an element: at 1000 elements 8.5 times as long.
    CallPlacement placement = new CallPlacement(50_000, 1, 6);
    assertFalse(placement.inDoubt(1000));
    assertFalse(placement.onDevice(KIND, 1000));
    // 100 ns an element on the CPU, 1 on the device: nobody need look at 2^20 elements.
    placement = new CallPlacement(50_000, 1, 100);
    assertFalse(placement.inDoubt(SIZE));
    assertTrue(placement.onDevice(KIND, SIZE));
  }

  @Test
  void anEstimateInDoubtDecidesUntilSomethingIsKnown() {
    // 50 us a call and 1 ns an element against 6: 10,000 elements cost 60 us either way.
    CallPlacement placement = new CallPlacement(50_000, 1, 6);
    assertTrue(placement.inDoubt(10_000));
    assertTrue(placement.onDevice(KIND, 10_000));
    assertFalse(placement.onDevice(KIND, 9_999));
  }

  @Test
  void aWrongEstimateIsFoundOut() {
    // The estimate is for the device, four times as fast as the CPU; the truth is the opposite.
    CallPlacement placement = new CallPlacement(0, 1, 4);
    simulate(placement, 10 * SECOND, 4e6, 1e6); // learns
    double share = simulate(placement, 100 * SECOND, 4e6, 1e6);
    assertTrue(share < 0.03, "share of the time on the slower device: " + share);
    // A kind or a size of its own has its own record: the estimate decides again.
    assertTrue(placement.onDevice(OTHER, SIZE));
    assertTrue(placement.onDevice(KIND, SIZE * 2));
  }

  @Test
  void whatIsChosenStaysWithinTheLimitOfTheBest() {
    for (double device : new double[] {0.2e6, 0.9e6, 1.1e6, 5e6, 30e6}) {
      for (double estimated : new double[] {0.3, 1, 3}) {
        CallPlacement placement = new CallPlacement(0, estimated, 1);
        simulate(placement, 20 * SECOND, device, 1e6);
        double best = Math.min(device, 1e6);
        double[] time = {0, 0};
        int calls = run(placement, 100 * SECOND, device, 1e6, time);
        double mean = (time[0] + time[1]) / calls;
        assertTrue(mean <= 1.2 * best, "device " + device + ", estimate " + estimated);
      }
    }
  }

  @Test
  void aSideThatBecomesFasterIsFoundOut() {
    // HotSpot has compiled the CPU's kernels only after a while.
    CallPlacement placement = new CallPlacement(0, 2, 1);
    simulate(placement, 20 * SECOND, 2e6, 100e6);
    assertTrue(simulate(placement, 20 * SECOND, 2e6, 100e6) > 0.9);
    simulate(placement, 200 * SECOND, 2e6, 1e6);
    assertTrue(simulate(placement, 100 * SECOND, 2e6, 1e6) < 0.03);
  }

  @Test
  void oneSlowCallDecidesNothing() {
    // The CPU is three times as fast; the device's first trial builds a kernel for half a second,
    // so that the next trial of anything is far away.
    CallPlacement placement = new CallPlacement(0, 2, 1);
    boolean built = false;
    for (int i = 0; i < 2000; i++) {
      boolean ship = placement.onDevice(KIND, SIZE);
      placement.took(KIND, SIZE, ship, ship ? built ? 3_000_000 : 500_000_000 : 1_000_000);
      built |= ship;
    }
    assertTrue(built);
    // HotSpot compiles for another option of the same loss.
    placement.took(KIND, SIZE, false, 400_000_000);
    assertTrue(simulate(placement, 2 * SECOND, 3e6, 1e6) < 0.03);
    // But a CPU that has become slow is left, after some ten calls.
    assertTrue(simulate(placement, 100 * SECOND, 3e6, 400e6) > 0.9);
  }

  /** The share of the time that was spent on the device. */
  private static double simulate(CallPlacement placement, double nanos, double device, double cpu) {
    double[] time = {0, 0};
    run(placement, nanos, device, cpu, time);
    return time[1] / (time[0] + time[1]);
  }

  private static int run(
      CallPlacement placement, double nanos, double device, double cpu, double[] time) {
    int calls = 0;
    while (time[0] + time[1] < nanos) {
      boolean ship = placement.onDevice(KIND, SIZE);
      double took = ship ? device : cpu;
      time[ship ? 1 : 0] += took;
      calls++;
      if (placement.inDoubt(SIZE)) {
        placement.took(KIND, SIZE, ship, (long) took);
      }
    }
    return calls;
  }
}
