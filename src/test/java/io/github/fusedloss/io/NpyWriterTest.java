package io.github.fusedloss.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fusedloss.ForkedJvm;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("jdk")
class NpyWriterTest {
  @TempDir Path dir;

  /** numpy.save of the same float32 values, converted by NumPy's astype. */
  @ParameterizedTest
  @ValueSource(strings = {"-", "24", "0x3", "2x3x4"})
  void writesTheBytesThatNumpyWrites(String shape) throws IOException {
    NpyArray array = NpyReader.read(Npys.golden("written_f4_" + shape + ".npy"));
    for (NpyType type : List.of(NpyType.F2, NpyType.F4, NpyType.F8)) {
      Path file = dir.resolve("x.npy");
      NpyWriter.write(file, array.floats(), type, array.shape());
      String name = "written_" + type.name().toLowerCase(Locale.ROOT) + "_" + shape + ".npy";
      assertArrayEquals(Files.readAllBytes(Npys.golden(name)), Files.readAllBytes(file), name);
    }
    // Bits that were read are written as the same bytes.
    Path golden = Npys.golden("written_f2_" + shape + ".npy");
    Path file = dir.resolve("bits.npy");
    NpyWriter.write(file, NpyReader.read(golden).shorts(), NpyType.F2, array.shape());
    assertArrayEquals(Files.readAllBytes(golden), Files.readAllBytes(file));
  }

  /** 150,001 elements are two chunks of 65,536 and a ragged one. */
  @ParameterizedTest
  @EnumSource(names = {"F2", "F4", "F8"})
  void writesMoreThanOneChunk(NpyType type) throws IOException {
    float[] data = new float[150_001];
    for (int i = 0; i < data.length; i++) {
      data[i] = i % 2039; // a binary16 integer, exactly; the period is no divisor of the chunk
    }
    Path file = dir.resolve("x.npy");
    NpyWriter.write(file, data, type, data.length);
    assertArrayEquals(data, NpyReader.read(file).floats());
    assertEquals(type, NpyReader.read(file).type());
  }

  /** Every rank: headers of growing length over more than one block of 64 bytes. */
  @Test
  void alignsTheDataAndReadsBack() throws IOException {
    Path file = dir.resolve("x.npy");
    for (int rank = 0; rank <= 64; rank++) {
      long[] shape = new long[rank];
      Arrays.fill(shape, 1);
      NpyWriter.write(file, new float[] {3}, shape);
      assertEquals(4, Files.size(file) % 64);
      assertArrayEquals(shape, NpyReader.read(file).shape());
    }
  }

  @Test
  void writesF4ByDefault() throws IOException {
    Path file = dir.resolve("x.npy");
    NpyWriter.write(file, new float[] {1, 2}, 2);
    assertEquals(NpyType.F4, NpyReader.read(file).type());
    assertFalse(NpyReader.read(file).converted());
  }

  @Test
  void refusesArgumentsThatDoNotFitTogether() throws IOException {
    Path file = dir.resolve("x.npy");
    float[] six = new float[6];
    assertArgument("shape: expected a product of 6", () -> NpyWriter.write(file, six, 2, 2));
    assertArgument("shape: expected a product of 6", () -> NpyWriter.write(file, six));
    assertArgument(
        "shape: expected a product of 6", () -> NpyWriter.write(file, six, 1L << 62, 1L << 62));
    assertArgument("dimensions >= 0, came (-2, -3)", () -> NpyWriter.write(file, six, -2, -3));
    assertArgument("at most 64", () -> NpyWriter.write(file, new float[0], new long[65]));
    assertArgument("type: expected F2", () -> NpyWriter.write(file, six, NpyType.I4, 6));
    assertArgument("type: expected F2", () -> NpyWriter.write(file, six, NpyType.BF16, 6));
    assertArgument("BF16", () -> NpyWriter.write(file, new short[6], NpyType.F4, 6));
    assertThrows(NullPointerException.class, () -> NpyWriter.write(null, six, 6));
    assertThrows(NullPointerException.class, () -> NpyWriter.write(file, (float[]) null, 6));
    assertThrows(NullPointerException.class, () -> NpyWriter.write(file, six, (NpyType) null, 6));
    assertEquals(Set.of(), names());
  }

