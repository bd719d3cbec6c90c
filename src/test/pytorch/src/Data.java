import java.util.Arrays;
import java.util.Random;
import java.util.stream.Collectors;

/**
 * A named input tensor. The name is also the seed, so that adding one tensor changes no other.
 *
 * @param name unique in the whole set
 * @param shape sizes, outermost first; empty for a scalar
 * @param floats the elements of a float32 tensor, or null
 * @param labels the elements of an int64 tensor, or null
 */
record Data(String name, long[] shape, float[] floats, long[] labels) {

  static final long[] SCALAR = {};

  static Data floats(String kind, long[] shape, Draw draw) {
    String name = kind + ":" + text(shape);
    // java.util.Random and String.hashCode are specified to the bit.
    Random random = new Random(name.hashCode());
    float[] values = new float[Math.toIntExact(count(shape))];
    for (int i = 0; i < values.length; i++) {
      values[i] = draw.next(random, i);
    }
    return new Data(name, shape, values, null);
  }

  /** One element, given the generator and the element's position. */
  interface Draw {
    float next(Random random, int i);
  }

  static Data normal(long... shape) {
    return floats("normal", shape, (r, i) -> (float) (2 * r.nextGaussian()));
  }

  /** Within [-60, 60], the ends included: sigmoid(x) is 0 or 1 there to far beyond a float. */
  static Data large(long... shape) {
    return floats("large", shape, (r, i) -> {
      float x = 120 * r.nextFloat() - 60;
      return i % 5 == 0 ? Math.copySign(60, x) : x;
    });
  }

  /** Around 10000, where a float32 has only 10 bits left behind the point. */
  static Data shifted(long... shape) {
    return floats("shifted", shape, (r, i) -> (float) (1e4 + 2 * r.nextGaussian()));
  }

  /** Within [0, 1). */
  static Data soft(long... shape) {
    return floats("soft", shape, (r, i) -> r.nextFloat());
  }

  /** 0 or 1. */
  static Data hard(long... shape) {
    return floats("hard", shape, (r, i) -> r.nextInt(2));
  }

  /** Weights of which none is 0. */
  static Data weight(String kind, long... shape) {
    return floats(kind, shape, (r, i) -> 0.25f + 2 * r.nextFloat());
  }

  static Data literal(String name, long[] shape, float... values) {
    return new Data(name + ":" + text(shape), shape, values, null);
  }

  static Data literal(String name, long[] shape, long... values) {
    return new Data(name + ":" + text(shape), shape, null, values);
  }

  static long count(long[] shape) {
    return Arrays.stream(shape).reduce(1, (a, b) -> a * b);
  }

  static String text(long[] shape) {
    return shape.length == 0
        ? "scalar"
        : Arrays.stream(shape).mapToObj(Long::toString).collect(Collectors.joining("x"));
  }
}
