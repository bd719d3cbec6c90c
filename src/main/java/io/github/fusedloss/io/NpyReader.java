package io.github.fusedloss.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;

/** Reads {@code .npy} files, versions 1.0, 2.0 and 3.0, without trusting them. */
public final class NpyReader {
  /** The most elements that every JVM can allocate as one array. */
  private static final int MAX_ELEMENTS = Integer.MAX_VALUE - 8;

  /** Elements decoded at a time: at most 512 KiB, which stays in the cache between the copies. */
  private static final int CHUNK = 1 << 16;

  private final Path file;
  private final SeekableByteChannel channel;

  private NpyReader(Path file, SeekableByteChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /**
   * Reads a whole file. Nothing is allocated for the data before the header has been found to agree
   * with the file's length to the byte.
   *
   * @param file a regular file or a link to one
   * @return the values, in C order
   * @throws NpyException if it is not a {@code .npy} file, holds a type other than those of {@link
   *     NpyType}, is longer or shorter than its header says, or is too large for a Java array or
   *     for the heap
   * @throws IOException if it cannot be read
   */
  public static NpyArray read(Path file) throws IOException {
    Objects.requireNonNull(file, "file");
    try {
      requireRegularFile(file);
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
        return read(file, channel);
      }
    } catch (NpyException e) {
      throw e;
    } catch (IOException e) {
      throw NpyException.io(file, "cannot be read", e);
    }
  }

  /** Reads the array in an open channel; the file is for messages. */
  static NpyArray read(Path file, SeekableByteChannel channel) throws IOException {
    return new NpyReader(file, channel).read();
  }

