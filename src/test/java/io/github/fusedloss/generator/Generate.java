package io.github.fusedloss.generator;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes what the recipes list. {@code ci/generate} runs it. */
public final class Generate {
  private static final Path KERNELS = Path.of("kernels");
  static final Path RECIPES = Path.of("src/test/java/io/github/fusedloss/generator/recipes");
  private static final Path CPU = Path.of("src/main/java/io/github/fusedloss/cpu");

  /** Imports that generated code may need. Not every file uses all of them. */
  private static final String HALVES =
      """
      import static io.github.fusedloss.cpu.ScalarMath.hi;
      import static io.github.fusedloss.cpu.ScalarMath.lo;
      """;

  private static final String PLAIN =
      HALVES
          + """
          import static io.github.fusedloss.cpu.ScalarMath.pair;
          import static java.lang.Float.floatToRawIntBits;
          import static java.lang.Float.intBitsToFloat;
          import static java.lang.Math.*;
          """;

  private static final String VECTORS =
      HALVES
          + """
          import static io.github.fusedloss.cpu.VectorMath.*;
          import static jdk.incubator.vector.FloatVector.broadcast;
          import static jdk.incubator.vector.FloatVector.fromArray;
          import static jdk.incubator.vector.VectorOperators.*;

          import jdk.incubator.vector.*;
          """;

  private final Map<Path, String> files = new LinkedHashMap<>();
  private final Map<List<String>, Program> programs = new HashMap<>(); // by features and files
  private final Map<String, String> formulas = new HashMap<>(); // names of code
  private final StringBuilder choices = new StringBuilder();
  private int slots;

  private Generate() throws IOException {
    for (Recipe recipe : Recipes.in(RECIPES).all()) {
      try {
        make(recipe, program(recipe));
      } catch (IllegalArgumentException e) {
        String what = recipe.kind() + " " + recipe.name();
        throw new IllegalArgumentException(what + " in recipes: " + e.getMessage(), e);
      }
    }
    add("Formulas", "kernels/cross_entropy.cl", "", "All formulas of rows.", null, choice());
    String count = "\n  static final int COUNT = " + slots + ";\n";
    String about = "How many arrays of a {@link Strip} generated code takes.";
    add("Slots", "kernels", "", about, null, count);
  }

  private void make(Recipe recipe, Program program) {
    switch (recipe.kind()) {
      case "functions" -> {
        String about = "Functions of %s for one element; a long is a pair.";
        String code = methods(recipe, program);
        add(recipe.name(), recipe.kernel(), PLAIN, about, null, code);
      }
      case "formulas" -> formulas(recipe, methods(recipe, program));
      default -> recipe.as().forEach(as -> block(recipe, program, as.equals("vectors")));
    }
  }

  /** The recipe's kernel, compiled with its features. */
  private Program program(Recipe recipe) throws IOException {
    List<String> key = new ArrayList<>(recipe.features());
    key.addAll(recipe.files());
    if (!programs.containsKey(key)) {
      programs.put(key, read(recipe));
    }
    return programs.get(key);
  }

  static Program read(Recipe recipe) throws IOException {
    Path[] files = recipe.files().stream().map(KERNELS::resolve).toArray(Path[]::new);
    Path steps = RECIPES.resolve("steps.cl");
    Source source = Source.read(recipe.features(), files);
    return new Program(source.add(steps.toString(), Files.readString(steps)));
  }

  private static String methods(Recipe recipe, Program program) {
    return recipe.methods().stream()
        .map(method -> new ScalarWriter(program, recipe, method).write())
        .collect(joining());
  }

  /** A class that implements an interface, with the only object of it. */
  private void formulas(Recipe recipe, String methods) {
    String name = recipe.name() + "Formulas";
    String same = formulas.putIfAbsent(methods, name); // Not every feature changes them.
    if (same == null) {
      String only = "\n  static final " + recipe.type() + " ALL = new Generated" + name + "();\n";
      String java =
          recipe.steps().stream()
              .map(step -> "\n  @Override\n  public " + step.java() + "\n")
              .collect(joining());
      String about = "Formulas of %s, with one choice of options.";
      add(name, recipe.kernel(), PLAIN, about, recipe.type(), only + methods + java);
    }
    if (recipe.type().equals("RowFormulas")) {
      String features = recipe.features().stream().map(f -> " -D " + f).collect(joining());
      String all = "Generated" + (same == null ? name : same) + ".ALL";
      choices.append("      case \"" + features + "\" -> " + all + ";\n");
    }
  }

  /** Which formulas kernels have that are compiled with some features. */
  private String choice() {
    return """

          /** For the features of a task. */
          static RowFormulas of(String features) {
            return switch (features) {
        %s      default -> throw new IllegalArgumentException("features" + features);
            };
          }
        """
        .formatted(choices);
  }

  private void block(Recipe recipe, Program program, boolean vectors) {
    BlockWriter writer = new BlockWriter(recipe, program, vectors);
    String about = vectors ? "Passes of the Vector API" : "Loops";
    about += " over a strip of a block, of %s.";
    String name = recipe.name() + (vectors ? "Vectors" : "Strips");
    add(name, recipe.kernel(), vectors ? VECTORS : PLAIN, about, null, "\n" + writer.write());
    slots = Math.max(slots, writer.slots());
  }

  /** A class that implements an interface; or, without one, of static methods. */
  private void add(
      String name, String from, String imports, String about, String type, String code) {
    String nobody = " {\n  private Generated" + name + "() {}";
    files.put(
        CPU.resolve("Generated" + name + ".java"),
        ("// Generated from " + from + " by ci/generate. Do not edit.\n")
            + "package io.github.fusedloss.cpu;\n\n"
            + (imports + (imports.isEmpty() ? "" : "\n"))
            + ("/** " + about.formatted(from) + " */\nfinal class Generated" + name)
            + ((type == null ? nobody : " implements " + type + " {") + "\n")
            + code.lines().map(Generate::wrapped).collect(joining("\n"))
            + "\n}\n");
  }

  private static String wrapped(String line) {
    int at = line.lastIndexOf(", ", 100);
    return line.length() <= 100 || at < 0
        ? line
        : line.substring(0, at + 1) + "\n" + wrapped("          " + line.substring(at + 2));
  }

  /** The files that are not as they should be; with {@code write} they are made so. */
  static List<Path> stale(boolean write) throws IOException {
    Map<Path, String> files = new Generate().files;
    try (DirectoryStream<Path> old = Files.newDirectoryStream(CPU, "Generated*.java")) {
      old.forEach(file -> files.putIfAbsent(file, ""));
    }
    List<Path> stale = new ArrayList<>();
    for (Map.Entry<Path, String> file : files.entrySet()) {
      Path path = file.getKey();
      if (!file.getValue().equals(Files.exists(path) ? Files.readString(path) : "")) {
        stale.add(path);
        if (write && file.getValue().isEmpty()) {
          Files.delete(path);
        } else if (write) {
          Files.writeString(path, file.getValue());
        }
      }
    }
    return stale;
  }

  /** Writes the files, or with --check says which are not current. */
  public static void main(String[] args) throws IOException {
    boolean check = args.length > 0;
    try {
      List<Path> stale = stale(!check);
      stale.forEach(f -> System.err.println(f + (check ? " is not current: run ci/generate" : "")));
      System.exit(check && !stale.isEmpty() ? 1 : 0);
    } catch (IllegalArgumentException e) {
      System.err.println("ci/generate: " + e.getMessage());
      System.exit(2);
    }
  }
}
