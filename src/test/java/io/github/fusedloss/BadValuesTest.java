package io.github.fusedloss;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;

/** Targets that are no classes, and probabilities that are none: by their place and value. */
class BadValuesTest extends Refusals {
  /** Two blocks of 4096 and a bit: first and last element meet different work-groups. */
  private static final int MANY = 8200;

  /**
   * Of several bad elements the lowest is named, at one position the input's: by every executor,
   * whatever its threads are at.
   */
  @OnEveryExecutor
  void theLowestIsNamed(FusedLoss fused) {
    Tensor two = Tensor.of(new float[] {0.5f, 2}, 2);
    Tensor three = Tensor.of(new float[] {3, 1}, 2);
    refused(fused, ARGUMENT, () -> fused.forward(BCE, two, three), "target[0] ", "got 3.0");
    refused(fused, ARGUMENT, () -> fused.forward(BCE, three, two), "input[0] ", "got 3.0");
    int n = 40 * 4096; // blocks for several threads
    for (int first : new int[] {0, 4095, 4096, 5 * 4096 + 1, n - 1}) {
      float[] p = new float[n];
      float[] t = new float[n];
      int[] y = new int[n];
      for (int i = first; i < n; i += 1000) {
        t[i] = -1;
        p[i] = i == first ? 0 : 2;
        y[i] = 2 + i % 3;
      }
      for (int i = 0; i < 5; i++) {
        refused(
            fused,
            ARGUMENT,
            () -> fused.forward(BCE, Tensor.of(p, n), Tensor.of(t, n)),
            "target[" + first + "] ");
        refused(
            fused,
            INDEX,
            () -> fused.forward(NLL, Tensor.of(new float[2 * n], n, 2), Tensor.of(y, n)),
            "target[" + first + "] ",
            "got " + y[first]);
      }
    }
    stillRight(fused);
  }

  /** First, last, and on the boundary of a block; int32, int64; on the host and on the device. */
  @OnEveryExecutor
  void classIndices(FusedLoss fused) {
    float[] logits = new float[2 * MANY];
    Arrays.fill(logits, 0.5f);
    Tensor host = Tensor.of(logits, MANY, 2);
    long[] wrong = {
      2,
      -1,
      Integer.MAX_VALUE,
      Integer.MIN_VALUE,
      1L << 31,
      1L << 32,
      (1L << 32) + 1,
      Long.MIN_VALUE
    };
    try (Tensor device = fused.upload(host)) {
      for (int at : new int[] {0, 4095, 4096, MANY - 1}) {
        for (long index : wrong) {
          long[] wide = new long[MANY];
          wide[at] = index;
          Tensor y = Tensor.of(wide, MANY);
          refuseIndex(fused, host, device, y, at, index);
          if ((int) index == index) {
            int[] narrow = new int[MANY];
            narrow[at] = (int) index;
            refuseIndex(fused, host, device, Tensor.of(narrow, MANY), at, index);
          }
        }
      }
      // The first of several is named.
      long[] several = new long[MANY];
      several[5000] = 9;
      several[4999] = 8;
      several[7] = 7;
      several[MANY - 1] = 6;
      refuseIndex(fused, host, device, Tensor.of(several, MANY), 7, 7);
    }
    for (float x : logits) {
      assertEquals(0.5f, x, "the input is only read");
    }
    stillRight(fused);
  }

  private static void refuseIndex(
      FusedLoss fused, Tensor host, Tensor device, Tensor y, int at, long index) {
    String[] words = {"target[" + at + "]", "[0, 2)", "ignoreIndex -100", "got " + index};
    refused(fused, INDEX, () -> fused.forward(CE, host, y), words);
    try (Tensor there = fused.upload(y)) {
      Loss none = CE.withReduction(Reduction.NONE);
      refused(fused, INDEX, () -> fused.forwardAndGradient(none, device, there), words);
      refused(fused, INDEX, () -> fused.forwardAndGradient(NLL, device, there), words);
      refused(fused, INDEX, () -> fused.backward(none, device, y, 1f), words);
    }
  }

  @OnEveryExecutor
  void probabilities(FusedLoss fused) {
    float[] wrong = {
      -Float.MIN_VALUE, Math.nextUp(1f), 2, Float.NaN, Float.POSITIVE_INFINITY, -1e30f
    };
    Loss none = BCE.withReduction(Reduction.NONE);
    for (int at : new int[] {0, 4095, 4096, MANY - 1}) {
      for (float value : wrong) {
        float[] values = new float[MANY];
        values[at] = value;
        Tensor good = Tensor.of(new float[MANY], MANY);
        Tensor bad = Tensor.of(values, MANY);
        String came = "got " + value;
        refused(
            fused, ARGUMENT, () -> fused.forward(BCE, bad, good), "input[" + at, "[0, 1]", came);
        refused(
            fused, ARGUMENT, () -> fused.forward(BCE, good, bad), "target[" + at, "[0, 1]", came);
        try (Tensor there = fused.upload(bad)) {
          refused(
              fused,
              ARGUMENT,
              () -> fused.forwardAndGradient(none, there, good),
              "input[" + at,
              "[0, 1]",
              came);
          try (Tensor zeros = fused.upload(good)) {
            refused(
                fused,
                ARGUMENT,
                () -> fused.backward(none, zeros, there, good),
                "target[" + at,
                "[0, 1]",
                came);
          }
        }
      }
    }
    stillRight(fused);
  }

  /** By index, as NumPy and PyTorch do, behind blocks and on the device too. */
  @OnEveryExecutor
  void positionsAreIndices(FusedLoss fused) {
    int n = 3;
    int c = 5;
    int d = MANY;
    Tensor x = Tensor.of(new float[n * c * d], n, c, d);
    int[] classes = new int[n * d];
    classes[2 * d + 4097] = 5;
    Tensor y = Tensor.of(classes, n, d);
    float[] probabilities = new float[n * c * d];
    probabilities[(c + 4) * d + 4096] = -1;
    Tensor p = Tensor.of(probabilities, n, c, d);
    String index = "target[2, 4097] must be a class index in [0, 5) or ignoreIndex -100, got 5";
    String element = "[1, 4, 4096] must be";
    refused(fused, INDEX, () -> fused.forward(CE, x, y), index);
    refused(fused, INDEX, () -> fused.forwardAndGradient(NLL, x, y), index);
    refused(fused, ARGUMENT, () -> fused.forward(BCE, p, x), "input" + element, "got -1.0");
    refused(fused, ARGUMENT, () -> fused.forward(BCE, x, p), "target" + element, "got -1.0");
    try (Tensor xThere = fused.upload(x);
        Tensor yThere = fused.upload(y);
        Tensor pThere = fused.upload(p)) {
      refused(fused, INDEX, () -> fused.forward(CE, xThere, yThere), index);
      refused(fused, ARGUMENT, () -> fused.forward(BCE, xThere, pThere), "target" + element);
    }
    refused(
        fused,
        INDEX,
        () -> fused.forward(CE, floats(3), Tensor.of(new int[] {-1})),
        "target must be a class index",
        "got -1");
    stillRight(fused);
  }
}
