package io.github.fusedloss.io;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Reads the JSON object at the head of a {@code .safetensors} file: for each array its type, shape
 * and place, and maybe strings about it all.
 *
 * <pre>{@code
 * {"__metadata__": {"key": "text"},
 *  "name": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}}
 * }</pre>
 */
final class SafetensorsHeader {
  /** The limit of the format's own library. */
  private static final int MAX_BYTES = 100_000_000;

  private static final Map<String, NpyType> TYPES =
      Map.ofEntries(
          Map.entry("F64", NpyType.F8),
          Map.entry("F32", NpyType.F4),
          Map.entry("F16", NpyType.F2),
          Map.entry("BF16", NpyType.BF16),
          Map.entry("I64", NpyType.I8),
          Map.entry("I32", NpyType.I4),
          Map.entry("I16", NpyType.I2),
          Map.entry("I8", NpyType.I1),
          Map.entry("U64", NpyType.U8),
          Map.entry("U32", NpyType.U4),
          Map.entry("U16", NpyType.U2),
          Map.entry("U8", NpyType.U1),
          Map.entry("BOOL", NpyType.B1));

  /**
   * What it says of an array.
   *
   * @param begin of its bytes, counted from the end of the header
   * @param end of them
   */
  record Entry(String dtype, long[] shape, long begin, long end) {
    /** As if it was of a .npy file. */
    NpyHeader header(Path named, long dataBytes) throws NpyException {
      NpyType type = TYPES.get(dtype);
      if (type == null) {
        throw new NpyException(
            named,
            "dtype",
            TYPES.keySet().stream().sorted().collect(Collectors.joining(", ", "one of ", "")),
            NpyException.quote(dtype));
      }
      NpyHeader header = new NpyHeader(type, false, false, shape);
      long bytes = header.checkedBytes(named);
      if (begin > end || end > dataBytes || end - begin != bytes) {
        throw new NpyException(
            named,
            "data_offsets",
            bytes + " bytes" + header.text() + " among the " + dataBytes + " of the file",
            "[" + begin + ", " + end + "]");
      }
      return header;
    }
  }

  private static final char END = '\uffff';

  private final Path file;
  private final String text;
  private int at;

  private SafetensorsHeader(Path file, String text) {
    this.file = file;
    this.text = text;
  }

  /** Throws unless a header of this length fits the file. */
  static void checkLength(Path file, long length, long fileLength) throws NpyException {
    if (length < 0 || length > MAX_BYTES || length > fileLength - 8) {
      throw new NpyException(
          file,
          "byte 0 (header length)",
          "at most " + Math.min(MAX_BYTES, fileLength - 8) + " bytes of .safetensors header",
          Long.toUnsignedString(length) + " bytes");
    }
  }

  /** The arrays by their names, in the order of the header. */
  static Map<String, Entry> parse(Path file, byte[] header) throws NpyException {
    return new SafetensorsHeader(file, new String(header, StandardCharsets.UTF_8)).parse();
  }

  private Map<String, Entry> parse() throws NpyException {
    Map<String, Entry> entries = new LinkedHashMap<>();
    expect('{');
    while (peek() != '}') {
      String name = string();
      expect(':');
      if (name.equals("__metadata__")) {
        metadata();
      } else if (entries.put(name, entry()) != null) {
        throw new NpyException(file, "header", "each name once", NpyException.quote(name));
      }
      if (peek() != ',') {
        break;
      }
      at++;
    }
    expect('}');
    if (peek() != END) {
      throw unexpected("only white space after the object");
    }
    return entries;
  }

  private void metadata() throws NpyException {
    expect('{');
    while (peek() != '}') {
      string();
      expect(':');
      string();
      if (peek() != ',') {
        break;
      }
      at++;
    }
    expect('}');
  }

  private Entry entry() throws NpyException {
    String dtype = null;
    long[] shape = null;
    long[] offsets = null;
    expect('{');
    while (peek() != '}') {
      String key = string();
      expect(':');
      switch (key) {
        case "dtype" -> dtype = string();
        case "shape" -> shape = integers();
        case "data_offsets" -> offsets = integers();
        default ->
            throw unexpected("dtype, shape and data_offsets, not " + NpyException.quote(key));
      }
      if (peek() != ',') {
        break;
      }
      at++;
    }
    expect('}');
    if (dtype == null || shape == null || offsets == null || offsets.length != 2) {
      throw unexpected("dtype, shape and two data_offsets before this");
    }
    return new Entry(dtype, shape, offsets[0], offsets[1]);
  }

  private long[] integers() throws NpyException {
    long[] values = new long[NpyHeader.MAX_RANK];
    int count = 0;
    expect('[');
    while (peek() != ']') {
      if (count == values.length) {
        throw unexpected("at most " + NpyHeader.MAX_RANK + " numbers");
      }
      values[count++] = integer();
      if (peek() != ',') {
        break;
      }
      at++;
    }
    expect(']');
    return Arrays.copyOf(values, count);
  }

  private long integer() throws NpyException {
    peek();
    int from = at;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    try {
      return Long.parseLong(text.substring(from, at));
    } catch (NumberFormatException e) {
      at = from;
      throw unexpected("a whole number from 0 to 2^63 - 1");
    }
  }

  private String string() throws NpyException {
    expect('"');
    StringBuilder value = new StringBuilder();
    for (; at < text.length(); at++) {
      char c = text.charAt(at);
      if (c == '"') {
        at++;
        return value.toString();
      }
      value.append(c == '\\' ? escaped() : c);
    }
    throw unexpected("the end of a string");
  }

  /** At a backslash; leaves off at the last character that belongs to it. */
  private char escaped() throws NpyException {
    at++;
    char c = at < text.length() ? text.charAt(at) : END;
    int kind = "\"\\/bfnrt".indexOf(c);
    if (kind >= 0) {
      return "\"\\/\b\f\n\r\t".charAt(kind);
    }
    if (c == 'u'
        && at + 4 < text.length()
        && text.substring(at + 1, at + 5).matches("[0-9a-fA-F]+")) {
      at += 4;
      return (char) Integer.parseInt(text.substring(at - 3, at + 1), 16);
    }
    throw unexpected("an escape of JSON");
  }

  private void expect(char c) throws NpyException {
    if (peek() != c) {
      throw unexpected("'" + c + "'");
    }
    at++;
  }

  /** The next character that is not white space, without taking it, or END. */
  private char peek() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    return at < text.length() ? text.charAt(at) : END;
  }

  private NpyException unexpected(String expected) {
    String came =
        at < text.length() ? NpyException.quote(text.substring(at)) : "the end of the header";
    return new NpyException(file, "header at character " + at, expected, came);
  }
}
