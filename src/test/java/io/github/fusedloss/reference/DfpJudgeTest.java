package io.github.fusedloss.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.apache.commons.math3.dfp.Dfp;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The judge against 60 digits computed with another program: Python's decimal module at 150 digits,
 * from the definitions.
 */
@Tag("once") // Oracles compute on the JVM alone, with its strict functions or Commons Math.
class DfpJudgeTest {
  private static final float[] X = {1.5f, -2, 0.25f};
  private static final float[] W = {0.5f, 2, 3};
  private static final float[] Q = {0.5f, 0.375f, 0.125f};

  @Test
  void binaryCrossEntropyWithLogits() {
    assertDigits(
        "3.05902273713720485897019177280329881926203149741623549152583E-7",
        DfpJudge.binaryCrossEntropyWithLogits(-15, 0, 1, 1));
    assertDigits(
        "4.13993763308974744770836006167028258366495909414218489909340E-8",
        DfpJudge.binaryCrossEntropyWithLogits(17, 1, 1, 1));
    assertDigits(
        "1.80485138784541517231212835735002740488366043680212238099117E-35",
        DfpJudge.binaryCrossEntropyWithLogits(-80, 0, 1, 1));
    assertDigits(
        "3.72007597602083596295969580386311833735889222318195563028374E-44",
        DfpJudge.binaryCrossEntropyWithLogits(-100, 0, 1, 1));
    assertDigits(
        "1.33481281370446542389610838056131237161154337963114184515044",
        DfpJudge.binaryCrossEntropyWithLogits(3.5, 0.25, 0.5, 3));
  }

  @Test
  void binaryCrossEntropyWithLogitsGradient() {
    assertDigits(
        "0.353015826936482760851032831414363812079363402651214961542569",
        DfpJudge.binaryCrossEntropyWithLogitsGradient(3.5, 0.25, 0.5, 3));
    assertDigits(
        "-4.13993754739433060092359962518837526079556791705402236940369E-8",
        DfpJudge.binaryCrossEntropyWithLogitsGradient(17, 1, 1, 1));
  }

  @Test
  void everyFiniteFloatIsInRange() {
    double max = Float.MAX_VALUE;
    assertEquals(max, DfpJudge.binaryCrossEntropyWithLogits(max, 0, 1, 1).toDouble());
    assertEquals(max, DfpJudge.binaryCrossEntropyWithLogits(-max, 1, 1, 1).toDouble());
    assertTrue(DfpJudge.binaryCrossEntropyWithLogits(max, 1, 1, 1).isZero());
    assertEquals(1, DfpJudge.binaryCrossEntropyWithLogitsGradient(max, 0, 1, 1).toDouble());
    assertEquals(-1, DfpJudge.binaryCrossEntropyWithLogitsGradient(-max, 1, 1, 1).toDouble());
    float[] row = {Float.MAX_VALUE, -Float.MAX_VALUE};
    assertEquals(2 * max, DfpRows.crossEntropy(row, 1, RowOptions.DEFAULT).toDouble());
    assertTrue(DfpRows.crossEntropy(row, 0, RowOptions.DEFAULT).isZero());
    assertEquals(-1, DfpRows.crossEntropyGradient(row, 1, RowOptions.DEFAULT)[1].toDouble());
    // The digits of log 2 were published; the smallest float there is still moves the loss.
    assertDigits(
        "0.693147180559945309417232121458176568075500134360255254120680",
        DfpJudge.binaryCrossEntropyWithLogits(0, 0, 1, 1));
    assertTrue(
        DfpJudge.binaryCrossEntropyWithLogits(Float.MIN_VALUE, 0, 1, 1)
            .greaterThan(DfpJudge.binaryCrossEntropyWithLogits(0, 0, 1, 1)));
  }

  @Test
  void minusLogSigmoidIsContinuousWhereItsEvaluationChanges() {
    // At -150 the logarithm gives way to its series; d log(loss)/dx is 1 there, to 65 digits.
    double loss = DfpJudge.binaryCrossEntropyWithLogits(-150, 0, 1, 1).toDouble();
    double next = DfpJudge.binaryCrossEntropyWithLogits(Math.nextUp(-150.0), 0, 1, 1).toDouble();
    assertEquals(loss * Math.exp(Math.ulp(150.0)), next, 2 * Math.ulp(loss));
  }

  @Test
  void binaryCrossEntropy() {
    assertDigits(
        "2.22328257790572639197130586737144341997825525852964629061537",
        DfpJudge.binaryCrossEntropy(0.75, 0.25, 2));
    assertEquals(100, DfpJudge.binaryCrossEntropy(0, 1, 1).toDouble());
    assertEquals(100, DfpJudge.binaryCrossEntropy(1, 0, 1).toDouble());
    assertTrue(DfpJudge.binaryCrossEntropy(1, 1, 1).isZero());
    assertEquals(-1e12, DfpJudge.binaryCrossEntropyGradient(0, 1, 1).toDouble());
    assertEquals(16.0 / 3, DfpJudge.binaryCrossEntropyGradient(0.75, 0.25, 2).toDouble());
  }

