package io.github.fusedloss.io;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Opens arrays in files of several formats, which it tells apart by their first bytes: {@code
 * .npy}, {@code .npz} (NumPy's zip archive of {@code .npy} files, compressed or not) and {@code
 * .safetensors}.
 *
 * <p>The last two hold several arrays. {@code FILE:NAME} names one; without a name the file must
 * hold only one.
 */
public final class ArrayFile {
  private static final String SUFFIX = ".npy";

  /** How many of the names in a file a message shows. */
  private static final int NAMES_SHOWN = 8;

  private ArrayFile() {}

  /**
   * Opens an array, to be read in pieces.
   *
   * @param named {@code FILE} or {@code FILE:NAME}
   * @throws NpyException if it is not such a file, or has no such array
   * @throws IOException if it cannot be read; one line that names the file
   */
  public static StoredArray open(Path named) throws IOException {
    Path file = file(named);
    String name = file == named ? null : named.toString().substring(file.toString().length() + 1);
    try {
      NpyReader.requireRegularFile(file);
      return switch (format(file)) {
        case ZIP -> openZip(named, file, name);
        case SAFETENSORS -> openSafetensors(named, file, name);
        case NPY -> openNpy(named, file, name);
      };
    } catch (NpyException e) {
      throw e;
    } catch (IOException e) {
      throw NpyException.io(named, "cannot be read", e);
    }
  }

  /**
   * Reads a whole array.
   *
   * @param named {@code FILE} or {@code FILE:NAME}
   * @throws IOException as {@link #open}, and if it does not fit a Java array or the heap
   */
  public static NpyArray read(Path named) throws IOException {
    try (StoredArray array = open(named)) {
      return array.readAll();
    }
  }

  /**
   * The file of {@code FILE} or {@code FILE:NAME}.
   *
   * @return the argument itself if there is such a file, or none without the name either
   */
  public static Path file(Path named) {
    String text = Objects.requireNonNull(named, "named").toString();
    // Names may have colons too, such as "dense/kernel:0".
    int colon = Files.exists(named) ? 0 : text.lastIndexOf(':');
    for (; colon > 0; colon = text.lastIndexOf(':', colon - 1)) {
      try {
        Path file = Path.of(text.substring(0, colon));
        if (Files.isRegularFile(file)) {
          return file;
        }
      } catch (InvalidPathException e) {
        // So it is no file.
      }
    }
    return named;
  }

  private enum Format {
    NPY,
    ZIP,
    SAFETENSORS
  }

  private static Format format(Path file) throws IOException {
    byte[] start;
    try (InputStream stream = Files.newInputStream(file)) {
      start = stream.readNBytes(9);
    }
    if (start.length > 1 && start[0] == 'P' && start[1] == 'K') {
      return Format.ZIP;
    }
    // Its header, whose length comes first, is a JSON object.
    boolean named = file.toString().endsWith(".safetensors");
    return named || start.length == 9 && start[8] == '{' ? Format.SAFETENSORS : Format.NPY;
  }

  private static StoredArray openNpy(Path named, Path file, String name) throws IOException {
    if (name != null) {
      throw new NpyException(
          named, "name", "none: a .npy file holds one array", NpyException.quote(name));
    }
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
    try {
      NpyHeader header = NpyReader.header(file, channel);
      return new StoredArray(file, header, channel, channel.position(), false);
    } catch (Throwable e) {
      channel.close();
      throw e;
    }
  }

  private static StoredArray openZip(Path named, Path file, String name) throws IOException {
    ZipFile zip = new ZipFile(file.toFile());
    try {
      List<String> names =
          zip.stream()
              .map(ZipEntry::getName)
              .filter(entry -> entry.endsWith(SUFFIX))
              .distinct()
              .map(entry -> entry.substring(0, entry.length() - SUFFIX.length()))
              .toList();
      ZipEntry entry = zip.getEntry(choose(named, names, name) + SUFFIX);
      ForwardChannel channel = new ForwardChannel(zip, entry);
      NpyHeader header = NpyReader.header(named, channel);
      return new StoredArray(named, header, channel, channel.position(), true);
    } catch (Throwable e) {
      zip.close();
      throw e;
    }
  }

  private static StoredArray openSafetensors(Path named, Path file, String name)
      throws IOException {
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
    try {
      ByteBuffer length = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
      NpyReader.fill(file, channel, length, 8, "header length");
      long bytes = length.getLong();
      SafetensorsHeader.checkLength(file, bytes, channel.size());
      ByteBuffer json = ByteBuffer.allocate((int) bytes);
      NpyReader.fill(file, channel, json, (int) bytes, "header");
      long start = 8 + bytes;
      Map<String, SafetensorsHeader.Entry> entries =
          SafetensorsHeader.parse(file, json.array(), channel.size() - start);
      SafetensorsHeader.Entry entry =
          entries.get(choose(named, List.copyOf(entries.keySet()), name));
      NpyHeader header = entry.header(named);
      return new StoredArray(named, header, channel, start + entry.begin(), false);
    } catch (Throwable e) {
      channel.close();
      throw e;
    }
  }

  private static String choose(Path named, List<String> names, String name) throws NpyException {
    if (name == null && names.size() == 1) {
      return names.get(0);
    }
    if (name != null && names.contains(name)) {
      return name;
    }
    String shown =
        names.stream()
            .limit(NAMES_SHOWN)
            .map(NpyException::quote)
            .collect(Collectors.joining(", "));
    String more =
        names.size() > NAMES_SHOWN ? " and " + (names.size() - NAMES_SHOWN) + " more" : "";
    throw new NpyException(
        named,
        "name",
        names.isEmpty()
            ? "a file with an array, as numpy.savez and safetensors write them"
            : "FILE:NAME, a name of " + shown + more,
        name == null ? "none" : NpyException.quote(name));
  }
}
