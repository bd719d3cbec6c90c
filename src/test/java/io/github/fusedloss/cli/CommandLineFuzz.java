package io.github.fusedloss.cli;

import com.sun.management.ThreadMXBean;
import com.sun.management.UnixOperatingSystemMXBean;
import io.github.fusedloss.ElementType;
import io.github.fusedloss.backend.Function;
import io.github.fusedloss.backend.Option;
import io.github.fusedloss.io.NpyReader;
import java.io.ByteArrayOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Mutated command lines for {@code ci/fuzz}, in this JVM: exit code 0, 1 or 2, whatever the
 * arguments, the files and stdout are; 2 with one line on stderr; never a stack trace or the name
 * of an exception's class; outputs whole or as they were; inputs as they were; no temporary file
 * and no file descriptor left over; no more memory than the files and the arguments justify.
 *
 * <p>Lines of {@code demo}, {@code verify} and {@code bench} are always wrong or ask for help:
 * right ones take seconds each.
 */
final class CommandLineFuzz {
  /** picocli reads the commands' classes anew for each line, and an executor has its scratch. */
  private static final long ALLOWANCE = 32L << 20;

  /** An element of one byte is an int here, several copies of which a loss may need. */
  private static final long PER_BYTE = 64;

  /** No line takes a tenth of that. */
  private static final long SECONDS = 60;

  private static final Pattern CLASS_NAME = Pattern.compile("\\w+\\.\\w+(Exception|Error)\\b");

  private static final String[] LOSSES =
      Stream.of(Function.values())
          .filter(Function::isLoss)
          .map(Function::torchName)
          .distinct()
          .toArray(String[]::new);
  private static final String[] DEVICES = {
    "cpu:scalar", "cpu", "auto", "cpu:vector", "opencl", "opencl:0", "opencl:99", "cpu:", "gpu"
  };
  private static final String[] WORDS = {
    "",
    " ",
    "-",
    "--",
    "---",
    "=",
    "--=",
    "@",
    "@x.npy",
    "0",
    "-0",
    "1",
    "-1",
    "-100",
    "0.1",
    "1.0",
    "1.0000001",
    "NaN",
    "nan",
    "Infinity",
    "-Infinity",
    "1e999",
    "1e-999",
    "0x1p-1",
    "1f",
    "1_000",
    "2147483647",
    "2147483648",
    "-9223372036854775808",
    "9223372036854775808",
    "99999999999999999999999999",
    "\0",
    "a\0b",
    "\n",
    "a\nb",
    "\r\n",
    "\t",
    "\u202e",
    "\u2028",
    "\ud800",
    "\ud83d\ude00",
    "\u00fc",
    "\u0661",
    "\ufeff",
    "'",
    "\"",
    "\\",
    "$HOME",
    "${sys:user}",
    "%s%n",
    "*",
    "null",
    "true",
    "mean",
    "sum",
    "none",
    "MEAN",
    "meaning",
    "--json",
    "--help",
    "-h",
    "-V",
    "--version",
    "help",
    "eval",
    "evaluate",
    "--csv",
    "--top-k",
    "devices",
    "--loss",
    "--input",
    "--no-such-option"
  };

  /** Results that are written to files. */
  private static final String[] FILES = {"--out", "--grad"};

  /** Options for results that not every loss has. */
  private static final String[] MORE_FILES = {
    "--hessian", "--lse", "--entropy", "--argmax", "--rank"
  };

  private static final String[] OPTIONS =
      Stream.of(
              Stream.of("--loss", "--input", "--target", "--teacher", "--row-weight", "--mask"),
              Stream.of(FILES),
              Stream.of(MORE_FILES),
              Stream.of("--hessian-scale"),
              Stream.of("--device", "--json"),
              Stream.of(Option.values()).map(Option::flag))
          .flatMap(part -> part)
          .toArray(String[]::new);

  private record Line(List<String> arguments, OutputStream stdout) {}

  private final Random random = new Random(20261124);
  private final Path dir;
  private final List<byte[]> golden = new ArrayList<>();
  private final Map<Path, byte[]> files = new TreeMap<>();
  private volatile long started = Long.MAX_VALUE;
  private volatile List<String> running = List.of();

  private CommandLineFuzz(Path dir, Path source) throws IOException {
    this.dir = dir;
    try (Stream<Path> all = Files.list(source)) {
      for (Path file : all.filter(f -> f.toString().endsWith(".npy")).sorted().toList()) {
        golden.add(Files.readAllBytes(file));
      }
    }
  }

