package io.github.fusedloss;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** One noun finds a kernel, its host class and its test; every kernel file says what it is. */
@Tag("once")
class KernelPairingTest {
  private static List<Path> kernels() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("kernels"))) {
      return files.filter(f -> f.toString().endsWith(".cl")).sorted().toList();
    }
  }

  /**
   * The name of a kernel's family in Java: sigmoid_bce.cl is SigmoidBce, softmax_rows.cl, the walk
   * over its rows, is Softmax.
   */
  private static String noun(Path kernel) {
    String name = kernel.getFileName().toString().replaceFirst("(_rows)?\\.cl$", "");
    return Arrays.stream(name.split("_"))
        .map(w -> Character.toUpperCase(w.charAt(0)) + w.substring(1))
        .collect(Collectors.joining());
  }

  /** A file without a kernel is put in front of others, and has no host class. */
  @Test
  void everyKernelHasItsHostClassAndTest() throws IOException {
    String place = "java/io/github/fusedloss/opencl/";
    for (Path kernel : kernels()) {
      if (Files.readString(kernel).contains("kernel void ")) {
        for (Path needed :
            List.of(
                Path.of("src/main", place + noun(kernel) + "Kernel.java"),
                Path.of("src/test", place + noun(kernel) + "KernelTest.java"))) {
          assertTrue(Files.exists(needed), kernel + " needs " + needed);
        }
      }
    }
  }

  @Test
  void everyKernelStatesMathsPassesAndContract() throws IOException {
    for (Path kernel : kernels()) {
      String text = Files.readString(kernel);
      String header = text.lines().takeWhile(l -> l.startsWith("//")).collect(Collectors.joining());
      assertTrue(header.contains("Maths"), kernel + ": Maths");
      assertTrue(header.contains("Launch contract"), kernel + ": Launch contract");
      assertTrue(header.contains("Passes") || kernel.endsWith("numerics.cl"), kernel + ": Passes");
    }
  }

  /**
   * Kernels must not use what devices may compute differently or lack. Pointers to half are
   * allowed, because every device has them.
   */
  @Test
  void noKernelUsesWhatDiffers() throws IOException {
    Pattern banned =
        Pattern.compile(
            "\\b((double|half(?! \\*))\\b|(native_\\w+|half_\\w+|mad|rsqrt|sqrt|log2?|exp2?|log1p|expm1|tanh)"
                + "\\s*\\()");
    for (Path kernel : kernels()) {
      for (String line : Files.readAllLines(kernel)) {
        String code = line.replaceAll("//.*", "");
        assertFalse(banned.matcher(code).find(), kernel + ": " + line);
      }
    }
  }
}
