package io.github.fusedloss.io;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What {@code ci/fuzz} gives to the reader. Each input is judged by a second reader, written from
 * NumPy's description with a regular expression and one element at a time: the reader must accept
 * what that one accepts, with the same bits, and refuse everything else with one printable line.
 *
 * <p>An input is a file as it is, or, where it begins with a brace, a dictionary up to the end of
 * its line: that becomes a file whose length fields are right, so that mutants reach the grammar
 * and the data behind it.
 */
public final class NpyFuzz {
  /** For a header of the greatest length, twice over, and for an exception with its message. */
  private static final long ALLOWANCE = 1 << 16;

  /**
   * Bytes in Java for one byte of the file: uint8 becomes int (4), in Fortran order by way of a
   * second array (4) and with a list of places (4), and all of it through a buffer (1).
   */
  private static final int PER_BYTE = 13;

  /** Data that is made up for a dictionary. */
  private static final int MOST_DATA = 4096;

  private static final Path NAME = Path.of("input.npy");
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private NpyFuzz() {}

  /** The entry of the fuzzer. */
  public static void fuzzerTestOneInput(byte[] input) {
    judge(input);
  }

  /** Whether the reader has to accept an input, and does. */
  static boolean judge(byte[] input) {
    byte[] file = input.length > 0 && input[0] == '{' ? around(input) : input;
    Expected expected = Expected.of(file);
    // The first call may allocate for classes that it loads. What the file causes is allocated
    // again the second time.
    if (excess(file, expected) > 0) {
      long excess = excess(file, expected);
      require(excess <= 0, excess + " bytes too many allocated for a file of " + file.length);
    }
    return expected != null;
  }

  /** Reads and judges a file; returns by how much it allocated more than it may. */
  private static long excess(byte[] file, Expected expected) {
    Memory channel = new Memory(file);
    NpyArray array = null;
    String refusal = null;
    long before = THREADS.getCurrentThreadAllocatedBytes();
    try {
      array = NpyReader.read(NAME, channel);
    } catch (NpyException e) {
      refusal = e.getMessage();
    } catch (IOException e) {
      throw new AssertionError("not an NpyException", e);
    }
    long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
    if (refusal == null) {
      require(expected != null, "accepted what is no .npy file");
      expected.compare(array);
    } else {
      require(expected == null, "refused a .npy file: " + refusal);
      require(refusal.startsWith("input.npy: ") && refusal.contains(", came "), refusal);
      require(refusal.length() < 400, refusal);
      require(refusal.chars().noneMatch(Character::isISOControl), refusal);
    }
    return allocated - ALLOWANCE - PER_BYTE * (long) file.length;
  }

  private static void require(boolean met, String message) {
    if (!met) {
      throw new AssertionError(message);
    }
  }

  /** A version 1.0 file of this dictionary, with the data that it promises, if that is not much. */
  private static byte[] around(byte[] input) {
    int end = 0;
    while (end < input.length && input[end] != '\n') {
      end++;
    }
    String text = new String(input, 0, end, StandardCharsets.ISO_8859_1);
    byte[] file = Npys.file(text + "\n", 0);
    Expected promised = Expected.ofHeader(text);
    if (promised != null && promised.bytes > 0 && promised.bytes <= MOST_DATA) {
      int start = file.length;
      file = Arrays.copyOf(file, start + (int) promised.bytes);
      for (int i = start; i < file.length; i++) {
        file[i] = input[i % input.length];
      }
    }
    return file;
  }

  /** What a file holds by the second reader. */
  private static final class Expected {
    private static final String SPACE = "[ \\t\\r\\n]*+";
    private static final String NUMBER = "(?:0|[1-9][0-9]*+)L?+" + SPACE;
    private static final Pattern ENTRY =
        Pattern.compile(
            "@(?:'([a-z_]++)'|\"([a-z_]++)\")@:@".replace("@", SPACE)
                + "(?:'([<>|][fiubV][1248])'|\"([<>|][fiubV][1248])\"|(True|False)|\\(@((?:N,@)*+(?:N)?+)\\))@"
                    .replace("@", SPACE)
                    .replace("N", NUMBER)
                + "(,|(?=\\}))");
    private static final Pattern BEGIN = Pattern.compile(SPACE + "\\{");
    private static final Pattern END = Pattern.compile(SPACE + "\\}" + SPACE);
    private static final List<String> TYPES =
        Stream.of(
                Stream.of("|u1", "<u1", "|i1", "<i1", "|b1", "<b1", "|V2", ">u1", ">i1", ">b1"),
                Stream.of("f2", "f4", "f8", "i2", "i4", "i8", "u2", "u4", "u8", "V2")
                    .flatMap(type -> Stream.of("<" + type, ">" + type)))
            .flatMap(types -> types)
            .toList();

    private String type;
    private Boolean fortran;
    private long[] shape;
    private long bytes;
    private ByteBuffer data;

    /** Null for what is no file that the reader should accept. */
    static Expected of(byte[] file) {
      if (file.length < 10
          || !new String(file, 0, 6, StandardCharsets.ISO_8859_1).equals("\u0093NUMPY")) {
        return null;
      }
      int major = file[6];
      if (major < 1 || major > 3 || file[7] != 0 || major > 1 && file.length < 12) {
        return null;
      }
      ByteBuffer buffer = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
      long length = major == 1 ? buffer.getChar(8) : buffer.getInt(8) & 0xffffffffL;
      int start = major == 1 ? 10 : 12;
      if (length > 10_000 || length > file.length - start) {
        return null;
      }
      Expected e = ofHeader(new String(file, start, (int) length, StandardCharsets.ISO_8859_1));
      if (e == null || e.bytes != file.length - start - length) {
        return null;
      }
      e.data = buffer.position(start + (int) length).slice().order(ByteOrder.LITTLE_ENDIAN);
      return e;
    }

