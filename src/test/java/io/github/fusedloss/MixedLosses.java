package io.github.fusedloss;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Calls of every kind on given data, each with the bits that plain Java gives: what runs over and
 * over in {@link Citizenship} and {@link Endurance}.
 */
final class MixedLosses {
  /** One call; returns the raw bits of all it computed. */
  private interface Call {
    int[] bits(FusedLoss fused, Tensor x);
  }

  private final List<Call> calls = new ArrayList<>();
  private final List<Tensor> inputs = new ArrayList<>();
  private final List<int[]> expected = new ArrayList<>();

  /**
   * Calls on {@code elements} numbers, and on rows.
   *
   * @param rows batch, classes, inner
   */
  MixedLosses(int elements, int... rows) {
    Random random = new Random(elements);
    elements(random, elements);
    rows(random, rows[0], rows[1], rows[2]);
    try (FusedLoss plain = FusedLoss.open("cpu:scalar")) {
      for (int i = 0; i < calls.size(); i++) {
        expected.add(calls.get(i).bits(plain, inputs.get(i)));
      }
    }
  }

  /** How many kinds of calls there are; each with host arrays and with an uploaded input. */
  int size() {
    return 2 * calls.size();
  }

  /** Makes one of the calls; whether it gave the bits of plain Java. */
  boolean right(FusedLoss fused, int i) {
    int kind = i / 2;
    Tensor input = inputs.get(kind);
    if (i % 2 == 0) {
      return Arrays.equals(expected.get(kind), calls.get(kind).bits(fused, input));
    }
    try (Tensor uploaded = fused.upload(input)) {
      return Arrays.equals(expected.get(kind), calls.get(kind).bits(fused, uploaded));
    }
  }

  /** Makes every call; how many gave other bits than plain Java. */
  int wrong(FusedLoss fused) {
    int wrong = 0;
    for (int i = 0; i < size(); i++) {
      wrong += right(fused, i) ? 0 : 1;
    }
    return wrong;
  }

  private void add(Tensor input, Call call) {
    inputs.add(input);
    calls.add(call);
  }

  private void add(Loss loss, Tensor input, Tensor target) {
    add(input, (fused, in) -> Bits.of(fused.forwardAndGradient(loss, in, target)));
  }

  private void elements(Random random, int n) {
    Tensor x = Tensor.of(Numbers.values(random, n, 60), n);
    Tensor p = Tensor.of(Numbers.unit(random, n), n);
    Tensor t = Tensor.of(Numbers.unit(random, n), n);
    Tensor w = Tensor.of(Numbers.values(random, 1, 3), 1);
    Loss logits = BinaryCrossEntropyWithLogits.DEFAULT;
    add(logits, x, t);
    add(OptionCases.most(logits, w, p).withReduction(Reduction.NONE), x, t);
    add(BinaryCrossEntropy.DEFAULT.withReduction(Reduction.SUM), p, t);
    add(OptionCases.most(BinaryCrossEntropy.DEFAULT, w), p, t);
    add(x, (fused, in) -> Bits.of(fused.sigmoid(in)));
    add(x, (fused, in) -> Bits.of(fused.sum(in), fused.mean(in), fused.max(in)));
  }

  private void rows(Random random, int batch, int classes, int inner) {
    int rows = batch * inner;
    long[] shape = inner == 1 ? new long[] {batch, classes} : new long[] {batch, classes, inner};
    long[] rowShape = inner == 1 ? new long[] {batch} : new long[] {batch, inner};
    Tensor x = Tensor.of(Numbers.values(random, rows * classes, 30), shape);
    Tensor q = Tensor.of(Numbers.unit(random, rows * classes), shape);
    Tensor w = Tensor.of(Numbers.unit(random, classes), classes);
    Tensor up = Tensor.of(Numbers.values(random, rows, 2), rowShape);
    int[] indices = new int[rows];
    for (int i = 0; i < rows; i++) {
      indices[i] = i % 7 == 6 ? -100 : random.nextInt(classes);
    }
    Tensor y = Tensor.of(indices, rowShape);
    int[] outside = indices.clone();
    outside[rows - 1] = classes;
    Tensor bad = Tensor.of(outside, rowShape);
    CrossEntropy loss = CrossEntropy.DEFAULT;
    add(loss, x, y);
    add(OptionCases.most(loss, w).withReduction(Reduction.SUM), x, y);
    add(loss.withReduction(Reduction.NONE), x, q);
    add(OptionCases.most(loss, w), x, q);
    add(x, (fused, in) -> Bits.of(fused.backward(loss.withReduction(Reduction.NONE), in, y, up)));
    add(OptionCases.most(NllLoss.DEFAULT, w), x, y);
    add(x, (fused, in) -> Bits.of(fused.softmax(in)));
    add(x, (fused, in) -> Bits.of(fused.logSumExp(in)));
    // Refused, which takes another way out.
    add(
        x,
        (fused, in) -> {
          try {
            return Bits.of(fused.forwardAndGradient(loss, in, bad));
          } catch (IndexOutOfBoundsException e) {
            return Bits.of(-1);
          }
        });
  }
}
