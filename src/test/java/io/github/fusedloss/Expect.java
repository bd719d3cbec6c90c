package io.github.fusedloss;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fusedloss.backend.Function;
import java.util.List;

/** Expected losses and gradients of one call with reduction none. */
final class Expect {
  /** The reductions that all losses have. */
  static final List<Reduction> REDUCTIONS = Function.CROSS_ENTROPY.reductions();

  private Expect() {}

  /** NaN is the canonical one; infinities, zeros and small integers are exact. */
  static void losses(double[] expected, float[] actual) {
    values("loss", expected, actual, 1);
  }

  /** Checks gradients to 2 ULP, which soft gradients are promised. The sign of 0 is not. */
  static void gradients(double[] expected, float[] actual) {
    values("gradient", expected, actual, 2);
  }

  /** 4 ULP: what the gradients of class indices are promised. */
  static void hardGradients(double[] expected, float[] actual) {
    values("gradient", expected, actual, 4);
  }

  private static void values(String what, double[] expected, float[] actual, int ulps) {
    assertEquals(expected.length, actual.length, what);
    for (int i = 0; i < expected.length; i++) {
      float e = (float) expected[i];
      float a = actual[i];
      String text = what + "[" + i + "]: expected " + expected[i] + ", came " + a;
      if (Float.isNaN(e)) {
        assertEquals(0x7fc00000, Float.floatToRawIntBits(a), text);
      } else if (e == 0 && what.equals("loss")) {
        assertEquals(0, Float.floatToRawIntBits(a), text);
      } else if (e == Math.rint(e)) {
        assertTrue(e == a, text);
      } else {
        assertTrue(Math.abs(expected[i] - a) <= ulps * Math.ulp(e), text);
      }
    }
  }

  /** An argument is refused in these words. */
  static void refused(String message, Runnable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call::run).getMessage());
  }

  static double[] doubles(double... values) {
    return values;
  }

  static double[] doubles(float[] values) {
    double[] doubles = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      doubles[i] = values[i];
    }
    return doubles;
  }

  static float[] floats(double... values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }
}
