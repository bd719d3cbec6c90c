package io.github.fusedloss.cpu;

import java.util.Arrays;

/**
 * Passes over a strip of a block, one after the other. A pass is a short loop of the Vector API
 * from arrays to arrays, which stay in a core's first cache.
 *
 * <p>HotSpot keeps what a short loop needs in registers, and executes several turns of it at once.
 * Above all, it allocates no vector there, under two rules for JDK 17:
 *
 * <ul>
 *   <li>A pass has fewer than 25 operations on lanes ({@code add}, {@code fma}, {@code lanewise},
 *       ...). All of them inline the same method of the Vector API. If four class checks have
 *       failed in that method (which happens in one process of fifteen, when an operation is first
 *       used at the wrong time), each use counts four, and from 100 on a compilation makes no more
 *       class checks. It then no longer knows that a value is a vector of this shape, calls its
 *       methods like those of any object, and allocates the vector for that. A pass of half that
 *       length survives twice as many failures.
 *   <li>No pass is compiled together with another. HotSpot inlines a call when it has met one or
 *       two implementations there, so all passes of all kernels are called from one place.
 * </ul>
 */
final class VectorPasses<B> {
  /** Computes elements {@code start} to {@code start + n} of a block, in whole vectors. */
  interface Pass<B> {
    void run(B block, Lanes lanes, int start, int n);
  }

  /** Says which passes a block needs: bit k stands for pass k. */
  interface Choice<B> {
    long of(B block);
  }

  /** The passes that one choice needs. */
  private record Chosen<B>(long bits, Pass<B>[] passes) {}

  private final Pass<B>[] passes;

  /** Null if every block needs all passes. */
  private final Choice<B> choice;

  /** The choice made last, kept because the blocks of a task need the same passes. */
  private Chosen<B> last;

  @SafeVarargs
  @SuppressWarnings("varargs") // They are kept, and nothing else is ever stored there.
  VectorPasses(Pass<B>... passes) {
    this(null, passes);
  }

  @SafeVarargs
  @SuppressWarnings("varargs")
  VectorPasses(Choice<B> choice, Pass<B>... passes) {
    this.choice = choice;
    this.passes = passes;
  }

  private Pass<B>[] chosen(B block) {
    if (choice == null) {
      return passes;
    }
    long bits = choice.of(block);
    Chosen<B> chosen = last;
    if (chosen == null || chosen.bits != bits) {
      Pass<B>[] some = Arrays.copyOf(passes, Long.bitCount(bits));
      for (int k = 0, to = 0; k < passes.length; k++) {
        if ((bits >>> k & 1) != 0) {
          some[to++] = passes[k];
        }
      }
      chosen = new Chosen<>(bits, some);
      last = chosen;
    }
    return chosen.passes;
  }

  /**
   * Runs the passes on the first n elements, strip by strip; n is a multiple of the vectors'
   * length.
   */
  void run(B block, Lanes lanes, int n) {
    Pass<B>[] needed = chosen(block);
    for (int start = 0; start < n; start += Strip.LENGTH) {
      run(needed, block, lanes, start, Math.min(Strip.LENGTH, n - start));
    }
  }

  /** Runs the passes on the first n elements at once, not in strips. */
  void whole(B block, Lanes lanes, int n) {
    run(chosen(block), block, lanes, 0, n);
  }

  private static <B> void run(Pass<B>[] passes, B block, Lanes lanes, int start, int n) {
    for (Pass<B> pass : passes) {
      pass.run(block, lanes, start, n);
    }
  }
}
