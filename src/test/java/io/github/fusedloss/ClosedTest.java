package io.github.fusedloss;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.FloatBuffer;
import java.util.List;
import org.junit.jupiter.api.function.Executable;

/** Tensors and libraries that are closed or of another device, and what is given back. */
class ClosedTest extends Refusals {
  @OnEveryExecutor
  void closedTensors(FusedLoss fused) {
    Tensor closed = fused.upload(floats(2, 3));
    Tensor closedRow = fused.upload(floats(2));
    Tensor closedWeight = fused.upload(floats(3));
    Tensor closedIndices = fused.upload(ints(2));
    for (Tensor t : List.of(closed, closedRow, closedWeight, closedIndices)) {
      t.close();
      t.close();
    }
    Tensor x = floats(2, 3);
    Tensor y = ints(2);
    Loss none = CE.withReduction(Reduction.NONE);
    String open = "must be open, got a closed tensor";
    refused(fused, STATE, () -> fused.forward(CE, closed, y), "input " + open);
    refused(fused, STATE, () -> fused.forward(CE, x, closedIndices), "target " + open);
    refused(fused, STATE, () -> fused.forward(LOGITS, x, closed), "target " + open);
    refused(fused, STATE, () -> fused.forward(CE.withWeight(closedWeight), x, y), "weight " + open);
    refused(fused, STATE, () -> fused.forward(LOGITS.withWeight(closed), x, x), "weight " + open);
    refused(
        fused, STATE, () -> fused.forward(LOGITS.withPosWeight(closed), x, x), "posWeight " + open);
    refused(fused, STATE, () -> fused.backward(none, x, y, closedRow), "upstream " + open);
    primitives(fused, closed).forEach(call -> refused(fused, STATE, call, "input " + open));
    refused(fused, STATE, closed::toFloatArray, "closed");
    refused(fused, STATE, () -> closed.copyTo(FloatBuffer.allocate(6)), "closed");
    refused(fused, STATE, closedIndices::toLongArray, "closed");
    LossResult result = fused.forwardAndGradient(none, x, y);
    result.close();
    assertEquals(6, result.gradient().size(), "a host result needs no closing");
    stillRight(fused);
  }

  @OnEveryExecutor
  void tensorsOfAnotherDevice(FusedLoss fused) {
    Tensor x = floats(2, 3);
    Tensor y = ints(2);
    Loss none = CE.withReduction(Reduction.NONE);
    // Of another executor, and of another FusedLoss on the same one.
    for (String other : new String[] {"cpu:scalar", fused.device()}) {
      try (FusedLoss owner = FusedLoss.open(other);
          Tensor foreign = owner.upload(x);
          Tensor foreignRow = owner.upload(floats(2));
          Tensor foreignWeight = owner.upload(floats(3));
          Tensor foreignIndices = owner.upload(y);
          Tensor mine = fused.upload(x)) {
        String[] here = {"host or on " + fused.device(), "on " + other};
        refused(fused, ARGUMENT, () -> fused.forward(CE, foreign, y), "input", here[0], here[1]);
        refused(fused, ARGUMENT, () -> fused.forward(CE, mine, foreignIndices), "target", here[0]);
        refused(
            fused,
            ARGUMENT,
            () -> fused.forward(CE.withWeight(foreignWeight), mine, y),
            "weight",
            here[0]);
        refused(fused, ARGUMENT, () -> fused.backward(none, mine, y, foreignRow), "upstream");
        refused(
            fused, ARGUMENT, () -> fused.forward(LOGITS.withPosWeight(foreign), x, x), "posWeight");
        refused(fused, ARGUMENT, () -> fused.softmax(foreign), "input", here[0]);
        refused(fused, ARGUMENT, () -> fused.sum(foreign), "input", here[0]);
      }
    }
    stillRight(fused);
  }

