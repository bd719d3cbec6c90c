package io.github.fusedloss.io;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Reads the one Python literal that a {@code .npy} header may be: a dictionary of exactly the keys
 * descr, fortran_order and shape, in any order.
 *
 * <pre>{@code
 * header = ws "{" entry ("," entry)* ["," ] "}" ws
 * entry  = "'descr'" ":" string | "'fortran_order'" ":" ("True" | "False") | "'shape'" ":" tuple
 * tuple  = "(" ")" | "(" int "," ")" | "(" int ("," int)+ [","] ")"
 * int    = digits ["L"]
 * }</pre>
 *
 * <p>Strings have single or double quotes and no escapes. White space may stand between tokens.
 * Python 2 wrote an L after a long integer.
 */
final class NpyHeaderParser {
  private static final char END = '\uffff'; // no byte decodes to this

  private final Path file;
  private final String text;
  private final int start;
  private int at;

  private NpyType type;
  private boolean bigEndian;
  private Boolean fortranOrder;
  private long[] shape;

  private NpyHeaderParser(Path file, byte[] header, int start) {
    this.file = file;
    // One char is one byte, so positions are offsets. Bytes that are not ASCII fit nowhere in the
    // grammar.
    this.text = new String(header, StandardCharsets.ISO_8859_1);
    this.start = start;
  }

  /**
   * Parses a whole header.
   *
   * @param file named in messages
   * @param header the bytes between the length field and the data
   * @param start the offset of the first of them in the file
   */
  static NpyHeader parse(Path file, byte[] header, int start) throws NpyException {
    return new NpyHeaderParser(file, header, start).parse();
  }

  private NpyHeader parse() throws NpyException {
    expect('{', "a dictionary that starts with '{'");
    while (peek() != '}') {
      entry();
      if (peek() != ',') {
        break;
      }
      at++;
    }
    expect('}', "',' or '}'");
    if (peek() != END) {
      throw unexpected(place(), "only white space after the dictionary");
    }
    requirePresent("descr", type);
    requirePresent("fortran_order", fortranOrder);
    requirePresent("shape", shape);
    return new NpyHeader(type, bigEndian, fortranOrder, shape);
  }

  private void entry() throws NpyException {
    String keyPlace = place();
    String key = string(keyPlace, "a quoted key or '}'");
    Object earlier =
        switch (key) {
          case "descr" -> type;
          case "fortran_order" -> fortranOrder;
          case "shape" -> shape;
          default ->
              throw new NpyException(
                  file,
                  keyPlace,
                  "the keys 'descr', 'fortran_order' and 'shape'",
                  NpyException.quote(key));
        };
    if (earlier != null) {
      throw new NpyException(file, keyPlace, "the key '" + key + "' once", "it again");
    }
    expect(':', "':' after the key '" + key + "'");
    String place = "header key '" + key + "' at " + place();
    switch (key) {
      case "descr" -> type = type(place);
      case "fortran_order" -> fortranOrder = bool(place);
      default -> shape = tuple(place);
    }
  }

  private NpyType type(String place) throws NpyException {
    String descr = string(place, "one quoted type of " + NpyType.ACCEPTED);
    NpyType found = NpyType.of(descr);
    if (found == null) {
      throw new NpyException(
          file, place, "one of " + NpyType.ACCEPTED, NpyException.quote(descr) + hint(descr));
    }
    bigEndian = descr.startsWith(">");
    return found;
  }

  /** Says what a description means, and what to do about it in NumPy. */
  private static String hint(String descr) {
    if (descr.startsWith("=")) {
      return " (an order that depends on the machine)";
    }
    return switch (descr.replaceFirst("^[<>|]", "").replaceFirst("[0-9]+$", "")) {
      case "O" -> " (pickled Python objects, which are never read)";
      case "i", "u" -> " (integers; save class indices with .astype('int64'))";
      case "f", "g" -> " (floating-point; save it with .astype('float32'))";
      default -> "";
    };
  }

  private boolean bool(String place) throws NpyException {
    skipSpace();
    for (String word : new String[] {"True", "False"}) {
      if (text.startsWith(word, at)) {
        at += word.length();
        return word.equals("True");
      }
    }
    throw unexpected(place, "True or False");
  }

  private long[] tuple(String place) throws NpyException {
    expect('(', place, "a tuple of dimensions such as (3, 4)");
    long[] dimensions = new long[NpyHeader.MAX_RANK];
    int rank = 0;
    boolean comma = true;
    while (peek() != ')' && comma) {
      if (rank == dimensions.length) {
        throw unexpected(place, "at most " + NpyHeader.MAX_RANK + " dimensions");
      }
      dimensions[rank++] = integer(place);
      comma = peek() == ',';
      if (comma) {
        at++;
      }
    }
    if (rank == 1 && !comma) {
      throw unexpected(place, "',' after the only dimension");
    }
    expect(')', place, "',' or ')'");
    return Arrays.copyOf(dimensions, rank);
  }

  private long integer(String place) throws NpyException {
    skipSpace();
    int from = at;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    String digits = text.substring(from, at);
    if (!digits.isEmpty() && at < text.length() && text.charAt(at) == 'L') {
      at++;
    }
    if (digits.isEmpty()) {
      throw unexpected(place, "a dimension in decimal digits");
    }
    if (digits.length() > 1 && digits.charAt(0) == '0') {
      throw new NpyException(
          file, place, "a dimension without leading zeros", NpyException.quote(digits));
    }
    try {
      return Long.parseLong(digits);
    } catch (NumberFormatException e) {
      throw new NpyException(file, place, "dimensions below 2^63", NpyException.quote(digits));
    }
  }

  private String string(String place, String expected) throws NpyException {
    char quote = peek();
    if (quote != '\'' && quote != '"') {
      throw unexpected(place, expected);
    }
    int close = text.indexOf(quote, at + 1);
    if (close < 0) {
      throw new NpyException(
          file, place, expected, "a string without end, " + NpyException.quote(text.substring(at)));
    }
    String value = text.substring(at + 1, close);
    at = close + 1;
    return value;
  }

  private void expect(char c, String expected) throws NpyException {
    skipSpace();
    expect(c, place(), expected);
  }

  private void expect(char c, String place, String expected) throws NpyException {
    if (peek() != c) {
      throw unexpected(place, expected);
    }
    at++;
  }

  private void requirePresent(String key, Object value) throws NpyException {
    if (value == null) {
      throw new NpyException(file, "header", "the key '" + key + "'", "a header without it");
    }
  }

  /** Returns the next character that is not white space, without taking it, or END. */
  private char peek() {
    skipSpace();
    return at < text.length() ? text.charAt(at) : END;
  }

  private void skipSpace() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private String place() {
    skipSpace();
    return "byte " + (start + at);
  }

  private NpyException unexpected(String place, String expected) {
    String came =
        at < text.length() ? NpyException.quote(text.substring(at)) : "the end of the header";
    return new NpyException(file, place, expected, came);
  }
}
