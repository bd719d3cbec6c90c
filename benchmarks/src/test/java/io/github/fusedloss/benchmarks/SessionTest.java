package io.github.fusedloss.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A provider is timed only when it computes what the reference does. */
class SessionTest {
  /** The smallest works of each kind: with a scalar alone, and with a gradient. */
  private static final List<Work> SMALL =
      Works.of(false).stream()
          .filter(w -> w.function() == Work.Function.BINARY_CROSS_ENTROPY_WITH_LOGITS)
          .filter(w -> w.elements() <= 1000)
          .toList();

  /** Computes what {@code result} says. */
  private record Fixed(java.util.function.Function<Problem, Call.Outcome> result)
      implements Provider {
    @Override
    public String device() {
      return "none";
    }

    @Override
    public Call prepare(Problem problem) {
      return new Call() {
        @Override
        public Object run() {
          return problem;
        }

        @Override
        public Outcome outcome() {
          return result.apply(problem);
        }
      };
    }
  }

  private static List<Measurement> measure(Provider provider) {
    List<Measurement> results = new ArrayList<>();
    try (Session session = new Session("test", provider)) {
      session.measure(SMALL, true, results::add);
    }
    assertEquals(SMALL.size(), results.size());
    return results;
  }

  @Test
  void computingNothingIsCaught() {
    for (Measurement m :
        measure(new Fixed(p -> new Call.Outcome(0, new float[p.work().elements()])))) {
      assertNull(m.medianSeconds(), m.key());
      assertTrue(m.error().contains("expected"), m.error());
    }
  }

  /** The loss alone is not enough: the last gradient of a long row counts as much. */
  @Test
  void computingHalfIsCaught() {
    Provider half =
        new Fixed(
            p -> {
              float[] values = values(p);
              if (values != null) {
                values[values.length - 1] = 0;
              }
              return new Call.Outcome(p.scalar(), values);
            });
    for (Measurement m : measure(half)) {
      assertEquals(m.benchmark().endsWith("gradient"), m.error() != null, m.key());
    }
  }

  @Test
  void whatIsRightIsTimed() {
    for (Measurement m : measure(new Fixed(p -> new Call.Outcome(p.scalar(), values(p))))) {
      assertNull(m.error(), m.key());
      assertTrue(m.medianSeconds() >= 0, m.key());
    }
  }

  /** A library that lacks a function is no failure. */
  @Test
  void unsupportedIsSaid() {
    Provider lacking =
        new Fixed(
            p -> {
              throw new UnsupportedOperationException("nothing here");
            });
    for (Measurement m : measure(lacking)) {
      assertEquals("nothing here", m.unsupported());
      assertNull(m.error());
    }
  }

  /** Our executors without a driver, and plain loops: real providers pass the check. */
  @Test
  void realProvidersPass() {
    for (Provider provider :
        List.of(
            new NaiveProvider(),
            new FusedLossProvider("cpu:scalar", true),
            new FusedLossProvider("cpu:scalar", false))) {
      for (Measurement m : measure(provider)) {
        assertNotNull(m.medianSeconds(), m.key() + ": " + m.summary());
        assertEquals(m, Measurement.parse(m.json()));
      }
    }
  }

  private static float[] values(Problem p) {
    if (p.values() == null) {
      return null;
    }
    float[] values = new float[p.values().length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) p.values()[i];
    }
    return values;
  }
}
