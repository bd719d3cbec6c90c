package io.github.fusedloss;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every row of docs/semantics.md on every usable executor. */
class SemanticsTest {
  private static final Map<String, Consumer<FusedLoss>> ROWS = new LinkedHashMap<>();

  static {
    BinarySemantics.rows(ROWS);
    ElementSemantics.rows(ROWS);
    ClassSemantics.rows(ROWS);
    DistillationSemantics.rows(ROWS);
    ReductionSemantics.rows(ROWS);
    TargetSemantics.rows(ROWS);
    OutputSemantics.rows(ROWS);
    HessianSemantics.rows(ROWS);
  }

  @TestFactory
  List<DynamicContainer> everyUsableDevice() {
    List<DynamicContainer> devices = new ArrayList<>();
    for (FusedLoss fused : OpenDevices.all()) {
      devices.add(DynamicContainer.dynamicContainer(fused.device(), rows(fused)));
    }
    return devices;
  }

  private static Stream<DynamicTest> rows(FusedLoss fused) {
    return ROWS.entrySet().stream()
        .map(row -> DynamicTest.dynamicTest(row.getKey(), () -> row.getValue().accept(fused)));
  }

  @Test
  void theDocumentHasTheSameRows() throws IOException {
    TreeSet<String> documented = new TreeSet<>();
    for (String line : Files.readAllLines(Path.of("docs/semantics.md"))) {
      if (line.matches("\\| [BPCNREFDSTOHK][0-9]+ \\|.*")) {
        String id = line.substring(2, line.indexOf('|', 1)).strip();
        assertEquals(true, documented.add(id), id + " is there twice");
      }
    }
    assertEquals(new TreeSet<>(ROWS.keySet()), documented);
  }
}
