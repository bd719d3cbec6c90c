package io.github.fusedloss;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * {@link FusedLoss#NUMERICS} stands for the bits of all results. The hashes of many results are
 * committed with it in {@code numerics.txt}, so that no change of a bit goes unnoticed.
 */
@Tag("jdk") // Plain Java is the same code with accelerators and without.
class NumericsTest {
  /** A tail behind blocks of 1024, and every kind of rest in vectors. */
  private static final int ELEMENTS = 1025 + 15;

  /**
   * In order, adjacent and not; in lanes, with the row lengths at which a shipping GPU driver once
   * computed a wrong softmax; two blocks.
   */
  private static final List<LogitShape> ROWS =
      LogitShape.list(
          "37x10 2x19x33 17x70 3x257 2x384 2x385 2x513 2x896 2x897 2x1025 2x1400 2x4099");

  private static final List<ElementType> TYPES =
      List.of(ElementType.FLOAT32, ElementType.FLOAT16, ElementType.BFLOAT16);

  @Test
  void bitsAreThoseOfTheCommittedNumber() throws IOException {
    String cure =
        "the bits of a result have changed. If that is meant, raise FusedLoss.NUMERICS and put what "
            + "`ci/known-answers numerics` prints into src/test/resources/numerics.txt; a new option or loss "
            + "only adds lines there";
    try (InputStream in = getClass().getResourceAsStream("/numerics.txt")) {
      String committed = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      assertEquals(committed, text(), cure);
    }
  }

  /** Prints what should stand in numerics.txt. */
  public static void main(String[] args) {
    System.out.print(text());
  }

  private static String text() {
    StringBuilder text = new StringBuilder("NUMERICS " + FusedLoss.NUMERICS + "\n");
    hashes().forEach((name, hash) -> text.append(hash).append(' ').append(name).append('\n'));
    return text.toString();
  }

  /** A hash of all results of a function, whatever the type and the shape. */
  private static Map<String, String> hashes() {
    Map<String, MessageDigest> digests = new TreeMap<>();
    try (FusedLoss fused = FusedLoss.open("cpu:scalar")) {
      for (EveryLoss.Named function : functions()) {
        MessageDigest digest = digests.computeIfAbsent(function.name(), name -> sha256());
        for (Tensor tensor : function.function().of(fused)) {
          for (int bits : Bits.of(tensor)) {
            digest.update((byte) bits);
            digest.update((byte) (bits >> 8));
            digest.update((byte) (bits >> 16));
            digest.update((byte) (bits >> 24));
          }
        }
      }
    }
    Map<String, String> hashes = new LinkedHashMap<>();
    digests.forEach(
        (name, digest) ->
            hashes.put(name, HexFormat.of().formatHex(digest.digest()).substring(0, 16)));
    return hashes;
  }

  private static List<EveryLoss.Named> functions() {
    List<EveryLoss.Named> all = new ArrayList<>();
    for (ElementType type : TYPES) {
      SplittableRandom random = new SplittableRandom(1);
      float[] values = EveryLoss.logits(random, ELEMENTS, 60);
      float[] units = EveryLoss.unit(random, ELEMENTS);
      all.addAll(EveryLoss.ofElements(NumericsTest::variants, type, values, units));
      for (LogitShape shape : ROWS) {
        float[] x = EveryLoss.logits(random, shape.elements(), 12);
        int[] y = EveryLoss.indices(random, shape.rows(), shape.classes());
        float[] q = EveryLoss.unit(random, shape.elements());
        all.addAll(EveryLoss.ofRows(NumericsTest::variants, type, shape, x, y, q));
      }
    }
    return all;
  }

  private static List<Loss> variants(Loss loss, Tensor weight) {
    List<Loss> all = new ArrayList<>();
    for (Loss variant : OptionCases.variants(loss, weight)) {
      all.add(variant);
      all.add(variant.withReduction(Reduction.NONE));
    }
    return all;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
