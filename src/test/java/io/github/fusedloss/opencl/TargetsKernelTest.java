package io.github.fusedloss.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fusedloss.LossResult;
import io.github.fusedloss.NllLoss;
import io.github.fusedloss.Tensor;
import io.github.fusedloss.backend.BadElementException;
import io.github.fusedloss.backend.CrossEntropyTask;
import io.github.fusedloss.backend.Function;
import io.github.fusedloss.backend.HostMemory;
import io.github.fusedloss.backend.RowShape;
import io.github.fusedloss.backend.Upstream;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.util.Random;
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
      NllLoss plain = NllLoss.DEFAULT.withIgnoreIndex(ignored);
      NllLoss weighted = plain.withWeight(Tensor.of(w, CLASSES));
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

  /** If several are wrong, the first is named, whichever work-item or group finds it. */
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

  /** The caller may have changed the array by the time the device's verdict is looked at. */
  @Test
  void whatTheDeviceHasReadIsJudged() {
    try (OpenClContext context = OpenClContext.open(OpenClTesting.device());
        CallBuffers operands = new CallBuffers(context)) {
      LaunchShape shape = LaunchShape.of(context.device());
      TargetsKernel kernel = new TargetsKernel(context, shape, new ReduceKernel(context, shape));
      int[] y = {0, 1, CLASSES, 1};
      HostMemory target = HostMemory.of(y);
      CrossEntropyTask task =
          CrossEntropyTask.of(
              Function.NLL_LOSS,
              new RowShape(y.length, CLASSES, 1),
              HostMemory.of(new float[y.length * CLASSES]),
              target);
      LossTotals totals = new LossTotals(operands);
      DeviceBuffer read = kernel.run(task, operands, operands.none(), totals.buffer()).target();
      totals.read();
      y[2] = 0;
      BadElementException e =
          assertThrows(BadElementException.class, () -> kernel.refuse(task, read, totals, 100));
      assertEquals("target", e.argument());
      assertEquals(102, e.position());
      assertTrue(e.getMessage().endsWith("got " + CLASSES), e.getMessage());
      context.finish(); // It is not lost.

      // The device has read a valid index, whatever the array holds now, so its verdict is wrong.
      DeviceBuffer right = kernel.run(task, operands, operands.none(), totals.buffer()).target();
      y[2] = CLASSES;
      totals.buffer().write(32, LongBuffer.wrap(new long[] {2}));
      totals.read();
      OpenClException wrong =
          assertThrows(OpenClException.class, () -> kernel.refuse(task, right, totals, 0));
      assertTrue(wrong.isLost() && wrong.getMessage().contains("wrong bits"), wrong.getMessage());
      assertThrows(OpenClException.class, context::finish);
    }
  }

  /** The scale of a mean is what the host computes, from subnormals to overflow. */
  @Test
  void meanScaleIsThatOfDoubles() {
    Random random = new Random(6);
    float[] special = {
      0f, -0f, 1f, Float.MIN_VALUE, Float.MAX_VALUE, Float.POSITIVE_INFINITY, Float.NaN
    };
    try (OpenClContext context = OpenClContext.open(OpenClTesting.device());
        DeviceBuffer weights = context.allocate(8);
        DeviceBuffer counts = context.allocate(4);
        DeviceBuffer bad = context.allocate(8);
        DeviceBuffer totals = context.allocate(40)) {
      counts.write(0, IntBuffer.wrap(new int[] {1}));
      bad.write(0, LongBuffer.wrap(new long[] {Long.MAX_VALUE}));
      OpenClProgram program =
          context.program(
              KernelSource.of("targets.cl"), "-D VEC=1 -D UNROLL=1 -D WGS=1 -D TARGET=int");
      float[] read = new float[4];
      for (int i = 0; i < 4000; i++) {
        float scale = any(random, special);
        float hi = any(random, special);
        // Next to hi, or so far below that the sum is rounded to a double.
        float lo =
            Float.isFinite(hi)
                ? hi
                    * (random.nextFloat() - 0.5f)
                    * (float) Math.scalb(1.0, -24 - random.nextInt(60))
                : 0f;
        double sum = Float.isFinite(hi) ? (double) hi + lo : hi;
        weights.write(0, FloatBuffer.wrap(new float[] {hi, lo}));
        program
            .kernel("targets_total")
            .buffer(weights)
            .buffer(counts)
            .buffer(bad)
            .buffer(totals)
            .int64(1)
            .float32(scale, 0.7f)
            .int32(1)
            .int32(1)
            .run(1, 1);
        totals.read(0, FloatBuffer.wrap(read));
        assertEquals(
            Float.floatToIntBits(new Upstream(scale, true, null).factor(sum)),
            Float.floatToIntBits(read[2]),
            scale + " / (" + hi + " + " + lo + ")");
        assertEquals(0.7f, read[3]); // of a z-loss, over the one row
      }
    }
  }

  /** Any bits; powers of two of few digits, so that quotients fall on ties; what is special. */
  private static float any(Random random, float[] special) {
    return switch (random.nextInt(4)) {
      case 0 -> Float.intBitsToFloat(random.nextInt());
      case 1 -> Math.scalb((float) random.nextInt(64), random.nextInt(200) - 120);
      case 2 -> random.nextFloat() * 1000;
      default -> special[random.nextInt(special.length)];
    };
  }
}
