package io.github.fusedloss;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** The estimate, and what is learned where it is wrong; time is simulated. */
class ShippingTest {
  private static final long SIZE = 1 << 20;
  private static final double SECOND = 1e9;

  @Test
  void anEstimateBeyondDoubtDecidesAlone() {
    // 50 us a call against 6 ns an element: at 1000 elements 8.5 times as long.
    Shipping shipping = new Shipping(50_000, 1, 6);
    assertFalse(shipping.inDoubt(1000));
    assertFalse(shipping.ship(0, 1000));
    // 100 ns an element on the CPU, 1 on the device: nobody need look at 2^20 elements.
    shipping = new Shipping(50_000, 1, 100);
    assertFalse(shipping.inDoubt(SIZE));
    assertTrue(shipping.ship(0, SIZE));
  }

  @Test
  void anEstimateInDoubtDecidesUntilSomethingIsKnown() {
    // 50 us a call and 1 ns an element against 6: 10,000 elements cost 60 us either way.
    Shipping shipping = new Shipping(50_000, 1, 6);
    assertTrue(shipping.inDoubt(10_000));
    assertTrue(shipping.ship(0, 10_000));
    assertFalse(shipping.ship(0, 9_999));
  }

  @Test
  void aWrongEstimateIsFoundOut() {
    // The estimate is for the device, four times as fast as the CPU; the truth is the opposite.
    Shipping shipping = new Shipping(0, 1, 4);
    simulate(shipping, 10 * SECOND, 4e6, 1e6); // learns
    double share = simulate(shipping, 100 * SECOND, 4e6, 1e6);
    assertTrue(share < 0.03, "share of the time on the slower device: " + share);
    // A kind or a size of its own has its own record: the estimate decides again.
    assertTrue(shipping.ship(1, SIZE));
    assertTrue(shipping.ship(0, SIZE * 2));
  }

  @Test
  void whatIsChosenStaysWithinTheLimitOfTheBest() {
    for (double device : new double[] {0.2e6, 0.9e6, 1.1e6, 5e6, 30e6}) {
      for (double estimated : new double[] {0.3, 1, 3}) {
        Shipping shipping = new Shipping(0, estimated, 1);
        simulate(shipping, 20 * SECOND, device, 1e6);
        double best = Math.min(device, 1e6);
        double[] time = {0, 0};
        int calls = run(shipping, 100 * SECOND, device, 1e6, time);
        double mean = (time[0] + time[1]) / calls;
        assertTrue(mean <= 1.2 * best, "device " + device + ", estimate " + estimated);
      }
    }
  }

  @Test
  void aSideThatBecomesFasterIsFoundOut() {
    // HotSpot has compiled the CPU's kernels only after a while.
    Shipping shipping = new Shipping(0, 2, 1);
    simulate(shipping, 20 * SECOND, 2e6, 100e6);
    assertTrue(simulate(shipping, 20 * SECOND, 2e6, 100e6) > 0.9);
    simulate(shipping, 200 * SECOND, 2e6, 1e6);
    assertTrue(simulate(shipping, 100 * SECOND, 2e6, 1e6) < 0.03);
  }

  @Test
  void oneSlowCallDecidesNothing() {
    // The CPU is three times as fast; the device's first trial builds a kernel for half a second,
    // so that the next trial of anything is far away.
    Shipping shipping = new Shipping(0, 2, 1);
    boolean built = false;
    for (int i = 0; i < 2000; i++) {
      boolean ship = shipping.ship(0, SIZE);
      shipping.took(0, SIZE, ship, ship ? built ? 3_000_000 : 500_000_000 : 1_000_000);
      built |= ship;
    }
    assertTrue(built);
    // HotSpot compiles for another option of the same loss.
    shipping.took(0, SIZE, false, 400_000_000);
    assertTrue(simulate(shipping, 2 * SECOND, 3e6, 1e6) < 0.03);
    // But a CPU that has become slow is left, after some ten calls.
    assertTrue(simulate(shipping, 100 * SECOND, 3e6, 400e6) > 0.9);
  }

  /** The share of the time that was spent on the device. */
  private static double simulate(Shipping shipping, double nanos, double device, double cpu) {
    double[] time = {0, 0};
    run(shipping, nanos, device, cpu, time);
    return time[1] / (time[0] + time[1]);
  }

  private static int run(
      Shipping shipping, double nanos, double device, double cpu, double[] time) {
    int calls = 0;
    while (time[0] + time[1] < nanos) {
      boolean ship = shipping.ship(0, SIZE);
      double took = ship ? device : cpu;
      time[ship ? 1 : 0] += took;
      calls++;
      if (shipping.inDoubt(SIZE)) {
        shipping.took(0, SIZE, ship, (long) took);
      }
    }
    return calls;
  }
}
