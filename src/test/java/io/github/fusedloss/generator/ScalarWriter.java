package io.github.fusedloss.generator;

import io.github.fusedloss.generator.Cuts.Pass;
import io.github.fusedloss.generator.Graph.Node;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Writes functions as Java methods of one element. A pair is packed into a long where it comes in
 * and goes out; inside, halves are floats, and what the kernel calls is part of the method.
 */
final class ScalarWriter {
  private final Program program;

  ScalarWriter(Program program) {
    this.program = program;
  }

  String write(String function) {
    List<Program.Variable> parameters = program.parameters(function);
    Graph graph = new Graph(Graph.Form.ALL);
    List<String> names = parameters.stream().map(Program.Variable::name).toList();
    Map<String, Node> out =
        new Evaluator<>(program, graph).call(function, names, "result", graph::input);
    List<Pass> passes = Cuts.of(new LinkedHashSet<>(out.values()), Integer.MAX_VALUE, false);
    if (passes.size() != 1
        || !Set.of(Set.of("result"), Set.of("result.hi", "result.lo")).contains(out.keySet())) {
      throw new IllegalArgumentException(function + " is no function to a float or pair");
    }
    StringBuilder lines = new StringBuilder();
    Set<String> taken = names.stream().map(Code::identifier).collect(Collectors.toSet());
    Code code = new Code(false, taken);
    for (Program.Variable p : parameters) {
      for (String half : isPair(p) ? List.of("hi", "lo") : List.of("")) {
        Node input = graph.input(half.isEmpty() ? p.name() : p.name() + "." + half);
        if (half.isEmpty()) {
          code.is(input, Code.identifier(p.name()));
        } else if (passes.get(0).loads().contains(input)) {
          lines.append(
              "    float "
                  + code.name(input)
                  + " = "
                  + half
                  + "("
                  + Code.identifier(p.name())
                  + ");\n");
        }
      }
    }
    code.body(passes.get(0), "    ", lines);
    Node hi = out.get("result.hi");
    String result =
        hi == null
            ? code.text(out.get("result"))
            : "pair(" + code.text(hi) + ", " + code.text(out.get("result.lo")) + ")";
    return "\n  static "
        + (hi == null ? "float " : "long ")
        + Code.identifier(function)
        + "("
        + parameters.stream()
            .map(p -> (isPair(p) ? "long " : "float ") + Code.identifier(p.name()))
            .collect(Collectors.joining(", "))
        + ") {\n"
        + lines
        + "    return "
        + result
        + ";\n  }\n";
  }

  private static boolean isPair(Program.Variable v) {
    return v.type().equals("pair");
  }
}
