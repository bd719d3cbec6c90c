package io.github.fusedloss.generator;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toSet;

import io.github.fusedloss.generator.Cuts.Pass;
import io.github.fusedloss.generator.Graph.Node;
import io.github.fusedloss.generator.Program.Variable;
import io.github.fusedloss.generator.Recipe.Call;
import io.github.fusedloss.generator.Recipe.Method;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Writes a function as a Java method of one element. A pair is packed into a long where it comes in
 * and goes out; inside, halves are floats, and what the kernel calls is part of the method. A
 * structure is an object with a field for each of its own; or, where its name has no class, its
 * fields are parameters. What is not used is no parameter, but of methods of an interface.
 */
final class ScalarWriter {
  private final Program program;

  /** Classes of structures, by the names that they have in the call. */
  private final Map<String, String> objects;

  private final Method method;
  private final Call call;

  /** Whether the method is one of an interface. */
  private final boolean implement;

  private final Graph graph = new Graph(Graph.Form.ALL);
  private final Code code;
  private final Set<Node> used = new LinkedHashSet<>();
  private final Map<String, String> parameters = new LinkedHashMap<>(); // types of names
  private final StringBuilder lines = new StringBuilder();

  ScalarWriter(Program program, Recipe recipe, Method method) {
    this.program = program;
    objects = recipe.objects();
    implement = recipe.kind().equals("formulas");
    this.method = method;
    call = method.call().named(program);
    code = new Code(false, call.arguments().stream().map(Code::identifier).collect(toSet()));
  }

  /** Returns the types of the parameters of the method that was written, by name. */
  Map<String, String> parameters() {
    return parameters;
  }

  String write() {
    String[] wanted = call.result().split(" ");
    String all = wanted[0].replaceAll("\\..*", "");
    Call whole = new Call(all, call.function(), call.arguments());
    Map<String, Node> out = graph.results(program, whole);
    out.keySet().removeIf(r -> Stream.of(wanted).noneMatch(w -> (r + ".").startsWith(w + ".")));
    Pass pass = Cuts.whole(out.values());
    used.addAll(pass.loads());
    List<Variable> declared = program.parameters(call.function());
    for (int i = 0; i < declared.size(); i++) {
      if (!declared.get(i).type().equals("int")) { // That is a number.
        parameter(declared.get(i).type(), call.arguments().get(i));
      }
    }
    code.body(pass, "    ", lines);
    String type = "void";
    if (out.containsKey("result")) {
      type = "float";
      lines.append("    return " + code.text(out.get("result")) + ";\n");
    } else if (out.containsKey("result.hi")) {
      type = "long";
      lines.append("    return " + pair("result", out) + ";\n");
    } else {
      out.keySet().forEach(leaf -> assign(leaf, out));
    }
    return """

          %s %s %s(%s) {
        %s  }
        """
        .formatted(
            implement ? "@Override\n  public" : "static",
            type,
            Code.identifier(method.name()),
            parameters.entrySet().stream()
                .map(p -> p.getValue() + " " + p.getKey())
                .collect(joining(", ")),
            lines);
  }

  private String pair(String name, Map<String, Node> out) {
    String hi = code.text(out.get(name + ".hi"));
    return "pair(" + hi + ", " + code.text(out.get(name + ".lo")) + ")";
  }

  /** To a field, or with its other half to the field that has both. */
  private void assign(String leaf, Map<String, Node> out) {
    addObject(leaf);
    String whole = leaf.replaceAll("\\.(hi|lo)$", "");
    boolean isPair = out.containsKey(whole + ".hi") && out.containsKey(whole + ".lo");
    if (!isPair) {
      lines.append("    " + Code.path(leaf) + " = " + code.text(out.get(leaf)) + ";\n");
    } else if (leaf.endsWith(".hi")) {
      lines.append("    " + Code.path(whole) + " = " + pair(whole, out) + ";\n");
    }
  }

  /** Has the leaf's object as a parameter. */
  private void addObject(String leaf) {
    String object = leaf.replaceAll("\\..*", "");
    if (!objects.containsKey(object)) {
      throw new IllegalArgumentException("no class for the structure " + object);
    }
    parameters.put(Code.identifier(object), objects.get(object));
  }

  /** A parameter, or several; what it holds that is used gets its name. */
  private void parameter(String type, String name) {
    Map<String, String> fields = program.structure(type);
    boolean pair = type.equals("pair");
    if (fields != null && !pair) {
      fields.forEach((field, of) -> parameter(of, name + "." + field));
      return;
    }
    boolean inObject = objects.containsKey(name.replaceAll("\\..*", ""));
    String java = inObject ? Code.path(name) : Code.identifier(name);
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
      addObject(name);
    } else if (needed) {
      parameters.put(java, pair ? "long" : "float");
    }
  }
}
