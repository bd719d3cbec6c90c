package io.github.fusedloss.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The bar of {@code evaluate}, by a clock that the tests set. */
class ProgressTest {
  /** What a terminal gets before each text: back to the start, and away with what was there. */
  private static final String CLEAR = "\r\u001b[K";

  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private long now = 5_000_000_000_000L; // clocks of nanoseconds start anywhere

  private final Progress progress =
      new Progress(
          new Console(null, null, new PrintStream(written, true, StandardCharsets.UTF_8)),
          40_000_000_000L,
          () -> now);

  private void pass(double seconds) {
    now += Math.round(seconds * 1e9);
  }

  private String written() {
    String text = written.toString(StandardCharsets.UTF_8);
    written.reset();
    return text;
  }

  /** A file of 40 GB. The time left is 1 / share - 1 times the time until now. */
  @ParameterizedTest
  @CsvSource({
    "0.2, 0.01, '[>                             ]   1 %  2.00 GB/s  0:20 left'",
    "1,   0.01, '[>                             ]   1 %  400 MB/s  1:39 left'",
    "9,   0.25, '[=======>                      ]  25 %  1.11 GB/s  0:27 left'",
    "60,  0.5,  '[===============>              ]  50 %  333 MB/s  1:00 left'",
    "50,  0.999, '[=============================>]  99 %  799 MB/s  0:00 left'",
    "50,  1,    '[==============================] 100 %  800 MB/s  0:00 left'",
    "4000, 0.1, '[===>                          ]  10 %  1 MB/s  10:00:00 left'",
    "407, 0.1,  '[===>                          ]  10 %  10 MB/s  1:01:03 left'",
  })
  void bar(double seconds, double share, String expected) {
    pass(seconds);
    progress.to(share);
    assertEquals(CLEAR + expected, written());
  }

  /** One that is read has to stand for a while; the next one takes its place. */
  @Test
  void pausesBetweenBars() {
    pass(0.1);
    progress.to(0.1);
    assertEquals("", written());
    pass(0.2);
    progress.to(0.5);
    assertEquals(
        CLEAR + "[===============>              ]  50 %  66.67 GB/s  0:00 left", written());
    pass(0.1);
    progress.to(0.7);
    assertEquals("", written());
    pass(0.1);
    progress.to(0.75);
    assertEquals(
        CLEAR + "[======================>       ]  75 %  60.00 GB/s  0:00 left", written());
    progress.end();
    assertEquals(CLEAR, written());
    pass(1.5);
    assertEquals("7 rows in 2.000 s, 20.00 GB/s", progress.total(7));
  }
}
