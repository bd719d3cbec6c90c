package io.github.fusedloss.generator;

import io.github.fusedloss.generator.Cuts.Pass;
import io.github.fusedloss.generator.Graph.Node;
import io.github.fusedloss.generator.Program.Variable;
import io.github.fusedloss.generator.Recipe.Call;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Writes functions as Java methods of one element. A pair is packed into a long where it comes in
 * and goes out; inside, halves are floats, and what the kernel calls is part of the method. A
 * structure is an object with a field for each of its own; or, where its name has no class, its
 * fields are parameters. What is not used is no parameter, but of methods of an interface.
 */
final class ScalarWriter {
  private final Program program;
  private final Map<String, String> classes;
  private final boolean implement;

  /**
   * @param classes of structures, by the names that they have where functions are called
   * @param implement whether methods are those of an interface, which have all arguments
   */
  ScalarWriter(Program program, Map<String, String> classes, boolean implement) {
    this.program = program;
    this.classes = classes;
    this.implement = implement;
  }

  String write(Recipe.Method method) {
    Call call = method.call();
    List<Variable> declared = program.parameters(call.function());
    List<String> arguments =
        call.arguments() != null
            ? call.arguments()
            : declared.stream().map(Variable::name).toList();
    return new Method(arguments).write(method.name(), call.result(), call.function());
  }

  private final class Method {
    private final List<String> arguments;
    private final Graph graph = new Graph(Graph.Form.ALL);
    private final Code code;
    private final Set<Node> used = new LinkedHashSet<>();
    private final Map<String, String> parameters = new LinkedHashMap<>(); // types of names
    private final StringBuilder lines = new StringBuilder();

    Method(List<String> arguments) {
      this.arguments = arguments;
      code = new Code(false, arguments.stream().map(Code::identifier).collect(Collectors.toSet()));
    }

    String write(String method, String result, String function) {
      Map<String, Node> out =
          new Evaluator<>(program, graph).call(function, arguments, result, graph::input);
      out.entrySet().removeIf(e -> e.getKey().equals(e.getValue().leaf));
      List<Pass> passes = Cuts.of(new LinkedHashSet<>(out.values()), Integer.MAX_VALUE, false);
      passes.forEach(p -> used.addAll(p.loads()));
      List<Variable> declared = program.parameters(function);
      for (int i = 0; i < arguments.size(); i++) {
        parameter(declared.get(i).type(), arguments.get(i));
      }
      code.body(passes.get(0), "    ", lines);
      Node hi = out.get("result.hi");
      boolean one = out.containsKey("result");
      if (one || hi != null) {
        String pair = one ? "" : pair(hi, out.get("result.lo"));
        lines.append("    return " + (one ? code.text(out.get("result")) : pair) + ";\n");
      } else {
        out.forEach((leaf, n) -> assign(leaf, n, out));
      }
      return (implement ? "\n  @Override\n  public " : "\n  static ")
          + (one ? "float " : hi != null ? "long " : "void ")
          + Code.identifier(method)
          + "("
          + parameters.entrySet().stream()
              .map(p -> p.getValue() + " " + p.getKey())
              .collect(Collectors.joining(", "))
          + ") {\n"
          + lines
          + "  }\n";
    }

    private String pair(Node hi, Node lo) {
      return "pair(" + code.text(hi) + ", " + code.text(lo) + ")";
    }

    private void assign(String leaf, Node n, Map<String, Node> out) {
      String object = leaf.replaceAll("\\..*", "");
      if (!classes.containsKey(object)) {
        throw new IllegalArgumentException("no class for the structure " + object);
      }
      parameters.put(Code.identifier(object), classes.get(object));
      Node lo = leaf.endsWith(".hi") ? out.get(half(leaf, "lo")) : null;
      if (lo != null) {
        String pair = leaf.substring(0, leaf.length() - 3);
        lines.append("    " + path(pair) + " = " + pair(n, lo) + ";\n");
      } else if (!leaf.endsWith(".lo")) {
        lines.append("    " + path(leaf) + " = " + code.text(n) + ";\n");
      }
    }

    private static String half(String leaf, String other) {
      return leaf.substring(0, leaf.length() - 2) + other;
    }

    private static String path(String leaf) {
      return Arrays.stream(leaf.split("\\."))
          .map(Code::identifier)
          .collect(Collectors.joining("."));
    }

    /** A parameter, or several; what it holds that is used gets its name. */
    private void parameter(String type, String name) {
      Map<String, String> fields = program.structure(type);
      boolean pair = type.equals("pair");
      if (fields != null && !pair) {
        fields.forEach((field, of) -> parameter(of, name + "." + field));
        return;
      }
      String object = name.replaceAll("\\..*", "");
      boolean inObject = classes.containsKey(object);
      String java = inObject ? path(name) : Code.identifier(name);
      boolean needed = implement;
      for (String half : pair ? List.of(".hi", ".lo") : List.of("")) {
        Node input = graph.input(name + half);
        boolean isUsed = used.remove(input);
        needed |= isUsed;
        if (!pair && !inObject) {
          code.is(input, java);
        } else if (isUsed) {
          String value = pair ? half.substring(1) + "(" + java + ")" : java;
          lines.append("    float " + code.name(input) + " = " + value + ";\n");
        }
      }
      if (needed && inObject) {
        parameters.put(Code.identifier(object), classes.get(object));
      } else if (needed) {
        parameters.put(java, pair ? "long" : "float");
      }
    }
  }
}
