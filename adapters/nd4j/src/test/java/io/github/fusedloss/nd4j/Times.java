package io.github.fusedloss.nd4j;

import io.github.fusedloss.turns.Turns;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/** Beside DL4J's own losses, value and gradient; see ci/adapters --times. */
class Times {
  private static final int N = 4096;
  private static final int C = 1000;
  private static final INDArray Z = Nd4j.randn(DataType.FLOAT, N, C);

  private static void compare(
      String work, ILossFunction ours, ILossFunction theirs, IActivation activation, INDArray y)
      throws Exception {
    Turns.print(
        work,
        () -> ours.computeGradientAndScore(y, Z.dup(), activation, null, true),
        // It overwrites its logits: a copy for both.
        () -> theirs.computeGradientAndScore(y, Z.dup(), activation, null, true));
  }

  @Test
  void losses() throws Exception {
    INDArray classes = Nd4j.zeros(DataType.FLOAT, N, C);
    for (int i = 0; i < N; i++) {
      classes.putScalar(i, i * 7 % C, 1);
    }
    compare(
        "cross entropy 4096x1000, one-hot",
        new FusedCrossEntropy(),
        new LossMCXENT(),
        new ActivationSoftmax(),
        classes);
    compare(
        "binary cross entropy 4096x1000",
        new FusedBinaryCrossEntropy(),
        new LossBinaryXENT(),
        new ActivationSigmoid(),
        Nd4j.rand(DataType.FLOAT, N, C).gt(0.5).castTo(DataType.FLOAT));
  }
}
