package io.github.fusedloss.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class WorksTest {
  @Test
  void namesAreUnique() {
    List<String> keys = Works.of(false).stream().map(Work::key).toList();
    assertEquals(keys.size(), new HashSet<>(keys).size());
  }

  @Test
  void everyKernelIsMeasured() throws IOException {
    Set<String> measured =
        Works.of(false).stream().map(w -> w.function().kernel).collect(Collectors.toSet());
    try (Stream<Path> files = Files.list(Path.of("../kernels"))) {
      for (Path kernel : files.toList()) {
        // The walk over rows is measured with what is made of them, targets as part of all that
        // have class indices.
        String file = kernel.getFileName().toString().replaceFirst("(?<!^)_rows", "");
        assertTrue(
            measured.contains(file)
                || file.equals("targets.cl")
                || !Files.readString(kernel).contains("kernel void "),
            file);
      }
    }
  }
}