  @Test
  void crossEntropyOfIndices() {
    float[] confident = {17, 0, 0, 0};
    assertDigits(
        "1.24198123850967696443087604822937483813123210091522911328585E-7",
        DfpRows.crossEntropy(confident, 0, RowOptions.DEFAULT));
    assertDigits(
        "-1.24198116138381031689200015692795495249355729980392914081621E-7",
        DfpRows.crossEntropyGradient(confident, 0, RowOptions.DEFAULT)[0]);
    assertDigits(
        "0.313261687518222834048995494967855641915280085670348374719064",
        DfpRows.crossEntropy(new float[] {1e8f, 1e8f - 8}, 0, RowOptions.DEFAULT)
            .add(DfpRows.crossEntropy(new float[] {1, 0}, 0, RowOptions.DEFAULT))
            .subtract(DfpRows.crossEntropy(new float[] {8, 0}, 0, RowOptions.DEFAULT)));
    assertDigits(
        "7.11744531069844486944467721756138855539831156001598586625935",
        DfpRows.crossEntropy(X, 1, RowOptions.DEFAULT.withWeight(W).withLabelSmoothing(0.125)));
    assertDigits(
        DfpRows.crossEntropyGradient(
            X, 1, RowOptions.DEFAULT.withWeight(W).withLabelSmoothing(0.125)),
        "1.48229068081694414566526448050978279441234340944820019106010",
        "-1.78794292114674290466182371778032569475651924733099464842323",
        "0.305652240329798758996559237270542900344175837882794457363135");
  }

  @Test
  void crossEntropyOfProbabilities() {
    assertDigits(
        "3.54901469853176931341391114428784698088035705001156871900348",
        DfpRows.crossEntropy(X, Q, RowOptions.DEFAULT.withWeight(W).withLabelSmoothing(0.125)));
    assertDigits(
        DfpRows.crossEntropyGradient(
            X, Q, RowOptions.DEFAULT.withWeight(W).withLabelSmoothing(0.125)),
        "0.848203782170156947520915084579448074903669572626986980372438",
        "-0.706735008724616575742109269446288331731691560568482969253654",
        "-0.141468773445540371778805815133159743171978012058504011118784");
  }

  @Test
  void primitives() {
    assertDigits(
        "1.77513026224763530245625796255733316483283110400807706926788", DfpRows.logSumExp(X));
    for (int c = 0; c < 3; c++) {
      Dfp p = DfpRows.softmax(X)[c];
      assertDigits(p.toString(), DfpRows.logSoftmax(X)[c].exp());
    }
    assertEquals(0.5, DfpJudge.sigmoid(0).toDouble());
    assertEquals(0.25, DfpRows.softmax(new float[] {9, 9, 9, 9})[2].toDouble());
  }

  /** e^-1000 and less is below the digits; equal logits and weights share what is computed. */
  @Test
  void runsAndLogitsFarBelow() {
    float[] run = new float[1000];
    Arrays.fill(run, 3f);
    run[7] = -1e9f;
    float[] weight = new float[1000];
    Arrays.fill(weight, 2f);
    weight[8] = 5;
    assertEquals(1.0 / 999, DfpRows.softmax(run)[8].toDouble());
    assertTrue(DfpRows.softmax(run)[7].isZero());
    assertEquals(3, DfpRows.logSumExp(new float[] {3, -1e9f}).toDouble());
    assertTrue(DfpJudge.sigmoid(-1e9).isZero());
    assertEquals(1, DfpJudge.sigmoid(1e9).toDouble());
    assertTrue(DfpJudge.binaryCrossEntropyWithLogits(1e9, 1, 1, 1).isZero());
    Dfp[] gradient = DfpRows.crossEntropyGradient(run, 8, RowOptions.DEFAULT.withWeight(weight));
    assertEquals(5.0 / 999, gradient[9].toDouble(), 1e-17);
    assertEquals(-5.0 * 998 / 999, gradient[8].toDouble(), 1e-15);
    Dfp[] smoothed =
        DfpRows.crossEntropyGradient(
            run, 8, RowOptions.DEFAULT.withWeight(weight).withLabelSmoothing(1));
    assertEquals((2 * 999 + 5) / 1000.0 / 999 - 5 / 1000.0, smoothed[8].toDouble(), 1e-17);
    assertEquals(-2 / 1000.0, smoothed[7].toDouble(), 1e-17);
  }

  @Test
  void infinitiesAndNanAreRefused() {
    assertThrows(
        IllegalArgumentException.class,
        () -> DfpJudge.binaryCrossEntropyWithLogits(Double.NaN, 0, 1, 1));
    assertThrows(
        IllegalArgumentException.class,
        () -> DfpRows.logSumExp(new float[] {0, Float.NEGATIVE_INFINITY}));
  }

  private static void assertDigits(Dfp[] actual, String... expected) {
    assertEquals(expected.length, actual.length);
    for (int i = 0; i < expected.length; i++) {
      assertDigits(expected[i], actual[i]);
    }
  }

  /** Agreement to 59 digits; the last of the 60 printed ones is rounded. */
  private static void assertDigits(String expected, Dfp actual) {
    Dfp wanted = actual.newInstance(expected.replace('E', 'e'));
    Dfp error = actual.subtract(wanted).divide(wanted).abs();
    assertTrue(error.lessThan(actual.newInstance("1e-58")), () -> expected + " but " + actual);
  }
}
