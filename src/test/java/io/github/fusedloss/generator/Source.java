package io.github.fusedloss.generator;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The text of kernel files behind a preprocessor, for one element at a time: comments gone, {@code
 * #if} decided, constants in the place of their names. Of conditions it knows names that are
 * defined and {@code VEC == 1}; all others do not hold. Macros with arguments stay.
 */
public final class Source {
  private static final Pattern COMMENT = Pattern.compile("//[^\n]*|/\\*.*?\\*/", Pattern.DOTALL);
  private static final Pattern DEFINE = Pattern.compile("#define\\s+(\\w+)(?!\\(|\\w)(.*)");
  private static final Pattern CONDITION =
      Pattern.compile("#(\\w+)(?:\\s+(?:defined\\()?(\\w+)\\)?)?(.*)");
  private static final Pattern NAME = Pattern.compile("\\b[A-Za-z_]\\w*");

  private final Map<String, String> constants = new HashMap<>(Map.of("VEC", "1"));
  private final StringBuilder text = new StringBuilder();

  private Source() {}

  /** Reads files in this order. */
  public static Source read(Path... files) throws IOException {
    return read(List.of(), files);
  }

  /** Reads files in this order, as they are compiled with these features. */
  public static Source read(List<String> features, Path... files) throws IOException {
    Source source = new Source();
    features.forEach(feature -> source.constants.put(feature, ""));
    for (Path file : files) {
      source.add(file.toString(), Files.readString(file));
    }
    return source;
  }

  static Source of(String text) {
    return new Source().add("text", text);
  }

  String text() {
    return text.toString();
  }

  /** Adds the text of a file. */
  Source add(String file, String added) {
    String lines = COMMENT.matcher(added).replaceAll(" ").replaceAll("\\\\\n", " ");
    // For each #if around a line: whether its branch is taken, whether one before it was.
    Deque<boolean[]> branches = new ArrayDeque<>();
    for (String line : lines.split("\n")) {
      boolean taken = branches.stream().allMatch(b -> b[0]);
      Matcher define = DEFINE.matcher(line);
      if (line.startsWith("#if")) {
        branches.push(new boolean[] {holds(line), false});
      } else if (line.startsWith("#el")) {
        boolean[] branch = branches.element();
        branch[1] |= branch[0];
        branch[0] = !branch[1] && holds(line);
      } else if (line.startsWith("#endif")) {
        branches.pop();
      } else if (taken && define.matches()) {
        constants.put(define.group(1), define.group(2).strip());
      } else if (taken && !line.startsWith("#")) {
        text.append(expand(line)).append('\n');
      }
    }
    return this;
  }

  private boolean holds(String line) {
    Matcher m = CONDITION.matcher(line);
    if (!m.matches() || m.group(2) == null) {
      return true; // #else
    } else if (!m.group(3).isBlank()) {
      return line.endsWith("VEC == 1");
    }
    return constants.containsKey(m.group(2)) != m.group(1).equals("ifndef");
  }

  /** INLINE stays, as the mark of a function; no two signs become one. */
  private String expand(String line) {
    return NAME.matcher(line)
        .replaceAll(
            m -> {
              String constant = m.group().equals("INLINE") ? null : constants.get(m.group());
              return Matcher.quoteReplacement(
                  constant == null ? m.group() : " " + expand(constant));
            });
  }
}
