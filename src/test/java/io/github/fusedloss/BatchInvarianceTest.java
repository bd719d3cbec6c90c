package io.github.fusedloss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The bits of a row, of its loss and of its gradient do not depend on the batch that the row is in,
 * on its place there, or on the size of the batch. Each row is computed alone, and then at random
 * places of batches of other rows.
 */
@Tag("once") // SameBitsTest and KnownAnswersTest show that other JVMs give these bits.
class BatchInvarianceTest {
  /** How many rows are followed. */
  private static final int FOLLOWED = 5;

  private static List<FusedLoss> executors;

  @BeforeAll
  static void open() {
    executors = OpenDevices.all();
  }

  /**
   * Batch, classes, inner. Alone, a row is a batch of 1; where inner is above 1 it is (1, C, 2)
   * beside a row like itself, since rows that are not adjacent are summed in another order.
   * Classes: summed in order; in lanes, a little more than one stripe of 64; several stripes; a
   * whole block of 4096 and a short one. Batches: around tiles of 64 and 256 rows, work-groups, and
   * threads; one of more than 2^16 rows; neighbours enough for a vector, in rows of two blocks.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "2x3 3x3 65x3 257x3 4099x3 70000x3",
        "2x10 63x10 7000x10",
        "2x65 31x65 1025x65",
        "2x1000 3x1000 300x1000",
        "2x4099 9x4099 40x4099",
        "2x19x2 1x19x33 3x19x129 2x19x3500",
        "2x4100x17"
      })
  void rows(String shapes) {
    LogitShape.list(shapes).forEach(shape -> rows(ElementType.FLOAT32, shape));
  }

  /** 16 bits are decoded and encoded beside the same arithmetic: two sizes suffice. */
  @Test
  void rowsOfSixteenBits() {
    LogitShape.list("257x10 33x65").forEach(shape -> rows(ElementType.BFLOAT16, shape));
  }

  private static void rows(ElementType type, LogitShape batch) {
    SplittableRandom random = new SplittableRandom(batch.rows());
    LogitShape alone = new LogitShape(1, batch.classes(), batch.inner() == 1 ? 1 : 2);
    int classes = batch.classes();
    float[] x = EveryLoss.logits(random, batch.elements(), 12);
    float[] q = EveryLoss.unit(random, batch.elements());
    int[] y = EveryLoss.indices(random, batch.rows(), classes);
    List<EveryLoss.Named> together = ofRows(type, batch, x, y, q);
    int[] places = places(random, batch.rows());
    List<List<EveryLoss.Named>> singles = new ArrayList<>();
    for (int place : places) {
      float[] oneX = new float[alone.elements()];
      float[] oneQ = new float[alone.elements()];
      int[] oneY = new int[alone.rows()];
      for (int i = 0; i < alone.elements(); i++) {
        int from = element(batch, place, i / alone.inner());
        oneX[i] = x[from];
        oneQ[i] = q[from];
      }
      Arrays.fill(oneY, y[place]);
      singles.add(ofRows(type, alone, oneX, oneY, oneQ));
    }
    compare(
        together,
        singles,
        (at, length) ->
            length == batch.rows()
                ? new int[] {places[at]}
                : IntStream.range(0, classes).map(c -> element(batch, places[at], c)).toArray(),
        length ->
            length == alone.rows()
                ? new int[] {0}
                : IntStream.range(0, classes).map(c -> element(alone, 0, c)).toArray(),
        type,
        type + " " + batch);
  }

  /** All but row weights without other options: with all of them suffices. */
  private static List<EveryLoss.Named> ofRows(
      ElementType type, LogitShape shape, float[] x, int[] y, float[] q) {
    return EveryLoss.ofRows(BatchInvarianceTest::variants, type, shape, x, y, q).stream()
        .filter(f -> !f.name().matches("[a-z_]+\\(reduction\\).* with row weights and a mask"))
        .toList();
  }

