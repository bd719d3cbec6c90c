package io.github.fusedloss.backend;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The kinds of rows that differ in how they are stored or summed: in order, or in lanes ({@link
 * SumShape}).
 */
enum RowKind {
  /** Up to 64 classes. */
  SHORT(20, new RowShape(37, 10, 1)),
  /** Classes that are not adjacent. */
  APART(60, new RowShape(2, 19, 33)),
  /** One stripe. A driver in use computed a wrong softmax from the second of these lengths on. */
  ONE_STRIPE(10, new RowShape(17, 70, 1), twoOf(257, 384, 385, 513, 896, 897)),
  /** Two stripes. */
  TWO_STRIPES(10, new RowShape(2, 1025, 1), twoOf(1400)),
  /** One block. */
  ONE_BLOCK(6, new RowShape(3, 2500, 1)),
  /** Several blocks. */
  LONG(4, new RowShape(2, 4099, 1));

  final double scale;
  final List<RowShape> shapes;

  RowKind(double scale, RowShape shape, RowShape... more) {
    this.scale = scale;
    shapes = Stream.concat(Stream.of(shape), Stream.of(more)).toList();
  }

  private static RowShape[] twoOf(int... lengths) {
    return IntStream.of(lengths).mapToObj(c -> new RowShape(2, c, 1)).toArray(RowShape[]::new);
  }

  static RowKind of(RowShape shape) {
    if (shape.inner() > 1) {
      return APART;
    }
    if (SumShape.inOrder(shape.classes(), shape.inner())) {
      return SHORT;
    }
    return switch (SumShape.lanes(shape.classes())) {
      case SumShape.LANES -> ONE_STRIPE;
      case 2 * SumShape.LANES -> TWO_STRIPES;
      default -> shape.classes() <= SumShape.BLOCK ? ONE_BLOCK : LONG;
    };
  }
}
