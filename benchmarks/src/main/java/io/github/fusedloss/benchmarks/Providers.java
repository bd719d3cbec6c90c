package io.github.fusedloss.benchmarks;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;

/** Who is measured: the one place that knows the providers. */
final class Providers {
  private static final Map<String, Callable<Provider>> ALL = new LinkedHashMap<>();

  static {
    ALL.put("copy", CopyProvider::new);
    // Tensors on the device; and arrays of the caller's, the result in a new one.
    ALL.put("opencl", () -> new FusedLossProvider("opencl", true));
    ALL.put("opencl host", () -> new FusedLossProvider("opencl", false));
    ALL.put("cpu:vector", () -> new FusedLossProvider("cpu:vector", true));
    ALL.put("cpu:vector host", () -> new FusedLossProvider("cpu:vector", false));
    ALL.put("cpu:scalar", () -> new FusedLossProvider("cpu:scalar", true));
    ALL.put("cpu:scalar host", () -> new FusedLossProvider("cpu:scalar", false));
    ALL.put("auto host", () -> new FusedLossProvider("auto", false));
    ALL.put("pytorch", PyTorchProvider::new);
    ALL.put("djl", DjlProvider::new);
    ALL.put("nd4j", Nd4jProvider::new);
    ALL.put("naive", NaiveProvider::new);
  }

  /**
   * Not in the quick run: a tensor on the CPU is an array too, as fast as the caller's, and {@code
   * auto} ships the caller's arrays to OpenCL where that is best.
   */
  private static final Set<String> FULL_ONLY = Set.of("opencl host", "cpu:vector", "cpu:scalar");

  private Providers() {}

  /** All, or those of the quick run. */
  static List<String> names(boolean quick) {
    return ALL.keySet().stream().filter(name -> !quick || !FULL_ONLY.contains(name)).toList();
  }

  /** Whether it is this library's: a peer that fails is a finding, one of these a failure. */
  static boolean ours(String name) {
    return name.matches("(opencl|cpu:.*|auto).*");
  }

  /** In a JVM of its own: libraries bring their own natives and thread pools. */
  static Provider open(String name) throws Exception {
    return ALL.get(name).call();
  }
}
