package io.github.fusedloss.generator;

import io.github.fusedloss.generator.Graph.Form;
import io.github.fusedloss.generator.Recipe.Call;
import io.github.fusedloss.generator.Recipe.Memory;
import io.github.fusedloss.generator.Recipe.Method;
import io.github.fusedloss.generator.Recipe.Scope;
import io.github.fusedloss.generator.Recipe.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads recipes; {@code recipes/README.md} says how they are written. */
final class Recipes {
  /** A line, and those below it that stand further to the right. */
  private record Line(String where, String text, List<Line> below) {
    /** Returns a copy in which every {@code name} is replaced, also in the lines below. */
    Line with(String name, String value) {
      List<Line> other = below.stream().map(l -> l.with(name, value)).toList();
      return new Line(where, text.replace(name, value), other);
    }

    IllegalArgumentException refused(String why) {
      return new IllegalArgumentException(where + ": " + text + ": " + why);
    }
  }

  private static final Scope EVERYWHERE = new Scope("", Form.ALL, Form.LOOPS);

  private static final Pattern KERNEL = Pattern.compile("kernel ([\\w.]+)(?: after (.+))?");
  private static final Pattern FIRST =
      Pattern.compile(
          "(functions|formulas(?= \\w+ of)|block(?= \\w+ of \\w+ as)) (\\w+)(?: of (\\w+))?"
              + "(?: as (vectors|loops|vectors, loops))?(?: with ([A-Z_0-9 ]+))?");
  private static final Pattern NAMED = Pattern.compile("([\\w.]+)(?: = (.+))?");
  private static final Pattern CONDITION = Pattern.compile("(!?)([\\w.]+)");
  private static final Pattern METHOD =
      Pattern.compile("(\\w+)(?:: (?:([\\w. ]+) = )?(\\w+)\\(([\\w., ]+)\\))?");
  private static final Pattern STEP =
      Pattern.compile(
          "(fold )?([\\w.]+) = (\\w+)\\(([\\w., ]+)\\)(?: fetching ([\\w, ]+?)(?: after (.+))?)?");

  private final List<Line> files = new ArrayList<>();
  private final Map<String, Line> parts = new HashMap<>();
  private final Set<String> including = new HashSet<>();

