package io.github.fusedloss;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fusedloss.backend.Option;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every executor against what PyTorch computed in float64, options crossed. */
class PyTorchTest {
  /** Float32 rounding of the result, and PyTorch's own error in the data. */
  private static final double ULPS = 4;

  @TestFactory
  List<DynamicTest> everyUsableDevice() {
    List<DynamicTest> tests = new ArrayList<>();
    for (FusedLoss fused : OpenDevices.all()) {
      String name = fused.device();
      tests.add(DynamicTest.dynamicTest(name, () -> run(fused, false)));
      tests.add(DynamicTest.dynamicTest(name + ", zeros negative", () -> run(fused, true)));
    }
    return tests;
  }

  /**
   * Every case; or those with zeros in them, once more with -0 in their place. PyTorch's values are
   * the same then.
   */
  private static void run(FusedLoss fused, boolean negativeZeros) {
    List<String> misses = new ArrayList<>();
    for (PyTorchCases.Case c : PyTorchCases.all()) {
      try {
        if (!negativeZeros || negateZeros(c)) {
          check(fused, c, misses);
        }
      } catch (RuntimeException e) {
        misses.add(c + ": " + e);
      }
    }
    assertTrue(
        misses.isEmpty(),
        () ->
            misses.size()
                + " misses, first: "
                + String.join("\n", misses.subList(0, Math.min(20, misses.size()))));
  }

  /** Changes the case, which is read anew for each run; whether there was anything to change. */
  private static boolean negateZeros(PyTorchCases.Case c) {
    boolean found = false;
    for (PyTorchCases.Tensor t : Arrays.asList(c.input(), c.target(), c.weight(), c.posWeight())) {
      for (int i = 0; t != null && t.floats() != null && i < t.floats().length; i++) {
        if (t.floats()[i] == 0f) {
          t.floats()[i] = -0f;
          found = true;
        }
      }
    }
    return found;
  }

  private static void check(FusedLoss fused, PyTorchCases.Case c, List<String> misses) {
    Tensor input = tensor(c.input());
    double[] output;
    float[] gradient = null;
    if (c.target() == null) {
      Tensor out =
          switch (c.loss()) {
            case "sigmoid" -> fused.sigmoid(input);
            case "softmax" -> fused.softmax(input);
            case "log_softmax" -> fused.logSoftmax(input);
            default -> fused.logSumExp(input);
          };
      output = Expect.doubles(out.toFloatArray());
    } else {
      Tensor target = tensor(c.target());
      Loss loss = loss(c);
      LossResult result = fused.forwardAndGradient(loss, input, target);
      LossResult forward = fused.forward(loss, input, target);
      if (loss.reduction() == Reduction.NONE) {
        output = Expect.doubles(result.losses().toFloatArray());
        long[] shape = result.losses().shape();
        gradient =
            fused
                .backward(loss, input, target, Tensor.of(floats(c.upstream()), shape))
                .toFloatArray();
      } else {
        assertEquals(
            Float.floatToRawIntBits(result.loss()), Float.floatToRawIntBits(forward.loss()));
        output = new double[] {result.loss()};
        gradient = fused.backward(loss, input, target, floats(c.upstream())[0]).toFloatArray();
      }
    }
    compare(c + " output", c.output(), output, 1, misses);
    if (gradient != null && !cancels(c)) {
      double size = 0;
      for (double g : c.gradient()) {
        size = Double.isNaN(g) ? size : Math.max(size, Math.abs(g));
      }
      compare(c + " gradient", c.gradient(), Expect.doubles(gradient), size, misses);
    }
  }

  /**
   * Gradients of reverse KL are differences of numbers as large as the loss. They have the promise
   * that verify judges by the reference, which ReferenceDistillationTest compares with PyTorch.
   */
  private static boolean cancels(PyTorchCases.Case c) {
    return loss(c) instanceof Distillation d && d.divergence() == Divergence.REVERSE_KL;
  }

  static void compare(
      String name, double[] expected, double[] actual, double size, List<String> misses) {
    if (expected.length != actual.length) {
      misses.add(name + ": " + expected.length + " expected, " + actual.length + " came");
      return;
    }
    for (int i = 0; i < expected.length; i++) {
      double e = expected[i];
      double a = actual[i];
      double bound =
          PyTorchCases.error(e) + ULPS * Math.ulp((float) e) + 1e-6 * Math.min(1, size) * 0.2;
      if (!(Double.isNaN(e) ? Double.isNaN(a) : e == a || Math.abs(e - a) <= bound)) {
        misses.add(name + "[" + i + "]: expected " + e + ", came " + a);
        return;
      }
    }
  }

  static Loss loss(PyTorchCases.Case c) {
    Loss loss = common(c);
    // In the table's order: beta comes after the divergence that it is of.
    for (Option option : Option.values()) {
      Float value = c.more().get(option.torchName());
      if (value != null) {
        loss = loss.with(option.torchName(), value(option, value));
      }
    }
    return loss;
  }

  private static Object value(Option option, float number) {
    return switch (option.kind()) {
      case FLAG -> number == 1f;
      case CHOICE -> option.choices().get((int) number);
      default -> number;
    };
  }

  private static Loss common(PyTorchCases.Case c) {
    Reduction reduction = Reduction.valueOf(c.reduction().toUpperCase());
    Tensor w = c.weight() == null ? null : tensor(c.weight());
    Tensor pw = c.posWeight() == null ? null : tensor(c.posWeight());
    return switch (c.loss()) {
      case "binary_cross_entropy_with_logits" ->
          BinaryCrossEntropyWithLogits.DEFAULT
              .withWeight(w)
              .withPosWeight(pw)
              .withReduction(reduction);
      case "binary_cross_entropy" ->
          BinaryCrossEntropy.DEFAULT.withWeight(w).withReduction(reduction);
      case "kl_div" -> KlDivLoss.DEFAULT.withReduction(reduction);
      case "sigmoid_focal_loss" -> SigmoidFocalLoss.DEFAULT.withReduction(reduction);
      case "distillation" -> Distillation.DEFAULT.withReduction(reduction);
      case "nll_loss" ->
          NllLoss.DEFAULT.withWeight(w).withIgnoreIndex(c.ignoreIndex()).withReduction(reduction);
      default ->
          CrossEntropy.DEFAULT
              .withWeight(w)
              .withIgnoreIndex(c.target().labels() == null ? -100 : c.ignoreIndex())
              .withLabelSmoothing(c.labelSmoothing())
              .withReduction(reduction);
    };
  }

  static Tensor tensor(PyTorchCases.Tensor t) {
    long[] shape = new long[t.shape().length];
    for (int i = 0; i < shape.length; i++) {
      shape[i] = t.shape()[i];
    }
    return t.floats() != null ? Tensor.of(t.floats(), shape) : Tensor.of(t.labels(), shape);
  }

  private static float[] floats(PyTorchCases.Tensor t) {
    return t.floats();
  }

  private static float[] floats(float[] t) {
    return t;
  }
}
