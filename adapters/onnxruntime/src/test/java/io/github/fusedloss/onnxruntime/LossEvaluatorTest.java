package io.github.fusedloss.onnxruntime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.github.fusedloss.BinaryCrossEntropyWithLogits;
import io.github.fusedloss.CrossEntropy;
import io.github.fusedloss.FusedLoss;
import io.github.fusedloss.LogitTransform;
import io.github.fusedloss.LossSummary;
import io.github.fusedloss.Reduction;
import io.github.fusedloss.Target;
import io.github.fusedloss.Tensor;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LossEvaluatorTest {
  private static final OrtEnvironment ENV = OrtEnvironment.getEnvironment();
  private static final FusedLoss FUSED = FusedLoss.open("cpu");

  /** 103 rows: no batch size below but 1 divides it, so there is a shorter batch at the end. */
  private static final int ROWS = 103;

  private static final int FEATURES = 5;
  private static final int CLASSES = 7;
  private static final int IGNORED = -100;

  private final Random random = new Random(1);
  private final float[] w = gaussian(FEATURES * CLASSES, 2);
  private final float[] b = gaussian(CLASSES, 1);
  private final float[] x = gaussian(ROWS * FEATURES, 2);
  private final long[] labels = new long[ROWS];

  LossEvaluatorTest() {
    for (int i = 0; i < ROWS; i++) {
      labels[i] = i % 10 == 3 ? IGNORED : random.nextInt(CLASSES);
    }
  }

  @AfterAll
  static void close() {
    FUSED.close();
  }

  private float[] gaussian(int n, float scale) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = (float) random.nextGaussian() * scale;
    }
    return values;
  }

  private float[] positive(int n) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = random.nextFloat() + 0.1f;
    }
    return values;
  }

  private OrtSession session(int type) throws OrtException {
    return ENV.createSession(TinyOnnx.linear(w, b, FEATURES, CLASSES, type, false));
  }

  private OnnxTensor rows(int from, int to) throws OrtException {
    return OnnxTensor.createTensor(
        ENV,
        FloatBuffer.wrap(Arrays.copyOfRange(x, from * FEATURES, to * FEATURES)),
        new long[] {to - from, FEATURES});
  }

  private Tensor labels(int from, int to) {
    return Tensor.of(Arrays.copyOfRange(labels, from, to), to - from);
  }

  private LossEvaluator evaluated(OrtSession session, int batch) throws OrtException {
    LossEvaluator evaluator = LossEvaluator.of(FUSED, session, "logits", CrossEntropy.DEFAULT);
    for (int from = 0; from < ROWS; from += batch) {
      int to = Math.min(ROWS, from + batch);
      try (OnnxTensor in = rows(from, to)) {
        evaluator.add(Map.of("x", in), labels(from, to));
      }
    }
    return evaluator;
  }

  /** The mean from the definition, of the logits that the session itself gives. */
  private double expected(OrtSession session) throws OrtException {
    double sum = 0;
    int count = 0;
    try (OnnxTensor in = rows(0, ROWS);
        OrtSession.Result result = session.run(Map.of("x", in))) {
      FloatBuffer logits = ((OnnxTensor) result.get(0)).getFloatBuffer();
      for (int i = 0; i < ROWS; i++) {
        if (labels[i] == IGNORED) {
          continue;
        }
        double exponentials = 0;
        for (int c = 0; c < CLASSES; c++) {
          exponentials += Math.exp(logits.get(i * CLASSES + c));
        }
        sum += Math.log(exponentials) - logits.get(i * CLASSES + (int) labels[i]);
        count++;
      }
    }
    return sum / count;
  }

  @ParameterizedTest
  @ValueSource(ints = {TinyOnnx.FLOAT, TinyOnnx.FLOAT16, TinyOnnx.BFLOAT16})
  void meanIsThatOfTheDefinitionForEveryBatchSize(int type) throws OrtException {
    try (OrtSession session = session(type)) {
      double expected = expected(session);
      // 10 batches and more of one size: the second and later ones go to kept memory.
      for (int batch : new int[] {1, 4, 10, 64, ROWS}) {
        LossEvaluator evaluator = evaluated(session, batch);
        assertEquals(93, evaluator.count());
        assertEquals(93.0, evaluator.weightSum());
        // Losses are right to 2^-22 of their sum.
        assertEquals(expected, evaluator.mean(), expected * 0x1p-22);
        assertEquals(Math.exp(evaluator.mean()), evaluator.perplexity());
      }
    }
  }

  @Test
  void masksAndBinaryLosses() throws OrtException {
    float[] ones = new float[4 * CLASSES];
    Arrays.fill(ones, 1f);
    try (OrtSession session = session(TinyOnnx.FLOAT);
        OnnxTensor in = rows(0, 4);
        OrtSession.Result result = session.run(Map.of("x", in))) {
      FloatBuffer logits = ((OnnxTensor) result.get(0)).getFloatBuffer();
      LossEvaluator binary =
          LossEvaluator.of(FUSED, session, "logits", BinaryCrossEntropyWithLogits.DEFAULT);
      binary.add(Map.of("x", in), Tensor.of(ones, 4, CLASSES));
      double sum = 0;
      for (int i = 0; i < ones.length; i++) {
        sum += Math.log1p(Math.exp(-logits.get(i)));
      }
      assertEquals(sum, binary.sum(), sum * 0x1p-22);

      LossEvaluator masked = LossEvaluator.of(FUSED, session, "logits", CrossEntropy.DEFAULT);
      masked.add(
          Map.of("x", in),
          Target.of(labels(0, 4)).mask(Tensor.of(new boolean[] {true, false, true, true}, 4)));
      assertEquals(2, masked.count()); // the label of row 3 is ignored
    }
  }

  /** A model's options are those of any other call; a z-loss is for training. */
  @Test
  void optionsOfTheLoss() throws OrtException {
    CrossEntropy loss = CrossEntropy.DEFAULT.withLogits(LogitTransform.NONE.withTemperature(2f));
    try (OrtSession session = session(TinyOnnx.FLOAT);
        OnnxTensor in = rows(0, ROWS);
        OrtSession.Result result = session.run(Map.of("x", in))) {
      LossEvaluator evaluator =
          LossEvaluator.of(
              FUSED,
              session,
              "logits",
              loss.withZLoss(0.01f).withReduction(Reduction.MEAN).withDenominator(3));
      evaluator.add(Map.of("x", in), labels(0, ROWS));
      float whole =
          FUSED
              .forward(loss, OnnxTensors.tensor((OnnxTensor) result.get(0)), labels(0, ROWS))
              .loss();
      assertEquals(whole, (float) evaluator.mean());
    }
  }

  /**
   * Weights of classes and rows in 20 orders of batches of 1 to 20 rows, divided among two
   * evaluators: one result, to the last bit. The model gives each row the same logits in each batch
   * here: its matrix has 5 columns, too few to be summed in another order.
   */
  @Test
  void sameBitsForEveryPartitioning() throws OrtException {
    CrossEntropy loss = CrossEntropy.DEFAULT.withWeight(Tensor.of(positive(CLASSES), CLASSES));
    float[] weights = positive(ROWS);
    Set<LossSummary> summaries = new HashSet<>();
    try (OrtSession session = session(TinyOnnx.FLOAT)) {
      for (int trial = 0; trial < 20; trial++) {
        LossEvaluator[] two = new LossEvaluator[2];
        for (int i = 0; i < 2; i++) {
          two[i] = LossEvaluator.of(FUSED, session, "logits", loss);
        }
        for (int from = 0; from < ROWS; ) {
          int to = Math.min(ROWS, from + 1 + random.nextInt(20));
          try (OnnxTensor in = rows(from, to)) {
            two[random.nextInt(2)].add(
                Map.of("x", in),
                Target.of(labels(from, to))
                    .rowWeights(Tensor.of(Arrays.copyOfRange(weights, from, to), to - from)));
          }
          from = to;
        }
        summaries.add(two[0].summary().merge(two[1].summary()));
      }
    }
    assertEquals(1, summaries.size(), summaries::toString);
    assertEquals(93, summaries.iterator().next().count());
  }

  /** The number of rows that come out depends on values: kept memory may not fit. */
  @Test
  void outputsWhoseShapeDependsOnValues() throws OrtException {
    try (OrtSession session =
        ENV.createSession(TinyOnnx.linear(w, b, FEATURES, CLASSES, TinyOnnx.FLOAT, true))) {
      LossEvaluator evaluator = LossEvaluator.of(FUSED, session, "logits", CrossEntropy.DEFAULT);
      for (boolean[] keep :
          new boolean[][] {{true, true, false}, {true, true, false}, {false, true, false}}) {
        int kept = (keep[0] ? 1 : 0) + (keep[1] ? 1 : 0);
        try (OnnxTensor in = rows(0, 3);
            OnnxTensor which = OnnxTensor.createTensor(ENV, keep)) {
          evaluator.add(Map.of("x", in, "keep", which), Tensor.of(new long[kept], kept));
        }
      }
      assertEquals(5, evaluator.count());
    }
  }

  @Test
  void refusesWhatDoesNotFit() throws OrtException {
    try (OrtSession session = session(TinyOnnx.FLOAT);
        OnnxTensor in = rows(0, 4)) {
      String message =
          assertThrows(
                  IllegalArgumentException.class,
                  () -> LossEvaluator.of(FUSED, session, "probabilities", CrossEntropy.DEFAULT))
              .getMessage();
      assertEquals("output must be one of [logits], got probabilities", message);
      LossEvaluator evaluator = LossEvaluator.of(FUSED, session, "logits", CrossEntropy.DEFAULT);
      for (int again = 0; again < 2; again++) {
        message =
            assertThrows(
                    IllegalArgumentException.class,
                    () -> evaluator.add(Map.of("x", in), labels(0, 5)))
                .getMessage();
        assertTrue(message.contains("target"), message);
      }
      assertEquals(0, evaluator.count());
      assertTrue(Double.isNaN(evaluator.mean()));
    }
  }
}