  /** Reads all recipes in a folder. */
  static Recipes in(Path folder) throws IOException {
    Recipes recipes = new Recipes();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".txt")).sorted().toList()) {
        recipes.add(file.toString(), Files.readString(file));
      }
    }
    return recipes;
  }

  /** Adds the text of a file. */
  Recipes add(String file, String text) {
    List<Line> above = new ArrayList<>(); // the last line of every depth
    above.add(new Line(file, "", new ArrayList<>()));
    files.add(above.get(0));
    String[] lines = text.split("\n");
    for (int i = 0; i < lines.length; i++) {
      String words = lines[i].replaceAll("#.*", "").stripTrailing();
      int depth = (words.length() - words.stripLeading().length()) / 2;
      Line line = new Line(file + ":" + (i + 1), words.strip(), new ArrayList<>());
      if (words.isBlank()) {
        continue;
      } else if (depth >= above.size()) {
        throw line.refused("stands too far to the right");
      } else if (words.startsWith("part ") && parts.put(words.split(" ")[1], line) != null) {
        throw line.refused("there is such a part already");
      }
      above.subList(depth + 1, above.size()).clear();
      above.get(depth).below.add(line);
      above.add(line);
    }
    return this;
  }

  /** All recipes, in the order in which they stand in their files. */
  List<Recipe> all() {
    List<Recipe> all = new ArrayList<>();
    for (Line file : files) {
      List<String> kernels = List.of();
      for (Line line : file.below) {
        Matcher kernel = KERNEL.matcher(line.text);
        Matcher first = FIRST.matcher(line.text);
        if (kernel.matches()) {
          kernels = new ArrayList<>(list(kernel.group(2), ", "));
          kernels.add(kernel.group(1));
        } else if (first.matches()) {
          Recipe recipe =
              new Recipe(
                  first.group(1),
                  first.group(2),
                  first.group(3),
                  kernels,
                  list(first.group(5), " "),
                  list(first.group(4), ", "),
                  new LinkedHashMap<>(),
                  new ArrayList<>(),
                  new LinkedHashMap<>(),
                  new LinkedHashMap<>(),
                  new ArrayList<>());
          below(line, recipe, EVERYWHERE);
          all.add(recipe);
        } else if (!line.text.startsWith("part ")) {
          throw line.refused("no kernel, functions, formulas, block or part");
        }
      }
    }
    return all;
  }

  private static List<String> list(String text, String between) {
    return text == null ? List.of() : List.of(text.split(between));
  }

  private void below(Line line, Recipe to, Scope scope) {
    line.below.forEach(l -> read(l, to, scope));
  }

  private void read(Line line, Recipe to, Scope scope) {
    String word = line.text.replaceAll(" .*", "");
    String rest = line.text.substring(word.length()).strip();
    boolean opens = Set.of("if", "in", "finite", "choosing").contains(word);
    if (opens == line.below.isEmpty()) {
      throw line.refused(opens ? "nothing stands below it" : "nothing may stand below it");
    }
    switch (word) {
      case "include" -> include(line, rest.split(" "), to, scope);
      case "if" -> {
        boolean feature = rest.matches("[A-Z_0-9]+");
        if (!feature || to.features().contains(rest)) {
          below(line, to, feature ? scope : scope.when(condition(rest, to)));
        }
      }
      case "in" -> {
        if (!rest.matches("vectors|loops")) {
          throw line.refused("neither vectors nor loops");
        }
        below(line, to, rest.equals("loops") ? scope.inLoops() : scope.inVectors());
      }
      case "finite" -> below(line, to, scope.finite());
      case "choosing" -> below(line, to, scope.choosing());
      case "arrays" -> memory(line, rest, to, "%sAt + start", "", false);
      case "optional" -> memory(line, rest, to, "%sAt + start", "%s != null", false);
      case "kept" -> memory(line, rest, to, "%sAt + start", "%s != null", true);
      case "lines" -> {
        String[] there = rest.split(" if ");
        String isThere = there.length > 1 ? condition(there[1], to) : "";
        memory(line, there[0], to, Recipe.LINE, isThere, false);
      }
      case "rows" -> memory(line, rest, to, null, "", false);
      case "lanes" -> memory(line, rest, to, "Blocks.lane(start)", "", false);
      case "numbers" -> to.numbers().putAll(names(line, rest));
      case "pairs" ->
          names(line, rest)
              .forEach(
                  (name, java) -> {
                    to.numbers().put(name + ".hi", "hi(" + java + ")");
                    to.numbers().put(name + ".lo", "lo(" + java + ")");
                  });
      case "objects" -> to.objects().putAll(names(line, rest));
      case "java" -> to.steps().add(new Step(scope.inLoops(), null, false, List.of(), null, rest));
      default -> {
        if (to.kind().equals("block")) {
          step(line, to, scope);
        } else {
          methods(line, to);
        }
      }
    }
  }

  private void include(Line line, String[] values, Recipe to, Scope scope) {
    Line part = part(line, values);
    if (!including.add(values[0])) {
      throw line.refused("it includes itself");
    }
    below(part, to, scope);
    including.remove(values[0]);
  }

  /** A part, with values in the place of the names behind its own. */
  private Line part(Line include, String[] values) {
    Line part = parts.get(values[0]);
    if (part == null) {
      throw include.refused("no such part");
    }
    String[] names = part.text.split(" ");
    if (names.length != values.length + 1) {
      throw include.refused("it takes as many values as " + part.text);
    }
    for (int i = 1; i < values.length; i++) {
      part = part.with(names[i + 1], values[i]);
    }
    return part;
  }

  private static String condition(String condition, Recipe to) {
    return CONDITION
        .matcher(condition)
        .replaceAll(
            m -> {
              Memory memory = to.memory().get(m.group(2));
              if (memory == null || memory.isThere().isEmpty()) {
                return m.group(1) + "b." + m.group(2);
              }
              boolean not = m.group(1).equals("!");
              return not ? memory.isThere().replace("!=", "==") : memory.isThere();
            });
  }

  /** Names with their Java, which is b.name where it is not said. */
  private static Map<String, String> names(Line line, String rest) {
    Map<String, String> names = new LinkedHashMap<>();
    for (String name : rest.split(", ")) {
      Matcher m = NAMED.matcher(name);
      if (!m.matches()) {
        throw line.refused(name + " is no name, nor name = Java");
      }
      String java = m.group(2);
      names.put(m.group(1), java == null ? "b." + Code.identifier(m.group(1)) : java);
    }
    return names;
  }

  /** Adds arrays to a recipe; in the texts, %s stands for the Java of the array. */
  private static void memory(
      Line line, String rest, Recipe to, String at, String isThere, boolean kept) {
    names(line, rest)
        .forEach(
            (name, java) -> {
              String begin = at == null ? null : at.formatted(java);
              to.memory().put(name, new Memory(java, begin, isThere.formatted(java), kept));
            });
  }

  private static void methods(Line line, Recipe to) {
    for (String text : line.text.split(", (?![^(]*\\))")) {
      Matcher m = METHOD.matcher(text);
      if (!m.matches()) {
        throw line.refused("no function, and no method: function(arguments)");
      }
      String result = m.group(2) == null ? "result" : m.group(2);
      String function = m.group(3) == null ? text : m.group(3);
      List<String> arguments = m.group(4) == null ? null : list(m.group(4), ", ");
      Call call = new Call(result, function, arguments);
      to.methods().add(new Method(m.group(1), call));
    }
  }

  private static void step(Line line, Recipe to, Scope scope) {
    Matcher m = STEP.matcher(line.text);
    if (!m.matches()) {
      throw line.refused("no word of recipes, and no result = function(arguments)");
    }
    boolean folds = m.group(1) != null;
    List<String> ahead = list(m.group(5), ", ");
    if (folds && !ahead.isEmpty()) {
      throw line.refused("a fold fetches nothing");
    }
    Call call = new Call(m.group(2), m.group(3), list(m.group(4), ", "));
    String further = m.group(6) == null ? "n" : m.group(6);
    to.steps().add(new Step(scope, call, folds, ahead, further, null));
  }
}
