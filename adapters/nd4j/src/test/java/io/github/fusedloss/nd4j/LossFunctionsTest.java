package io.github.fusedloss.nd4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossSparseMCXENT;

/** The loss functions beside DL4J's own, where those are right, and where they are not. */
class LossFunctionsTest {
  private static final IActivation SOFTMAX = new ActivationSoftmax();
  private static final IActivation SIGMOID = new ActivationSigmoid();

  /** Neither a multiple of a number of lanes, nor a power of 2. */
  private static final int N = 37;

  private static final int C = 11;

  static {
    Nd4j.getRandom().setSeed(1);
  }

  /** The logits in every way that they may lie in memory. */
  static Stream<Arguments> layouts() {
    INDArray z = Nd4j.randn(DataType.FLOAT, N, C).muli(2);
    INDArray larger = Nd4j.zeros(DataType.FLOAT, N + 5, C + 7);
    INDArray part = larger.get(NDArrayIndex.interval(3, 3 + N), NDArrayIndex.interval(2, 2 + C));
    part.assign(z);
    INDArray rows =
        Nd4j.zeros(DataType.FLOAT, N + 5, C)
            .get(NDArrayIndex.interval(3, 3 + N), NDArrayIndex.all());
    rows.assign(z);
    INDArray columns =
        Nd4j.zeros(DataType.FLOAT, N, C + 5)
            .dup('f')
            .get(NDArrayIndex.all(), NDArrayIndex.interval(3, 3 + C));
    columns.assign(z);
    return Stream.of(
        arguments("c order", z, z),
        arguments("f order", z, z.dup('f')),
        arguments("part of a matrix: offset and gaps", z, part),
        arguments("rows of a matrix: offset", z, rows),
        arguments("columns of a matrix in f order: offset", z, columns),
        arguments("transposed", z, z.transpose().dup('c').transpose()),
        arguments("double", z, z.castTo(DataType.DOUBLE)));
  }

  @ParameterizedTest(name = "{0}", autoCloseArguments = false)
  @MethodSource("layouts")
  void sameBitsWhereverTheLogitsLie(String name, INDArray z, INDArray same) {
    INDArray y = oneHot(N, C);
    INDArray truths = Nd4j.rand(DataType.FLOAT, N, C).gt(0.5).castTo(DataType.FLOAT);
    for (INDArray labels : List.of(y, y.dup('f'), y.castTo(DataType.DOUBLE))) {
      assertSame(new FusedCrossEntropy(), y, z, labels, same, SOFTMAX);
    }
    assertSame(new FusedCrossEntropy(), classes(y), z, classes(y), same, SOFTMAX);
    INDArray w = Nd4j.rand(DataType.FLOAT, 1, C).addi(0.5);
    FusedBinaryCrossEntropy weighted = new FusedBinaryCrossEntropy(w, w.mul(2));
    for (INDArray labels : List.of(truths, truths.dup('f'))) {
      assertSame(new FusedBinaryCrossEntropy(), truths, z, labels, same, SIGMOID);
      assertSame(weighted, truths, z, labels, same, SIGMOID);
    }
  }

  private static void assertSame(
      ILossFunction loss, INDArray y, INDArray z, INDArray y2, INDArray z2, IActivation a) {
    INDArray before = z2.dup();
    assertEquals(loss.computeScore(y, z, a, null, true), loss.computeScore(y2, z2, a, null, true));
    INDArray gradient = loss.computeGradient(y2, z2, a, null);
    assertEquals(z2.dataType(), gradient.dataType());
    assertEquals(bits(loss.computeGradient(y, z, a, null)), bits(gradient));
    assertEquals(
        bits(loss.computeScoreArray(y, z, a, null)), bits(loss.computeScoreArray(y2, z2, a, null)));
    assertEquals(bits(before), bits(z2), "logits are left alone");
  }