  /** Checks a file before it is opened: a pipe would block, and a device has no end. */
  static void requireRegularFile(Path file) throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
    if (!attributes.isRegularFile()) {
      String came = attributes.isDirectory() ? "a directory" : "a pipe, socket or device";
      throw new NpyException(file, "input", "a regular file", came);
    }
  }

  /** Reads a header, and checks that the rest of the channel is as long as it says. */
  static NpyHeader header(Path file, SeekableByteChannel channel) throws IOException {
    NpyReader reader = new NpyReader(file, channel);
    NpyHeader header = reader.readHeader();
    reader.checkSize(header, channel.position(), channel.size());
    return header;
  }

  /** Returns the number of elements; throws if they do not fit a Java array. */
  static int arraySize(Path file, NpyHeader header, long elements) throws NpyException {
    if (elements > MAX_ELEMENTS) {
      throw new NpyException(
          file,
          "header key 'shape'",
          "at most " + MAX_ELEMENTS + " elements, the longest Java array",
          elements + " elements" + header.text());
    }
    return (int) elements;
  }

  private NpyArray read() throws IOException {
    NpyHeader header = readHeader();
    checkSize(header, channel.position(), channel.size());
    return data(file, header, channel);
  }

  /** Reads the elements, which are next in the channel; their number has been checked. */
  static NpyArray data(Path file, NpyHeader header, SeekableByteChannel channel)
      throws IOException {
    long elements = header.dataBytes() / header.type().bytes();
    int size = arraySize(file, header, elements);
    Object values = allocate(file, header.type(), size);
    int[] target = new int[0];
    FortranOrder order = null;
    if (header.fortranOrder() && size > 0) {
      order = new FortranOrder(header.shape());
      target = new int[Math.min(CHUNK, size)];
    }
    Object decoded = order == null ? values : allocate(file, header.type(), target.length);
    ByteBuffer buffer = buffer(Math.min(CHUNK, size) * header.type().bytes()).order(header.order());
    for (int done = 0; done < size; ) {
      int count = Math.min(CHUNK, size - done);
      fill(file, channel, buffer, count * header.type().bytes(), "data");
      if (order == null) {
        header.type().decode(buffer, values, done, count);
      } else {
        header.type().decode(buffer, decoded, 0, count);
        order.next(target, count);
        scatter(decoded, values, target, count);
      }
      done += count;
    }
    return new NpyArray(header.type(), header.shape(), size, values);
  }

  private NpyHeader readHeader() throws IOException {
    ByteBuffer buffer = buffer(8);
    fill(buffer, NpyHeader.MAGIC.length, "magic");
    byte[] magic = new byte[NpyHeader.MAGIC.length];
    buffer.get(magic);
    if (!Arrays.equals(magic, NpyHeader.MAGIC)) {
      boolean zip = magic[0] == 'P' && magic[1] == 'K';
      throw new NpyException(
          file,
          "byte 0 (magic)",
          "93 4e 55 4d 50 59 (\\x93NUMPY)",
          HexFormat.ofDelimiter(" ").formatHex(magic)
              + (zip ? " (a zip file, .npz: not where one .npy is expected)" : ""));
    }
    fill(buffer, 2, "version");
    int major = Byte.toUnsignedInt(buffer.get());
    int minor = Byte.toUnsignedInt(buffer.get());
    if (major < 1 || major > 3 || minor != 0) {
      throw new NpyException(file, "byte 6 (version)", "1.0, 2.0 or 3.0", major + "." + minor);
    }
    fill(buffer, major == 1 ? 2 : 4, "header length");
    long length =
        major == 1
            ? Short.toUnsignedInt(buffer.getShort())
            : Integer.toUnsignedLong(buffer.getInt());
    if (length > NpyHeader.MAX_BYTES) {
      throw new NpyException(
          file,
          "byte 8 (header length)",
          "at most " + NpyHeader.MAX_BYTES + " bytes",
          length + " bytes");
    }
    int start = (int) channel.position();
    ByteBuffer header = buffer((int) length);
    fill(header, (int) length, "header");
    return NpyHeaderParser.parse(file, header.array(), start);
  }

  private void checkSize(NpyHeader header, long position, long length) throws NpyException {
    long bytes = header.checkedBytes(file);
    long remaining = length - position;
    if (bytes != remaining) {
      throw new NpyException(
          file,
          "byte " + position + " (data)",
          bytes + " bytes to the end of the file" + header.text(),
          remaining + " bytes");
    }
  }

  /**
   * Makes a short[], float[], int[] or long[] by type. If the heap is too small, the exception says
   * so to the caller.
   */
  static Object allocate(Path file, NpyType type, int size) throws NpyException {
    try {
      return type.array(size);
    } catch (OutOfMemoryError e) {
      long needed = (long) size * type.heldBytes();
      throw new NpyException(
          file,
          "data",
          needed + " bytes of free heap to hold it (see the JVM option -Xmx)",
          "a heap of at most " + Runtime.getRuntime().maxMemory() + " bytes");
    }
  }

  /** Puts elements into the places that {@code target} names. */
  static void scatter(Object from, Object to, int[] target, int count) {
    if (from instanceof float[] floats) {
      for (int i = 0; i < count; i++) {
        ((float[]) to)[target[i]] = floats[i];
      }
    } else if (from instanceof short[] shorts) {
      for (int i = 0; i < count; i++) {
        ((short[]) to)[target[i]] = shorts[i];
      }
    } else if (from instanceof int[] ints) {
      for (int i = 0; i < count; i++) {
        ((int[]) to)[target[i]] = ints[i];
      }
    } else {
      for (int i = 0; i < count; i++) {
        ((long[]) to)[target[i]] = ((long[]) from)[i];
      }
    }
  }

  private static ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private void fill(ByteBuffer buffer, int bytes, String what) throws IOException {
    fill(file, channel, buffer, bytes, what);
  }

  /** Makes the buffer hold exactly the next {@code bytes} bytes of the channel. */
  static void fill(
      Path file, SeekableByteChannel channel, ByteBuffer buffer, int bytes, String what)
      throws IOException {
    buffer.clear().limit(bytes);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer) < 0) {
        throw new NpyException(
            file,
            "byte " + channel.position() + " (" + what + ")",
            buffer.remaining() + " more bytes",
            "the end of the file");
      }
    }
    buffer.flip();
  }
}
