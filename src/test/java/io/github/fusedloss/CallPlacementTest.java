package io.github.fusedloss;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fusedloss.CallHistory.Start;
import io.github.fusedloss.CallPlacement.Estimate;
import io.github.fusedloss.backend.Executor;
import io.github.fusedloss.backend.Function;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The estimate, and what is learned where it is wrong; time is simulated. */
class CallPlacementTest {
  private static final CallPlacement.Kind KIND = kind(false);
  private static final CallPlacement.Kind OTHER = kind(true);
  private static final long SIZE = 1 << 20;

  /** The places of the executors of {@link #three}. */
  private static final int DEVICE = 0;

  private static final int VECTOR = 1;
  private static final int PLAIN = 2;

  private static CallPlacement.Kind kind(boolean gradient) {
    return CallPlacement.Kind.of(Function.BINARY_CROSS_ENTROPY, ElementType.FLOAT32, gradient, 1);
  }

  /** Everything goes to the device, the first executor, however small. */
  static CallPlacement deviceOnly(List<Executor> executors) {
    return new CallPlacement(
        List.of(new Estimate(0, 0, Start.BUILDS), new Estimate(0, 1, Start.READY)));
  }

  /** A device with this estimate, and the CPU's executors. */
  private static CallPlacement three(double call, double element) {
    return new CallPlacement(
        List.of(
            new Estimate(call, element, Start.BUILDS),
            new Estimate(0, 1.5, Start.INTERPRETED),
            new Estimate(0, 5, Start.READY)));
  }

  @Test
  void anEstimateBeyondDoubtDecidesAlone() {
    // 0.01 ns an element on the device, 1.5 on the CPU: nobody need look at 2^20 elements.
    CallPlacement placement = three(10_000, 0.01);
    assertFalse(placement.inDoubt(SIZE));
    assertEquals(DEVICE, placement.choose(KIND, SIZE));
    // 10 us a call against 1.5 ns an element: at 100 elements the device is out.
    assertEquals(PLAIN, placement.choose(KIND, 100));
    Simulation run = new Simulation(placement, 100);
    for (int i = 0; i < 10_000; i++) {
      assertTrue(run.call(1, 1000, 3000) != DEVICE);
    }
  }

  @Test
  void anEstimateInDoubtDecidesUntilSomethingIsKnown() {
    assertEquals(DEVICE, three(50_000, 1).choose(KIND, SIZE));
    // The vector passes are faster by the estimate, but not in the first short calls.
    assertEquals(VECTOR, three(50_000, 3).choose(KIND, SIZE));
    assertEquals(PLAIN, three(50_000, 3).choose(KIND, 10_000));
  }

  @Test
  void kindsAndSizesHaveTheirOwnHistories() {
    CallPlacement placement = three(0, 1);
    Simulation run = new Simulation(placement, SIZE);
    for (int i = 0; i < 20_000; i++) {
      run.call(4e6, 1e6, 2e6);
    }
    assertEquals(VECTOR, placement.choose(KIND, SIZE));
    assertEquals(DEVICE, placement.choose(OTHER, SIZE));
    assertEquals(DEVICE, placement.choose(KIND, SIZE * 2));
  }

  /** From 0.3 of the CPU's times to 30 of them, whatever was estimated. */
  @Test
  void whatIsChosenStaysWithinTheLimitsOfTheBest() {
    for (double device : new double[] {0.3e6, 0.9e6, 1.1e6, 5e6, 30e6}) {
      for (double estimated : new double[] {0.3, 1, 3}) {
        Simulation run = new Simulation(three(0, estimated), SIZE);
        double[] time = {0, 0};
        for (int i = 0; i < 200_000; i++) {
          double before = run.time;
          run.call(device, 1e6, 2.5e6);
          time[i < 100_000 ? 0 : 1] += run.time - before;
        }
        double best = Math.min(device, 1e6) * 100_000;
        String what = "device " + device + ", estimate " + estimated + ", ";
        assertTrue(time[0] <= 1.1 * best, what + time[0] / best);
        assertTrue(time[1] <= 1.08 * best, what + time[1] / best);
      }
    }
  }

