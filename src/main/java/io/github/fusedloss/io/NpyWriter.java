package io.github.fusedloss.io;

import io.github.fusedloss.ElementType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;

/**
 * Writes {@code .npy} files as {@code numpy.save} does: version 1.0, C order, little-endian.
 *
 * <p>A file appears whole or not at all. The bytes go to a temporary name beside it, which is then
 * moved; if anything fails, or the JVM is ended by a signal, the temporary file is removed and a
 * file that was there before is as it was. A new file has the permissions of any new file, a
 * replaced one keeps its own. Symbolic links are followed, also to where no file is yet, and what
 * is there but is no regular file is never replaced.
 */
public final class NpyWriter {
  /** Elements encoded at a time: at most 512 KiB. */
  private static final int CHUNK = 1 << 16;

  /** How many links are followed to a file that does not exist yet; Linux gives up at 40, too. */
  private static final int MAX_LINKS = 40;

  private NpyWriter() {}

  /**
   * Returns where a file of this name is written: symbolic links are followed.
   *
   * @param file the name, of a file or of none
   * @return the file itself, in an existing directory
   * @throws IOException if it cannot be written there, as far as can be known before; one line that
   *     names the file and says why
   */
  public static Path destination(Path file) throws IOException {
    try {
      return Files.exists(file) ? existing(file) : absent(file);
    } catch (NpyException e) {
      throw e;
    } catch (IOException e) {
      throw NpyException.io(file, "cannot be written", e);
    }
  }

