package io.github.fusedloss.djl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.listener.EvaluatorTrainingListener;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import io.github.fusedloss.BinaryCrossEntropyWithLogits;
import io.github.fusedloss.CrossEntropy;
import io.github.fusedloss.FusedLoss;
import io.github.fusedloss.LossResult;
import io.github.fusedloss.Reduction;
import io.github.fusedloss.Tensor;
import java.lang.ref.Reference;
import java.nio.ByteOrder;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class FusedDjlLossTest {
  private static final FusedLoss FUSED = FusedLoss.open("cpu");

  private final NDManager manager = NDManager.newBaseManager();
  private final FusedDjlLoss crossEntropy = new FusedDjlLoss(FUSED, CrossEntropy.DEFAULT);

  private record Result(float value, float[] gradient) {}

  @AfterEach
  void closeManager() {
    manager.close();
  }

  @AfterAll
  static void close() {
    FUSED.close();
  }

  private Result run(Loss loss, NDArray label, NDArray prediction) {
    return run(loss, label, prediction, x -> x, v -> v);
  }

  /**
   * Value and gradient as a training step gets them.
   *
   * @param before what becomes of the parameter to be the prediction
   * @param after what becomes of the loss
   */
  private Result run(
      Loss loss,
      NDArray label,
      NDArray parameter,
      UnaryOperator<NDArray> before,
      UnaryOperator<NDArray> after) {
    NDArray x = parameter.duplicate();
    x.setRequiresGradient(true);
    try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
      NDArray value = after.apply(loss.evaluate(new NDList(label), new NDList(before.apply(x))));
      collector.backward(value);
      return new Result(value.toType(DataType.FLOAT32, true).getFloat(), floats(x.getGradient()));
    }
  }

  private NDArray logits(int n, int c) {
    return manager.randomNormal(0, 3, new Shape(n, c), DataType.FLOAT32);
  }

  private NDArray labels(int n, int c) {
    return manager.randomInteger(0, c, new Shape(n, 1), DataType.INT64);
  }

  private static Result direct(io.github.fusedloss.Loss loss, NDArray z, Tensor target) {
    Tensor input = Tensor.of(floats(z), z.getShape().getShape());
    try (LossResult result = FUSED.forwardAndGradient(loss, input, target)) {
      return new Result(result.loss(), result.gradient().toFloatArray());
    }
  }

  private static float[] floats(NDArray array) {
    NDArray floats = array.toType(DataType.FLOAT32, false);
    float[] values = new float[(int) floats.size()];
    floats.toByteBuffer(true).order(ByteOrder.nativeOrder()).asFloatBuffer().get(values);
    Reference.reachabilityFence(floats);
    return values;
  }

  private static void assertBits(Result expected, Result actual) {
    assertEquals(expected.value(), actual.value());
    assertArrayEquals(expected.gradient(), actual.gradient());
  }

  /** 64 x 1000 has other kinds of rows than 5 x 3. */
  @ParameterizedTest
  @CsvSource({"5,3", "64,1000"})
  void bitsOfFusedLossAndDigitsOfDjl(int n, int c) {
    NDArray z = logits(n, c);
    NDArray y = labels(n, c);
    Result ours = run(crossEntropy, y, z);
    assertBits(direct(CrossEntropy.DEFAULT, z, Tensor.of(y.toLongArray(), n)), ours);
    Result own = run(Loss.softmaxCrossEntropyLoss(), y, z);
    assertEquals(own.value(), ours.value(), 1e-5 * own.value());
    assertArrayEquals(own.gradient(), ours.gradient(), 1e-6f);
    // Labels as DJL's data sets have them: floats, or without the class axis.
    assertBits(ours, run(crossEntropy, y.toType(DataType.FLOAT32, true), z));
    assertBits(ours, run(crossEntropy, y.toType(DataType.INT32, true).flatten(), z));

    NDArray truths =
        manager.randomUniform(0, 1, new Shape(n, c)).gt(0.5f).toType(DataType.FLOAT32, true);
    Loss binary = new FusedDjlLoss(FUSED, BinaryCrossEntropyWithLogits.DEFAULT);
    Result bce = run(binary, truths, z);
    assertBits(
        direct(BinaryCrossEntropyWithLogits.DEFAULT, z, Tensor.of(truths.toFloatArray(), n, c)),
        bce);
    Result ownBce = run(Loss.sigmoidBinaryCrossEntropyLoss(), truths, z);
    assertEquals(ownBce.value(), bce.value(), 1e-5 * bce.value());
    assertArrayEquals(ownBce.gradient(), bce.gradient(), 1e-6f);
  }

  /** The prediction is a part of something with gaps, the loss a part of something larger. */
  @Test
  void inTheMiddleOfAComputation() {
    NDArray z = logits(7, 9);
    NDArray y = labels(7, 5);
    // Arrays: DJL 0.36 frees the number of mul(3) before the backward pass reads it.
    NDArray half = manager.create(0.5f);
    NDArray three = manager.create(3f);
    UnaryOperator<NDArray> part = x -> x.get(":, 2:7").mul(half);
    UnaryOperator<NDArray> more = v -> v.mul(three).add(1);
    Result own = run(Loss.softmaxCrossEntropyLoss(), y, z, part, more);
    Result ours = run(crossEntropy, y, z, part, more);
    assertEquals(own.value(), ours.value(), 1e-5 * own.value());
    assertArrayEquals(own.gradient(), ours.gradient(), 1e-6f);
    NDArray t = logits(5, 7);
    Result turned = run(crossEntropy, y, t, NDArray::transpose, v -> v);
    assertBits(
        new Result(turned.value(), run(crossEntropy, y, t.transpose()).gradient()),
        new Result(
            turned.value(),
            floats(manager.create(turned.gradient(), new Shape(5, 7)).transpose())));
    assertBits(
        run(crossEntropy, y, z.get(":, 2:7").duplicate()), run(crossEntropy, y, z.get(":, 2:7")));
  }

  @Test
  void classesOnAnotherAxis() {
    NDArray z = manager.randomNormal(0, 2, new Shape(3, 4, 5), DataType.FLOAT32);
    NDArray y = manager.randomInteger(0, 5, new Shape(3, 4), DataType.INT64);
    CrossEntropy last = CrossEntropy.DEFAULT.withClassAxis(-1);
    Result ours = run(new FusedDjlLoss(FUSED, last), y, z);
    assertBits(direct(last, z, Tensor.of(y.toLongArray(), 3, 4)), ours);
    assertBits(ours, run(new FusedDjlLoss(FUSED, last), y.expandDims(2), z));
    Result own = run(Loss.softmaxCrossEntropyLoss(), y.expandDims(2), z);
    assertArrayEquals(own.gradient(), ours.gradient(), 1e-6f);
  }

  @ParameterizedTest
  @ValueSource(floats = {15, 17, 20, 40, 100})
  void confidentAndWrong(float x) {
    Loss binary = new FusedDjlLoss(FUSED, BinaryCrossEntropyWithLogits.DEFAULT);
    Result ours =
        run(binary, manager.zeros(new Shape(1, 2)), manager.create(new float[][] {{x, -x}}));
    double softplus = Math.log1p(Math.exp(-x));
    assertEquals((x + 2 * softplus) / 2, ours.value(), x * 0x1p-23);
    double slope = 1 / (1 + Math.exp(x)) / 2;
    assertEquals(0.5 - slope, ours.gradient()[0], 0x1p-24);
    assertEquals(slope, ours.gradient()[1], slope * 0x1p-21 + Float.MIN_VALUE);
  }

  /** Minus infinity is how a class is ruled out. */
  @Test
  void infiniteAndHugeLogits() {
    NDArray label = manager.create(new long[] {1}, new Shape(1, 1));
    for (float x : new float[] {Float.NEGATIVE_INFINITY, -3e38f, 3e38f}) {
      NDArray z = manager.create(new float[] {x, 1, 2}, new Shape(1, 3));
      assertBits(
          direct(CrossEntropy.DEFAULT, z, Tensor.of(new long[] {1}, 1)),
          run(crossEntropy, label, z));
    }
    // The sum of products is beyond the range of floats, loss and gradient are not.
    NDArray z = manager.create(new float[] {3e38f, -3e38f, 3e38f, -3e38f}, new Shape(2, 2));
    NDArray second = manager.create(new long[] {1, 1}, new Shape(2, 1));
    Loss sum = new FusedDjlLoss(FUSED, CrossEntropy.DEFAULT.withReduction(Reduction.SUM));
    assertArrayEquals(new float[] {1, -1, 1, -1}, run(sum, second, z).gradient());
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT16", "FLOAT64"})
  void otherTypes(DataType type) {
    NDArray z = logits(4, 6).toType(type, true);
    NDArray y = labels(4, 6);
    Result wide = run(crossEntropy, y, z.toType(DataType.FLOAT32, true));
    Result ours = run(crossEntropy, y, z);
    assertEquals(wide.value(), ours.value());
    assertArrayEquals(floats(manager.create(wide.gradient()).toType(type, true)), ours.gradient());
  }

  @Test
  void withoutAGradient() {
    NDArray z = logits(4, 6);
    NDArray y = labels(4, 6);
    NDArray value = crossEntropy.evaluate(new NDList(y), new NDList(z));
    assertEquals(run(crossEntropy, y, z).value(), value.getFloat());
  }

  @Test
  void tensorsLieWhereTheArraysLie() {
    NDArray floats = manager.zeros(new Shape(2, 3));
    Tensor tensor = DjlTensors.tensor(floats);
    floats.addi(2);
    assertArrayEquals(new float[] {2, 2, 2, 2, 2, 2}, tensor.toFloatArray());
    NDArray longs = manager.zeros(new Shape(2), DataType.INT64);
    Tensor indices = DjlTensors.tensor(longs);
    longs.addi(7);
    assertArrayEquals(new long[] {7, 7}, indices.toLongArray());
    assertArrayEquals(
        new long[] {1, 0},
        DjlTensors.tensor(manager.create(new boolean[] {true, false})).toLongArray());
    assertArrayEquals(
        new long[] {200},
        DjlTensors.tensor(manager.create(new int[] {200}).toType(DataType.UINT8, true))
            .toLongArray());
    assertThrows(
        IllegalArgumentException.class, () -> DjlTensors.tensor(manager.create(new double[2])));
  }

  @Test
  void refusesWhatDoesNotFit() {
    assertThrows(
        IllegalArgumentException.class,
        () -> new FusedDjlLoss(FUSED, CrossEntropy.DEFAULT.withReduction(Reduction.NONE)));
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    run(
                        crossEntropy,
                        manager.create(new float[] {0.5f, 1}, new Shape(2, 1)),
                        logits(2, 3)))
            .getMessage();
    assertEquals(
        "labels must be class indices, or of the predictions' shape, got 0.5 at position 0",
        message);
    assertThrows(
        IllegalArgumentException.class, () -> run(crossEntropy, labels(5, 3), logits(4, 3)));
  }

  /** Trained from the same start with both losses: as good in the end, and it learns. */
  @Test
  void training() throws Exception {
    Random random = new Random(1);
    float[] x = new float[256 * 6];
    int[] y = new int[256];
    for (int i = 0; i < 256; i++) {
      y[i] = random.nextInt(4);
      for (int j = 0; j < 6; j++) {
        x[6 * i + j] = (float) random.nextGaussian() * 0.5f + (j == y[i] ? 2 : 0);
      }
    }
    float own = trained(Loss.softmaxCrossEntropyLoss(), x, y);
    float ours = trained(crossEntropy, x, y);
    assertEquals(own, ours, 1e-3 * own);
    assertTrue(ours < 0.5f, "below " + ours + " of log(4)");
  }

  private float trained(Loss loss, float[] x, int[] y) throws Exception {
    Engine.getInstance().setRandomSeed(7);
    try (Model model = Model.newInstance("perceptron")) {
      model.setBlock(
          new SequentialBlock()
              .add(Linear.builder().setUnits(16).build())
              .add(Activation::relu)
              .add(Linear.builder().setUnits(4).build()));
      DefaultTrainingConfig config =
          new DefaultTrainingConfig(loss)
              .addTrainingListeners(new EvaluatorTrainingListener())
              .optOptimizer(Optimizer.sgd().setLearningRateTracker(Tracker.fixed(0.1f)).build());
      try (Trainer trainer = model.newTrainer(config)) {
        trainer.initialize(new Shape(64, 6));
        ArrayDataset data =
            new ArrayDataset.Builder()
                .setData(manager.create(x, new Shape(y.length, 6)))
                .optLabels(manager.create(y, new Shape(y.length, 1)))
                .setSampling(64, false)
                .build();
        EasyTrain.fit(trainer, 10, data, null);
        return trainer.getTrainingResult().getTrainLoss();
      }
    }
  }
}
