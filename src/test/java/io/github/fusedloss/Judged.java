package io.github.fusedloss;

import io.github.fusedloss.reference.DfpJudge;
import io.github.fusedloss.reference.Ulp;
import org.apache.commons.math3.dfp.Dfp;

/**
 * An exact value to compare results with, many times: rounding a {@link Dfp} and taking a distance
 * from it costs a large part of a millisecond each.
 */
record Judged(Dfp exact, double rounded) {
  static Judged of(Dfp exact) {
    return new Judged(exact, exact.toDouble());
  }

  /** Whether a result is within so many ULP; all digits count where the rounded value is near. */
  boolean isWithin(double ulps, float actual) {
    // Rounding has moved the value by 2^-29 ULP of a float at most.
    return Ulp.distance(actual, rounded) < 0.999 * ulps || distance(actual) <= ulps;
  }

  /** Returns the distance in ULP. */
  double distance(float actual) {
    return DfpJudge.ulps(actual, exact);
  }
}
