package io.github.fusedloss;

import java.util.random.RandomGenerator;

/**
 * Numbers for random tests: ordinary ones, and among them those at which arithmetic often fails.
 */
public final class Numbers {
  /** Zeros, subnormals, powers of two and constants at which kernels change their way. */
  private static final float[] FINITE = {
    0f,
    -0f,
    0f,
    -0f,
    1f,
    -1f,
    Float.MIN_VALUE,
    -Float.MIN_VALUE,
    0x1.fffffcp-127f,
    0x1p-126f,
    -0x1p-126f,
    104f,
    -104f,
    104.00001f,
    16384f,
    16385f,
    -16384.002f,
    3e38f,
    -3e38f
  };

  /** Infinities, and NaNs of either sign, signalling and not, with a payload. */
  private static final float[] OTHERS = {
    Float.POSITIVE_INFINITY,
    Float.NEGATIVE_INFINITY,
    Float.NaN,
    Float.intBitsToFloat(0xffc00000),
    Float.intBitsToFloat(0x7fc12345),
    Float.intBitsToFloat(0xffc54321),
    Float.intBitsToFloat(0x7f800001)
  };

  private Numbers() {}

  /** Values rounded to a 16-bit type. */
  static short[] encode(ElementType type, float[] values) {
    short[] bits = new short[values.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = type.encode(values[i]);
    }
    return bits;
  }

  /** Values of a floating-point type, rounded to it. */
  static Tensor tensor(ElementType type, float[] values, long... shape) {
    return type == ElementType.FLOAT32
        ? Tensor.of(values, shape)
        : Tensor.of(type, encode(type, values), shape);
  }

  /** One that is special, and finite. */
  public static float finite(RandomGenerator random) {
    return FINITE[random.nextInt(FINITE.length)];
  }

  /** One that is special: of four, three are finite. */
  public static float special(RandomGenerator random) {
    return random.nextInt(4) > 0 ? finite(random) : OTHERS[random.nextInt(OTHERS.length)];
  }

  /** Normally distributed, and now and then 0 or -0. */
  public static float normal(RandomGenerator random, double scale) {
    return switch (random.nextInt(64)) {
      case 0 -> 0f;
      case 1 -> -0f;
      default -> (float) (random.nextGaussian() * scale);
    };
  }

  /** The same, n of them. */
  public static float[] normal(RandomGenerator random, int n, double scale) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = normal(random, scale);
    }
    return values;
  }

  /** Up to {@code scale} from 0, and some special ones: many of them, few, or next to none. */
  public static float[] values(RandomGenerator random, int n, double scale) {
    int oneIn = new int[] {30, 300, 3000}[random.nextInt(3)];
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] =
          random.nextInt(oneIn) == 0
              ? special(random)
              : (float) ((random.nextDouble() - 0.5) * 2 * scale);
    }
    return values;
  }

  /** In [0, 1]: often 0, -0 or 1, and down to the least float. */
  public static float unit(RandomGenerator random) {
    return switch (random.nextInt(12)) {
      case 0 -> 0f;
      case 1 -> -0f;
      case 2, 3 -> 1f;
      case 4 -> random.nextInt(1 << 25) * 0x1p-149f;
      default -> random.nextFloat();
    };
  }

  /** The same, n of them. */
  public static float[] unit(RandomGenerator random, int n) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = unit(random);
    }
    return values;
  }
}