  /** Saves bfloat16 as ml_dtypes does: as a type of two bytes without meaning. */
  @Test
  void writesBfloat16() throws IOException {
    Path file = dir.resolve("x.npy");
    NpyWriter.write(file, new short[] {0x3fc0, (short) 0xc000}, NpyType.BF16, 2);
    assertTrue(Files.readString(file, StandardCharsets.ISO_8859_1).contains("'descr': '<V2'"));
    assertArrayEquals(new float[] {1.5f, -2f}, NpyReader.read(file).floats());
  }

  private static void assertArgument(String said, Executable executable) {
    String message = assertThrows(IllegalArgumentException.class, executable).getMessage();
    assertTrue(message.contains(said), message);
  }

  @Test
  void replacesAFileAndLeavesNothingElse() throws IOException {
    Path file = dir.resolve("x.npy");
    Files.writeString(file, "old");
    NpyWriter.write(file, new float[] {1}, 1);
    assertArrayEquals(new float[] {1}, NpyReader.read(file).floats());
    assertEquals(Set.of("x.npy"), names());
  }

  @Test
  void takesTheLongestName() throws IOException {
    Path file = dir.resolve("n".repeat(255));
    NpyWriter.write(file, new float[] {1}, 1);
    assertEquals(1, NpyReader.read(file).size());
  }

  @Test
  void writesThroughALink() throws IOException {
    Path file = Files.createDirectory(dir.resolve("sub")).resolve("x.npy");
    Files.writeString(file, "old");
    Path link = Files.createSymbolicLink(dir.resolve("link.npy"), file);
    NpyWriter.write(link, new float[] {1}, 1);
    assertTrue(Files.isSymbolicLink(link));
    assertEquals(1, NpyReader.read(file).size());
    assertEquals(Set.of("sub", "link.npy"), names());
  }

  /** The file appears where the link points, as with a shell's redirection and numpy.save. */
  @Test
  void writesThroughALinkToWhereNoFileIsYet() throws IOException {
    Path sub = Files.createDirectory(dir.resolve("sub"));
    Path relative = Files.createSymbolicLink(dir.resolve("relative"), Path.of("sub/x.npy"));
    Path chain = Files.createSymbolicLink(dir.resolve("chain"), relative);
    Path beside = Files.createSymbolicLink(sub.resolve("beside"), Path.of("../sub/y.npy"));
    NpyWriter.write(chain, new float[] {1}, 1);
    assertArrayEquals(new float[] {1}, NpyReader.read(sub.resolve("x.npy")).floats());
    NpyWriter.write(beside, new float[] {2}, 1);
    assertArrayEquals(new float[] {2}, NpyReader.read(sub.resolve("y.npy")).floats());
    for (Path link : List.of(relative, chain, beside)) {
      assertTrue(Files.isSymbolicLink(link), link.toString());
    }
    assertEquals(Set.of("sub", "relative", "chain"), names());
    Path old = sub.resolve("x.npy");
    assertEquals(old.toRealPath(), NpyWriter.destination(chain));
  }

  @Test
  void refusesLinksThatLeadNowhere() throws IOException {
    Path one = Files.createSymbolicLink(dir.resolve("one"), Path.of("two"));
    Path two = Files.createSymbolicLink(dir.resolve("two"), one);
    Path self = Files.createSymbolicLink(dir.resolve("self"), Path.of("self"));
    Path lost = Files.createSymbolicLink(dir.resolve("lost"), Path.of("missing/x.npy"));
    Path folder = Files.createSymbolicLink(dir.resolve("folder"), dir);
    for (Path loop : List.of(one, two, self)) {
      assertTrue(refusal(loop).contains("links that lead nowhere"), refusal(loop));
    }
    assertTrue(refusal(lost).endsWith("missing that does not exist"), refusal(lost));
    assertTrue(refusal(folder).endsWith("came a directory"), refusal(folder));
    refusal(self.resolve("x.npy"));
    for (Path link : List.of(one, two, self, lost, folder)) {
      assertTrue(Files.isSymbolicLink(link), link.toString());
    }
    assertEquals(Set.of("one", "two", "self", "lost", "folder"), names());
  }

