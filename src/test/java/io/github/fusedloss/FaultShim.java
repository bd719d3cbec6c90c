package io.github.fusedloss;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** Plans faults of the driver, through {@code src/test/native/opencl_shim.c}, whose twin it is. */
final class FaultShim {
  /** How a planned call misbehaves. */
  enum Mode {
    FAIL,
    LOSE,
    CORRUPT,
    HANG
  }

  /** The kinds of objects whose live ones are counted. */
  enum Kind {
    CONTEXT,
    QUEUE,
    PROGRAM,
    KERNEL,
    MEM,
    EVENT
  }

  private static final int ARMED = 0;
  private static final int FIRST = 4;
  private static final int LAST = 8;
  private static final int CODE = 12;
  private static final int MODE = 16;
  private static final int FAULTS = 20;
  private static final int RELEASE = 24;
  private static final int LIVE = 28;
  private static final int WORD = LIVE + 4 * Kind.values().length;
  private static final int FUNCTION = WORD + 4;
  private static final int SEEN = FUNCTION + 64;
  private static final int SEEN_NAME = 60;
  private static final int SEEN_SIZE = SEEN_NAME + 4;
  private static final int SIZE = SEEN + 64 * SEEN_SIZE;

  private final MappedByteBuffer control;

  private FaultShim(Path file) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      control = channel.map(FileChannel.MapMode.READ_WRITE, 0, SIZE);
      control.order(ByteOrder.nativeOrder());
    }
  }

  /** Returns the shim of this JVM, which was started with it. */
  static FaultShim here() {
    try {
      return new FaultShim(Path.of(System.getenv("SHIM_CONTROL")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Builds the shim into a directory; the tests are skipped where there is no compiler or loader.
   */
  static void build(Path directory) throws IOException, InterruptedException {
    assumeTrue(real() != null, "libOpenCL.so.1 is not where distributions put it");
    String[] gcc = {
      "gcc",
      "-shared",
      "-fPIC",
      "-o",
      directory.resolve("libOpenCL.so.1").toString(),
      "src/test/native/opencl_shim.c",
      "-ldl"
    };
    Process process;
    try {
      process = new ProcessBuilder(gcc).redirectErrorStream(true).start();
    } catch (IOException e) {
      assumeTrue(false, "no gcc");
      return;
    }
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(said);
    }
  }

  private static Path real() {
    return Stream.of("/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64")
        .map(directory -> Path.of(directory, "libOpenCL.so.1"))
        .filter(Files::exists)
        .findFirst()
        .orElse(null);
  }

  /** A JVM that runs with the shim of this directory. */
  static ForkedJvm under(Path directory, ForkedJvm jvm) throws IOException {
    Path file = directory.resolve("control");
    Files.write(file, new byte[SIZE]);
    return jvm.env("LD_LIBRARY_PATH", directory.toString())
        .env("SHIM_REAL", real().toString())
        .env("SHIM_CONTROL", file.toString());
  }

  /** Makes calls {@code first} to {@code last} of the function faulty, counted from now on. */
  void arm(String function, int first, int last, int code, Mode mode) {
    disarm();
    control.putInt(FIRST, first);
    control.putInt(LAST, last);
    control.putInt(CODE, code);
    control.putInt(MODE, mode.ordinal());
    control.putInt(FAULTS, 0);
    control.putInt(RELEASE, 0);
    byte[] name = function.getBytes(StandardCharsets.US_ASCII);
    for (int i = 0; i < 64; i++) {
      control.put(FUNCTION + i, i < name.length ? name[i] : 0);
    }
    for (int at = SEEN; at < SIZE; at += SEEN_SIZE) {
      control.putInt(at + SEEN_NAME, 0);
    }
    control.putInt(ARMED, 1);
  }

  /** Counts calls, and leaves them alone. */
  void count() {
    arm("", 0, 0, 0, Mode.FAIL);
  }

  void disarm() {
    control.putInt(ARMED, 0);
  }

  /** Goes on with what was disarmed. */
  void resume() {
    control.putInt(ARMED, 1);
  }

  /** Counts what lives from 0 again. */
  void forgetLiving() {
    for (Kind kind : Kind.values()) {
      control.putInt(LIVE + 4 * kind.ordinal(), 0);
    }
  }

  /** Lets hanging calls return. */
  void release() {
    control.putInt(RELEASE, 1);
  }

  /** Which 4 bytes of a read are corrupted; counted from the end where negative. */
  void word(int word) {
    control.putInt(WORD, word);
  }

  /** Calls of each function since {@link #arm} or {@link #count}. */
  Map<String, Integer> calls() {
    Map<String, Integer> calls = new TreeMap<>();
    for (int at = SEEN; at < SIZE && control.get(at) != 0; at += SEEN_SIZE) {
      byte[] name = new byte[SEEN_NAME];
      control.get(at, name);
      calls.put(
          new String(name, StandardCharsets.US_ASCII).replaceAll("\\x00.*", ""),
          control.getInt(at + SEEN_NAME));
    }
    return calls;
  }

  int faults() {
    return control.getInt(FAULTS);
  }

  /** Returns how many objects live after JOCL's own threads had time to release its events. */
  int liveInTheEnd() {
    for (int i = 0; i < 1000 && live() > 0; i++) {
      LockSupport.parkNanos(2_000_000);
    }
    return live();
  }

  private int live() {
    int live = 0;
    for (Kind kind : Kind.values()) {
      live += Math.abs(live(kind));
    }
    return live;
  }

  int live(Kind kind) {
    return control.getInt(LIVE + 4 * kind.ordinal());
  }

  /** Returns the number of live objects by kind, for messages. */
  String living() {
    StringBuilder text = new StringBuilder();
    for (Kind kind : Kind.values()) {
      if (live(kind) != 0) {
        text.append(' ').append(live(kind)).append(' ').append(kind);
      }
    }
    return text.toString();
  }
}
