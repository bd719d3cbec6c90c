package io.github.fusedloss.generator;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/**
 * The functions of kernel files that are marked INLINE, and the structures. What is straight-line
 * arithmetic reads as Java once pointers are written otherwise, so that the JDK's parser reads it:
 * {@code p->x} is {@code p.x}, {@code pair *p} a parameter is {@code pair[] p}, and no pointer is
 * taken or followed by a sign.
 */
public final class Program {
  record Variable(String type, String name) {}

  private static final Pattern FUNCTION = Pattern.compile("INLINE\\s+(\\w+\\s+(\\w+)\\s*\\()");
  private static final Pattern ALIAS = Pattern.compile("typedef\\s+(\\w+)\\s+(\\w+);");
  private static final Pattern STRUCTURE =
      Pattern.compile("typedef\\s+struct\\s*\\{([^}]*)}\\s*(\\w+);");

  private final String text;

  /** Where functions begin. */
  private final Map<String, Integer> begins = new HashMap<>();

  private final Map<String, MethodTree> functions = new HashMap<>();
  private final Map<String, Map<String, String>> structures = new HashMap<>();

  public Program(Source source) {
    String all = source.text();
    for (Matcher m = ALIAS.matcher(all); m.find(); ) {
      all = all.replaceAll("\\b" + m.group(2) + "\\b", m.group(1));
    }
    text = all;
    FUNCTION.matcher(text).results().forEach(m -> begins.put(m.group(2), m.start(1)));
    for (Matcher m = STRUCTURE.matcher(text); m.find(); ) {
      Map<String, String> fields = new LinkedHashMap<>(); // types of names
      for (String declaration : m.group(1).strip().split("\\s*;\\s*")) {
        String[] words = declaration.split("[\\s,]+");
        List.of(words).subList(1, words.length).forEach(name -> fields.put(name, words[0]));
      }
      structures.put(m.group(2), fields);
    }
  }

  boolean has(String function) {
    return begins.containsKey(function);
  }

  /** Types of the fields' names; null for a type that is no structure. */
  Map<String, String> structure(String type) {
    return structures.get(type);
  }

  /** Returns a function. Functions that no formula calls are never parsed. */
  MethodTree function(String name) {
    if (!has(name)) {
      throw new IllegalArgumentException("the kernels have no INLINE function " + name);
    }
    return functions.computeIfAbsent(name, n -> parse(java(begins.get(n))));
  }

  List<Variable> parameters(String function) {
    return function(function).getParameters().stream()
        .map(p -> new Variable(p.getType().toString().replace("[]", ""), p.getName().toString()))
        .toList();
  }

  private String java(int begin) {
    int body = text.indexOf('{', begin);
    int end = body;
    for (int depth = 0; depth > 0 || end == body; end++) {
      char c = text.charAt(end);
      depth += c == '{' ? 1 : c == '}' ? -1 : 0;
    }
    String head = text.substring(begin, body).replaceAll("(\\w+)\\s*\\*\\s*(\\w+)", "$1[] $2");
    return (head + text.substring(body, end))
        .replace("->", ".")
        .replaceAll("\\bconst\\b", "")
        .replaceAll("([(,=;{}]\\s*)[&*](?=\\w)", "$1")
        .replaceAll("\\b(0x[0-9a-f]+|\\d+)u\\b", "$1");
  }

  private static MethodTree parse(String function) {
    JavaFileObject file =
        new SimpleJavaFileObject(URI.create("string:///K.java"), JavaFileObject.Kind.SOURCE) {
          @Override
          public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return "class K {" + function + "}";
          }
        };
    DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();
    JavacTask task =
        (JavacTask)
            ToolProvider.getSystemJavaCompiler()
                .getTask(null, null, problems, null, null, List.of(file));
    try {
      CompilationUnitTree unit = task.parse().iterator().next();
      for (Diagnostic<?> problem : problems.getDiagnostics()) {
        throw new IllegalArgumentException(problem.getMessage(null) + " in " + function);
      }
      ClassTree type = (ClassTree) unit.getTypeDecls().get(0);
      return (MethodTree) type.getMembers().get(0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
