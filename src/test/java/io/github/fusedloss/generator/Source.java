package io.github.fusedloss.generator;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Kernel files behind a preprocessor: comments gone, {@code #if} decided, constants in the place of
 * their names. It knows comparisons of a name with a number and {@code defined}; macros with
 * arguments stay, and are refused where a formula uses one.
 */
public final class Source {
  /** A piece of text, and where it stands. */
  record Token(String text, String where) {
    IllegalArgumentException error(String message) {
      return new IllegalArgumentException(where + ": " + message);
    }
  }

  private static final Pattern TOKEN =
      Pattern.compile(
          "0x[0-9a-fA-F]*\\.?[0-9a-fA-F]*p[+-]?\\d+f?|\\d+\\.\\d*(?:e[+-]?\\d+)?f?|\\d+e[+-]?\\d+f?"
              + "|0x[0-9a-fA-F]+u?|\\d+u?|\\w+|->|&&|\\|\\||[=!<>+*|&-]=|<<|>>|[^\\s\\w]");
  private static final Pattern COMMENT = Pattern.compile("//[^\n]*|/\\*.*?\\*/", Pattern.DOTALL);
  private static final Pattern CONDITION =
      Pattern.compile("(?:defined\\s*\\(?\\s*)?(\\w+)\\)?(?:\\s*(==|>)\\s*(\\d+))?");

  private final Map<String, List<Token>> constants = new HashMap<>();
  private final List<Token> tokens = new ArrayList<>();

  private Source() {}

  /** Reads files in this order, for one element at a time. */
  public static Source read(Path... files) throws IOException {
    return read(List.of(), files);
  }

  /** The same as they are compiled with these features. */
  public static Source read(List<String> features, Path... files) throws IOException {
    Source source = of("");
    features.forEach(feature -> source.define(feature, ""));
    for (Path file : files) {
      source.add(file.getFileName().toString(), Files.readString(file));
    }
    return source;
  }

  static Source of(String text) {
    Source source = new Source();
    source.define("VEC 1", "");
    return source.add("text", text);
  }

  List<Token> tokens() {
    return tokens;
  }

  /** Adds what stands in this file. */
  Source add(String file, String text) {
    // A comment keeps its line breaks, so that line numbers stay.
    text = COMMENT.matcher(text).replaceAll(m -> m.group().replaceAll("[^\n]+", " "));
    String[] lines = text.split("\n", -1);
    // Of each #if around a line: whether its branch is taken, whether one before it was.
    Deque<boolean[]> branches = new ArrayDeque<>();
    for (int i = 0; i < lines.length; i++) {
      String where = file + ":" + (i + 1);
      StringBuilder joined = new StringBuilder(lines[i].strip());
      while (joined.length() > 0 && joined.charAt(joined.length() - 1) == '\\') {
        joined.setLength(joined.length() - 1);
        joined.append(lines[++i].strip());
      }
      String line = joined.toString();
      boolean taken = branches.stream().allMatch(b -> b[0]);
      if (line.startsWith("#if")) {
        boolean yes = taken && condition(line, where);
        branches.push(new boolean[] {yes, yes || !taken});
      } else if (line.startsWith("#el")) {
        boolean[] branch = branches.element();
        branch[0] = !branch[1] && (line.startsWith("#else") || condition(line, where));
        branch[1] |= branch[0];
      } else if (line.startsWith("#endif")) {
        branches.pop();
      } else if (taken && line.startsWith("#define")) {
        define(line.substring(7).strip(), where);
      } else if (taken && !line.startsWith("#")) {
        expand(split(line, where), tokens);
      }
    }
    return this;
  }

  private boolean condition(String line, String where) {
    String[] parts = line.split("\\s+", 2);
    Matcher m = CONDITION.matcher(parts[1]);
    if (!m.matches()) {
      throw new IllegalArgumentException(
          where + ": expected #if NAME == number, #if NAME > number or defined(NAME), got " + line);
    }
    List<Token> value = constants.get(m.group(1));
    if (m.group(2) == null) {
      return parts[0].equals("#ifndef") == (value == null);
    }
    int number = value == null ? 0 : Integer.parseInt(value.get(0).text());
    int with = Integer.parseInt(m.group(3));
    return m.group(2).equals("==") ? number == with : number > with;
  }

  /** INLINE stays, as the mark of a function. */
  private void define(String definition, String where) {
    Matcher name = Pattern.compile("\\w+").matcher(definition);
    if (name.lookingAt() && !definition.startsWith("(", name.end()) && !isInline(name.group())) {
      constants.put(name.group(), split(definition.substring(name.end()), where));
    }
  }

  private static boolean isInline(String name) {
    return name.equals("INLINE");
  }

  private static List<Token> split(String line, String where) {
    List<Token> found = new ArrayList<>();
    Matcher m = TOKEN.matcher(line);
    while (m.find()) {
      found.add(new Token(m.group(), where));
    }
    return found;
  }

  private void expand(List<Token> line, List<Token> to) {
    for (Token token : line) {
      List<Token> constant = constants.get(token.text());
      if (constant == null) {
        to.add(token);
      } else {
        List<Token> here = new ArrayList<>();
        constant.forEach(t -> here.add(new Token(t.text(), token.where())));
        expand(here, to);
      }
    }
  }
}