  private static List<Integer> bits(INDArray array) {
    List<Integer> bits = new ArrayList<>();
    for (float value : array.castTo(DataType.FLOAT).dup('c').data().asFloat()) {
      bits.add(Float.floatToRawIntBits(value));
    }
    return bits;
  }

  static Stream<Arguments> built() {
    INDArray w = Nd4j.rand(DataType.FLOAT, 1, C).addi(0.5);
    INDArray y = oneHot(N, C);
    INDArray soft = Nd4j.rand(DataType.FLOAT, N, C);
    soft.diviColumnVector(soft.sum(true, 1));
    INDArray truths = Nd4j.rand(DataType.FLOAT, N, C).gt(0.5).castTo(DataType.FLOAT);
    INDArray examples = Nd4j.zeros(DataType.FLOAT, N, 1);
    for (int i = 0; i < N; i += 3) {
      examples.putScalar(i, 0, 1);
    }
    INDArray fractions = Nd4j.rand(DataType.FLOAT, N, 1);
    INDArray outputs = Nd4j.rand(DataType.FLOAT, N, C).gt(0.5).castTo(DataType.FLOAT);
    FusedCrossEntropy ce = new FusedCrossEntropy();
    FusedCrossEntropy weightedCe = new FusedCrossEntropy(w, 0);
    FusedBinaryCrossEntropy bce = new FusedBinaryCrossEntropy();
    FusedBinaryCrossEntropy weightedBce = new FusedBinaryCrossEntropy(w, null);
    return Stream.of(
        arguments("one-hot", new LossMCXENT(), ce, y, SOFTMAX, null),
        arguments("probabilities", new LossMCXENT(), ce, soft, SOFTMAX, null),
        arguments("weights", new LossMCXENT(w), weightedCe, y, SOFTMAX, null),
        arguments("weights (C)", new LossMCXENT(w.reshape(C)), weightedCe, y, SOFTMAX, null),
        arguments("mask", new LossMCXENT(), ce, y, SOFTMAX, examples),
        arguments("mask of fractions", new LossMCXENT(), ce, soft, SOFTMAX, fractions),
        arguments("weights and mask", new LossMCXENT(w), weightedCe, y, SOFTMAX, examples),
        arguments("sparse", new LossSparseMCXENT(), ce, classes(y), SOFTMAX, null),
        arguments("sparse, mask", new LossSparseMCXENT(), ce, classes(y), SOFTMAX, examples),
        arguments("binary", new LossBinaryXENT(), bce, truths, SIGMOID, null),
        arguments("binary, weights", new LossBinaryXENT(w), weightedBce, truths, SIGMOID, null),
        arguments("binary, mask", new LossBinaryXENT(), bce, truths, SIGMOID, examples),
        arguments("binary, mask of outputs", new LossBinaryXENT(), bce, truths, SIGMOID, outputs),
        arguments("binary, both", new LossBinaryXENT(w), weightedBce, truths, SIGMOID, outputs));
  }

  /** Where nothing is clipped DL4J's own losses are right to some digits of a float. */
  @ParameterizedTest(name = "{0}", autoCloseArguments = false)
  @MethodSource("built")
  void agreesWithDl4j(
      String name,
      ILossFunction built,
      ILossFunction fused,
      INDArray y,
      IActivation activation,
      INDArray mask) {
    for (DataType type : List.of(DataType.FLOAT, DataType.DOUBLE)) {
      INDArray z = Nd4j.randn(DataType.FLOAT, N, C).muli(2).castTo(type);
      INDArray labels = y.dataType().isFPType() ? y.castTo(type) : y;
      INDArray m = mask == null ? null : mask.castTo(type);
      double score = built.computeScore(labels, z.dup(), activation, m, true);
      INDArray gradient = built.computeGradient(labels, z.dup(), activation, m);
      INDArray scores = built.computeScoreArray(labels, z.dup(), activation, m);
      Pair<Double, INDArray> pair = fused.computeGradientAndScore(labels, z, activation, m, true);
      assertEquals(score, pair.getFirst(), 1e-5 * score);
      assertEquals(pair.getFirst(), fused.computeScore(labels, z, activation, m, true));
      assertEquals(
          pair.getFirst() * N, fused.computeScore(labels, z, activation, m, false), 1e-9 * N);
      assertTrue(gradient.equalsWithEps(pair.getSecond(), 1e-5), name);
      assertEquals(pair.getSecond(), fused.computeGradient(labels, z, activation, m));
      assertTrue(scores.equalsWithEps(fused.computeScoreArray(labels, z, activation, m), 1e-4));
    }
  }

