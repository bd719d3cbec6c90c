package io.github.fusedloss;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.function.Executable;

/** Shapes that do not fit together. */
class BadShapesTest extends Refusals {
  @OnEveryExecutor
  void shapes(FusedLoss fused) {
    try (Tensor device = fused.upload(floats(2, 3))) {
      for (Tensor x : List.of(floats(2, 3), device)) {
        // As many elements, other dimensions; fewer; a broadcast, which targets may not use.
        for (Tensor t : List.of(floats(3, 2), floats(6), floats(2, 2), floats(1, 3), floats())) {
          String came = "got " + Shapes.text(t.shape());
          for (Loss loss : List.of(LOGITS, BCE, CE)) {
            refused(
                fused, ARGUMENT, () -> fused.forward(loss, x, t), "target", "input, (2, 3)", came);
          }
        }
        for (Tensor w :
            List.of(floats(2), floats(3, 3), floats(1, 2, 3), floats(0), floats(2, 2))) {
          String came = "got " + Shapes.text(w.shape());
          refused(
              fused,
              ARGUMENT,
              () -> fused.forward(LOGITS.withWeight(w), x, x),
              "weight",
              "(2, 3)",
              came);
          refused(
              fused,
              ARGUMENT,
              () -> fused.forward(LOGITS.withPosWeight(w), x, x),
              "posWeight",
              "(2, 3)",
              came);
          refused(
              fused,
              ARGUMENT,
              () -> fused.forward(BCE.withWeight(w), x, x),
              "weight",
              "(2, 3)",
              came);
        }
        for (Tensor y : List.of(ints(3), ints(), ints(2, 3), ints(2, 1), ints(0))) {
          String came = "got " + Shapes.text(y.shape());
          for (Loss loss : List.of(CE, NLL)) {
            refused(fused, ARGUMENT, () -> fused.forward(loss, x, y), "target", "axis, (2,)", came);
          }
        }
        for (Tensor w : List.of(floats(2), floats(), floats(1), floats(1, 3), floats(4))) {
          String came = "got " + Shapes.text(w.shape());
          for (Loss loss : List.of(CE.withWeight(w), NLL.withWeight(w))) {
            refused(fused, ARGUMENT, () -> fused.forward(loss, x, ints(2)), "weight", "(3,)", came);
          }
        }
        for (Tensor up : List.of(floats(3), floats(), floats(2, 1), floats(2, 3))) {
          String came = "got " + Shapes.text(up.shape());
          Loss loss = CE.withReduction(Reduction.NONE);
          refused(
              fused,
              ARGUMENT,
              () -> fused.backward(loss, x, ints(2), up),
              "upstream",
              "losses, (2,)",
              came);
        }
        refused(
            fused,
            ARGUMENT,
            () -> fused.backward(LOGITS.withReduction(Reduction.NONE), x, x, floats(3)),
            "upstream",
            "(2, 3)",
            "got (3,)");
        refused(
            fused,
            ARGUMENT,
            () -> fused.forward(CE.withIgnoreIndex(0), x, x),
            "ignoreIndex",
            "negative for class probabilities",
            "got 0");
      }
    }
    Tensor scalar = floats();
    for (Executable call :
        List.<Executable>of(
            () -> fused.forward(CE, scalar, ints()),
            () -> fused.forward(NLL, scalar, ints()),
            () -> fused.softmax(scalar),
            () -> fused.logSoftmax(scalar),
            () -> fused.logSumExp(scalar))) {
      refused(fused, ARGUMENT, call, "input", "class axis", "got ()");
    }
    for (Executable call :
        List.<Executable>of(
            () -> fused.forward(CE, floats(2, 0), ints(2)),
            () -> fused.forward(CE, floats(2, 0), floats(2, 0)),
            () -> fused.forward(NLL, floats(0), ints()),
            () -> fused.logSumExp(floats(2, 0, 3)))) {
      refused(fused, ARGUMENT, call, "input", "at least one class", "got none");
    }
    // 2^31 classes of an empty batch.
    refused(
        fused,
        ARGUMENT,
        () -> fused.softmax(Tensor.of(new float[0], 0, 1L << 31)),
        "input",
        "2^31 classes",
        "2147483648");
    stillRight(fused);
  }

  /** What fits no broadcast, but some axes. */
  @OnEveryExecutor
  void shapesThatWereLikelyMeant(FusedLoss fused) {
    Tensor x = floats(2, 3, 4, 5);
    String[][] cases = {
      {"3", "reshape(3, 1, 1) for a weight of axis 1"},
      {"2", "reshape(2, 1, 1, 1) for a weight of axis 0"},
      {"4", "reshape(4, 1) for a weight of axis 2"},
      {"2,3", "reshape(2, 3, 1, 1) for weights of axes 0 to 1"},
      {"3,4", "reshape(3, 4, 1) for weights of axes 1 to 2"},
      {"1,2,3,4,5", "reshape(2, 3, 4, 5)"},
      {"1,1,1,1,1", "reshape(1)"},
      {"7", "got (7,)"},
      {"2,4", "got (2, 4)"}
    };
    for (String[] c : cases) {
      long[] shape = Arrays.stream(c[0].split(",")).mapToLong(Long::parseLong).toArray();
      Tensor w = floats(shape);
      refused(fused, ARGUMENT, () -> fused.forward(LOGITS.withWeight(w), x, x), "weight", c[1]);
      refused(
          fused, ARGUMENT, () -> fused.forward(LOGITS.withPosWeight(w), x, x), "posWeight", c[1]);
    }
    refused(
        fused,
        ARGUMENT,
        () -> fused.forward(LOGITS, floats(4, 1), floats(4)),
        "make it target.reshape(4, 1)");
    stillRight(fused);
  }
}
