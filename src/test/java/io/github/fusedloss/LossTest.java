package io.github.fusedloss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fusedloss.backend.Option;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.lang.reflect.Modifier;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

/** Losses as values: what they hold, and when two are the same. */
class LossTest {
  private static final List<Loss> DEFAULTS =
      List.of(
          BinaryCrossEntropy.DEFAULT,
          BinaryCrossEntropyWithLogits.DEFAULT,
          CrossEntropy.DEFAULT,
          NllLoss.DEFAULT);

  private static Tensor weight(float... values) {
    return Tensor.of(values, values.length);
  }

  private static Loss copy(Loss loss) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(loss);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      return (Loss) in.readObject();
    }
  }

  private static void same(Loss a, Loss b) {
    assertEquals(a, b);
    assertEquals(a.hashCode(), b.hashCode());
  }

  @Test
  void defaultsArePyTorchs() {
    for (Loss loss : DEFAULTS) {
      assertNull(loss.weight());
      assertEquals(Reduction.MEAN, loss.reduction());
      assertEquals(OptionalDouble.empty(), loss.denominator());
    }
    assertNull(BinaryCrossEntropyWithLogits.DEFAULT.posWeight());
    assertEquals(-100, NllLoss.DEFAULT.ignoreIndex());
    assertEquals(-100, CrossEntropy.DEFAULT.ignoreIndex());
    assertEquals(0f, CrossEntropy.DEFAULT.labelSmoothing());
  }

  @Test
  void everyOptionIsKept() {
    Tensor w = weight(1, 2);
    CrossEntropy loss =
        CrossEntropy.DEFAULT
            .withWeight(w)
            .withIgnoreIndex(7)
            .withLabelSmoothing(0.25f)
            .withDenominator(3.5);
    assertSame(w, loss.weight());
    assertEquals(7, loss.ignoreIndex());
    assertEquals(0.25f, loss.labelSmoothing());
    assertEquals(OptionalDouble.of(3.5), loss.denominator());
    CrossEntropy sum = loss.withoutDenominator().withReduction(Reduction.SUM);
    assertEquals(Reduction.SUM, sum.reduction());
    assertEquals(OptionalDouble.empty(), sum.denominator());
    assertSame(w, sum.weight());
    assertNull(sum.withWeight(null).weight());
    assertSame(w, BinaryCrossEntropyWithLogits.DEFAULT.withPosWeight(w).posWeight());
    assertEquals(5, NllLoss.DEFAULT.withIgnoreIndex(5).ignoreIndex());
  }

  @Test
  void theLibraryAloneMakesLosses() {
    for (Loss loss : DEFAULTS) {
      assertTrue(Modifier.isFinal(loss.getClass().getModifiers()));
      assertEquals(0, loss.getClass().getConstructors().length);
    }
  }

  @Test
  void lossesAreComparedByValue() {
    same(CrossEntropy.DEFAULT, CrossEntropy.DEFAULT.withIgnoreIndex(3).withIgnoreIndex(-100));
    same(
        NllLoss.DEFAULT.withWeight(weight(1, 2)).withReduction(Reduction.SUM),
        NllLoss.DEFAULT.withReduction(Reduction.SUM).withWeight(weight(1, 2)));
    assertNotEquals(NllLoss.DEFAULT, CrossEntropy.DEFAULT);
    for (Loss loss : DEFAULTS) {
      for (Loss other :
          List.of(
              loss.withWeight(weight(1)),
              loss.withReduction(Reduction.NONE),
              loss.withDenominator(2))) {
        assertNotEquals(loss, other);
        same(other, other.withWeight(other.weight()));
      }
    }
  }

  @Test
  void weightsAreComparedByTypeShapeAndBits() {
    Loss loss = BinaryCrossEntropy.DEFAULT.withWeight(weight(1, 2, 0));
    assertNotEquals(loss, loss.withWeight(weight(1, 2, -0f)));
    assertNotEquals(loss, loss.withWeight(weight(1, 2)));
    assertNotEquals(loss, loss.withWeight(weight(1, 2, 0, 0)));
    assertNotEquals(loss, loss.withWeight(Tensor.of(new float[] {1, 2, 0}, 1, 3)));
    assertNotEquals(loss, loss.withWeight(null));
    same(
        loss.withWeight(weight(Float.NaN, 1)),
        loss.withWeight(Tensor.of(FloatBuffer.wrap(new float[] {9, Float.NaN, 1}, 1, 2), 2)));
    List<FloatBuffer> segments =
        List.of(
            FloatBuffer.wrap(new float[] {1}),
            FloatBuffer.wrap(new float[] {}),
            FloatBuffer.wrap(new float[] {2, 0}));
    same(loss, loss.withWeight(Tensor.of(segments, 3)));
    same(loss.withWeight(Tensor.of(segments, 3)), loss);
    assertNotEquals(loss.withWeight(weight(1, 3, 0)), loss.withWeight(Tensor.of(segments, 3)));
  }

  @Test
  void serializedLossesComeBack() throws Exception {
    for (Loss loss : DEFAULTS) {
      same(loss, copy(loss));
      Loss other = loss.withWeight(weight(1.5f, -0f, Float.NaN)).withDenominator(7);
      same(other, copy(other));
      assertEquals(other.getClass(), copy(other).getClass());
    }
    CrossEntropy loss =
        CrossEntropy.DEFAULT
            .withIgnoreIndex(Long.MAX_VALUE)
            .withLabelSmoothing(0.1f)
            .withReduction(Reduction.NONE);
    CrossEntropy read = (CrossEntropy) copy(loss);
    same(loss, read);
    assertEquals(Long.MAX_VALUE, read.ignoreIndex());
    assertEquals(0.1f, read.labelSmoothing());
    assertEquals(Reduction.NONE, read.reduction());
  }

  @Test
  void aWeightOnADeviceIsWrittenAsItsValues() throws Exception {
    for (FusedLoss fused : OpenDevices.all()) {
      try (Tensor device = fused.upload(Tensor.of(new float[] {1, 2, 3, 4}, 2, 2));
          Tensor again = fused.upload(Tensor.of(new float[] {1, 2, 3, 4}, 2, 2))) {
        Loss loss = BinaryCrossEntropy.DEFAULT.withWeight(device);
        same(loss, BinaryCrossEntropy.DEFAULT.withWeight(device));
        assertNotEquals(loss, loss.withWeight(again));
        Tensor read = copy(loss).weight();
        assertArrayEquals(new float[] {1, 2, 3, 4}, read.toFloatArray());
        assertArrayEquals(new long[] {2, 2}, read.shape());
        assertEquals(false, read.isOnDevice());
      }
    }
  }

  @Test
  void textSaysWhatIsNotTheDefault() {
    assertEquals("nll_loss()", NllLoss.DEFAULT.toString());
    assertEquals(
        "cross_entropy(weight=float32(2,), ignore_index=3, label_smoothing=0.1, reduction=sum)",
        CrossEntropy.DEFAULT
            .withReduction(Reduction.SUM)
            .withLabelSmoothing(0.1f)
            .withIgnoreIndex(3)
            .withWeight(weight(1, 2))
            .toString());
    assertEquals(
        "binary_cross_entropy_with_logits(pos_weight=float32(1,), denominator=8.0)",
        BinaryCrossEntropyWithLogits.DEFAULT
            .withPosWeight(weight(1))
            .withDenominator(8)
            .toString());
  }

  @Test
  void optionsByName() {
    Tensor w = weight(1, 2);
    assertEquals(
        CrossEntropy.DEFAULT
            .withWeight(w)
            .withIgnoreIndex(3)
            .withLabelSmoothing(0.1f)
            .withReduction(Reduction.SUM),
        CrossEntropy.DEFAULT
            .with("weight", w)
            .with("ignore_index", 3)
            .with("label_smoothing", 0.1)
            .with("reduction", Reduction.SUM));
    assertEquals(NllLoss.DEFAULT.withDenominator(2), NllLoss.DEFAULT.with("denominator", 2));
    refused(NllLoss.DEFAULT, "label_smoothing", 0.1, "cross_entropy, not of nll_loss");
    refused(NllLoss.DEFAULT, "posWeight", w, "option must be weight, pos_weight", "got posWeight");
    refused(NllLoss.DEFAULT, null, w, "got null");
    refused(NllLoss.DEFAULT, "weight", 1, "weight must be a tensor, got 1");
    refused(NllLoss.DEFAULT, "ignore_index", 1.5, "ignoreIndex", "got 1.5");
    refused(NllLoss.DEFAULT, "ignore_index", null, "ignoreIndex", "got null");
    assertEquals(
        NllLoss.DEFAULT.withReduction(Reduction.SUM), NllLoss.DEFAULT.with("reduction", "sum"));
    refused(NllLoss.DEFAULT, "reduction", "all", "reduction must be none, mean or sum", "got all");
    refused(
        KlDivLoss.DEFAULT, "reduction", "all", "reduction must be none, mean, sum or batchmean");
    refused(NllLoss.DEFAULT, "denominator", "2", "denominator must be a number, got 2");
    refused(CrossEntropy.DEFAULT, "label_smoothing", null, "labelSmoothing", "got null");
    refused(CrossEntropy.DEFAULT, "class_axis", (1L << 32) + 1, "classAxis", "int", "4294967297");
  }

  /** These doubles become an end of the range, or 0, when they are rounded to floats. */
  @Test
  void doublesAreCheckedBeforeTheyAreRounded() {
    refused(CrossEntropy.DEFAULT, "softcap", 1e-50, "softcap must be in", "got 1.0E-50");
    refused(CrossEntropy.DEFAULT, "label_smoothing", 1.00000001, "labelSmoothing", "1.00000001");
    refused(CrossEntropy.DEFAULT, "label_smoothing", -1e-60, "labelSmoothing", "got -1.0E-60");
    assertEquals(CrossEntropy.DEFAULT, CrossEntropy.DEFAULT.with("z_loss", 1e-60));
  }

  /** -0 equals 0 and is the same option: what is as the default is not given. */
  @Test
  void minusZeroIsZero() {
    for (Loss loss : DEFAULTS) {
      for (Option option : Option.values()) {
        if (option.isOf(loss.name()) && Float.valueOf(0f).equals(option.defaultValue())) {
          assertEquals(loss, loss.with(option.torchName(), -0f), option.torchName());
          assertEquals(loss, loss.with(option.torchName(), -0.0), option.torchName());
        }
      }
    }
    assertEquals(SoftmaxFocalLoss.DEFAULT.withGamma(0f), SoftmaxFocalLoss.DEFAULT.withGamma(-0f));
    assertEquals(LogitTransform.NONE, LogitTransform.NONE.withSoftcap(-0f));
  }

  private static void refused(Loss loss, String option, Object value, String... parts) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> loss.with(option, value)).getMessage();
    for (String part : parts) {
      assertTrue(message.contains(part), message);
    }
  }
}
