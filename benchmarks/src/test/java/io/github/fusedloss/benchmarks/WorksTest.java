package io.github.fusedloss.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fusedloss.backend.Function;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class WorksTest {
  @Test
  void namesAreUnique() {
    List<String> keys = Works.of(false).stream().map(Work::key).toList();
    assertEquals(keys.size(), new HashSet<>(keys).size());
  }

  /** But for those that no other library here has. */
  @Test
  void everyLossIsMeasured() {
    Set<Function> missing = EnumSet.noneOf(Function.class);
    for (Function function : Function.values()) {
      if (function.isLoss()) {
        missing.add(function);
      }
    }
    Works.of(false).forEach(work -> missing.remove(work.function().inTable()));
    missing.remove(Function.CROSS_ENTROPY_OF_PROBABILITIES); // works with Options.PROBABILITIES
    assertEquals(EnumSet.of(Function.SOFTMAX_FOCAL_LOSS, Function.DISTILLATION), missing);
  }

  @Test
  void everyKernelIsMeasured() throws IOException {
    Set<String> measured =
        Works.of(false).stream().map(w -> w.function().kernel).collect(Collectors.toSet());
    // Targets are part of all that have class indices; element_loss.cl walks for what is measured.
    measured.addAll(Set.of("targets.cl", "element_loss.cl", "distillation.cl"));
    try (Stream<Path> files = Files.list(Path.of("../kernels"))) {
      for (Path kernel : files.toList()) {
        // The walks over rows, whose kernels take their names from what is made of them, are
        // measured with that.
        String file = kernel.getFileName().toString().replaceFirst("(?<!^)_(rows|tile)", "");
        boolean hasKernel =
            Pattern.compile("KERNEL void [a-z]").matcher(Files.readString(kernel)).find();
        assertTrue(measured.contains(file) || !hasKernel, file);
      }
    }
  }
}
