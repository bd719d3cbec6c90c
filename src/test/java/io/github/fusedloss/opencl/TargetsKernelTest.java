package io.github.fusedloss.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fusedloss.LossResult;
import io.github.fusedloss.NllLoss;
import io.github.fusedloss.Tensor;
import org.apache.commons.math3.util.BigReal;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** targets.cl: class indices checked, counted and weighed; seen through nll_loss. */
@Tag("once") // The device computes; no JVM changes that.
@EnabledIf("io.github.fusedloss.opencl.OpenClTesting#hasDevice")
class TargetsKernelTest {
  private static final int CLASSES = 3;

  private static int[] narrow(long[] y) {
    int[] values = new int[y.length];
    for (int i = 0; i < y.length; i++) {
      values[i] = (int) y[i];
    }
    return values;
  }

  private static void judge(KernelTesting k, String launch, int rows, long ignored) {
    long[] y = new long[rows];
    float[] w = k.unit(CLASSES);
    BigReal weights = BigReal.ZERO;
    long count = 0;
    for (int i = 0; i < rows; i++) {
      boolean skip = k.random.nextInt(4) == 0;
      y[i] = skip ? ignored : k.random.nextInt(CLASSES);
      if (y[i] != ignored) {
        count++;
        weights = weights.add(new BigReal((double) w[(int) y[i]]));
      }
    }
    Tensor x = Tensor.of(new float[rows * CLASSES], rows, CLASSES);
    for (Tensor target : new Tensor[] {Tensor.of(y, rows), Tensor.of(narrow(y), rows)}) {
      NllLoss plain = NllLoss.DEFAULT.ignoreIndex(ignored);
      NllLoss weighted = plain.weight(Tensor.of(w, CLASSES));
      try (LossResult r = k.opencl.forward(plain, x, target);
          LossResult s = k.opencl.forward(weighted, x, target);
          LossResult java = k.scalar.forward(weighted, x, target)) {
        String what = launch + rows + " rows of " + target;
        assertEquals(count, r.count(), what);
        assertEquals(count, r.weightSum(), what);
        assertEquals(count, s.count(), what);
        double exact = weights.doubleValue();
        // A sum of terms of one sign: 2^-44 relative.
        assertEquals(exact, s.weightSum(), exact * 0x1p-44, what);
        assertEquals(
            Double.doubleToRawLongBits(java.weightSum()),
            Double.doubleToRawLongBits(s.weightSum()),
            what);
      }
    }
  }

  @Test
  void countsAndWeighs() {
    KernelTesting.everyLaunch(
        (k, launch) -> {
          for (int rows : KernelTesting.SIZES) {
            judge(k, launch, rows, -100);
            judge(k, launch, rows, 1); // a class
            judge(k, launch, rows, Integer.MIN_VALUE);
          }
          judge(k, launch, KernelTesting.oneBlockTooMany(), -100);
        });
  }

  /** Of several wrong ones the first is named, whichever work-item or group finds it. */
  @Test
  void theFirstWrongIndexIsNamed() {
    KernelTesting.everyLaunch(
        (k, launch) -> {
          int rows = 8193; // two blocks and one element
          Tensor x = Tensor.of(new float[rows * CLASSES], rows, CLASSES);
          for (int first : new int[] {0, 1, 63, 64, 1024, 4095, 4096, 8192}) {
            long[] y = new long[rows];
            for (int i = first; i < rows; i += 97) {
              y[i] = CLASSES + i;
            }
            for (Tensor target : new Tensor[] {Tensor.of(y, rows), Tensor.of(narrow(y), rows)}) {
              IndexOutOfBoundsException e =
                  assertThrows(
                      IndexOutOfBoundsException.class,
                      () -> k.opencl.forward(NllLoss.DEFAULT, x, target));
              String message = e.getMessage();
              assertTrue(message.startsWith("target[" + first + "] "), launch + message);
              assertTrue(message.endsWith("got " + (CLASSES + first)), launch + message);
            }
          }
        });
  }
}