    static Expected ofHeader(String text) {
      Expected e = new Expected();
      Matcher m = BEGIN.matcher(text);
      if (!m.lookingAt()) {
        return null;
      }
      int at = m.end();
      for (m.usePattern(ENTRY); m.region(at, text.length()).lookingAt(); at = m.end()) {
        if (!e.take(m)) {
          return null;
        }
        if (m.group(7).isEmpty()) {
          at = m.end();
          break;
        }
      }
      if (!m.usePattern(END).region(at, text.length()).matches()) {
        return null;
      }
      return e.type == null || e.fortran == null || e.shape == null || !e.measure() ? null : e;
    }

    private boolean take(Matcher m) {
      String string = m.group(3) == null ? m.group(4) : m.group(3);
      switch (m.group(1) == null ? m.group(2) : m.group(1)) {
        case "descr" -> {
          boolean fresh = type == null;
          type = string;
          return fresh && string != null && TYPES.contains(string);
        }
        case "fortran_order" -> {
          boolean fresh = fortran == null;
          fortran = "True".equals(m.group(5));
          return fresh && m.group(5) != null;
        }
        case "shape" -> {
          return shape == null && m.group(6) != null && takeShape(m.group(6));
        }
        default -> {
          return false;
        }
      }
    }

    private boolean takeShape(String tuple) {
      List<BigInteger> dimensions = new ArrayList<>();
      for (String number : tuple.trim().isEmpty() ? new String[0] : tuple.split(",")) {
        if (!number.trim().isEmpty()) {
          dimensions.add(new BigInteger(number.replace("L", "").trim()));
        }
      }
      if (dimensions.size() > 64 || dimensions.size() == 1 && !tuple.contains(",")) {
        return false;
      }
      shape = new long[dimensions.size()];
      for (int i = 0; i < shape.length; i++) {
        if (dimensions.get(i).bitLength() > 63) {
          return false;
        }
        shape[i] = dimensions.get(i).longValue();
      }
      return true;
    }

    private int width() {
      return type.charAt(2) - '0';
    }

    private boolean measure() {
      BigInteger product = BigInteger.valueOf(width());
      boolean empty = false;
      for (long n : shape) {
        empty |= n == 0;
        product = product.multiply(BigInteger.valueOf(Math.max(n, 1)));
      }
      bytes = empty ? 0 : product.longValue();
      return product.bitLength() <= 63;
    }

    void compare(NpyArray array) {
      data.order(type.startsWith(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
      require(Arrays.equals(shape, array.shape()), "another shape");
      require(array.type() == NpyType.of(type), "another type");
      long size = bytes / width();
      require(array.size() == size, "another size");
      long[] index = new long[shape.length];
      for (int i = 0; i < size; i++) {
        long place = 0;
        long stride = 1;
        for (int k = 0; k < shape.length; k++) {
          int axis = fortran ? k : shape.length - 1 - k;
          place += index[axis] * stride;
          stride *= shape[axis];
        }
        require(same(array, i, (int) place), "other bits at " + i);
        for (int axis = shape.length - 1; axis >= 0 && ++index[axis] == shape[axis]; axis--) {
          index[axis] = 0;
        }
      }
    }

    private boolean same(NpyArray array, int i, int place) {
      int at = place * width();
      return switch (array.type()) {
        case F2, BF16 -> array.shorts()[i] == data.getShort(at);
        case F4 -> Float.floatToRawIntBits(array.floats()[i]) == data.getInt(at);
        case F8 -> Float.compare(array.floats()[i], (float) data.getDouble(at)) == 0;
        case I4 -> array.ints()[i] == data.getInt(at);
        case I8 -> array.longs()[i] == data.getLong(at);
        case U1 -> array.ints()[i] == (data.get(at) & 0xff);
        case I1 -> array.ints()[i] == data.get(at);
        case I2 -> array.ints()[i] == data.getShort(at);
        case U2 -> array.ints()[i] == (data.getShort(at) & 0xffff);
        case U4 -> array.longs()[i] == (data.getInt(at) & 0xffffffffL);
        case U8 -> array.longs()[i] == (data.getLong(at) < 0 ? Long.MAX_VALUE : data.getLong(at));
        case B1 -> array.ints()[i] == (data.get(at) == 0 ? 0 : 1);
      };
    }
  }

  /** A file in memory: writing a real one for each input takes ten times as long as reading it. */
  private static final class Memory implements SeekableByteChannel {
    private final ByteBuffer bytes;

    Memory(byte[] bytes) {
      this.bytes = ByteBuffer.wrap(bytes);
    }

    @Override
    public int read(ByteBuffer to) {
      if (!bytes.hasRemaining()) {
        return -1;
      }
      int count = Math.min(to.remaining(), bytes.remaining());
      to.put(bytes.slice(bytes.position(), count));
      bytes.position(bytes.position() + count);
      return count;
    }

    @Override
    public long position() {
      return bytes.position();
    }

    @Override
    public long size() {
      return bytes.capacity();
    }

    @Override
    public SeekableByteChannel position(long position) {
      bytes.position((int) position);
      return this;
    }

    @Override
    public int write(ByteBuffer from) {
      throw new UnsupportedOperationException();
    }

    @Override
    public SeekableByteChannel truncate(long size) {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }
}