  /**
   * HotSpot: an interpreted pass takes sixteen times as long as plain Java, in each call less, and
   * in the end a third. The best is to call plain Java until the vector passes are as fast.
   */
  @Test
  void aSideThatBecomesFasterIsFoundOutAtLittleCost() {
    for (int compiled : new int[] {3, 10, 30}) {
      Simulation run = new Simulation(three(0, 60), 10_000);
      double best = 0;
      int vector = 0;
      int late = 0;
      for (int i = 0; i < 30_000; i++) {
        double now = Math.max(2e4, 96e4 * Math.pow(2e4 / 96e4, (double) vector / compiled));
        double before = run.time;
        boolean chosen = run.call(1e9, now, 6e4) == VECTOR;
        vector += chosen ? 1 : 0;
        late += chosen && i >= 29_900 ? 1 : 0;
        best += chosen ? Math.min(run.time - before, 6e4) : 6e4;
        if (i == 99) {
          assertTrue(run.time < 2 * best, compiled + ": " + run.time / best);
        }
      }
      assertTrue(late >= 95, compiled + ": " + late + " of the last 100 calls");
    }
  }

  /**
   * Small calls as they were measured: 10 us in plain Java, 1.8 ms interpreted, 2 us when a
   * thousand of these have been compiled. That takes two seconds, which are no more than 30 % of
   * the time.
   */
  @Test
  void vectorsOfSmallCallsAreCompiledWithinSeconds() {
    Simulation run = new Simulation(three(0, 60), 640);
    int vector = 0;
    int calls = 0;
    double plain = 0;
    while (run.time < 10e9 && vector < 2000) {
      vector += run.call(1e9, vector < 1000 ? 1.8e6 : 2e3, 1e4) == VECTOR ? 1 : 0;
      plain = ++calls * 1e4;
      assertTrue(run.time <= 1.32 * plain + 2e6, calls + ": " + run.time / plain);
    }
    assertTrue(vector == 2000, vector + " calls in " + run.time);
  }

  /** HotSpot compiles during these calls, however slow they are (docs/devices.md). */
  @Test
  void theFirstTwentyLongCallsGoToTheVectorApi() {
    Simulation run = new Simulation(three(0, 60), SIZE);
    for (int i = 0; i < 20; i++) {
      assertEquals(VECTOR, run.call(2e6, 90e6, 6e6));
    }
    assertEquals(PLAIN, run.call(2e6, 90e6, 6e6));
  }

  @Test
  void oneSlowCallDecidesNothingAndThreeDo() {
    Simulation run = new Simulation(three(0, 1), SIZE);
    for (int i = 0; i < 2000; i++) {
      run.call(3e6, 1e6, 9e6);
    }
    int vector = 0;
    for (int i = 0; i < 100; i++) {
      // Collections, say: every tenth call.
      vector += run.call(3e6, i % 10 == 0 ? 20e6 : 1e6, 9e6) == VECTOR ? 1 : 0;
    }
    assertTrue(vector >= 95, vector + " of 100 calls on the CPU");
    for (int i = 0; i < 20; i++) {
      run.call(3e6, 400e6, 9e6);
    }
    int device = 0;
    for (int i = 0; i < 100; i++) {
      device += run.call(3e6, 400e6, 9e6) == DEVICE ? 1 : 0;
    }
    assertTrue(device >= 98, device + " of 100 calls on the device");
  }

  @Test
  void aCallThatThrowsEndsItsTrial() {
    CallPlacement placement = three(0, 1);
    Simulation run = new Simulation(placement, SIZE);
    for (int i = 0; i < 100; i++) {
      run.call(1e6, 1e6, 3e6);
    }
    int trials = 0;
    for (int i = 0; i < 10_000; i++) {
      int chosen = placement.choose(KIND, SIZE);
      if (chosen == PLAIN) {
        placement.failed(KIND, SIZE, chosen);
        trials++;
      } else {
        placement.took(KIND, SIZE, chosen, 1_000_000);
      }
    }
    assertTrue(trials > 1, trials + " trials");
  }

  /** Calls of {@link #KIND} that take given times. */
  private static final class Simulation {
    private final CallPlacement placement;
    private final long size;
    private double time;

    Simulation(CallPlacement placement, long size) {
      this.placement = placement;
      this.size = size;
    }

    /** One call, with what it takes on each executor; returns where it was computed. */
    int call(double... nanos) {
      int chosen = placement.choose(KIND, size);
      time += nanos[chosen];
      if (placement.inDoubt(size)) {
        placement.took(KIND, size, chosen, (long) nanos[chosen]);
      }
      return chosen;
    }
  }
}