  @OnEveryExecutor
  void aClosedLibrary(FusedLoss fused) {
    FusedLoss closed = FusedLoss.open(fused.device());
    Tensor left = closed.upload(floats(2, 3));
    Tensor leftIndices = closed.upload(ints(2));
    FusedLoss checked = closed.checkedBy((loss, x, t, upstream, upstreams, result) -> {});
    checked.close();
    closed.close();
    assertEquals(0, closed.liveBytes());
    Tensor x = floats(2, 3);
    Tensor y = ints(2);
    Tensor empty = floats(0);
    for (FusedLoss user : List.of(closed, checked)) {
      for (Executable call :
          List.<Executable>of(
              () -> user.forward(CE, x, y),
              () -> user.forward(CE, left, y),
              () -> user.forwardAndGradient(LOGITS, x, x),
              () -> user.forwardAndGradient(BCE, x, x),
              () -> user.forward(NLL, x, y),
              () -> user.forward(LOGITS, empty, empty),
              () -> user.forward(CE, floats(0, 3), ints(0)),
              () -> user.sigmoid(x),
              () -> user.sigmoid(empty),
              () -> user.softmax(x),
              () -> user.softmax(floats(0, 3)),
              () -> user.logSumExp(left),
              () -> user.sum(x),
              () -> user.sum(empty),
              () -> user.mean(empty),
              () -> user.max(x),
              () -> user.upload(x),
              () -> user.upload(empty),
              () -> user.evaluate(CE, floats(0, 3), ints(0)),
              () -> user.copyBandwidth(4096),
              left::toFloatArray,
              leftIndices::toLongArray)) {
        refused(fused, STATE, call, "closed");
      }
    }
    left.close();
    leftIndices.close();
    assertEquals(0, closed.liveBytes());
    stillRight(fused);
  }

  @OnEveryExecutor
  void askingResultsForWhatTheyLack(FusedLoss fused) {
    Tensor x = floats(2, 3);
    try (LossResult none = fused.forward(CE.withReduction(Reduction.NONE), x, ints(2));
        LossResult mean = fused.forward(CE, x, ints(2))) {
      refused(fused, STATE, none::loss, "none");
      refused(fused, STATE, none::gradient, "forwardAndGradient");
      refused(fused, STATE, mean::losses, "mean");
      refused(fused, ARGUMENT, () -> mean.output(null), "output", "null");
      refused(fused, ARGUMENT, () -> mean.hasOutput(null), "output", "null");
    }
  }

  /** Every way of computing on the device gives back what it took. */
  @OnEveryExecutor
  void nothingIsLost(FusedLoss fused) {
    assertEquals(0, fused.liveBytes());
    try (Tensor x = fused.upload(floats(2, 3));
        Tensor up = fused.upload(floats(2));
        Tensor y = fused.upload(ints(2))) {
      long before = fused.liveBytes();
      for (Reduction reduction : Expect.REDUCTIONS) {
        // A weight over rows inside a pattern that is written out in full on the device.
        Tensor w = floats(2, 1);
        fused.forward(LOGITS.withReduction(reduction).withWeight(w), x, x).close();
        fused.forwardAndGradient(LOGITS.withReduction(reduction), x, x).close();
        fused.backward(LOGITS.withReduction(reduction), x, x, 2f).close();
        fused.backward(BCE.withReduction(reduction), x, x, 2f).close();
        fused.backward(CE.withReduction(reduction), x, y, 2f).close();
        fused.backward(NLL.withReduction(reduction), x, y, 2f).close();
        assertEquals(before, fused.liveBytes(), "reduction " + reduction);
      }
      fused.backward(CE.withReduction(Reduction.NONE), x, y, up).close();
      fused.sigmoid(x).close();
      fused.softmax(x).close();
      fused.logSumExp(x).close();
      fused.sum(x);
      fused.max(x);
      assertEquals(before, fused.liveBytes());
      FusedLoss failing =
          fused.checkedBy(
              (loss, input, target, upstream, upstreams, result) -> {
                throw new IllegalStateException("found wrong");
              });
      refused(
          fused,
          STATE,
          () -> failing.forwardAndGradient(CE.withReduction(Reduction.NONE), x, y),
          "found wrong");
      refused(fused, STATE, () -> failing.backward(CE, x, y, 1f), "found wrong");
    }
    assertEquals(0, fused.liveBytes());
    stillRight(fused);
  }
}
