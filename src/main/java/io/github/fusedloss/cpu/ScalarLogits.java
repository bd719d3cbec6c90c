package io.github.fusedloss.cpu;

/** What is done to logits, one after the other: in plain Java, and what vectors leave over. */
final class ScalarLogits {
  private ScalarLogits() {}

  /** {@link BlockKernels#transform} of the elements from this one on. */
  static void transform(LogitBlock b, int from) {
    for (int i = from; i < b.n; i++) {
      float y = b.y[b.yAt + i];
      if (b.softcap) {
        y = GeneratedTransforms.softcapped(y, b.cap, b.twice);
      }
      if (b.temperature) {
        y = GeneratedTransforms.cooled(y, b.inverse);
      }
      b.y[b.yAt + i] = b.bias == null ? y : GeneratedTransforms.biased(y, b.bias[b.biasAt + i]);
    }
  }

  /** {@link BlockKernels#slopes} of the elements from this one on. */
  static void slopes(LogitBlock b, int from) {
    for (int i = from; i < b.n; i++) {
      float e = b.e[b.eAt + i];
      float x = b.x[b.xAt + i];
      b.e[b.eAt + i] =
          !b.softcap
              ? GeneratedTransforms.timesInverse(e, b.inverse)
              : b.temperature
                  ? GeneratedTransforms.timesCooledSlope(e, x, b.twice, b.inverse)
                  : GeneratedTransforms.timesSlope(e, x, b.twice);
    }
  }
}
