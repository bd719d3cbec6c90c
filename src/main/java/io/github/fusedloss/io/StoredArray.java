package io.github.fusedloss.io;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;

/**
 * An array in a file that is read some rows at a time, so that files may be larger than memory. A
 * row is what one index of the first axis leads to.
 *
 * <p>If the file is an archive, rows must be read from the first to the last. An array in Fortran
 * order in an archive is read as a whole, and must fit the heap.
 */
public final class StoredArray implements Closeable {
  /** How many bytes are decoded at a time; they stay in the cache between the copies. */
  private static final int CHUNK = 1 << 18;

  /**
   * Buffers of arrays that were closed, as many as a command reads at a time. They are kept because
   * memory outside the heap is given back only by a collection.
   */
  private static final Queue<ByteBuffer> SPARES = new ArrayBlockingQueue<>(4);

  private final Path file;
  private final NpyHeader header;
  private final SeekableByteChannel channel;
  private final long start;
  private final boolean forward;
  private NpyArray whole; // read at once, if it cannot be read in pieces
  private ByteBuffer buffer; // from the first read on

  /**
   * Makes an array whose bytes begin at a place of a channel, and takes over the channel.
   *
   * @param file for messages
   * @param forward whether the channel only goes forward
   */
  StoredArray(
      Path file, NpyHeader header, SeekableByteChannel channel, long start, boolean forward) {
    this.file = file;
    this.header = header;
    this.channel = channel;
    this.start = start;
    this.forward = forward;
  }

  /**
   * The type in the file.
   *
   * @return never null
   */
  public NpyType type() {
    return header.type();
  }

  /**
   * The dimensions, outermost first.
   *
   * @return a fresh copy; length 0 for a scalar (0-d) array
   */
  public long[] shape() {
    return header.shape().clone();
  }

  /**
   * A shape as Python prints it.
   *
   * @param shape the dimensions, outermost first
   * @return such as {@code (3, 4)}
   */
  public static String text(long[] shape) {
    return NpyHeader.tuple(shape);
  }

  /**
   * The length of the first axis.
   *
   * @return 1 for a 0-d array
   */
  public long rows() {
    return header.shape().length == 0 ? 1 : header.shape()[0];
  }

  /** Returns how many elements a row has. */
  private long rowLength() {
    return Arrays.stream(header.shape()).skip(1).reduce(1, (a, b) -> a * b);
  }

  /**
   * Reads rows of floating-point numbers; float64 is rounded to nearest even.
   *
   * @param from the first row; in an archive it must not be before rows that were read
   * @param count how many rows
   * @return in C order, a new array
   * @throws IOException if they cannot be read; one line that names the file
   * @throws IllegalStateException for types of integers
   */
  public float[] floats(long from, int count) throws IOException {
    if (!type().isFloating()) {
      throw new IllegalStateException("expected longs() for " + type() + ", came floats()");
    }
    Object values = read(from, count);
    if (values instanceof float[] floats) {
      return floats;
    }
    short[] bits = (short[]) values;
    float[] floats = new float[bits.length];
    for (int i = 0; i < bits.length; i++) {
      floats[i] = type().decode(bits[i]);
    }
    return floats;
  }

  /**
   * Reads rows of integers, or of truth values as 0 and 1; for parameters and failures see {@link
   * #floats}.
   *
   * @throws IllegalStateException for floating-point types
   */
  public long[] longs(long from, int count) throws IOException {
    if (type().isFloating()) {
      throw new IllegalStateException("expected floats() for " + type() + ", came longs()");
    }
    Object values = read(from, count);
    return values instanceof int[] ints
        ? Arrays.stream(ints).asLongStream().toArray()
        : (long[]) values;
  }

  /** Reads all rows. */
  NpyArray readAll() throws IOException {
    int size = NpyReader.arraySize(file, header, rows() * rowLength());
    if (forward && header.fortranOrder()) {
      return whole();
    }
    return new NpyArray(type(), header.shape(), size, read(0, Math.toIntExact(rows())));
  }

  private Object read(long from, int count) throws IOException {
    long length = rowLength();
    int size = NpyReader.arraySize(file, header, count * length);
    Object values = NpyReader.allocate(file, type(), size);
    if (forward && header.fortranOrder()) {
      System.arraycopy(whole().values(), Math.toIntExact(from * length), values, 0, size);
      return values;
    }
    try {
      if (header.fortranOrder() && size > 0) {
        readColumns(from, count, values);
      } else {
        readElements(from * length, size, values);
      }
    } catch (IOException e) {
      throw named(e);
    }
    return values;
  }

  private NpyArray whole() throws IOException {
    try {
      whole = whole == null ? NpyReader.data(file, header, channel) : whole;
      return whole;
    } catch (IOException e) {
      throw named(e);
    }
  }

  private IOException named(IOException e) {
    return e instanceof NpyException ? e : NpyException.io(file, "cannot be read", e);
  }

  /** Reads elements that follow each other in the file. */
  private void readElements(long from, int count, Object to) throws IOException {
    channel.position(start + from * type().bytes());
    if (buffer == null) {
      ByteBuffer spare = SPARES.poll();
      buffer = (spare == null ? ByteBuffer.allocateDirect(CHUNK) : spare).order(header.order());
    }
    for (int done = 0; done < count; ) {
      int n = Math.min(CHUNK / type().bytes(), count - done);
      NpyReader.fill(file, channel, buffer, n * type().bytes(), "data");
      type().decode(buffer, to, done, n);
      done += n;
    }
  }

  /**
   * Reads rows of an array whose first axis is the fastest: a short run for each place of a row.
   */
  private void readColumns(long from, int count, Object to) throws IOException {
    long[] shape = shape();
    shape[0] = count;
    FortranOrder order = new FortranOrder(shape);
    int[] places = new int[count];
    Object run = type().array(count);
    long columns = rowLength();
    for (long column = 0; column < columns; column++) {
      readElements(column * rows() + from, count, run);
      order.next(places, count);
      NpyReader.scatter(run, to, places, count);
    }
  }

  @Override
  public void close() throws IOException {
    if (buffer != null) {
      SPARES.offer(buffer);
      buffer = null;
    }
    channel.close();
  }

  /** Returns the type and shape. */
  @Override
  public String toString() {
    return "StoredArray[" + type() + ", " + text(header.shape()) + "]";
  }
}
