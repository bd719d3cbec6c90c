package io.github.fusedloss;

import java.util.ArrayList;
import java.util.List;

/**
 * The exceptions that HotSpot makes of signals: of SIGFPE, of SIGSEGV, and of SIGSEGV in the guard
 * page at the end of the stack.
 */
final class SignalExceptions {
  private static volatile int zero;
  private static volatile int[] nothing;

  private SignalExceptions() {}

  /** Provokes all of them; which did not arrive. */
  static List<String> missing() {
    List<String> missing = new ArrayList<>();
    try {
      zero = (1 / zero) & 0;
      missing.add("division");
    } catch (ArithmeticException e) {
      // as it must be
    }
    try {
      zero = nothing.length & 0;
      missing.add("null");
    } catch (NullPointerException e) {
      // as it must be
    }
    try {
      zero = deeper(1) & 0;
      missing.add("recursion");
    } catch (StackOverflowError e) {
      // as it must be
    }
    return missing;
  }

  private static int deeper(int depth) {
    return zero == 0 ? deeper(depth + 1) + depth : depth;
  }
}
