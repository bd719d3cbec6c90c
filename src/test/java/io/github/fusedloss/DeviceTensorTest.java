package io.github.fusedloss;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Tensors on a device: reuse, ownership, closing; on every executor here. */
class DeviceTensorTest {
  private interface Body {
    void run(FusedLoss fused);
  }

  private static void onEveryDevice(Body body) {
    for (DeviceInfo info : FusedLoss.devices()) {
      if (info.usable()) {
        try (FusedLoss fused = FusedLoss.open(info.name())) {
          body.run(fused);
        }
      }
    }
  }

  private static Tensor logits() {
    return Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
  }

  private static Tensor classes() {
    return Tensor.of(new int[] {0, 2}, 2);
  }

  @Test
  void resultsStayOnTheDeviceAndMemoryComesBack() {
    onEveryDevice(
        fused -> {
          assertEquals(0, fused.liveBytes());
          try (Tensor x = fused.upload(logits());
              Tensor y = fused.upload(classes())) {
            for (int i = 0; i < 3; i++) {
              try (LossResult r = fused.forwardAndGradient(CrossEntropy.DEFAULT, x, y)) {
                assertTrue(r.gradient().isOnDevice());
                assertEquals(6, r.gradient().toFloatArray().length);
              }
            }
            assertTrue(fused.liveBytes() > 0);
          }
          assertEquals(0, fused.liveBytes(), fused.device());
        });
  }

  @Test
  void aFailedCallLeaksNothing() {
    onEveryDevice(
        fused -> {
          try (Tensor x = fused.upload(logits())) {
            long before = fused.liveBytes();
            Tensor bad = Tensor.of(new int[] {0, 3}, 2);
            IndexOutOfBoundsException e =
                assertThrows(
                    IndexOutOfBoundsException.class,
                    () -> fused.forwardAndGradient(CrossEntropy.DEFAULT, x, bad));
            assertTrue(e.getMessage().contains("target[1]"), e.getMessage());
            assertEquals(before, fused.liveBytes(), fused.device());
            fused.forward(CrossEntropy.DEFAULT, x, classes()).close();
          }
        });
  }

  @Test
  void closedAndForeignTensorsAreRefused() {
    onEveryDevice(
        fused -> {
          Tensor x = fused.upload(logits());
          x.close();
          x.close();
          IllegalStateException closed =
              assertThrows(
                  IllegalStateException.class,
                  () -> fused.forward(CrossEntropy.DEFAULT, x, classes()));
          assertTrue(closed.getMessage().contains("input"), closed.getMessage());
          assertThrows(IllegalStateException.class, x::toFloatArray);
          try (FusedLoss other = FusedLoss.open("cpu:scalar");
              Tensor foreign = other.upload(logits())) {
            IllegalArgumentException e =
                assertThrows(
                    IllegalArgumentException.class,
                    () -> fused.forward(CrossEntropy.DEFAULT, foreign, classes()));
            assertTrue(e.getMessage().contains("input"), e.getMessage());
          }
        });
  }

  @Test
  void aClosedLibrarySaysSo() {
    onEveryDevice(
        fused -> {
          FusedLoss second = FusedLoss.open(fused.device());
          second.close();
          second.close();
          assertThrows(
              IllegalStateException.class,
              () -> second.forward(CrossEntropy.DEFAULT, logits(), classes()));
        });
  }
}