  /** DL4J's gradient is 0 from 17 on, since its sigmoid has become 1 and is clipped. */
  @ParameterizedTest
  @ValueSource(floats = {10, 17, 40, 100, -20, -100})
  void confidentAndWrongOrRight(float x) {
    INDArray z = Nd4j.createFromArray(new float[][] {{x}});
    INDArray y = Nd4j.zeros(DataType.FLOAT, 1, 1);
    double loss = Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
    double slope = 1 / (1 + Math.exp(-(double) x));
    Pair<Double, INDArray> binary =
        new FusedBinaryCrossEntropy().computeGradientAndScore(y, z, SIGMOID, null, true);
    assertEquals(loss, binary.getFirst(), loss * 0x1p-22 + Float.MIN_VALUE);
    assertEquals(slope, binary.getSecond().getDouble(0), slope * 0x1p-21 + Float.MIN_VALUE);
    if (x >= 17) {
      INDArray builtIn = new LossBinaryXENT().computeGradient(y, z.dup(), SIGMOID, null);
      assertEquals(0, builtIn.getDouble(0), "once DL4J is right this test can go");
    }
    // Two classes with logits (x, 0), the second is right: the same loss.
    INDArray two = Nd4j.createFromArray(new float[][] {{x, 0}});
    INDArray second = Nd4j.createFromArray(new float[][] {{0, 1}});
    Pair<Double, INDArray> classes =
        new FusedCrossEntropy().computeGradientAndScore(second, two, SOFTMAX, null, true);
    assertEquals(loss, classes.getFirst(), loss * 0x1p-22 + Float.MIN_VALUE);
    assertEquals(slope, classes.getSecond().getDouble(0), slope * 0x1p-21 + Float.MIN_VALUE);
  }

  @Test
  void maskedExamplesDoNotCountWhateverIsInThem() {
    INDArray z = Nd4j.createFromArray(new float[][] {{1, 2}, {Float.NaN, 0}});
    INDArray y = Nd4j.createFromArray(new float[][] {{0, 1}, {1, 0}});
    INDArray mask = Nd4j.createFromArray(new float[][] {{1}, {0}});
    for (INDArray labels : List.of(y, classes(y))) {
      INDArray gradient = new FusedCrossEntropy().computeGradient(labels, z, SOFTMAX, mask);
      assertEquals(List.of(0, 0), bits(gradient.getRow(1)));
      assertTrue(gradient.getFloat(0, 0) > 0.26f);
    }
    INDArray gradient = new FusedBinaryCrossEntropy().computeGradient(y, z, SIGMOID, mask);
    assertEquals(List.of(0, 0), bits(gradient.getRow(1)));
  }

  @Test
  void labelSmoothing() {
    INDArray z = Nd4j.randn(DataType.FLOAT, N, C);
    INDArray y = oneHot(N, C);
    INDArray smooth = y.mul(0.9).addi(0.1 / C);
    double expected = new LossMCXENT().computeScore(smooth, z.dup(), SOFTMAX, null, true);
    for (INDArray labels : List.of(y, classes(y))) {
      assertEquals(
          expected,
          new FusedCrossEntropy(null, 0.1f).computeScore(labels, z, SOFTMAX, null, true),
          1e-5 * expected);
    }
  }

