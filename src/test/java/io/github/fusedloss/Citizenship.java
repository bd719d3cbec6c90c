package io.github.fusedloss;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jocl.LibUtils;

/**
 * Starts JVMs under conditions that have ended, or misled, programs with OpenCL in them, on every
 * JDK here; see {@code ci/citizenship}, which runs it.
 *
 * <p>A JVM that ends in any other way than its condition asks for counts as a death; an answer that
 * is not the promised one, be it bits, an exception of Java or a reason, as wrong; a file in the
 * temporary directory and a byte on the device that is left as leaked.
 */
public final class Citizenship {
  private static final Pattern LAST_LINE = Pattern.compile("(\\d+) wrong, (\\d+) leaked");

  /** A group of conditions on one JDK. */
  private interface Group {
    void run(Citizenship on) throws IOException;
  }

  private static final Map<String, Group> GROUPS = new LinkedHashMap<>();

  static {
    GROUPS.put("exceptions", Citizenship::exceptions);
    GROUPS.put("signals", Citizenship::signals);
    GROUPS.put("jni", Citizenship::jni);
    GROUPS.put("limits", Citizenship::limits);
    GROUPS.put("collectors", Citizenship::collectors);
    GROUPS.put("together", Citizenship::together);
    GROUPS.put("temp", Citizenship::temp);
    GROUPS.put("absent", Citizenship::absent);
    GROUPS.put("pocl", Citizenship::pocl);
  }

  private static int jvms;
  private static int deaths;
  private static long wrong;
  private static long leaked;

  private final Path home;
  private final boolean firstJdk;
  private final Path work;
  private int directories;

  private Citizenship(Path home, boolean firstJdk, Path work) {
    this.home = home;
    this.firstJdk = firstJdk;
    this.work = work;
  }

  /**
   * Runs groups of conditions, all if none is named.
   *
   * @param args a directory that is not there yet, then names of groups
   */
  public static void main(String[] args) throws IOException {
    Path work = Files.createDirectories(Path.of(args[0]).toAbsolutePath());
    List<String> names =
        args.length == 1 ? List.copyOf(GROUPS.keySet()) : List.of(args).subList(1, args.length);
    if (!GROUPS.keySet().containsAll(names)) {
      System.err.println("citizenship: groups are " + String.join(" ", GROUPS.keySet()));
      System.exit(2);
    }
    boolean first = true;
    for (Path home : ForkedJvm.javaHomes()) {
      for (String name : names) {
        System.err.println("citizenship: " + name + " on " + home.getFileName());
        GROUPS.get(name).run(new Citizenship(home, first, work));
      }
      first = false;
    }
    System.out.printf(
        "citizenship: %d jvms, %d jvm deaths, %d wrong bits, %d leaked objects%n",
        jvms, deaths, wrong, leaked);
    System.exit(deaths + wrong + leaked == 0 ? 0 : 1);
  }

  // ---- groups

  /** The interpreter and C1 raise these exceptions by traps; C2 compiles some of them. */
  private void exceptions() throws IOException {
    for (String mode : List.of("-XX:+TieredCompilation", "-XX:TieredStopAtLevel=1", "-Xint")) {
      new Jvm("compute").options(mode).run();
    }
  }

  /** 128 and the signal's number is how a JVM ends that ran its hooks. */
  private void signals() throws IOException {
    new Jvm("signal", "TERM").exit(128 + 15).says("hook ran").run();
    new Jvm("signal", "INT").exit(128 + 2).says("hook ran").run();
    new Jvm("signal", "HUP").exit(128 + 1).says("hook ran").run();
    new Jvm("signal", "QUIT", "TERM").exit(128 + 15).says("Full thread dump", "hook ran").run();
  }

  private void jni() throws IOException {
    List<Pattern> allowed = new ArrayList<>(List.of(LAST_LINE));
    try (Stream<String> lines = Files.lines(Path.of("ci", "xcheck-jni.allowed"))) {
      lines
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .forEach(line -> allowed.add(Pattern.compile(line)));
    }
    ForkedJvm.Result result = new Jvm("compute").options("-Xcheck:jni").run();
    for (String line : (result.out() + "\n" + result.err()).lines().toList()) {
      if (!line.isBlank() && allowed.stream().noneMatch(p -> p.matcher(line).matches())) {
        wrong++;
        System.err.println("citizenship: -Xcheck:jni, not on the list: " + line);
      }
    }
  }

  private void limits() throws IOException {
    new Jvm("compute").options("-Xss256k").run();
    new Jvm("compute").options("-Xmx48m").run();
    new Jvm("compute").options("-XX:MaxDirectMemorySize=8m").run();
    new Jvm("compute").options("-Xss256k", "-Xmx48m", "-XX:MaxDirectMemorySize=8m").run();
  }

