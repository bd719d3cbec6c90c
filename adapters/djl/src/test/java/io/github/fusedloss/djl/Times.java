package io.github.fusedloss.djl;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import ai.djl.training.loss.Loss;
import io.github.fusedloss.BinaryCrossEntropyWithLogits;
import io.github.fusedloss.CrossEntropy;
import io.github.fusedloss.FusedLoss;
import io.github.fusedloss.turns.Turns;
import org.junit.jupiter.api.Test;

/** Beside DJL's own losses, value and gradient; see ci/adapters --times. */
class Times {
  private static void step(Loss loss, NDArray label, NDArray logits) {
    try (NDManager manager = logits.getManager().newSubManager();
        GradientCollector collector = Engine.getInstance().newGradientCollector()) {
      NDArray x = logits.duplicate();
      x.attach(manager);
      x.setRequiresGradient(true);
      collector.backward(loss.evaluate(new NDList(label), new NDList(x)));
    }
  }

  @Test
  void losses() throws Exception {
    try (NDManager manager = NDManager.newBaseManager();
        FusedLoss fused = FusedLoss.open("cpu")) {
      Shape shape = new Shape(4096, 1000);
      NDArray z = manager.randomNormal(0, 1, shape, DataType.FLOAT32);
      NDArray y = manager.randomInteger(0, 1000, new Shape(4096, 1), DataType.INT64);
      NDArray truths = manager.randomInteger(0, 2, shape, DataType.INT32);
      NDArray t = truths.toType(DataType.FLOAT32, false);
      Loss rows = new FusedDjlLoss(fused, CrossEntropy.DEFAULT);
      Loss elements = new FusedDjlLoss(fused, BinaryCrossEntropyWithLogits.DEFAULT);
      Loss own = Loss.softmaxCrossEntropyLoss();
      Loss ownBinary = Loss.sigmoidBinaryCrossEntropyLoss();
      Turns.print("cross entropy 4096x1000", () -> step(rows, y, z), () -> step(own, y, z));
      Turns.print(
          "binary cross entropy 4096x1000",
          () -> step(elements, t, z),
          () -> step(ownBinary, t, z));
    }
  }
}