  @Test
  void logitsOfALayerWithIdentity() {
    INDArray z = Nd4j.randn(DataType.FLOAT, N, C);
    INDArray y = oneHot(N, C);
    FusedCrossEntropy loss = new FusedCrossEntropy();
    assertEquals(
        loss.computeScore(y, z, SOFTMAX, null, true),
        loss.computeScore(y, z, new ActivationIdentity(), null, true));
  }

  @Test
  void refusesWhatDoesNotFit() {
    INDArray z = Nd4j.zeros(DataType.FLOAT, 3, 4);
    INDArray y = Nd4j.zeros(DataType.FLOAT, 3, 4);
    FusedCrossEntropy ce = new FusedCrossEntropy();
    FusedBinaryCrossEntropy bce = new FusedBinaryCrossEntropy();
    assertRefused(
        "activation must be softmax, whose gradient the loss contains, or identity, got sigmoid",
        () -> ce.computeScore(y, z, SIGMOID, null, true));
    assertRefused(
        "activation must be sigmoid, whose gradient the loss contains, or identity, got softmax",
        () -> bce.computeScore(y, z, SOFTMAX, null, true));
    INDArray five = Nd4j.zeros(DataType.FLOAT, 3, 5);
    assertRefused(
        "labels must have the shape of the output, [3, 4], got [3, 5]",
        () -> ce.computeScore(five, z, SOFTMAX, null, true));
    assertRefused(
        "labels must be class indices where they have one column, got 0.5 in example 0",
        () -> ce.computeScore(Nd4j.ones(DataType.FLOAT, 3, 1).divi(2), z, SOFTMAX, null, true));
    assertRefused(
        "mask must have one element per example, 3, with softmax, got shape [3, 4]",
        () -> ce.computeScore(y, z, SOFTMAX, y, true));
    assertRefused(
        "weights must have one element per output, 4, got 5",
        () ->
            new FusedCrossEntropy(Nd4j.ones(DataType.FLOAT, 5), 0)
                .computeScore(y, z, SOFTMAX, null, true));
    assertRefused(
        "output must be a matrix of examples and outputs, got shape [2, 3, 4]",
        () -> bce.computeScore(y, Nd4j.zeros(DataType.FLOAT, 2, 3, 4), SIGMOID, null, true));
    assertThrows(IllegalArgumentException.class, () -> new FusedCrossEntropy(null, 2));
  }

  private static void assertRefused(String message, Runnable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call::run).getMessage());
  }

  /** Arrays of doubles give temporary arrays of floats, whose memory must live to the end. */
  @Test
  void threadsAndGarbageCollections() throws Exception {
    INDArray z = Nd4j.randn(DataType.DOUBLE, 300, 200).muli(3);
    INDArray y = oneHot(300, 200).castTo(DataType.DOUBLE);
    INDArray mask = Nd4j.ones(DataType.DOUBLE, 300, 1);
    FusedCrossEntropy loss = new FusedCrossEntropy();
    INDArray gradient = loss.computeGradient(y, z, SOFTMAX, mask);
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<Integer>> wrong = new ArrayList<>();
      for (int t = 0; t < 4; t++) {
        wrong.add(
            threads.submit(
                () -> {
                  int count = 0;
                  for (int i = 0; i < 50; i++) {
                    INDArray again = loss.computeGradient(y, z, SOFTMAX, mask);
                    count += again.equals(gradient) ? 0 : 1;
                    if (i % 10 == 0) {
                      System.gc();
                    }
                  }
                  return count;
                }));
      }
      for (Future<Integer> count : wrong) {
        assertEquals(0, count.get());
      }
    } finally {
      threads.shutdown();
    }
  }

  static INDArray oneHot(int n, int c) {
    Random random = new Random(n * 31L + c);
    INDArray y = Nd4j.zeros(DataType.FLOAT, n, c);
    for (int i = 0; i < n; i++) {
      y.putScalar(i, random.nextInt(c), 1);
    }
    return y;
  }

  static INDArray classes(INDArray oneHot) {
    return oneHot.argMax(1).reshape(oneHot.size(0), 1).castTo(DataType.INT);
  }
}