  private void collectors() throws IOException {
    // 128 MiB: the litter fills it several times a second.
    for (String collector : List.of("UseSerialGC", "UseG1GC", "UseParallelGC", "UseZGC")) {
      new Jvm("churn").options("-XX:+" + collector, "-Xmx128m").run();
    }
  }

  private void together() throws IOException {
    Path temp = directory();
    List<Jvm> jvms = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      jvms.add(new Jvm("compute").options("-Xmx64m", "-XX:+UseSerialGC").temp(temp).start());
    }
    for (Jvm jvm : jvms) {
      jvm.await();
    }
    leftIn(temp, List.of(), "16 JVMs together");
  }

  /** The temporary directory, hostile: what JOCL itself would load from there ends the JVM. */
  private void temp() throws IOException {
    String name = LibUtils.createLibraryFileName(LibUtils.createPlatformLibraryName("JOCL_2_0_6"));
    Path hostile = hostileLibrary();

    // Makes sure that the library is hostile enough: left alone, JOCL loads it.
    Path file = directory();
    Files.copy(hostile, file.resolve(name));
    new Jvm("jocl").temp(file).leaves(name).dies(128 + 6).run();
    new Jvm("compute").temp(file).leaves(name).run();

    Path truncated = directory();
    Files.write(truncated.resolve(name), new byte[] {0x7f, 'E', 'L', 'F'});
    new Jvm("compute").temp(truncated).leaves(name).run();

    Path link = directory();
    Files.createSymbolicLink(link.resolve(name), hostile);
    new Jvm("compute").temp(link).leaves(name).run();

    Path dangling = directory();
    Path target = work.resolve("must-not-appear");
    Files.createSymbolicLink(dangling.resolve(name), target);
    new Jvm("compute").temp(dangling).leaves(name).run();
    expect(Files.notExists(target), "a library was written through a planted link");

    Path directory = directory();
    Files.createDirectories(directory.resolve(name).resolve("full"));
    new Jvm("compute").temp(directory).leaves(name).run();

    new Jvm("compute").temp(file).options("-DuniqueLibraryNames=true").leaves(name).run();

    new Jvm("fallback")
        .temp(Path.of("/proc/nope"))
        .says("auto took cpu", "reason: ", "-Djava.io.tmpdir=")
        .run();
    new Jvm("fallback")
        .temp(Files.writeString(work.resolve("not-a-directory"), ""))
        .says("auto took cpu", "reason: ", "-Djava.io.tmpdir=")
        .run();
    new Jvm("fallback")
        .options("-Djava.library.path=" + file)
        .says("auto took cpu", "reason: ", "is not the library that JOCL")
        .run();
  }

  private void absent() throws IOException {
    Path empty = directory();
    Path garbage = directory();
    Files.write(garbage.resolve("libOpenCL.so.1"), new byte[] {0});
    Files.write(garbage.resolve("libOpenCL.so"), new byte[] {0});
    Path other = directory();
    Files.copy(home.resolve("lib/libzip.so"), other.resolve("libOpenCL.so.1"));
    Path broken = directory();
    Files.writeString(broken.resolve("broken.icd"), garbage.resolve("libOpenCL.so.1") + "\n");

    String[] none = {"auto took cpu", "reason: "};
    new Jvm("fallback").options("-Dfusedloss.opencl=off").says(none).run();
    new Jvm("fallback").env("OCL_ICD_VENDORS", empty + "/").says(none).says("install").run();
    new Jvm("fallback").env("OCL_ICD_VENDORS", broken + "/").says(none).says("install").run();
    new Jvm("fallback").env("LD_LIBRARY_PATH", garbage + "").says(none).says("install").run();
    new Jvm("fallback").env("LD_LIBRARY_PATH", other + "").says(none).says("reinstall").run();
    new Jvm("fallback").env("POCL_DEVICES", "bogus").says(none).says("clinfo").run();
    // There is a device, but it cannot build.
    new Jvm("fallback").env("POCL_CACHE_DIR", "/proc/1").says(none).run();
  }

  /**
   * What PoCL's settings do to the kernels; the JVM has no part in that, so one JDK does. The
   * shapes are those of a GPU with work-groups as large as allowed, and the CPU's own.
   */
  private void pocl() throws IOException {
    if (!firstJdk) {
      return;
    }
    // The settings are not part of PoCL's own key, hence a cache for each.
    for (int size : List.of(1, 3, 4096)) {
      String limit = Integer.toString(size);
      for (String method : List.of("loops", "loopvec")) {
        new Jvm("compute")
            .cache(directory())
            .env("POCL_MAX_WORK_GROUP_SIZE", limit)
            .env("POCL_WORK_GROUP_METHOD", method)
            .options("-Dfusedloss.opencl.shape=4x1x" + Math.min(64, Integer.highestOneBit(size)))
            .run();
      }
      new Jvm("compute").cache(directory()).env("POCL_MAX_WORK_GROUP_SIZE", limit).run();
    }
    // It copies the code for every work-item of a group: minutes, unless groups are of one.
    new Jvm("compute").cache(directory()).env("POCL_WORK_GROUP_METHOD", "workitemrepl").run();
    new Jvm("compute").env("POCL_MEMORY_LIMIT", "1").run();
  }

  // ---- one JVM

  /** A JVM to be started, and how it has to end. */
  private final class Jvm {
    private final String what;
    private final ForkedJvm jvm;
    private final List<String> words = new ArrayList<>();
    private final StringBuilder settings = new StringBuilder();
    private Path temp;
    private boolean sharedTemp;
    private List<String> leaves = List.of();
    private int exit;
    private boolean silent;
    private ForkedJvm.Running running;

    Jvm(String... arguments) throws IOException {
      what = String.join(" ", arguments);
      jvm = ForkedJvm.of(Citizen.class, arguments).home(home);
      jvm.options("-XX:ErrorFile=" + work.resolve("hs_err_%p.log"));
      jvm.options("--enable-native-access=ALL-UNNAMED");
      jvm.env("POCL_CACHE_DIR", Files.createDirectories(work.resolve("pocl")).toString());
    }

    Jvm options(String... options) {
      jvm.options(options);
      settings.append(' ').append(String.join(" ", options));
      return this;
    }

    Jvm env(String name, String value) {
      jvm.env(name, value);
      settings.append(' ').append(name).append('=').append(value);
      return this;
    }

    Jvm cache(Path directory) {
      jvm.env("POCL_CACHE_DIR", directory.toString());
      return this;
    }

    /** Its temporary directory is looked at by whoever gave it. */
    Jvm temp(Path directory) {
      temp = directory;
      sharedTemp = true;
      return this;
    }

    /** Sets the files that must be left in the temporary directory. */
    Jvm leaves(String... names) {
      leaves = List.of(names);
      sharedTemp = false;
      return this;
    }

    Jvm exit(int expected) {
      exit = expected;
      return this;
    }

    /** Ends without a last line. */
    Jvm dies(int expected) {
      silent = true;
      return exit(expected);
    }

    Jvm says(String... more) {
      words.addAll(List.of(more));
      return this;
    }

    Jvm start() throws IOException {
      if (temp == null) {
        temp = directory();
      }
      running = jvm.options("-Djava.io.tmpdir=" + temp).start();
      return this;
    }

    ForkedJvm.Result run() throws IOException {
      return start().await();
    }

    ForkedJvm.Result await() throws IOException {
      ForkedJvm.Result result = running.await();
      jvms++;
      System.err.println("citizenship:   " + what + settings);
      // Notes of the JVM's own may follow.
      Matcher last = LAST_LINE.matcher("");
      boolean counted =
          result.out().lines().anyMatch(line -> last.reset(line).matches() && count(last));
      if (result.exit() != exit || counted == silent) {
        deaths++;
        System.err.println(result);
      }
      for (String word : words) {
        expect(result.out().contains(word), "expected \"" + word + "\": " + result);
      }
      if (!sharedTemp) {
        leftIn(temp, leaves, what + settings);
      }
      return result;
    }
  }

  private static boolean count(Matcher line) {
    long bad = Long.parseLong(line.group(1));
    long left = Long.parseLong(line.group(2));
    if (bad + left > 0) {
      System.err.println("citizenship: " + line.group());
    }
    wrong += bad;
    leaked += left;
    return true;
  }

  private static void expect(boolean condition, String otherwise) {
    if (!condition) {
      wrong++;
      System.err.println("citizenship: " + otherwise);
    }
  }

  private static void leftIn(Path directory, List<String> expected, String what)
      throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      List<String> left = files.map(file -> file.getFileName().toString()).sorted().toList();
      if (!left.equals(expected)) {
        leaked += Math.max(1, left.size() - expected.size());
        System.err.println("citizenship: " + what + " left " + left + ", not " + expected);
      }
    }
  }

  /** A new, empty one. */
  private Path directory() throws IOException {
    return Files.createTempDirectory(work, "d" + directories++ + "-");
  }

  /** A library that ends the process that loads it. */
  private Path hostileLibrary() throws IOException {
    Path source =
        Files.writeString(
            work.resolve("hostile.c"),
            "#include <stdlib.h>\n__attribute__((constructor)) static void end(void) { abort(); }\n");
    Path library = work.resolve("hostile.so");
    try {
      int status =
          new ProcessBuilder("gcc", "-shared", "-fPIC", "-o", library + "", source + "")
              .inheritIO()
              .start()
              .waitFor();
      if (status != 0) {
        throw new IOException("gcc failed");
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return library;
  }
}
