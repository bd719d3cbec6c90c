package io.github.fusedloss.io;

import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * The dictionary at the head of a {@code .npy} file, and the bytes NumPy writes for it.
 *
 * @param type the element type
 * @param bigEndian whether the first byte of an element is the highest
 * @param fortranOrder whether the first axis varies fastest in the file
 * @param shape the dimensions, outermost first; not copied
 */
record NpyHeader(NpyType type, boolean bigEndian, boolean fortranOrder, long[] shape) {
  /** NumPy's own limit on what it parses: {@code numpy.lib.format._MAX_HEADER_SIZE}. */
  static final int MAX_BYTES = 10_000;

  /** NumPy 2's limit ({@code NPY_MAXDIMS}); NumPy 1 stops at 32. */
  static final int MAX_RANK = 64;

  /** {@code \x93NUMPY}. */
  static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};

  private static final int ALIGNMENT = 64;

  /** NumPy leaves room for the first dimension to grow to this many digits in place. */
  private static final int GROWTH_DIGITS = 21;

  /** Returns the byte order of the elements. */
  ByteOrder order() {
    return bigEndian ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
  }

  /** Returns a shape as Python prints it: {@code ()}, {@code (3,)}, {@code (3, 4)}. */
  static String tuple(long[] shape) {
    StringBuilder out = new StringBuilder("(");
    for (int i = 0; i < shape.length; i++) {
      out.append(i == 0 ? "" : ", ").append(shape[i]);
    }
    return out.append(shape.length == 1 ? ",)" : ")").toString();
  }

  /**
   * Returns the bytes of data in the file. The dimensions of an empty array that are not 0 must
   * also have a product below 2^63, as in NumPy, so that no product of some of an accepted shape's
   * dimensions overflows.
   *
   * @throws ArithmeticException if that is 2^63 or more
   */
  long dataBytes() {
    long bytes = type.bytes();
    boolean empty = false;
    for (long dimension : shape) {
      empty |= dimension == 0;
      bytes = Math.multiplyExact(bytes, dimension == 0 ? 1 : dimension);
    }
    return empty ? 0 : bytes;
  }

  /** Returns the bytes of data in the file, or throws an exception that names the file. */
  long checkedBytes(Path file) throws NpyException {
    try {
      return dataBytes();
    } catch (ArithmeticException e) {
      throw new NpyException(
          file, "header key 'shape'", "fewer than 2^63 bytes of data", "more" + text());
    }
  }

  /** Returns what the header says, for messages. */
  String text() {
    return " (shape "
        + NpyException.escape(tuple(shape), 100)
        + " of '"
        + (bigEndian ? type.descr().replace('<', '>') : type.descr())
        + "')";
  }

  /**
   * Returns everything before the data, byte for byte as {@code numpy.save} writes it (version
   * 1.0).
   */
  byte[] toBytes() {
    StringBuilder text =
        new StringBuilder("{'descr': '")
            .append(type.descr())
            .append("', 'fortran_order': ")
            .append(fortranOrder ? "True" : "False")
            .append(", 'shape': ")
            .append(tuple(shape))
            .append(", }");
    if (shape.length > 0) {
      long growing = shape[fortranOrder ? shape.length - 1 : 0];
      text.append(" ".repeat(GROWTH_DIGITS - Long.toString(growing).length()));
    }
    int preamble = MAGIC.length + 4;
    // If the text ends on the boundary, NumPy pads by a whole block, and not by nothing.
    text.append(" ".repeat(ALIGNMENT - (preamble + text.length() + 1) % ALIGNMENT)).append('\n');
    byte[] bytes = new byte[preamble + text.length()];
    System.arraycopy(MAGIC, 0, bytes, 0, MAGIC.length);
    bytes[6] = 1;
    bytes[8] = (byte) text.length();
    bytes[9] = (byte) (text.length() >>> 8);
    byte[] ascii = text.toString().getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(ascii, 0, bytes, preamble, ascii.length);
    return bytes;
  }
}