  /** SIGKILL alone leaves it. */
  @ParameterizedTest
  @ValueSource(strings = {"TERM", "INT", "HUP"})
  void aSignalLeavesNoTemporaryFile(String signal) throws Exception {
    Path file = dir.resolve("x.npy");
    Files.writeString(file, "old");
    ForkedJvm.Running jvm = ForkedJvm.of(Unfinished.class, file.toString()).start();
    while (Files.size(jvm.out()) == 0 && jvm.process().isAlive()) {
      Thread.onSpinWait();
    }
    assertEquals(2, names().size(), "it has begun");
    new ProcessBuilder("kill", "-" + signal, Long.toString(jvm.process().pid())).start().waitFor();
    ForkedJvm.Result result = jvm.await();
    assertTrue(result.exit() > 128, result::toString);
    assertEquals(Set.of("x.npy"), names(), result::toString);
    assertEquals("old", Files.readString(file));
  }

  @Test
  void givesOrdinaryPermissionsAndKeepsThoseOfAReplacedFile() throws IOException {
    Assumptions.assumeTrue(
        Files.getFileStore(dir).supportsFileAttributeView("posix"), "no POSIX permissions here");
    Path ordinary = Files.createFile(dir.resolve("ordinary"));
    Path file = dir.resolve("x.npy");
    NpyWriter.write(file, new float[] {1}, 1);
    assertEquals(Files.getPosixFilePermissions(ordinary), Files.getPosixFilePermissions(file));
    Set<PosixFilePermission> secret = PosixFilePermissions.fromString("rw-------");
    Files.setPosixFilePermissions(file, secret);
    NpyWriter.write(file, new float[] {2}, 1);
    assertEquals(secret, Files.getPosixFilePermissions(file));
  }

  @Test
  void refusesAMissingDirectory() throws IOException {
    String message = refusal(dir.resolve("missing").resolve("x.npy"));
    assertTrue(message.contains("missing that does not exist"), message);
    Path file = Files.createFile(dir.resolve("file"));
    assertTrue(refusal(file.resolve("x.npy")).contains("file that is none"));
    assertEquals(Set.of("file"), names());
  }

  /** A move would delete an empty directory, and a device if the user may. */
  @Test
  void refusesToReplaceWhatIsNoFile() throws IOException {
    Path target = Files.createDirectory(dir.resolve("x.npy"));
    assertTrue(refusal(target).contains("came a directory"));
    assertTrue(Files.isDirectory(target));
    assertEquals(Set.of("x.npy"), names());
    Path device = Path.of("/dev/null");
    if (Files.exists(device)) {
      assertTrue(refusal(device).contains("came a pipe, socket or device"));
      assertFalse(Files.isRegularFile(device));
    }
  }

  @Test
  void refusesAReadOnlyFile() throws IOException {
    Path file = dir.resolve("x.npy");
    Files.writeString(file, "old");
    Assumptions.assumeTrue(file.toFile().setWritable(false) && !Files.isWritable(file), "root");
    assertTrue(refusal(file).endsWith("permission denied"));
    assertEquals("old", Files.readString(file));
  }

  /** The interrupt makes the first write fail, when the temporary file already exists. */
  @Test
  void aFailureMidwayLeavesTheOldFileAndNoOther() throws IOException {
    Path file = dir.resolve("x.npy");
    Files.writeString(file, "old");
    Thread.currentThread().interrupt();
    try {
      assertTrue(refusal(file).endsWith("cannot be written: the thread was interrupted"));
    } finally {
      assertTrue(Thread.interrupted());
    }
    assertEquals("old", Files.readString(file));
    assertEquals(Set.of("x.npy"), names());
  }

  private static String refusal(Path file) {
    String message =
        assertThrows(IOException.class, () -> NpyWriter.write(file, new float[] {1}, 1))
            .getMessage();
    assertTrue(message.startsWith(NpyException.name(file) + ": "), message);
    assertFalse(message.chars().anyMatch(Character::isISOControl), message);
    return message;
  }

  private Set<String> names() throws IOException {
    try (Stream<Path> files = Files.list(dir)) {
      return Set.copyOf(files.map(f -> f.getFileName().toString()).toList());
    }
  }
}