  /**
   * Arguments: how many lines, and the folder of the golden files. Runs in an empty folder, where
   * outputs with odd names go too. Prints how many lines were wrong and how many files stay open.
   */
  public static void main(String[] args) throws IOException {
    int count = Integer.parseInt(args[0]);
    CommandLineFuzz fuzz = new CommandLineFuzz(Path.of("").toAbsolutePath(), Path.of(args[1]));
    fuzz.watch();
    int[] codes = new int[3];
    int wrong = 0;
    long descriptors = 0;
    for (int i = 0; i < count; i++) {
      String complaint = fuzz.one(codes);
      if (complaint != null) {
        wrong++;
        System.err.println("line " + i + ": " + complaint + ": " + printable(fuzz.running));
      }
      if (i == count / 10) { // by then every class that keeps a file open is loaded
        descriptors = descriptors();
      }
    }
    System.err.printf(
        "%d command lines: exit 0 %d times, 1 %d times, 2 %d times%n",
        count, codes[0], codes[1], codes[2]);
    System.out.println(wrong + " " + Math.max(0, descriptors() - descriptors));
    System.exit(0);
  }

  private static long descriptors() {
    return ((UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getOpenFileDescriptorCount();
  }

  private static String printable(List<String> arguments) {
    StringBuilder out = new StringBuilder();
    for (char c : arguments.toString().toCharArray()) {
      out.append(c >= ' ' && c < 127 ? String.valueOf(c) : String.format("\\u%04x", (int) c));
    }
    return out.length() > 2000 ? out.substring(0, 2000) + "..." : out.toString();
  }

  /** Ends the process where a line hangs. */
  private void watch() {
    Thread watch =
        new Thread(
            () -> {
              while (true) {
                if (System.nanoTime() - started > TimeUnit.SECONDS.toNanos(SECONDS)) {
                  System.err.println("a command line hangs: " + printable(running));
                  Thread.getAllStackTraces().values().forEach(s -> System.err.println(List.of(s)));
                  Runtime.getRuntime().halt(3);
                }
                try {
                  Thread.sleep(1000);
                } catch (InterruptedException e) {
                  return;
                }
              }
            });
    watch.setDaemon(true);
    watch.start();
  }

  /** Runs one line; returns what is wrong with how it went, or null. */
  private String one(int[] codes) throws IOException {
    files.clear();
    Line line = line();
    running = line.arguments;
    for (Map.Entry<Path, byte[]> file : files.entrySet()) {
      Files.write(file.getKey(), file.getValue());
    }
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    started = System.nanoTime();
    long before = threads.getCurrentThreadAllocatedBytes();
    int code =
        Main.run(
            line.arguments.toArray(new String[0]),
            new PrintStream(line.stdout, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8));
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    started = Long.MAX_VALUE;
    line.stdout.close();
    String wrong = judge(line, code, err.toString(StandardCharsets.UTF_8), allocated);
    if (code >= 0 && code < codes.length) {
      codes[code]++;
    }
    String left = judgeFiles(line, code);
    return wrong == null ? left : wrong;
  }

  private String judge(Line line, int code, String err, long allocated) {
    if (code < 0 || code > 2) {
      return "exit " + code;
    }
    if (err.contains("\tat ") || CLASS_NAME.matcher(err).find()) {
      return "not for people: " + err;
    }
    String[] lines = err.split("\n", -1);
    boolean ended = err.endsWith("\n");
    if (code == 2 && !(ended && lines.length == 2 && err.startsWith("fusedloss: "))) {
      return "exit 2 with other than one line: " + err;
    }
    if (code == 1 && !(ended && lines[lines.length - 2].startsWith("fusedloss: "))) {
      return "exit 1 without its line: " + err;
    }
    if (code == 2 && line.stdout instanceof ByteArrayOutputStream out && out.size() > 0) {
      return "exit 2 with a result: " + out;
    }
    long given = files.values().stream().mapToLong(b -> b.length).sum();
    given += line.arguments.stream().mapToLong(String::length).sum();
    return allocated > ALLOWANCE + PER_BYTE * given
        ? allocated + " bytes allocated for " + given
        : null;
  }

  /** Also deletes them. */
  private String judgeFiles(Line line, int code) throws IOException {
    boolean done = code == 0 || code == 1 && !(line.stdout instanceof ByteArrayOutputStream);
    String wrong = null;
    List<Path> there;
    try (Stream<Path> all = Files.list(dir)) {
      there = all.toList();
    }
    for (Path file : there) {
      byte[] was = files.get(file);
      if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS) || Files.isSymbolicLink(file)) {
        continue;
      }
      boolean same = was != null && Arrays.equals(was, Files.readAllBytes(file));
      if (!same && !(done && whole(file))) {
        wrong = (was == null ? "left over: " : "changed: ") + file.getFileName();
      }
      Files.delete(file);
    }
    for (Path file : files.keySet()) {
      if (!there.contains(file)) {
        wrong = "gone: " + file.getFileName();
      }
    }
    return wrong;
  }

