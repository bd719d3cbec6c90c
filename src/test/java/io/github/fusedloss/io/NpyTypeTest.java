package io.github.fusedloss.io;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Collectors;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Element types by their bytes. */
class NpyTypeTest {
  @TempDir Path dir;

  /** The bytes 0, 1 and 255, as NumPy reads them; two of them are one of <i2. */
  @ParameterizedTest
  @CsvSource({"|i1, 0 1 -1", "<i1, 0 1 -1", "|b1, 0 1 1", "<b1, 0 1 1", "<i2, 256 -1"})
  void smallIntegers(String descr, String values) throws IOException {
    int count = values.split(" ").length;
    String dictionary =
        "{'descr': '" + descr + "', 'fortran_order': False, 'shape': (" + count + ",)}";
    byte[] file = Npys.file(dictionary, count == 3 ? 3 : 4);
    System.arraycopy(
        count == 3 ? new byte[] {0, 1, -1} : new byte[] {0, 1, -1, -1},
        0,
        file,
        file.length - (count == 3 ? 3 : 4),
        count == 3 ? 3 : 4);
    int[] read = NpyReader.read(Files.write(dir.resolve("x.npy"), file)).ints();
    assertEquals(
        values, Arrays.stream(read).mapToObj(String::valueOf).collect(Collectors.joining(" ")));
  }

  /** Each case gives a type, the bytes as they lie in the file, and the values. */
  @ParameterizedTest
  @CsvSource({
    "<u2, 0100ffff, 1 65535",
    ">u2, 0100ffff, 256 65535",
    ">i2, 0001fffe, 1 -2",
    ">i4, 00000102fffffffd, 258 -3",
    ">i8, 0000000000000102fffffffffffffffd, 258 -3",
    "<u4, 01000000ffffffff, 1 4294967295",
    ">u4, 00000001ffffffff, 1 4294967295",
    "<u8, 0100000000000000ffffffffffffffff, 1 9223372036854775807",
    ">u8, 00000000000000027fffffffffffffff, 2 9223372036854775807",
    "'<f4', 0000c03f000000c0, 1.5 -2.0",
    "'>f4', 3fc00000c0000000, 1.5 -2.0",
    "'>f8', 3ff8000000000000c000000000000000, 1.5 -2.0",
    "'>f2', 3e00c000, 1.5 -2.0",
    "'<V2', c03f00c0, 1.5 -2.0",
    "'|V2', c03f00c0, 1.5 -2.0",
    "'>V2', 3fc0c000, 1.5 -2.0",
  })
  void everyTypeInBothOrders(String descr, String hex, String values) throws IOException {
    byte[] data = HexFormat.of().parseHex(hex);
    byte[] file =
        Npys.file(
            "{'descr': '" + descr + "', 'fortran_order': False, 'shape': (2L,)}", data.length);
    System.arraycopy(data, 0, file, file.length - data.length, data.length);
    NpyArray array = NpyReader.read(Files.write(dir.resolve("x.npy"), file));
    String[] read =
        array.type().isFloating()
            ? new String[] {"" + array.floats()[0], "" + array.floats()[1]}
            : array.isLong()
                ? new String[] {"" + array.longs()[0], "" + array.longs()[1]}
                : new String[] {"" + array.ints()[0], "" + array.ints()[1]};
    assertEquals(values, String.join(" ", read));
  }
}
