package io.github.fusedloss.io;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The golden files, and files made by hand, for the tests of this package. */
final class Npys {
  private Npys() {}

  static Path golden(String name) {
    try {
      return Path.of(Npys.class.getResource("/io/golden/" + name).toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  static List<Path> allGolden() throws IOException {
    try (Stream<Path> files = Files.list(golden("manifest.txt").getParent())) {
      return files.filter(f -> f.toString().endsWith(".npy")).sorted().toList();
    }
  }

  /** A version 1.0 file with this dictionary, unpadded, and this many zero bytes of data. */
  static byte[] file(String dictionary, int dataBytes) {
    return file(1, 0, dictionary, dataBytes);
  }

  static byte[] file(int major, int minor, String dictionary, int dataBytes) {
    byte[] header = dictionary.getBytes(StandardCharsets.ISO_8859_1);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(NpyHeader.MAGIC);
    out.write(major);
    out.write(minor);
    for (int i = 0; i < (major == 1 ? 2 : 4); i++) {
      out.write(header.length >>> (8 * i));
    }
    out.writeBytes(header);
    out.writeBytes(new byte[dataBytes]);
    return out.toByteArray();
  }
}