  /**
   * Checks a file that exists. A rename would replace a device such as /dev/null, or a file that
   * its owner made read-only.
   */
  private static Path existing(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      String came = Files.isDirectory(file) ? "a directory" : "a pipe, socket or device";
      throw new NpyException(file, "output", "a regular file or a new name", came);
    }
    if (!Files.isWritable(file)) {
      throw new AccessDeniedException(file.toString());
    }
    return writableDirectory(file, file.toRealPath());
  }

  private static Path absent(Path file) throws IOException {
    Path target = file.toAbsolutePath();
    for (int links = 0; Files.isSymbolicLink(target); links++) {
      if (links == MAX_LINKS) {
        throw new NpyException(
            file, "output", "a file, a new name or a link to one", "links that lead nowhere");
      }
      target = target.resolveSibling(Files.readSymbolicLink(target));
    }
    Path directory = target.getParent();
    if (!Files.isDirectory(directory)) {
      String came = Files.exists(directory) ? " that is none" : " that does not exist";
      throw new NpyException(
          file, "output", "an existing directory", NpyException.name(directory) + came);
    }
    try {
      Files.readAttributes(target, BasicFileAttributes.class);
    } catch (NoSuchFileException e) {
      // Only the system knows what "x/.." is; the name does not tell.
      return writableDirectory(file, directory.toRealPath().resolve(target.getFileName()));
    }
    return existing(target); // It has appeared just now.
  }

  private static Path writableDirectory(Path file, Path target) throws IOException {
    if (!Files.isWritable(target.getParent())) {
      throw new NpyException(
          file,
          "output",
          "a directory that can be written",
          NpyException.name(target.getParent()) + ", which cannot");
    }
    return target;
  }

  /**
   * Writes float32 as {@link #write(Path, float[], NpyType, long...)} does with {@link NpyType#F4}.
   *
   * @param file where to; its directory must exist
   * @param data the values in C order (last axis fastest)
   * @param shape the dimensions; none for a 0-d array of one value
   * @throws IllegalArgumentException if the shape does not fit {@code data.length}
   * @throws IOException if the file cannot be written; one line that names it and says why
   */
  public static void write(Path file, float[] data, long... shape) throws IOException {
    write(file, data, NpyType.F4, shape);
  }

  /**
   * Writes an array of floating-point numbers.
   *
   * @param file where to; its directory must exist
   * @param data the values in C order (last axis fastest)
   * @param type F2 (rounded to nearest even; from 65520 on infinite), F4, or F8 (exact)
   * @param shape the dimensions; none for a 0-d array of one value
   * @throws IllegalArgumentException if the type is an integer one, a dimension is negative, there
   *     are more than 64, or their product is not {@code data.length}
   * @throws IOException if the file cannot be written; one line that names it and says why
   */
  public static void write(Path file, float[] data, NpyType type, long... shape)
      throws IOException {
    boolean bits = Objects.requireNonNull(type, "type") == NpyType.BF16;
    if (bits || !type.isFloating()) {
      throw new IllegalArgumentException("type: expected F2, F4 or F8, came " + type);
    }
    write(file, Objects.requireNonNull(data, "data"), data.length, type, shape);
  }

  /**
   * Writes 16-bit floating-point numbers that are given by their bits, see {@link #write(Path,
   * float[], NpyType, long...)}.
   *
   * @param type F2 or BF16
   */
  public static void write(Path file, short[] bits, NpyType type, long... shape)
      throws IOException {
    if (!Objects.requireNonNull(type, "type").isSixteenBit()) {
      throw new IllegalArgumentException("type: expected F2 or BF16, came " + type);
    }
    write(file, Objects.requireNonNull(bits, "bits"), bits.length, type, shape);
  }

  /** Writes integers as {@link NpyType#I8}, see {@link #write(Path, float[], NpyType, long...)}. */
  public static void write(Path file, long[] data, long... shape) throws IOException {
    write(file, Objects.requireNonNull(data, "data"), data.length, NpyType.I8, shape);
  }

  private static void write(Path file, Object data, int length, NpyType type, long[] shape)
      throws IOException {
    Objects.requireNonNull(file, "file");
    NpyHeader header =
        new NpyHeader(
            Objects.requireNonNull(type, "type"),
            false,
            false,
            Objects.requireNonNull(shape, "shape").clone());
    if (data instanceof float[] && !type.isFloating()) {
      throw new IllegalArgumentException("type: expected F2, F4 or F8, came " + type);
    }
    checkArguments(header, length);
    try {
      replace(file, header, data, length);
    } catch (NpyException e) {
      throw e;
    } catch (IOException e) {
      throw NpyException.io(file, "cannot be written", e);
    }
  }

  private static void checkArguments(NpyHeader header, int length) {
    long[] shape = header.shape();
    if (shape.length > NpyHeader.MAX_RANK) {
      throw new IllegalArgumentException(
          "shape: expected at most " + NpyHeader.MAX_RANK + " dimensions, came " + shape.length);
    }
    for (long dimension : shape) {
      if (dimension < 0) {
        throw new IllegalArgumentException(
            "shape: expected dimensions >= 0, came " + NpyHeader.tuple(shape));
      }
    }
    long bytes;
    try {
      bytes = header.dataBytes();
    } catch (ArithmeticException e) {
      bytes = -1;
    }
    if (bytes != (long) length * header.type().bytes()) {
      throw new IllegalArgumentException(
          "shape: expected a product of "
              + length
              + " = data.length, came "
              + NpyHeader.tuple(shape));
    }
  }

  private static void replace(Path file, NpyHeader header, Object data, int length)
      throws IOException {
    Path target = destination(file);
    try (TemporaryFile temporary = new TemporaryFile(target)) {
      writeAll(temporary.channel(), ByteBuffer.wrap(header.toBytes()));
      writeData(temporary.channel(), header.type(), data, length);
      // Some file systems report a full disk only here. After the move it would be too late.
      temporary.channel().force(true);
      temporary.move();
    }
  }

  private static void writeData(FileChannel channel, NpyType type, Object data, int length)
      throws IOException {
    ByteBuffer buffer =
        ByteBuffer.allocate(Math.min(CHUNK, length) * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    for (int done = 0; done < length; ) {
      int count = Math.min(CHUNK, length - done);
      buffer.clear().limit(count * type.bytes());
      if (data instanceof short[] bits) {
        buffer.asShortBuffer().put(bits, done, count);
      } else if (data instanceof long[] integers) {
        buffer.asLongBuffer().put(integers, done, count);
      } else {
        encode(type, (float[]) data, done, count, buffer);
      }
      writeAll(channel, buffer);
      done += count;
    }
  }

  private static void encode(NpyType type, float[] data, int from, int count, ByteBuffer to) {
    switch (type) {
      case F4 -> to.asFloatBuffer().put(data, from, count);
      case F2 -> {
        for (int i = 0; i < count; i++) {
          to.putShort(2 * i, ElementType.FLOAT16.encode(data[from + i]));
        }
      }
      default -> {
        for (int i = 0; i < count; i++) {
          to.putDouble(8 * i, data[from + i]);
        }
      }
    }
  }

  static void writeAll(FileChannel channel, ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }
}