  private static boolean whole(Path file) {
    try {
      NpyReader.read(file);
      return !file.toString().endsWith(".tmp");
    } catch (IOException e) {
      return false;
    }
  }

  // ---- making lines

  private <T> T any(T[] choices) {
    return choices[random.nextInt(choices.length)];
  }

  private boolean chance(int in) {
    return random.nextInt(in) == 0;
  }

  private Line line() {
    List<String> line = new ArrayList<>();
    String usual = chance(3) ? "evaluate" : "eval";
    String command = chance(12) ? any(new String[] {"devices", "demo", "verify", "bench"}) : usual;
    line.add(command);
    if (command.equals("eval")) {
      loss(line);
    } else if (command.equals("evaluate")) {
      evaluation(line);
    } else {
      line.addAll(List.of("--device", any(DEVICES)));
    }
    for (int wounds = chance(2) ? 0 : 1 + random.nextInt(2); wounds > 0; wounds--) {
      wound(line);
    }
    if (line.stream().anyMatch(a -> a.matches("demo|verify|bench"))) {
      line.add(any(new String[] {"--help", "--no-such-option", "word", "--device"}));
    }
    return new Line(line, stdout());
  }

  private OutputStream stdout() {
    if (!chance(20)) {
      return new ByteArrayOutputStream();
    }
    try {
      return new FileOutputStream("/dev/full");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One of evaluate that is right, but for what is done to its files; of one shard or two. */
  private void evaluation(List<String> line) {
    int shards = 1 + random.nextInt(2);
    int c = 1 + random.nextInt(5);
    int[] n = {1 + random.nextInt(6), 1 + random.nextInt(6)};
    boolean weighs = chance(3);
    boolean masks = chance(3);
    shards(line, "--input", shards, i -> input("x" + i + ".npy", "<f4", c, n[i], c));
    shards(line, "--target", shards, i -> input("t" + i + ".npy", "<i8", c, n[i]));
    if (weighs) {
      shards(line, "--row-weight", shards, i -> input("r" + i + ".npy", "<f4", c, n[i]));
    }
    if (masks) {
      shards(line, "--mask", shards, i -> input("m" + i + ".npy", "|u1", 2, n[i]));
    }
    for (Option option : Option.values()) {
      if (option.isOf("cross_entropy") && chance(6)) {
        line.addAll(List.of(option.flag(), value(option, c)));
      }
    }
    if (chance(2)) {
      line.add(any(new String[] {"--json", "--csv"}));
    }
    line.addAll(List.of("--device", chance(8) ? any(DEVICES) : "cpu:scalar"));
  }

  private static void shards(List<String> line, String flag, int count, IntFunction<String> file) {
    line.add(flag);
    IntStream.range(0, count).mapToObj(file).forEach(line::add);
  }

  /** One of eval that is right, but for what is done to its files. */
  private void loss(List<String> line) {
    String loss = any(LOSSES);
    boolean rows = Function.ofLoss(loss).hasClassIndices();
    int n = 1 + random.nextInt(6);
    int c = 1 + random.nextInt(5);
    String type = any(new String[] {"<f4", "<f4", "<f2", "<f8"});
    line.addAll(List.of("--loss", loss));
    line.addAll(List.of("--input", input("x.npy", type, c, n, c)));
    line.addAll(
        List.of(
            loss.equals("distillation") ? "--teacher" : "--target",
            rows && !chance(3)
                ? input("t.npy", any(new String[] {"<i8", "<i4", "|u1"}), c, n)
                : input("t.npy", type, c, n, c)));
    for (Option option : Option.values()) {
      if (option.isOf(loss) && chance(3)) {
        line.addAll(List.of(option.flag(), value(option, c)));
      }
    }
    int[] losses = Function.ofLoss(loss).isOverRows() ? new int[] {n} : new int[] {n, c};
    if (chance(4)) {
      line.addAll(List.of("--row-weight", input("r.npy", "<f4", c, losses)));
    }
    if (chance(4)) {
      line.addAll(List.of("--mask", input("m.npy", any(new String[] {"|u1", "<i4"}), 2, losses)));
    }
    for (String flag : FILES) {
      if (chance(2)) {
        line.addAll(List.of(flag, output(flag.substring(2) + ".npy")));
      }
    }
    for (String flag : MORE_FILES) {
      if (chance(12)) {
        line.addAll(List.of(flag, output(flag.substring(2) + ".npy")));
      }
    }
    if (line.contains("--hessian") && chance(2)) {
      line.addAll(List.of("--hessian-scale", any(new String[] {"exact", "xgboost", "lightgbm"})));
    }
    if (chance(2)) {
      line.add("--json");
    }
    line.addAll(List.of("--device", chance(8) ? any(DEVICES) : "cpu:scalar"));
  }

  private String value(Option option, int classes) {
    if (option.kind() == Option.Kind.TENSOR) {
      return input(option.javaName() + ".npy", "<f4", classes, classes);
    }
    return chance(2) ? OptionTexts.right(option) : any(WORDS);
  }

  private String input(String name, String type, int classes, int... shape) {
    if (chance(25)) {
      return chance(4) ? any(WORDS) : place(name);
    }
    Path path = dir.resolve(chance(30) ? "\u00fc \u2603\u202e\n" + name : name);
    byte[] bytes =
        chance(30) ? golden.get(random.nextInt(golden.size())) : array(type, classes, shape);
    files.put(path, chance(10) ? wounded(bytes) : bytes);
    return path.toString();
  }

  private String output(String name) {
    if (chance(6)) {
      return chance(4) ? any(WORDS) : place(name);
    }
    Path path = dir.resolve(name);
    if (chance(3)) {
      files.put(path, "what was there before".getBytes(StandardCharsets.UTF_8));
    }
    return path.toString();
  }

  /** A file name that is no place for a file, or an odd one. */
  private String place(String name) {
    return switch (random.nextInt(12)) {
      case 0 -> "/dev/null";
      case 1 -> "/dev/full";
      case 2 -> "/dev/zero";
      case 3 -> "/";
      case 4 -> dir.toString();
      case 5 -> dir.resolve("missing").resolve(name).toString();
      case 6 -> dir.resolve("x.npy").resolve(name).toString();
      case 7 -> dir.resolve("x.npy").toString();
      case 8 -> dir + "/./" + dir.relativize(dir) + "/x.npy";
      case 9 -> dir.resolve("n".repeat(200 + random.nextInt(100))).toString();
      case 10 -> "/proc/self/mem";
      default -> dir + "/" + "d/".repeat(random.nextInt(3000)) + name;
    };
  }

  private byte[] array(String type, int classes, int... shape) {
    StringBuilder tuple = new StringBuilder("(");
    int size = 1;
    for (int n : shape) {
      tuple.append(n).append(", ");
      size *= n;
    }
    String header =
        "{'descr': '" + type + "', 'fortran_order': False, 'shape': " + tuple + "), }\n";
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes("\u0093NUMPY\1\0".getBytes(StandardCharsets.ISO_8859_1));
    out.write(header.length());
    out.write(0);
    out.writeBytes(header.getBytes(StandardCharsets.ISO_8859_1));
    byte[] data = new byte[size * (type.charAt(2) - '0')];
    ByteBuffer buffer = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < size; i++) {
      // In [0, 1), which is right for all losses; now and then any bits at all.
      float number = chance(200) ? Float.intBitsToFloat(random.nextInt()) : random.nextFloat();
      int whole = chance(200) ? random.nextInt() : random.nextInt(classes);
      switch (type) {
        case "<f2" -> buffer.putShort(ElementType.FLOAT16.encode(number));
        case "<f4" -> buffer.putFloat(number);
        case "<f8" -> buffer.putDouble(number);
        case "<i4" -> buffer.putInt(whole);
        case "<i8" -> buffer.putLong(whole);
        default -> buffer.put((byte) whole);
      }
    }
    out.writeBytes(data);
    return out.toByteArray();
  }

  private byte[] wounded(byte[] bytes) {
    byte[] out = Arrays.copyOf(bytes, chance(2) ? bytes.length : random.nextInt(2 * bytes.length));
    for (int k = random.nextInt(3); k > 0 && out.length > 0; k--) {
      out[random.nextInt(out.length)] = (byte) random.nextInt(256);
    }
    return out;
  }

  private void wound(List<String> line) {
    int at = 1 + random.nextInt(line.size());
    int there = Math.min(at, line.size() - 1);
    String word = line.get(there);
    switch (random.nextInt(11)) {
      case 0 -> line.remove(there);
      case 1 -> line.add(at, any(WORDS));
      case 2 -> line.set(there, any(WORDS));
      case 3 -> line.addAll(at, List.of(any(OPTIONS), any(WORDS)));
      case 4 -> line.add(at, word);
      case 5 -> line.set(there, line.get(random.nextInt(line.size())));
      case 6 -> line.set(there, word.substring(0, random.nextInt(word.length() + 1)));
      case 7 -> line.set(there, word + any(WORDS));
      case 8 -> {
        int cut = random.nextInt(word.length() + 1);
        line.set(
            there, word.substring(0, cut) + (char) random.nextInt(65536) + word.substring(cut));
      }
      case 9 -> line.set(there, word.repeat(chance(9) ? 1000 : 2));
      default -> {
        if (there + 1 < line.size()) {
          line.set(there, word + "=" + line.remove(there + 1));
        }
      }
    }
  }
}
