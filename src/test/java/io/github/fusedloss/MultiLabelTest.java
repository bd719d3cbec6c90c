package io.github.fusedloss;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Checks that PyTorch's multilabel_soft_margin_loss is a binary loss, as docs/semantics.md says.
 */
class MultiLabelTest {
  @Test
  void isBinaryCrossEntropyOfLogits() {
    List<String> misses = new ArrayList<>();
    for (FusedLoss fused : OpenDevices.all()) {
      for (PyTorchCases.Case c : PyTorchCases.multiLabel()) {
        check(fused, c, misses);
      }
    }
    assertEquals(List.of(), misses);
  }

  private static void check(FusedLoss fused, PyTorchCases.Case c, List<String> misses) {
    Tensor input = PyTorchTest.tensor(c.input());
    Tensor target = PyTorchTest.tensor(c.target());
    long classes = input.shape()[input.rank() - 1];
    BinaryCrossEntropyWithLogits loss =
        c.weight() == null
            ? BinaryCrossEntropyWithLogits.DEFAULT
            : BinaryCrossEntropyWithLogits.DEFAULT.withWeight(PyTorchTest.tensor(c.weight()));
    if (c.reduction().equals("sum")) {
      loss = loss.withDenominator(classes);
    }
    float[] upstream = c.upstream().floats();
    double[] output;
    float[] gradient;
    if (c.reduction().equals("none")) {
      loss = loss.withReduction(Reduction.NONE);
      output = new double[upstream.length];
      float[] each = new float[(int) input.size()];
      try (LossResult result = fused.forward(loss, input, target)) {
        float[] losses = result.losses().toFloatArray();
        for (int i = 0; i < each.length; i++) {
          int row = i / (int) classes;
          output[row] += (double) losses[i] / classes;
          each[i] = upstream[row] / classes;
        }
      }
      Tensor ofLosses = Tensor.of(each, input.shape());
      gradient = fused.backward(loss, input, target, ofLosses).toFloatArray();
    } else {
      try (LossResult result = fused.forward(loss, input, target)) {
        output = new double[] {result.loss()};
      }
      gradient = fused.backward(loss, input, target, upstream[0]).toFloatArray();
    }
    String name = fused.device() + " " + c.name();
    double size = Arrays.stream(c.gradient()).map(Math::abs).max().orElse(0);
    PyTorchTest.compare(name + " output", c.output(), output, 1, misses);
    PyTorchTest.compare(name + " gradient", c.gradient(), Expect.doubles(gradient), size, misses);
  }
}
