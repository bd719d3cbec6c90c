package io.github.fusedloss.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fusedloss.SparseFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("jdk")
class NpyReaderTest {
  @TempDir Path dir;

  /** Each line was written by NumPy with the file it is about: see generate.py. */
  @Test
  void readsWhatNumpyWrote() throws IOException {
    int files = 0;
    for (String line : Files.readAllLines(Npys.golden("manifest.txt"))) {
      String[] field = line.split(" ");
      NpyArray array = NpyReader.read(Npys.golden(field[0]));
      String[] values = field.length < 6 ? new String[0] : field[5].split(",");
      NpyType type = NpyType.valueOf(field[1]);
      long[] shape =
          field[2].equals("-")
              ? new long[0]
              : Arrays.stream(field[2].split("x")).mapToLong(Long::parseLong).toArray();
      assertEquals(type, array.type(), line);
      assertArrayEquals(shape, array.shape(), line);
      assertEquals(values.length, array.size(), line);
      assertEquals(type == NpyType.F8, array.converted(), line);
      assertArrayEquals(values, asWritten(array), line);
      files++;
    }
    assertEquals(90, files, "6 types, 15 shapes and orders");
  }

  private static String[] asWritten(NpyArray array) {
    return switch (array.type()) {
      case F2, BF16, F4, F8 ->
          IntStream.range(0, array.floats().length)
              .map(i -> Float.floatToRawIntBits(array.floats()[i]))
              .mapToObj("%08x"::formatted)
              .toArray(String[]::new);
      case I4, U1, I1, I2, U2, B1 ->
          Arrays.stream(array.ints()).mapToObj(String::valueOf).toArray(String[]::new);
      case I8, U4, U8 ->
          Arrays.stream(array.longs()).mapToObj(String::valueOf).toArray(String[]::new);
    };
  }

