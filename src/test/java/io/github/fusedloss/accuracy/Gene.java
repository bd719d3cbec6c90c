package io.github.fusedloss.accuracy;

import io.github.fusedloss.verify.Promise;
import java.util.SplittableRandom;

/** A kind of number that inputs are made of: how one is drawn, and how one becomes another. */
enum Gene {
  /** A logit or an element. */
  LOGIT,
  /** In [0, 1]: a probability or a soft target. */
  UNIT,
  /** 0 or 1. */
  HARD,
  /** A weight, at least 0. */
  WEIGHT,
  /** An upstream gradient. */
  UPSTREAM,
  /** A denominator. */
  DENOMINATOR,
  /** Label smoothing, above 0. */
  SMOOTHING,
  /** Which class, how many: in [0, 1), for whoever decodes it. */
  CHOICE;

  private static final float[] LOGITS = {
    0f,
    -0f,
    1f,
    -1f,
    0.5f,
    2f,
    0x1p-24f,
    -0x1p-24f,
    0x1.62e43p-1f,
    10f,
    16.635532f,
    17.32868f,
    87.33655f,
    -87.33655f,
    88.72284f,
    100f,
    -100f
  };
  private static final float[] FAR_LOGITS = {
    103.97208f,
    104f,
    -104f,
    104.5f,
    150f,
    1e4f,
    16383f,
    16384f,
    -16384f,
    16385f,
    32768f,
    1e6f,
    1e8f,
    0x1p24f,
    0x1p-126f,
    0x1p-149f,
    -0x1p-149f,
    0x1p-127f,
    1e-30f,
    0x1p50f
  };
  private static final float[] UNITS = {
    0f, -0f, 1f, 0.5f, 0.25f, 0.75f, 0x1p-24f, 0x1.fffffep-1f, 0x1.fffffcp-1f, 0.9f, 0.1f, 1e-6f
  };
  private static final float[] FAR_UNITS = {
    0x1p-149f, 0x1p-126f, 1e-12f, 3.78e-44f, 1e-40f, 1e-30f, 9.999999e-13f, 1.0000001e-12f
  };

  /**
   * One of any size.
   *
   * @param extreme all of the domain, else ordinary numbers
   * @param largest magnitude of a logit
   */
  float draw(SplittableRandom random, boolean extreme, float largest) {
    return within(fresh(random, extreme, largest), extreme, largest);
  }

  private float fresh(SplittableRandom random, boolean extreme, float largest) {
    int how = random.nextInt(8);
    switch (this) {
      case LOGIT:
        if (how < 2) {
          float[] from = extreme && random.nextBoolean() ? FAR_LOGITS : LOGITS;
          return near(from[random.nextInt(from.length)], random);
        }
        if (extreme && how < 5) {
          return signed(power(random, -149, Math.getExponent(largest)), random);
        }
        return how < 6
            ? signed(random.nextDouble(how == 3 ? 1 : how == 4 ? 20 : 100), random)
            : signed(power(random, -20, 6), random);
      case UNIT:
        if (how < 2) {
          float[] from = extreme && random.nextBoolean() ? FAR_UNITS : UNITS;
          return near(from[random.nextInt(from.length)], random);
        }
        if (how < 4) {
          return (float) power(random, extreme ? -149 : -24, 0);
        }
        return how < 5 ? (float) (1 - power(random, -24, 0)) : (float) random.nextDouble();
      case HARD:
        return how == 0 ? -0f : random.nextInt(2);
      case WEIGHT, UPSTREAM, DENOMINATOR:
        double size =
            how == 0
                ? random.nextInt(1, 4)
                : extreme ? power(random, -20, 19) : Math.pow(10, random.nextDouble(-2, 2));
        if (how == 1 && this == WEIGHT) {
          return extreme && random.nextBoolean() ? -0f : 0f;
        }
        return this == WEIGHT || this == DENOMINATOR ? (float) size : signed(size, random);
      case SMOOTHING:
        return how < 2
            ? 1f
            : how < 4
                ? 0.1f
                : how < 6 ? (float) random.nextDouble() : (float) power(random, -24, 0);
      default:
        return (float) random.nextDouble() * 0.9999999f;
    }
  }

  /** One close to it, or derived from it. */
  float mutate(float value, SplittableRandom random, boolean extreme, float largest) {
    if (this == CHOICE || this == HARD || random.nextInt(12) == 0) {
      return draw(random, extreme, largest);
    }
    float changed =
        switch (random.nextInt(8)) {
          case 0 -> this == LOGIT || this == UPSTREAM ? -value : near(value, random);
          case 1 -> (float) (value * (1 + signed(power(random, -20, 0), random)));
          case 2 -> this == UNIT ? 1 - value : value * (random.nextBoolean() ? 2 : 0.5f);
          case 3 -> (float) (value + signed(power(random, -20, 1), random));
          case 4 -> this == LOGIT ? value + random.nextInt(-8, 9) * 0x1.62e43p-1f : value;
          default -> near(value, random);
        };
    return within(changed, extreme, largest);
  }

  /** Some ULP away, most often few. */
  private static float near(float value, SplittableRandom random) {
    int steps = random.nextInt(1 << random.nextInt(1, 20));
    int bits = Float.floatToRawIntBits(value) + (random.nextBoolean() ? steps : -steps);
    float moved = Float.intBitsToFloat(bits);
    return Float.isFinite(moved) && (value == 0 || moved > 0 == value > 0) ? moved : value;
  }

  private float within(float value, boolean extreme, float largest) {
    float size = Math.abs(value);
    float least = extreme ? (float) Promise.LEAST_FACTOR : 0.01f;
    float most = extreme ? (float) Promise.LARGEST_FACTOR : 100f;
    float factor = size == 0 ? 0 : Math.max(least, Math.min(size, most));
    return switch (this) {
      case LOGIT -> Math.copySign(Math.min(size, largest), value);
      case UNIT -> value < 0 ? 0 : Math.min(value, 1);
      case WEIGHT -> value == 0 ? value : factor;
      case UPSTREAM -> Math.copySign(factor, value);
      case DENOMINATOR -> Math.max(least, factor);
      case SMOOTHING -> Math.max(0x1p-24f, Math.min(size, 1));
      default -> value;
    };
  }

  private static double power(SplittableRandom random, int from, int to) {
    return Math.scalb(1 + random.nextDouble(), random.nextInt(from, to + 1) - 1);
  }

  private static float signed(double size, SplittableRandom random) {
    return (float) (random.nextBoolean() ? size : -size);
  }
}
