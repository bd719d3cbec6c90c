package io.github.fusedloss.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.fusedloss.io.NpyWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

/** The command line, and files for it. */
abstract class CommandLineCase {
  static final Path EXAMPLES = Path.of("src/test/resources/pytorch-examples");

  @TempDir Path dir;

  record Run(int code, String out, String err) {}

  static Run run(String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code =
        Main.run(
            args,
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8));
    return new Run(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  static Run eval(String loss, Path input, Path target, String... more) {
    List<String> args =
        new ArrayList<>(
            List.of(
                "eval",
                "--device",
                "cpu:scalar",
                "--loss",
                loss,
                "--input",
                input.toString(),
                "--target",
                target.toString()));
    args.addAll(List.of(more));
    return run(args.toArray(new String[0]));
  }

  static JsonObject json(Run run) {
    assertEquals(0, run.code(), run.err());
    return JsonParser.parseString(run.out()).getAsJsonObject();
  }

  static Path example(String name) {
    return EXAMPLES.resolve(name + ".npy");
  }

  Path write(String name, float[] values, long... shape) throws IOException {
    Path path = dir.resolve(name);
    NpyWriter.write(path, values, shape);
    return path;
  }

  Path write(String name, long... values) throws IOException {
    return integers(name, "<i8", "(" + values.length + ",)", values);
  }

  /** Integers as NumPy writes them; the library itself writes only floating-point files. */
  Path integers(String name, String type, String shape, long... values) throws IOException {
    int size = type.charAt(2) - '0';
    String header = "{'descr': '" + type + "', 'fortran_order': False, 'shape': " + shape + ", }";
    header = header + " ".repeat((64 - (10 + header.length() + 1) % 64) % 64) + "\n";
    java.nio.ByteBuffer bytes =
        java.nio.ByteBuffer.allocate(10 + header.length() + size * values.length)
            .order(java.nio.ByteOrder.LITTLE_ENDIAN);
    bytes.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0});
    bytes.putShort((short) header.length());
    bytes.put(header.getBytes(StandardCharsets.US_ASCII));
    for (long v : values) {
      for (int i = 0; i < size; i++) {
        bytes.put((byte) (v >> 8 * i));
      }
    }
    Path path = dir.resolve(name);
    Files.write(path, bytes.array());
    return path;
  }

  void refused(Run run, String... words) {
    assertEquals(2, run.code(), run.out() + run.err());
    assertEquals(1, run.err().lines().count(), run.err());
    String last = run.err();
    for (String word : words) {
      assertTrue(last.contains(word), word + " in: " + run.err());
    }
    assertFalse(run.err().contains("\tat "), run.err());
    assertEquals("", run.out());
  }
}
