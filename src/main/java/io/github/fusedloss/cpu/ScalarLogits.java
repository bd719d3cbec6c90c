package io.github.fusedloss.cpu;

/** Transforms logits one after the other: in plain Java, and for those that vectors leave over. */
final class ScalarLogits {
  private ScalarLogits() {}

  /** Does {@link BlockKernels#transform} for the elements from {@code from} on. */
  static void transform(LogitBlock b, int from) {
    for (int i = from; i < b.n; i++) {
      float y = unbiased(b, b.y[b.yAt + i]);
      b.y[b.yAt + i] = b.bias == null ? y : GeneratedTransforms.biased(y, b.bias[b.biasAt + i]);
    }
  }

  /** Transforms one logit, without its bias. */
  static float unbiased(LogitBlock b, float v) {
    float y = b.softcap ? GeneratedTransforms.softcapped(v, b.cap, b.twice) : v;
    return b.temperature ? GeneratedTransforms.cooled(y, b.inverse) : y;
  }

  /** Does {@link BlockKernels#slopes} for the elements from {@code from} on. */
  static void slopes(LogitBlock b, int from) {
    for (int i = from; i < b.n; i++) {
      b.e[b.eAt + i] = timesSlope(b, b.e[b.eAt + i], b.x[b.xAt + i]);
    }
  }

  /** Returns e times the slope at x. */
  static float timesSlope(LogitBlock b, float e, float x) {
    if (!b.softcap) {
      return GeneratedTransforms.timesInverse(e, b.inverse);
    }
    return b.temperature
        ? GeneratedTransforms.timesCooledSlope(e, x, b.twice, b.inverse)
        : GeneratedTransforms.timesSlope(e, x, b.twice);
  }
}
