package io.github.fusedloss.io;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Damaged files are refused in one line, or read as {@link NpyFuzz} reads them. */
@Tag("jdk")
class NpyMutationTest {
  /** Each of the 102 golden files about 200 times; one or two wounds each. */
  private static final int MUTANTS = 20_000;

  private static final String[] TOKENS = {
    "descr",
    "fortran_order",
    "shape",
    "True",
    "False",
    "<f2",
    "<f4",
    "<f8",
    "<i4",
    "<i8",
    "|u1",
    "|i1",
    "<i2",
    "|b1",
    "|O",
    ">f4",
    "<V2",
    ">u2",
    "<u8",
    "3L",
    "(",
    ")",
    ",",
    "{",
    "}",
    "'",
    "\"",
    ":",
    " ",
    "\n",
    "0",
    "1",
    "-1",
    "65536",
    "2147483639",
    "4294967296",
    "9223372036854775807",
    "99999999999999999999",
    "[",
    "\\x00",
    "\0"
  };

  private final Random random = new Random(20261123);

  @Test
  void neverFailsInAnotherWay() throws IOException {
    List<byte[]> golden = new ArrayList<>();
    for (Path path : Npys.allGolden()) {
      golden.add(Files.readAllBytes(path));
    }
    int accepted = 0;
    for (int i = 0; i < MUTANTS; i++) {
      byte[] bytes = golden.get(i % golden.size());
      bytes = random.nextBoolean() ? mutate(bytes) : mutateDictionary(bytes);
      accepted += accepted(bytes) ? 1 : 0;
    }
    // Otherwise the mutants test the first check alone, or nothing.
    assertTrue(accepted > MUTANTS / 50 && accepted < MUTANTS / 2, accepted + " accepted");
  }

  private static boolean accepted(byte[] bytes) {
    try {
      return NpyFuzz.judge(bytes);
    } catch (RuntimeException | Error e) {
      throw new AssertionError(Arrays.toString(bytes), e);
    }
  }

  /** Wounds the dictionary but keeps its length field true, so that all of it is parsed. */
  private byte[] mutateDictionary(byte[] bytes) {
    int start = bytes[6] == 1 ? 10 : 12;
    int length = Byte.toUnsignedInt(bytes[8]); // the golden headers are all shorter than 256
    byte[] dictionary = mutate(Arrays.copyOfRange(bytes, start, start + length));
    byte[] out = splice(bytes, start, start + length, dictionary);
    out[8] = (byte) dictionary.length;
    out[9] = (byte) (dictionary.length >>> 8);
    return out;
  }

  private byte[] mutate(byte[] bytes) {
    byte[] out = bytes;
    for (int wounds = 1 + random.nextInt(2); wounds > 0; wounds--) {
      out = wound(out);
    }
    return out;
  }

  private byte[] wound(byte[] bytes) {
    if (bytes.length == 0) {
      return bytes;
    }
    // Three wounds of four go to the first 80 bytes, where the preamble and the dictionary are.
    int end = random.nextInt(4) == 0 ? bytes.length : Math.min(80, bytes.length);
    int at = random.nextInt(end);
    int until = Math.min(bytes.length, at + 1 + random.nextInt(8));
    byte[] token = TOKENS[random.nextInt(TOKENS.length)].getBytes(StandardCharsets.ISO_8859_1);
    return switch (random.nextInt(8)) {
      case 0 -> splice(bytes, at, at + 1, new byte[] {(byte) random.nextInt(256)});
      case 1 -> splice(bytes, at, at + 1, new byte[] {(byte) (bytes[at] ^ 1 << random.nextInt(8))});
      case 2 -> splice(bytes, at, until, new byte[0]);
      case 3 -> splice(bytes, at, at, token);
      case 4 -> splice(bytes, at, Math.min(bytes.length, at + token.length), token);
      case 5 -> Arrays.copyOf(bytes, random.nextInt(bytes.length + 16));
      case 6 -> splice(bytes, at, at, Arrays.copyOfRange(bytes, at, until));
      default -> swap(bytes, at, random.nextInt(end));
    };
  }

  private static byte[] splice(byte[] bytes, int from, int to, byte[] with) {
    byte[] out = Arrays.copyOf(bytes, from + with.length + bytes.length - to);
    System.arraycopy(with, 0, out, from, with.length);
    System.arraycopy(bytes, to, out, from + with.length, bytes.length - to);
    return out;
  }

  private static byte[] swap(byte[] bytes, int a, int b) {
    byte[] out = bytes.clone();
    out[a] = bytes[b];
    out[b] = bytes[a];
    return out;
  }
}
