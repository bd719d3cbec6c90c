package io.github.fusedloss.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files written byte by byte from the definitions of their formats, read in pieces. */
@Tag("jdk")
class ArrayFileTest {
  private static final String C_ORDER =
      "{'descr': '<i4', 'fortran_order': False, 'shape': (5, 3, 2), }\n";
  private static final String FORTRAN =
      "{'descr': '>i4', 'fortran_order': True, 'shape': (5, 3, 2), }\n";

  @TempDir Path dir;

  /** Elements (n, i, j) that are 100 n + 10 i + j, as a .npy file in one of the two orders. */
  private static byte[] npy(boolean fortran) {
    byte[] file = Npys.file(fortran ? FORTRAN : C_ORDER, 120);
    ByteBuffer data =
        ByteBuffer.wrap(file, file.length - 120, 120)
            .order(fortran ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    for (int k = 0; k < 30; k++) {
      int n = fortran ? k % 5 : k / 6;
      int i = fortran ? k / 5 % 3 : k / 2 % 3;
      int j = fortran ? k / 15 : k % 2;
      data.putInt(100 * n + 10 * i + j);
    }
    return file;
  }

  private static long[] rows(int from, int count) {
    long[] values = new long[6 * count];
    Arrays.setAll(values, k -> 100 * (from + k / 6) + 10 * (k / 2 % 3) + k % 2);
    return values;
  }

  static byte[] zip(boolean compressed, Object... namesAndBytes) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (int i = 0; i < namesAndBytes.length; i += 2) {
        byte[] content = (byte[]) namesAndBytes[i + 1];
        ZipEntry entry = new ZipEntry((String) namesAndBytes[i]);
        if (!compressed) {
          CRC32 crc = new CRC32();
          crc.update(content);
          entry.setMethod(ZipEntry.STORED);
          entry.setSize(content.length);
          entry.setCrc(crc.getValue());
        }
        zip.putNextEntry(entry);
        zip.write(content);
      }
    }
    return bytes.toByteArray();
  }

  static byte[] safetensors(String json, byte[] data) {
    byte[] header = json.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + header.length + data.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(header.length)
        .put(header)
        .put(data)
        .array();
  }

  private Path write(String name, byte[] bytes) throws IOException {
    return Files.write(dir.resolve(name), bytes);
  }

  private static void readsInPieces(Path named) throws IOException {
    try (StoredArray array = ArrayFile.open(named)) {
      assertArrayEquals(new long[] {5, 3, 2}, array.shape());
      assertEquals(5, array.rows());
      assertArrayEquals(rows(0, 2), array.longs(0, 2));
      assertArrayEquals(new long[0], array.longs(2, 0));
      assertArrayEquals(rows(2, 1), array.longs(2, 1));
      assertArrayEquals(rows(4, 1), array.longs(4, 1));
      assertThrows(IllegalStateException.class, () -> array.floats(0, 1));
    }
    assertArrayEquals(
        rows(0, 5), Arrays.stream(ArrayFile.read(named).ints()).asLongStream().toArray());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void npyInBothOrders(boolean fortran) throws IOException {
    readsInPieces(write("x.npy", npy(fortran)));
    // The name does not decide, and may have a colon itself.
    readsInPieces(write("x:y.safe", npy(fortran)));
  }

  @ParameterizedTest
  @CsvSource({"false, false", "false, true", "true, false", "true, true"})
  void npz(boolean fortran, boolean compressed) throws IOException {
    byte[] one = Npys.file("{'descr': '<i4', 'fortran_order': False, 'shape': (), }", 4);
    Path file =
        write(
            "a.npz", zip(compressed, "one.npy", one, "b.npy", npy(fortran), "x.txt", new byte[3]));
    readsInPieces(Path.of(file + ":b"));
    readsInPieces(write("alone.npz", zip(compressed, "arr_0.npy", npy(fortran))));
    assertEquals(1, ArrayFile.read(Path.of(file + ":one")).size());
    assertEquals(file, ArrayFile.file(Path.of(file + ":b")));
  }

  @Test
  void safetensors() throws IOException {
    byte[] data = new byte[124];
    System.arraycopy(npy(false), C_ORDER.length() + 10, data, 4, 120);
    String json =
        "{\"__metadata__\":{\"format\":\"pt\",\"a\\\"\\u00e4\":\"{}\"} ,\n \"one\": {\"dtype\":\"F32\","
            + "\"shape\":[],\"data_offsets\":[0,4]},\"b\":{\"data_offsets\": [ 4 , 124 ],"
            + "\"shape\":[5,3,2],\"dtype\":\"I32\"}}   ";
    Path file = write("model.safetensors", safetensors(json, data));
    readsInPieces(Path.of(file + ":b"));
    assertArrayEquals(new float[1], ArrayFile.read(Path.of(file + ":one")).floats());
    String one = json.replaceAll(",\n.*?\\},", ",").replace("[ 4 , 124 ]", "[ 0 , 120 ]");
    Path alone = write("alone", safetensors(one, Arrays.copyOfRange(data, 4, 124)));
    readsInPieces(alone);
  }

  /** Types by their names in .safetensors, the bytes in hexadecimal, and the value. */
  @ParameterizedTest
  @CsvSource({
    "F64, 000000000000f83f, 1.5",
    "F32, 0000c03f, 1.5",
    "F16, 003e, 1.5",
    "BF16, c03f, 1.5",
    "I64, feffffffffffffff, -2",
    "I32, feffffff, -2",
    "I16, feff, -2",
    "I8, fe, -2",
    "U64, 0200000000000000, 2",
    "U32, feffffff, 4294967294",
    "U16, feff, 65534",
    "U8, fe, 254",
    "BOOL, 01, 1",
  })
  void typesOfSafetensors(String type, String hex, String value) throws IOException {
    byte[] data = HexFormat.of().parseHex(hex);
    String json =
        "{\"x\":{\"dtype\":\"%s\",\"shape\":[1],\"data_offsets\":[0,%d]}}"
            .formatted(type, data.length);
    try (StoredArray array = ArrayFile.open(write("x.safetensors", safetensors(json, data)))) {
      String read =
          array.type().isFloating()
              ? Float.toString(array.floats(0, 1)[0])
              : Long.toString(array.longs(0, 1)[0]);
      assertEquals(value, read);
    }
  }

  /** 300 x 700 elements are over three of the pieces that are decoded at a time. */
  @ParameterizedTest
  @ValueSource(strings = {"False", "True"})
  void moreThanOneChunk(String fortran) throws IOException {
    byte[] file =
        Npys.file(
            "{'descr': '<i4', 'fortran_order': " + fortran + ", 'shape': (300, 700)}", 840_000);
    ByteBuffer data = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < 210_000; i++) {
      data.putInt(file.length - 840_000 + 4 * i, i);
    }
    try (StoredArray array = ArrayFile.open(write("x.npy", file))) {
      long[] got = array.longs(10, 280);
      for (int k = 0; k < got.length; k++) {
        int row = 10 + k / 700;
        int column = k % 700;
        assertEquals(fortran.equals("True") ? column * 300 + row : row * 700 + column, got[k]);
      }
    }
  }

  private String refused(Path named) {
    String message =
        assertThrows(
                IOException.class,
                () -> {
                  try (StoredArray array = ArrayFile.open(named)) {
                    array.longs(0, (int) array.rows());
                  }
                })
            .getMessage();
    assertTrue(message.startsWith(dir.toString()), message);
    assertFalse(message.chars().anyMatch(Character::isISOControl), message);
    return message;
  }

  @Test
  void saysWhichNamesThereAre() throws IOException {
    Path file = write("a.npz", zip(true, "x.npy", npy(false), "y.npy", npy(false)));
    assertTrue(refused(file).contains("expected FILE:NAME, a name of 'x', 'y', came none"));
    assertTrue(refused(Path.of(file + ":z")).contains("came 'z'"));
    assertTrue(refused(Path.of(write("x.npy", npy(false)) + ":z")).contains("holds one array"));
    assertTrue(
        refused(write("b.npz", zip(true, "x", new byte[1]))).contains("a file with an array"));
    assertTrue(refused(dir.resolve("none.npz:x")).contains("no such file"));
    Path many = write("m.npz", zip(true, manyNames()));
    assertTrue(refused(many).contains("'n7' and 4 more"), refused(many));
  }

  /** Other frameworks have colons in the names of their arrays. */
  @Test
  void namesWithColons() throws IOException {
    Path file = write("k.npz", zip(true, "dense/kernel:0.npy", npy(false), "b:0.npy", npy(false)));
    readsInPieces(Path.of(file + ":dense/kernel:0"));
    readsInPieces(Path.of(file + ":b:0"));
    assertTrue(refused(Path.of(file + ":b:1")).contains("came 'b:1'"));
  }

  /** One bit of a number: only the checksum can tell. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aFlippedBitOfAnArchive(boolean last) throws IOException {
    byte[] bytes = zip(false, "x.npy", npy(false), "y.npy", npy(false));
    byte[] array = npy(false);
    int at = last ? array.length - 1 : array.length - 100; // Of x, behind its local header.
    bytes[30 + "x.npy".length() + at] ^= 1;
    Path file = write("flipped.npz", bytes);
    assertTrue(refused(Path.of(file + ":x")).contains("damaged: x.npy has CRC-32"));
    readsInPieces(Path.of(file + ":y"));
  }

  private static Object[] manyNames() {
    Object[] names = new Object[24];
    for (int i = 0; i < 12; i++) {
      names[2 * i] = "n" + i + ".npy";
      names[2 * i + 1] = npy(false);
    }
    return names;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "{\"x\":{\"dtype\":\"I8\",\"shape\":[5],\"data_offsets\":[0,4]}}; 5 bytes (shape (5,)",
        "{\"x\":{\"dtype\":\"I8\",\"shape\":[5],\"data_offsets\":[2,7]}}; came [2, 7]",
        "{\"x\":{\"dtype\":\"I8\",\"shape\":[4],\"data_offsets\":[4,0]}}; came [4, 0]",
        "{\"x\":{\"dtype\":\"F8_E5M2\",\"shape\":[4],\"data_offsets\":[0,4]}}; one of BF16, BOOL, F16",
        "{\"x\":{\"dtype\":\"I8\",\"shape\":[-4],\"data_offsets\":[0,4]}}; expected a whole number",
        "{\"x\":{\"dtype\":\"I8\",\"shape\":[4.0],\"data_offsets\":[0,4]}}; expected ']'",
        "{\"x\":{\"dtype\":\"I8\",\"shape\":[9223372036854775808]}}; expected a whole number",
        "{\"x\":{\"dtype\":\"I8\",\"shape\":[9223372036854775807,9],\"data_offsets\":[0,4]}}; 2^63",
        "{\"x\":{\"dtype\":\"I8\",\"shape\":[4]}}; two data_offsets",
        "{\"x\":{\"dtype\":\"I8\",\"shape\":[4],\"data_offsets\":[0]}}; two data_offsets",
        "{\"x\":{\"dtype\":\"I8\",\"more\":1}}; dtype, shape and data_offsets, not 'more'",
        "{\"x\":[]}; expected '{'",
        "{\"x\"}; expected ':'",
        "{\"x; the end of a string",
        "{\"\\y\":1}; an escape of JSON",
        "{\"\\u00g0\":1}; an escape of JSON",
        "{}x; only white space",
        "{; expected '\"'",
        "{}; a file with an array",
        "{\"x\":{\"dtype\":\"I8\",\"shape\":[5],\"data_offsets\":[0,5]}}; 5 bytes to the end of the file",
        "{\"x\":{\"dtype\":\"I8\",\"shape\":[3],\"data_offsets\":[0,3]}}; 3 bytes to the end of the file",
        "{\"x\":{\"dtype\":\"I8\",\"shape\":[4],\"data_offsets\":[0,4]},}; expected '\"'",
        "{\"x\":{\"dtype\":\"I8\",\"shape\":[4,],\"data_offsets\":[0,4]}}; expected a whole number",
        "{\"x\":{\"dtype\":\"I8\",\"shape\":[4],\"data_offsets\":[0,4],}}; expected '\"'",
        "{\"x\":{\"shape\":[1],\"dtype\":\"I8\",\"shape\":[4]}}; each name once, came 'shape'",
        "{\"x\":{\"dtype\":\"I8\",\"shape\":[4],\"data_offsets\":[0,4]},\"x\":1}; each name once",
        "{\"__metadata__\":{\"a\":\"\",\"a\":\"\"}}; each name once, came 'a'",
        "{\"__metadata__\":{},\"__metadata__\":{}}; each name once, came '__metadata__'",
        "{\"__metadata__\":{\"a\":\"\",}}; expected '\"'",
      })
  void refusesOtherSafetensors(String json, String said) throws IOException {
    String message = refused(write("x.safetensors", safetensors(json, new byte[4])));
    assertTrue(message.contains(said), message);
  }

  /** The specification says: "the byte buffer needs to be entirely indexed". */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "0, 4; 4, 8; 8;",
        "4, 8; 0, 4; 8;",
        "0, 4; 4, 4; 4;",
        "4, 4; 0, 4; 4;",
        "0, 4; 3, 8; 8; data_offsets of 'y': expected bytes from 4 on",
        "0, 8; 0, 8; 8; data_offsets of 'y': expected bytes from 8 on",
        "0, 4; 5, 8; 8; data_offsets of 'y': expected bytes from 4 on",
        "1, 4; 4, 8; 8; data_offsets of 'x': expected bytes from 0 on",
        "0, 4; 4, 8; 9; byte 115 (data): expected 8 bytes to the end of the file",
        "0, 4; 4, 8; 7; byte 115 (data): expected 8 bytes to the end of the file",
        "0, 4; 4, 9; 8; byte 115 (data): expected 9 bytes to the end of the file",
      })
  void placesOfSafetensors(String x, String y, int bytes, String said) throws IOException {
    String json =
        "{\"x\":{\"dtype\":\"U8\",\"shape\":[%d],\"data_offsets\":[%s]},"
            + "\"y\":{\"dtype\":\"U8\",\"shape\":[%d],\"data_offsets\":[%s]}}";
    String header = json.formatted(length(x), x, length(y), y);
    Path file = write("x.safetensors", safetensors(header, new byte[bytes]));
    for (String name : new String[] {":x", ":y"}) {
      if (said == null) {
        ArrayFile.read(Path.of(file + name));
      } else {
        String message = refused(Path.of(file + name));
        assertTrue(message.contains(said), message);
      }
    }
  }

  private static int length(String offsets) {
    String[] ends = offsets.split(", ");
    return Integer.parseInt(ends[1]) - Integer.parseInt(ends[0]);
  }

  @Test
  void refusesOtherEncodings() throws IOException {
    byte[] file =
        safetensors(
            "{\"x?\":{\"dtype\":\"I8\",\"shape\":[4],\"data_offsets\":[0,4]}}", new byte[4]);
    file[11] = (byte) 0xe4; // 'a' with two dots, in Latin-1
    assertTrue(refused(write("x.safetensors", file)).contains("header: expected UTF-8"));
  }

  @Test
  void refusesLongHeaders() throws IOException {
    byte[] file = safetensors("{}", new byte[4]);
    for (long length : new long[] {7, -1, 100_000_001L, Long.MAX_VALUE}) {
      ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putLong(0, length);
      assertTrue(refused(write("x.safetensors", file)).contains("(header length)"));
    }
    assertTrue(refused(write("x.safetensors", new byte[3])).contains("5 more bytes"));
  }

  /** 900 damaged archives of both kinds: read, or refused in a line. */
  @Test
  void damagedFiles() throws IOException {
    Random random = new Random(7);
    String json = "{\"x\":{\"dtype\":\"I32\",\"shape\":[5,3,2],\"data_offsets\":[0,120]}}";
    byte[][] good = {
      zip(true, "x.npy", npy(false)),
      zip(false, "x.npy", npy(true)),
      safetensors(json, new byte[120])
    };
    int read = 0;
    Path file = dir.resolve("damaged.safetensors");
    for (int trial = 0; trial < 900; trial++) {
      byte[] bytes = good[trial % 3].clone();
      for (int wounds = 1 + random.nextInt(3); wounds > 0; wounds--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      if (random.nextInt(4) == 0) {
        bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
      }
      Files.write(file, bytes);
      try (StoredArray array = ArrayFile.open(file)) {
        Object values =
            array.type().isFloating()
                ? array.floats(0, Math.toIntExact(array.rows()))
                : array.longs(0, Math.toIntExact(array.rows()));
        assertTrue(values != null);
        read++;
      } catch (IOException e) {
        assertFalse(e.getMessage().chars().anyMatch(Character::isISOControl), e.getMessage());
      } catch (RuntimeException | Error e) {
        throw new AssertionError(Arrays.toString(bytes), e);
      }
    }
    assertTrue(read > 30 && read < 870, read + " read");
  }
}
