package io.github.fusedloss.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fusedloss.ForkedJvm;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.jocl.LibUtils;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Which native code gets into the process, and from where. */
@Tag("once")
class JoclLibraryTest {
  private static final String HAS_DEVICE = "io.github.fusedloss.opencl.OpenClTesting#hasDevice";

  @TempDir Path temp;

  private static String name() {
    return LibUtils.createLibraryFileName(LibUtils.createPlatformLibraryName("JOCL_2_0_6"));
  }

  private static byte[] released(String name) throws Exception {
    try (InputStream in = LibUtils.class.getResourceAsStream("/lib/" + name)) {
      return in.readAllBytes();
    }
  }

  @Test
  void everyLibraryInTheJarHasItsChecksum() throws Exception {
    assertEquals(5, JoclLibrary.SHA256.size());
    for (String name : JoclLibrary.SHA256.keySet()) {
      JoclLibrary.verify(name, released(name), name);
    }
  }

  @Test
  void oneWrongBitIsRefused() throws Exception {
    for (String name : JoclLibrary.SHA256.keySet()) {
      byte[] library = released(name);
      library[library.length / 2] ^= 1;
      String reason =
          assertThrows(
                  JoclLibrary.Refusal.class, () -> JoclLibrary.verify(name, library, "the file"))
              .getMessage();
      assertTrue(reason.startsWith("the file is not the library that JOCL 2.0.6"), reason);
      assertTrue(reason.contains("use org.jocl:jocl:2.0.6"), reason);
    }
  }

  @Test
  @EnabledOnOs({OS.LINUX, OS.MAC})
  void onlyThisUserMayEnterTheDirectory() throws Exception {
    Path directory = JoclLibrary.unpack(name(), temp.toString());
    assertEquals(temp, directory.getParent());
    assertEquals(
        "rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)));
    JoclLibrary.verify(name(), Files.readAllBytes(directory.resolve(name())), "unpacked");
  }

  @Test
  @EnabledIf(HAS_DEVICE)
  @EnabledOnOs(OS.LINUX)
  void foreignFileOnTheLibraryPathIsNotLoadedAndTheReleasedOneIs() throws Exception {
    Path planted = temp.resolve(name());
    Files.writeString(planted, "not a library");
    ForkedJvm.Result result = devices("-Djava.library.path=" + temp);
    assertTrue(result.out().startsWith("none: " + planted + " is not the"), result::toString);

    Files.write(planted, released(name()));
    result = devices("-Djava.library.path=" + temp);
    assertFalse(result.out().contains("none: "), result::toString);
  }

  private static ForkedJvm.Result devices(String... options) {
    return ForkedJvm.of(OpenClChild.class, "devices")
        .options("-Xmx64m", "-XX:+UseSerialGC")
        .options(options)
        .succeed();
  }

  /** A file may have the very name that JOCL uses, and the user may ask JOCL for anything. */
  @Test
  @EnabledIf(HAS_DEVICE)
  @EnabledOnOs(OS.LINUX)
  void plantedFilesAreNotTouchedAndNothingIsLeft() throws Exception {
    Path planted = temp.resolve(name());
    Files.writeString(planted, "not a library");
    for (String option : List.of("-DuniqueLibraryNames=false", "-DuniqueLibraryNames=true")) {
      ForkedJvm.Result result = devices("-Djava.io.tmpdir=" + temp, option);
      assertFalse(result.out().contains("none: "), result::toString);
      assertFalse(result.out().contains("not restored"), result::toString);
      try (Stream<Path> left = Files.list(temp)) {
        assertEquals(List.of(planted), left.toList());
      }
      assertEquals("not a library", Files.readString(planted));
    }
  }
}
