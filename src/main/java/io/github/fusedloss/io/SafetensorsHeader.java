package io.github.fusedloss.io;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Reads the JSON object at the head of a {@code .safetensors} file: for each array its type, shape
 * and place, and maybe strings about it all. By hand, since this package needs no library: the
 * grammar is a third of what stands here, and a library would not say at which character a header
 * is wrong, nor refuse a name that comes twice.
 *
 * <pre>{@code
 * {"__metadata__": {"key": "text"},
 *  "name": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}}
 * }</pre>
 */
final class SafetensorsHeader {
  /** The longest header; it is the limit of the format's own library. */
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
   * What the header says about an array.
   *
   * @param begin where its bytes begin, counted from the end of the header
   * @param end where its bytes end, counted in the same way
   */
  record Entry(String dtype, long[] shape, long begin, long end) {
    /** Returns the header that a .npy file of this array would have. */
    NpyHeader header(Path named) throws NpyException {
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
      if (end - begin != bytes) {
        throw new NpyException(named, "data_offsets", bytes + " bytes" + header.text(), offsets());
      }
      return header;
    }

    String offsets() {
      return "[" + begin + ", " + end + "]";
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

  /**
   * Returns the arrays by their names, in the order of the header. Their bytes must follow each
   * other without gaps, and fill the file; otherwise it is damaged.
   *
   * @param dataBytes bytes from the end of the header to the end of the file
   */
  static Map<String, Entry> parse(Path file, byte[] header, long dataBytes) throws NpyException {
    Map<String, Entry> entries = new SafetensorsHeader(file, text(file, header)).parse();
    List<String> inOrder =
        entries.keySet().stream()
            .sorted(
                Comparator.comparingLong((String name) -> entries.get(name).begin)
                    .thenComparingLong(name -> entries.get(name).end))
            .toList();
    long place = 0;
    for (String name : inOrder) {
      Entry entry = entries.get(name);
      if (entry.begin != place || entry.end < place) {
        throw new NpyException(
            file,
            "data_offsets of " + NpyException.quote(name),
            "bytes from " + place + " on, without a gap or an overlap",
            entry.offsets());
      }
      place = entry.end;
    }
    if (place != dataBytes && !entries.isEmpty()) {
      throw new NpyException(
          file,
          "byte " + (8L + header.length) + " (data)",
          place + " bytes to the end of the file, as its data_offsets say",
          dataBytes + " bytes");
    }
    return entries;
  }

  private static String text(Path file, byte[] header) throws NpyException {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(header)).toString();
    } catch (CharacterCodingException e) {
      throw new NpyException(file, "header", "UTF-8", "bytes that are none");
    }
  }

  private Map<String, Entry> parse() throws NpyException {
    Map<String, Entry> entries = new LinkedHashMap<>();
    object(
        name -> {
          if (name.equals("__metadata__")) {
            object(key -> string());
          } else {
            entries.put(name, entry());
          }
        });
    if (peek() != END) {
      throw unexpected("only white space after the object");
    }
    return entries;
  }

  private Entry entry() throws NpyException {
    Map<String, long[]> numbers = new HashMap<>();
    String[] dtype = {null};
    object(
        key -> {
          switch (key) {
            case "dtype" -> dtype[0] = string();
            case "shape", "data_offsets" -> numbers.put(key, integers());
            default ->
                throw unexpected("dtype, shape and data_offsets, not " + NpyException.quote(key));
          }
        });
    long[] shape = numbers.get("shape");
    long[] offsets = numbers.get("data_offsets");
    if (dtype[0] == null || shape == null || offsets == null || offsets.length != 2) {
      throw unexpected("dtype, shape and two data_offsets before this");
    }
    return new Entry(dtype[0], shape, offsets[0], offsets[1]);
  }

  private long[] integers() throws NpyException {
    List<Long> values = new ArrayList<>();
    list(
        '[',
        ']',
        () -> {
          if (values.size() == NpyHeader.MAX_RANK) {
            throw unexpected("at most " + NpyHeader.MAX_RANK + " numbers");
          }
          values.add(integer());
        });
    return values.stream().mapToLong(v -> v).toArray();
  }

  /** Reads one item of a list. */
  private interface Item {
    void read() throws NpyException;
  }

  /** Reads what follows a key of an object. */
  private interface Member {
    void read(String key) throws NpyException;
  }

  /** Reads an object, in which no key may come twice. */
  private void object(Member member) throws NpyException {
    Set<String> keys = new HashSet<>();
    list('{', '}', () -> member.read(key(keys)));
  }

  /** Reads a list of any length, with commas between its items. */
  private void list(char first, char last, Item item) throws NpyException {
    expect(first);
    if (peek() != last) {
      item.read();
      while (peek() == ',') {
        at++;
        item.read();
      }
    }
    expect(last);
  }

  /** Reads a key of an object, and the colon. */
  private String key(Set<String> before) throws NpyException {
    String key = string();
    if (!before.add(key)) {
      throw new NpyException(file, "header", "each name once", NpyException.quote(key));
    }
    expect(':');
    return key;
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

  /**
   * Reads an escaped character, from its backslash on; ends at the last character that belongs to
   * it.
   */
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

  /** Returns the next character that is not white space, without taking it, or END. */
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
