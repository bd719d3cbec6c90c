package io.github.fusedloss.benchmarks;

import java.util.Arrays;
import java.util.stream.IntStream;

/** The floor: a copy with all threads that moves as many bytes as the work. Computes nothing. */
final class CopyProvider implements Provider {
  private static final int PART = 1 << 16;

  @Override
  public String device() {
    return Machine.processor() + ", System.arraycopy, " + Machine.threads() + " threads";
  }

  @Override
  public Call prepare(Problem problem) {
    Provider.refuse(!problem.work().movesMemory(), "no floor for so few elements");
    float[] from = new float[(int) (problem.work().bytes() / 8)];
    for (int i = 0; i < from.length; i++) {
      from[i] = i;
    }
    float[] to = new float[from.length];
    return new Call() {
      @Override
      public Object run() {
        IntStream.range(0, (from.length + PART - 1) / PART)
            .parallel()
            .forEach(
                i ->
                    System.arraycopy(
                        from, i * PART, to, i * PART, Math.min(PART, from.length - i * PART)));
        return to;
      }

      @Override
      public Outcome outcome() {
        // Nothing to compare with a loss: the copy itself has to be right.
        if (!Arrays.equals(from, to)) {
          throw new Check.WrongResultException("the copy differs");
        }
        float[] values = problem.values() == null ? null : new float[problem.work().elements()];
        if (values != null) {
          for (int i = 0; i < values.length; i++) {
            values[i] = (float) problem.values()[i % problem.values().length];
          }
        }
        return new Outcome(problem.scalar(), values);
      }
    };
  }
}
