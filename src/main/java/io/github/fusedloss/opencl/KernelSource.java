package io.github.fusedloss.opencl;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Reads OpenCL C from this library's own jar; kernels come from nowhere else. */
final class KernelSource {
  private static final Map<List<String>, String> READ = new ConcurrentHashMap<>();

  /** The files that every kernel needs. */
  private static final List<String> BASE =
      List.of("numerics.cl", "blocks.cl", "vectors.cl", "lanes.cl");

  /**
   * All kernels over elements in one program. Each program costs a driver tens of milliseconds,
   * however little there is in it and however often it was built before.
   */
  static final String ELEMENTS =
      of(
          "storage.cl",
          "row_weights.cl",
          "elements.cl",
          "sigmoid_bce.cl",
          "bce.cl",
          "element_loss.cl",
          "reduce.cl");

  private KernelSource() {}

  /**
   * Returns files of {@code kernels/} joined in this order after those that every kernel needs. The
   * lines of each file are numbered from 1, so that the compiler's messages name the file and its
   * line.
   *
   * @param files such as {@code "storage.cl", "sigmoid_bce.cl"}
   */
  static String of(String... files) {
    return READ.computeIfAbsent(List.of(files), KernelSource::join);
  }

  private static String join(List<String> files) {
    StringBuilder joined = new StringBuilder();
    BASE.forEach(file -> append(joined, file));
    files.forEach(file -> append(joined, file));
    return joined.toString();
  }

  private static void append(StringBuilder joined, String file) {
    joined.append("#line 1 \"").append(file).append("\"\n").append(read(file)).append('\n');
  }

  private static String read(String file) {
    try (InputStream in = KernelSource.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalArgumentException("file: expected one of kernels/, got " + file);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
