import java.util.ArrayList;
import java.util.List;

/** binary_cross_entropy and binary_cross_entropy_with_logits. */
final class BinaryCases {
  private static final long[] EMPTY = {0};

  // Rank 0 to 3, sizes 0 and 1, and a middle axis, which a pos_weight of shape (C, 1) addresses.
  private static final long[][] SHAPES = {Data.SCALAR, {1}, {5}, {2, 3}, {4, 3, 2}, EMPTY};

  private BinaryCases() {}

  /** The shapes that a weight may have beside an input of this shape; null is no weight. */
  private static long[][] weights(long[] shape) {
    return switch (Data.text(shape)) {
      case "5" -> new long[][] {null, {5}, Data.SCALAR};
      case "2x3" -> new long[][] {null, {2, 3}, {3}, {2, 1}};
      case "4x3x2" -> new long[][] {null, {4, 3, 2}, {3, 1}, {2}};
      default -> new long[][] {null, shape};
    };
  }

  private static long[][] posWeights(long[] shape) {
    return switch (Data.text(shape)) {
      case "5" -> new long[][] {null, {5}, Data.SCALAR};
      case "2x3" -> new long[][] {null, {3}, {2, 1}, Data.SCALAR};
      case "4x3x2" -> new long[][] {null, {2}, {3, 1}, Data.SCALAR};
      case "0" -> new long[][] {null, Data.SCALAR};
      default -> new long[][] {null, shape};
    };
  }

  static List<Case> withLogits() {
    List<Case> cases = new ArrayList<>();
    for (long[] shape : SHAPES) {
      Data normal = Data.normal(shape);
      Data large = Data.large(shape);
      Data soft = Data.soft(shape);
      Data hard = Data.hard(shape);
      for (long[] weight : weights(shape)) {
        for (long[] posWeight : posWeights(shape)) {
          for (String reduction : Case.REDUCTIONS) {
            cases.add(withLogits(normal, soft, weight, posWeight, reduction));
          }
          if (shape.length != 1 || shape[0] > 1) {
            String reduction = Rotation.reduction(cases.size());
            cases.add(withLogits(large, hard, weight, posWeight, reduction));
            cases.add(withLogits(large, soft, weight, posWeight, reduction));
            cases.add(withLogits(normal, hard, weight, posWeight, reduction));
          }
        }
      }
    }
    // PyTorch checks no target: outside [0, 1] the formula simply goes on.
    Data outside = Data.literal("outside", new long[] {5}, -0.5f, 1.5f, 2, -3, 0.25f);
    for (String reduction : Case.REDUCTIONS) {
      cases.add(withLogits(Data.normal(5), outside, null, null, reduction));
      cases.add(withLogits(Data.normal(5), outside, new long[] {5}, new long[] {5}, reduction));
    }
    return cases;
  }

  private static Case withLogits(
      Data input, Data target, long[] weight, long[] posWeight, String reduction) {
    return Case.of("binary_cross_entropy_with_logits", input, target, reduction)
        .weight(weight == null ? null : Data.weight("weight", weight))
        .posWeight(posWeight == null ? null : Data.weight("pos_weight", posWeight));
  }

  static List<Case> probabilities() {
    List<Case> cases = new ArrayList<>();
    for (long[] shape : SHAPES) {
      Data input = Data.floats("probability", shape, (r, i) -> r.nextFloat());
      // Both ends in equal parts, so that every mixture of (0, 1) with (hard, soft) occurs.
      Data ends = Data.floats("ends", shape, (r, i) -> r.nextInt(2));
      for (long[] weight : weights(shape)) {
        for (String reduction : Case.REDUCTIONS) {
          cases.add(probability(input, Data.soft(shape), weight, reduction));
        }
        cases.add(probability(input, Data.hard(shape), weight, Rotation.reduction(cases.size())));
        if (Data.count(shape) > 1) {
          cases.add(probability(ends, Data.hard(shape), weight, Rotation.reduction(cases.size())));
          cases.add(probability(ends, Data.soft(shape), weight, Rotation.reduction(cases.size())));
        }
      }
    }
    // Every end against every target; then the smallest float (its log is below the clamp), the
    // smallest normal one (above it), both sides of the gradient's 1e-12, and the floats next to 1.
    long[] pairs = {16};
    Data edge = Data.literal("edge", pairs, 0, 0, 1, 1, Float.MIN_VALUE, Float.MIN_NORMAL, 0x1p-41f,
        0x1p-39f, 0x1.fffffep-1f, 0x1.fffffcp-1f, 0, 1, 1e-30f, 1e-30f, 0x1p-24f, 0.5f);
    Data target = Data.literal("edge-target", pairs, 0, 1, 0, 1, 1, 1, 1, 1, 0, 0, 0.5f, 0.5f, 0, 1,
        0.75f, 0.5f);
    for (String reduction : Case.REDUCTIONS) {
      cases.add(probability(edge, target, null, reduction));
      cases.add(probability(edge, target, pairs, reduction));
    }
    return cases;
  }

  private static Case probability(Data input, Data target, long[] weight, String reduction) {
    return Case.of("binary_cross_entropy", input, target, reduction)
        .weight(weight == null ? null : Data.weight("weight", weight));
  }
}
