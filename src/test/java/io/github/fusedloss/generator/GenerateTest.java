package io.github.fusedloss.generator;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("once")
class GenerateTest {
  /** If not: {@code ci/generate}. */
  @Test
  void whatIsGeneratedIsCurrent() throws IOException {
    assertEquals(List.of(), Generate.stale(false));
  }
}