  /** 300 x 700 = 210,000 elements: over three chunks of 65,536, with a ragged one at the end. */
  @ParameterizedTest
  @CsvSource({"False, 700, 1", "True, 1, 300"})
  void readsMoreThanOneChunk(String fortran, int rowStride, int columnStride) throws IOException {
    byte[] bytes =
        Npys.file(
            "{'descr': '<i4', 'fortran_order': " + fortran + ", 'shape': (300, 700)}", 840_000);
    ByteBuffer data = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < 210_000; i++) {
      data.putInt(bytes.length - 840_000 + 4 * i, i);
    }
    int[] got = NpyReader.read(write(bytes)).ints();
    for (int row = 0; row < 300; row++) {
      for (int column = 0; column < 700; column++) {
        assertEquals(row * rowStride + column * columnStride, got[row * 700 + column]);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }   \n",
        "\t{\"shape\":(2,3,),\"fortran_order\":True,\"descr\":\"<f4\",}\n\r\n",
        "{ 'fortran_order' : False , 'descr' : '<f4' , 'shape' : ( 2 , 3 ) , }",
      })
  void acceptsEverySpellingOfTheGrammar(String header) throws IOException {
    for (int major = 1; major <= 3; major++) {
      NpyArray array = NpyReader.read(write(Npys.file(major, 0, header, 24)));
      assertArrayEquals(new long[] {2, 3}, array.shape());
      assertArrayEquals(new float[6], array.floats());
    }
  }

  @Test
  void acceptsShapesAtTheLimits() throws IOException {
    String ones = "1, ".repeat(63);
    String deep = "{'descr': '|u1', 'fortran_order': True, 'shape': (" + ones + "2)}";
    assertEquals(64, NpyReader.read(write(Npys.file(deep, 2))).shape().length);
    String empty = "{'descr': '<u1', 'fortran_order': True, 'shape': (0, " + Long.MAX_VALUE + ")}";
    assertEquals(0, NpyReader.read(write(Npys.file(empty, 0))).size());
    String padded = "{'descr': '|u1', 'fortran_order': False, 'shape': ()}";
    padded += " ".repeat(NpyHeader.MAX_BYTES - padded.length());
    assertEquals(1, NpyReader.read(write(Npys.file(2, 0, padded, 1))).size());
  }

  /** Each: the type, and what the message must say about it. */
  @ParameterizedTest
  @CsvSource({
    "=f4, depends on the machine",
    "|O, pickled",
    "f4, 'f4'",
    "<f16, .astype('float32')",
    "<c8, '<c8'",
    ">u3, .astype('int64')",
    "|V4, '|V4'",
    "<M8[ns], '<M8[ns]'",
    "|S5, '|S5'",
    "|f4, '|f4'",
    "'', ''",
    ">u\u007f1, '>u\\u007f1'",
    ">c8, '>c8'",
  })
  void refusesOtherTypesByName(String descr, String said) throws IOException {
    String message =
        refusal(Npys.file("{'descr': '" + descr + "', 'fortran_order': False, 'shape': ()}", 8));
    assertTrue(message.contains("header key 'descr' at byte 20"), message);
    assertTrue(message.contains("'<f2', '<V2', '<f4', '<f8', '<i4', '<i8', '|u1'"), message);
    assertTrue(message.contains(said), message);
  }

  /** Each dictionary is wrong in one way; the message names the place and what was expected. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "``; byte 10: expected a dictionary",
        "[]; byte 10: expected a dictionary",
        "{; byte 11: expected a quoted key",
        "{}; expected the key 'descr'",
        "{,}; byte 11: expected a quoted key",
        "{'descr': '<f4', 'fortran_order': False}; expected the key 'shape'",
        "{'descr': '<f4', 'shape': ()}; expected the key 'fortran_order'",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (), 'x': 1}; came 'x'",
        "{'descr': '<f4', 'descr': '<f4'}; byte 27: expected the key 'descr' once",
        "{'descr' '<f4'}; byte 19: expected ':'",
        "{'descr': <f4}; expected one quoted type",
        "{'descr': [('a', '<f4')]}; expected one quoted type",
        "{'descr': ('<f4', (2,))}; expected one quoted type",
        "{'descr': '<f4; a string without end",
        "{'descr': '<f4\"}; a string without end",
        "{'descr': '<f4' 'fortran_order': False}; byte 26: expected ',' or '}'",
        "{'descr': '<f4',, 'fortran_order': False}; byte 26: expected a quoted key",
        "{'fortran_order': 0}; expected True or False",
        "{'fortran_order': true}; expected True or False",
        "{'fortran_order': Falsely}; expected ',' or '}'",
        "{'shape': 3}; expected a tuple",
        "{'shape': [3]}; expected a tuple",
        "{'shape': (3)}; expected ',' after the only dimension",
        "{'shape': (,)}; expected a dimension in decimal digits",
        "{'shape': (3,,)}; expected a dimension in decimal digits",
        "{'shape': (3 4)}; expected ',' after the only dimension",
        "{'shape': (3, 4 5)}; expected ',' or ')'",
        "{'shape': (-1,)}; expected a dimension in decimal digits",
        "{'shape': (1.5,)}; expected ','",
        "{'shape': (3LL,)}; expected ','",
        "{'shape': (L,)}; expected a dimension in decimal digits",
        "{'shape': (3 L,)}; expected ','",
        "{'shape': (0x3,)}; expected ','",
        "{'shape': (03,)}; without leading zeros",
        "{'shape': (9223372036854775808,)}; below 2^63",
        "{'shape': (3,); expected ',' or '}'",
        "{'shape': (3,; expected a dimension",
      })
  void refusesOtherHeaders(String dictionary, String said) throws IOException {
    String message = refusal(Npys.file(dictionary, 0));
    assertTrue(message.contains(said), message);
  }

  @Test
  void refusesTextAfterTheDictionary() throws IOException {
    String good = "{'descr': '<f4', 'fortran_order': False, 'shape': (0,)}";
    assertEquals(0, NpyReader.read(write(Npys.file(good, 0))).size());
    for (String after : new String[] {"x", "{}", ",", "\0", "#"}) {
      String message = refusal(Npys.file(good + after, 0));
      assertTrue(message.contains("byte 65: expected only white space after"), message);
    }
  }

  /** Shape, bytes of data, and the reason: all small files, whatever the header asks for. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "(2, 3); 23; (data): expected 24 bytes",
        "(2, 3); 25; (data): expected 24 bytes",
        "(2, 3); 0; (data): expected 24 bytes",
        "(); 0; (data): expected 4 bytes",
        "(0, 3); 1; (data): expected 0 bytes",
        "(2147483639,); 8; (data): expected 8589934556 bytes",
        "(4611686018427387904, 4); 8; expected fewer than 2^63 bytes",
        "(2305843009213693952,); 8; expected fewer than 2^63 bytes",
        "(4294967296, 4294967296); 0; expected fewer than 2^63 bytes",
        "(0, 4294967296, 4294967296); 0; expected fewer than 2^63 bytes",
      })
  void refusesShapesThatTheLengthDoesNotBearOut(String shape, int bytes, String said)
      throws IOException {
    String header = "{'descr': '<f4', 'fortran_order': False, 'shape': " + shape + "}";
    String message = refusal(Npys.file(header, bytes));
    assertTrue(message.contains(said), message);
  }

  @Test
  void refusesMoreThan64Dimensions() throws IOException {
    String header = "{'shape': (" + "1, ".repeat(65) + ")}";
    assertTrue(refusal(Npys.file(header, 1)).contains("expected at most 64 dimensions"));
  }

  @Test
  void refusesOtherPreambles() throws IOException {
    byte[] good = Npys.file("{'descr': '|u1', 'fortran_order': False, 'shape': ()}", 1);
    for (int length = 0; length < good.length; length++) {
      refusal(Arrays.copyOf(good, length));
    }
    assertTrue(refusal(new byte[0]).contains("byte 0 (magic): expected 6 more bytes"));
    assertTrue(refusal(new byte[100]).contains("came 00 00 00 00 00 00"));
    assertTrue(refusal(new byte[] {'P', 'K', 3, 4, 0, 0, 0}).contains(".npz"));
    for (int[] version : new int[][] {{0, 0}, {1, 1}, {2, 1}, {4, 0}, {255, 255}}) {
      String message = refusal(Npys.file(version[0], version[1], "{}", 0));
      assertTrue(message.contains("came " + version[0] + "." + version[1]), message);
    }
  }

  @Test
  void refusesLongHeadersBeforeReadingThem() throws IOException {
    String tooLong = " ".repeat(NpyHeader.MAX_BYTES + 1);
    for (int major = 1; major <= 3; major++) {
      String message = refusal(Npys.file(major, 0, tooLong, 0));
      assertTrue(message.contains("expected at most 10000 bytes, came 10001"), message);
    }
    byte[] huge = Npys.file(2, 0, "{}", 0);
    Arrays.fill(huge, 8, 12, (byte) 0xff);
    assertTrue(refusal(huge).contains("came 4294967295 bytes"));
  }

  /** A sparse file may honestly be this long: 2^31 bytes of u1, on disk next to nothing. */
  @Test
  void refusesWhatNoJavaArrayHolds() throws IOException {
    String header = "{'descr': '|u1', 'fortran_order': False, 'shape': (2147483648,)}";
    Path file = dir.resolve("sparse.npy");
    SparseFile.write(file, Npys.file(header, 0), 1L << 31);
    String message = refusal(file);
    assertTrue(message.contains("expected at most 2147483639 elements"), message);
  }

  @Test
  void refusesWhatTheHeapCannotHold() {
    long needed = 8L * Integer.MAX_VALUE;
    Assumptions.assumeTrue(Runtime.getRuntime().maxMemory() < needed, "the heap could hold it");
    IOException e =
        assertThrows(
            NpyException.class,
            () -> NpyReader.allocate(Path.of("x.npy"), NpyType.I8, Integer.MAX_VALUE - 8));
    assertTrue(e.getMessage().contains("-Xmx"), e.getMessage());
  }

  @Test
  void escapesAndBoundsWhatItQuotes() throws IOException {
    String hostile = "\u001b[2J\n\r\0\u0085" + "A".repeat(5000);
    String message = refusal(Npys.file("{'" + hostile + "': 1}", 0));
    assertTrue(message.contains("came '\\u001b[2J\\u000a\\u000d\\u0000\\u0085AAA"), message);
    assertTrue(message.length() < dir.toString().length() + 300, message);
    Path file = dir.resolve("line\nbreak\u202e.npy");
    assertTrue(refusal(file).contains("line\\u000abreak\\u202e.npy: cannot be read: no such file"));
  }

  @Test
  void refusesWhatIsNoRegularFile() throws IOException {
    String missing = refusal(dir.resolve("missing.npy"));
    assertTrue(missing.endsWith("missing.npy: cannot be read: no such file"), missing);
    assertTrue(refusal(dir).contains("expected a regular file, came a directory"));
    for (String name : new String[] {"/dev/zero", "/dev/null"}) {
      if (Files.exists(Path.of(name))) {
        assertTrue(refusal(Path.of(name)).contains("came a pipe, socket or device"));
      }
    }
  }

  @Test
  void neverOpensPipes() throws IOException, InterruptedException {
    Path pipe = dir.resolve("pipe.npy");
    try {
      assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
    } catch (IOException e) {
      Assumptions.abort("no mkfifo here");
    }
    // Opening would wait for a writer for ever.
    assertTrue(refusal(pipe).contains("came a pipe, socket or device"));
  }

  @Test
  void followsLinks() throws IOException {
    Path file = Files.copy(Npys.golden("u1_5_C_v3.npy"), dir.resolve("x.npy"));
    Path link = Files.createSymbolicLink(dir.resolve("link.npy"), file);
    assertEquals(5, NpyReader.read(link).size());
  }

  @Test
  void reportsAnInterruptAndKeepsIt() throws IOException {
    Path file = Npys.golden("u1_5_C_v3.npy");
    Thread.currentThread().interrupt();
    try {
      assertTrue(refusal(file).endsWith("cannot be read: the thread was interrupted"));
    } finally {
      assertTrue(Thread.interrupted());
    }
    assertEquals(5, NpyReader.read(file).size());
  }

  @Test
  void handsOutOnlyTheRightArrayAndACopyOfTheShape() throws IOException {
    NpyArray array = NpyReader.read(Npys.golden("i8_2x3_C_v3.npy"));
    array.shape()[0] = 99;
    assertArrayEquals(new long[] {2, 3}, array.shape());
    assertEquals("NpyArray[I8, (2, 3)]", array.toString());
    String message = assertThrows(IllegalStateException.class, array::floats).getMessage();
    assertEquals("expected longs() for an array of type I8, came floats()", message);
    assertThrows(IllegalStateException.class, array::ints);
    NpyArray bytes = NpyReader.read(Npys.golden("u1_5_C_v3.npy"));
    assertThrows(IllegalStateException.class, bytes::longs);
  }

  private Path write(byte[] bytes) throws IOException {
    return Files.write(dir.resolve("x.npy"), bytes);
  }

  private String refusal(byte[] bytes) throws IOException {
    Path file = write(bytes);
    assertThrows(NpyException.class, () -> NpyReader.read(file));
    return refusal(file);
  }

  /** The message, which is one line and starts with the file's name as it was given. */
  private static String refusal(Path file) {
    String message = assertThrows(IOException.class, () -> NpyReader.read(file)).getMessage();
    assertTrue(message.startsWith(NpyException.name(file) + ": "), message);
    assertFalse(message.chars().anyMatch(Character::isISOControl), message);
    return message;
  }
}
