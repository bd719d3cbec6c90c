package io.github.fusedloss.accuracy;

import io.github.fusedloss.Bits;
import io.github.fusedloss.FusedLoss;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** The inputs of worst_inputs.txt. */
final class WorstInputs {
  private WorstInputs() {}

  /**
   * A line.
   *
   * @param word outside, broken, or empty: see the file
   */
  record Line(String text, Point point, String word) {
    boolean is(String word) {
      return this.word.equals(word);
    }

    static Line parse(String text) {
      int colon = text.indexOf(": ");
      return colon < 0
          ? new Line(text, Point.parse(text), "")
          : new Line(text, Point.parse(text.substring(colon + 2)), text.substring(0, colon));
    }

    @Override
    public String toString() {
      return text;
    }
  }

  static List<Line> all() {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                WorstInputs.class.getResourceAsStream("/accuracy/worst_inputs.txt"),
                StandardCharsets.UTF_8))) {
      return reader
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .map(Line::parse)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Prints how far off each is: {@code ci/accuracy inputs}. */
  public static void main(String[] args) {
    try (FusedLoss fused = FusedLoss.open("cpu")) {
      for (Line line : all()) {
        Point p = line.point();
        PointJudge.Verdict v = PointJudge.judge(p.promise(), p, p.compute(fused));
        System.out.printf(
            "%-24s %16s  %-6s  %s%n", v.promise(), v.distance(), v.kept() ? "OK" : "BROKEN", line);
      }
    }
  }

  static boolean sameBits(Point.Computed a, Point.Computed b) {
    return Double.doubleToRawLongBits(a.sum()) == Double.doubleToRawLongBits(b.sum())
        && Arrays.equals(Bits.of(a.values()), Bits.of(b.values()));
  }
}