  /** Around a vector, a stripe of 1024, a block of 4096, and many blocks. */
  @Test
  void elements() {
    for (ElementType type : List.of(ElementType.FLOAT32, ElementType.FLOAT16)) {
      for (int n : new int[] {2, 17, 1025, 4097, 70_000}) {
        SplittableRandom random = new SplittableRandom(n);
        float[] x = EveryLoss.logits(random, n, 60);
        float[] unit = EveryLoss.unit(random, n);
        int[] places = places(random, n);
        List<List<EveryLoss.Named>> singles = new ArrayList<>();
        for (int place : places) {
          float[] oneX = {x[place]};
          float[] oneUnit = {unit[place]};
          singles.add(EveryLoss.ofElements(BatchInvarianceTest::variants, type, oneX, oneUnit));
        }
        compare(
            EveryLoss.ofElements(BatchInvarianceTest::variants, type, x, unit),
            singles,
            (at, length) -> new int[] {places[at]},
            length -> new int[] {0},
            type,
            type + " " + n + " elements");
      }
    }
  }

  /** As it is, and with all options. */
  private static List<Loss> variants(Loss loss, Tensor weight) {
    return Stream.of(loss, OptionCases.all(loss, weight))
        .map(each -> each.withReduction(Reduction.NONE))
        .toList();
  }

  /** The first, the last, and others. */
  private static int[] places(SplittableRandom random, int rows) {
    return IntStream.range(0, FOLLOWED)
        .map(i -> i == 0 ? 0 : i == 1 ? rows - 1 : random.nextInt(rows))
        .toArray();
  }

  private static int element(LogitShape shape, int row, int c) {
    return (row / shape.inner() * shape.classes() + c) * shape.inner() + row % shape.inner();
  }

  /** Where the followed row is in a result of so many elements. */
  private interface Slots {
    int[] of(int followed, int length);
  }

  private interface SlotsAlone {
    int[] of(int length);
  }

  private static void compare(
      List<EveryLoss.Named> together,
      List<List<EveryLoss.Named>> singles,
      Slots slots,
      SlotsAlone slotsAlone,
      ElementType type,
      String what) {
    for (FusedLoss fused : executors) {
      for (int f = 0; f < together.size(); f++) {
        boolean openCl = fused.device().startsWith("opencl");
        if (openCl && !onOpenCl(type, together.get(f).name(), what)) {
          continue;
        }
        List<float[]> batch = values(fused, together.get(f));
        for (int s = 0; s < singles.size(); s++) {
          EveryLoss.Named single = singles.get(s).get(f);
          assertEquals(together.get(f).name(), single.name());
          List<float[]> one = values(fused, single);
          for (int i = 0; i < one.size(); i++) {
            assertArrayEquals(
                bits(one.get(i), slotsAlone.of(one.get(i).length)),
                bits(batch.get(i), slots.of(s, batch.get(i).length)),
                fused.device()
                    + " "
                    + what
                    + ": "
                    + single.name()
                    + ", result "
                    + i
                    + ", row "
                    + s);
          }
        }
      }
    }
  }

  /** In this shape OpenCL meets all options together. */
  private static final String SHAPE_OF_OPTIONS = "63 x 10 x 1";

  /**
   * Each set of options and each type is another program, which is long to compile, in the same
   * launch: so these are few.
   */
  private static boolean onOpenCl(ElementType type, String name, String what) {
    if (type != ElementType.FLOAT32) {
      return ofSixteenBits(name) && !what.endsWith("33 x 65 x 1");
    }
    boolean own =
        Stream.of("cross_entropy(weight", "softmax_focal_loss(weight", "distillation(temperature")
                .anyMatch(name::startsWith)
            && name.endsWith("with row weights and a mask");
    if (own || name.startsWith("reverse_kl") || name.equals("outputs of softmax_focal_loss")) {
      return what.endsWith(SHAPE_OF_OPTIONS);
    }
    return !name.contains("weight") && !name.contains("all options");
  }

  private static boolean ofSixteenBits(String name) {
    return List.of(
            "binary_cross_entropy_with_logits(reduction) of numbers",
            "sigmoid_focal_loss(reduction) of numbers",
            "cross_entropy(reduction)",
            "softmax_focal_loss(reduction)")
        .contains(name);
  }

  private static List<float[]> values(FusedLoss fused, EveryLoss.Named function) {
    List<float[]> all = new ArrayList<>();
    for (Tensor tensor : function.function().of(fused)) {
      try (tensor) {
        all.add(tensor.toFloatArray());
      }
    }
    return all;
  }

  private static int[] bits(float[] values, int[] slots) {
    return IntStream.of(slots).map(i -> Float.floatToRawIntBits(values[i])).toArray();
  }
}
