package io.github.fusedloss.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The oracle against ten published PyTorch examples: mean losses as PyTorch printed them. */
@Tag("once") // Oracles compute on the JVM alone, with its strict functions or Commons Math.
class PyTorchExamplesTest {
  /** The print has four decimals. */
  private static final double PRINTED = 0.5e-4;

  /**
   * Inputs that were printed with four decimals too add at most 0.5e-4 times the mean of |d loss /
   * d x|, which is below 1.
   */
  private static final double PRINTED_INPUT = 1e-4;

  @Test
  void bceSingle() throws IOException {
    assertBce(0.2576, "bce_single");
  }

  @Test
  void bceBatch() throws IOException {
    assertBce(0.8165, "bce_batch");
  }

  @Test
  void crossEntropySingle() throws IOException {
    assertCrossEntropy(1.7541, "ce_single", 3, 5, 1);
  }

  @Test
  void crossEntropyBatch() throws IOException {
    assertCrossEntropy(2.7944, "ce_batch", 32, 10, 5);
  }

  @Test
  void printedMatrix() {
    float[] x = {
      -0.4089f, -1.2471f, 0.5907f, -0.4897f, -0.8267f, -0.7349f, 0.5241f, -0.1246f, -0.4751f
    };
    float[] t = {0, 1, 1, 0, 0, 1, 1, 0, 1};
    assertEquals(0.7193, withLogits(x, t), PRINTED_INPUT);
  }

  @Test
  void printedProbabilities() {
    // These were typed in, not rounded for printing.
    assertEquals(
        0.3190, ofProbabilities(new float[] {0.8f, 0.2f, 0.4f}, new float[] {1, 0, 0}), PRINTED);
  }

  @Test
  void printedSoftTargets() {
    float[] x = {-0.5474f, 0.2197f, -0.1033f, -1.3856f, -0.2582f, -0.1918f};
    float[] t = {0.7867f, 0.5643f, 0.2240f, 0.8263f, 0.3244f, 0.2778f};
    // The targets were rounded as well; d loss / d t = -x, below 1.4 and 0.45 in the mean.
    assertEquals(0.8196, ofProbabilities(sigmoid(x), t), PRINTED_INPUT + 0.5e-4);
  }

  @Test
  void printedVector() {
    assertEquals(
        0.8830,
        withLogits(new float[] {1.3210f, -0.0636f, 0.8165f}, new float[] {0, 1, 1}),
        PRINTED_INPUT);
  }

  @Test
  void printedColumn() {
    assertEquals(
        0.6573,
        withLogits(new float[] {0.8269f, -0.7197f, -0.6237f, 0.1657f}, new float[] {0, 0, 0, 1}),
        PRINTED_INPUT);
  }

  @Test
  void printedThreeDimensions() {
    float[] x = {
      -0.0828f, 0.1661f, -0.5422f, -1.2300f, -1.0764f, -0.1699f, -0.0334f, 0.3021f, -0.3994f,
      -0.8070f, 1.0112f, -0.7639f, -1.4431f, 0.3587f, 0.2310f, -0.7968f, 1.0035f, 1.2438f,
      -0.0235f, -1.0956f, -1.6103f, 2.2160f, 0.5243f, 0.4291f
    };
    float[] t = {0, 1, 1, 0, 1, 1, 1, 1, 0, 0, 1, 1, 1, 0, 1, 0, 0, 1, 0, 0, 0, 1, 0, 1};
    assertEquals(0.6705, withLogits(x, t), PRINTED_INPUT);
  }

  private static void assertBce(double expected, String name) throws IOException {
    float[] x = floats(name + "_input.npy");
    float[] t = floats(name + "_target.npy");
    assertEquals(expected, withLogits(x, t), PRINTED);
    assertEquals(expected, ofProbabilities(sigmoid(x), t), PRINTED);
  }

  private static void assertCrossEntropy(double expected, String name, int n, int c, int inner)
      throws IOException {
    float[] x = floats(name + "_input.npy");
    ByteBuffer data = payload(name + "_target.npy");
    long[] targets = new long[data.remaining() / Long.BYTES];
    data.asLongBuffer().get(targets);
    double loss =
        ReferenceCrossEntropy.ofIndices(x, n, c, inner, targets, RowOptions.DEFAULT).mean();
    assertEquals(expected, loss, PRINTED);
    float[] logP = rounded(ReferencePrimitives.logSoftmax(x, n, c, inner));
    assertEquals(
        expected,
        ReferenceCrossEntropy.nllLoss(logP, n, c, inner, targets, null, -100).mean(),
        PRINTED);
  }

  private static double withLogits(float[] x, float[] t) {
    return ReferenceBinaryCrossEntropy.withLogits(x, t, null, null).mean();
  }

  private static double ofProbabilities(float[] p, float[] t) {
    return ReferenceBinaryCrossEntropy.ofProbabilities(p, t, null).mean();
  }

  private static float[] sigmoid(float[] x) {
    return rounded(ReferencePrimitives.sigmoid(x));
  }

  private static float[] rounded(double[] x) {
    float[] y = new float[x.length];
    for (int i = 0; i < y.length; i++) {
      y[i] = (float) x[i];
    }
    return y;
  }

  private static float[] floats(String name) throws IOException {
    ByteBuffer data = payload(name);
    float[] values = new float[data.remaining() / Float.BYTES];
    data.asFloatBuffer().get(values);
    return values;
  }

  /** What follows the header of a version 1 .npy file; these are all little-endian and C order. */
  private static ByteBuffer payload(String name) throws IOException {
    String path = "/pytorch-examples/" + name;
    try (InputStream in = PyTorchExamplesTest.class.getResourceAsStream(path)) {
      ByteBuffer file = ByteBuffer.wrap(in.readAllBytes()).order(ByteOrder.LITTLE_ENDIAN);
      int header = file.getShort(8);
      return file.position(10 + header).slice().order(ByteOrder.LITTLE_ENDIAN);
    }
  }
}
