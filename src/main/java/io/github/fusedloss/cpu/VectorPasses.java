package io.github.fusedloss.cpu;

import java.util.Arrays;

/**
 * Passes over a strip of a block, one after the other: short loops of the Vector API from arrays to
 * arrays, which stay in a core's first cache.
 *
 * <p>HotSpot keeps what a short loop needs in registers and works at several turns of it at once.
 * Above all, it allocates no vector there, under two rules of JDK 17:
 *
 * <ul>
 *   <li>A pass has fewer than 25 operations on lanes ({@code add}, {@code fma}, {@code lanewise},
 *       ...). All of them inline the same method of the Vector API, and where four class checks
 *       failed in it ever (some do in one process of fifteen, when an operation is first used at
 *       the wrong time), each use counts four, and from 100 on a compilation checks no class any
 *       more. What it then does not know to be a vector of this shape it calls as a stranger, and
 *       allocates it for that. Of half that length a pass survives twice that many.
 *   <li>No pass is compiled together with another. HotSpot inlines a call when it has met one or
 *       two implementations there, so all passes of all kernels are called from one place.
 * </ul>
 */
final class VectorPasses<B> {
  /** Elements {@code start} to {@code start + n} of a block, in whole vectors. */
  interface Pass<B> {
    void run(B block, Lanes lanes, int start, int n);
  }

  /** Bit k says whether a block needs pass k. */
  interface Choice<B> {
    long of(B block);
  }

  /** The passes of one choice. */
  private record Chosen<B>(long bits, Pass<B>[] passes) {}

  private final Pass<B>[] passes;

  /** Null: all, always. */
  private final Choice<B> choice;

  /** Blocks of a task need the same passes. */
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

  /** The first n elements, a multiple of the vectors' length. */
  void run(B block, Lanes lanes, int n) {
    Pass<B>[] needed = chosen(block);
    for (int start = 0; start < n; start += Strip.LENGTH) {
      run(needed, block, lanes, start, Math.min(Strip.LENGTH, n - start));
    }
  }

  /** The same at once. */
  void whole(B block, Lanes lanes, int n) {
    run(chosen(block), block, lanes, 0, n);
  }

  private static <B> void run(Pass<B>[] passes, B block, Lanes lanes, int start, int n) {
    for (Pass<B> pass : passes) {
      pass.run(block, lanes, start, n);
    }
  }
}
