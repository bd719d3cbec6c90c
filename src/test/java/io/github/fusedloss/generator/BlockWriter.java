package io.github.fusedloss.generator;

import static java.util.stream.Collectors.joining;

import io.github.fusedloss.generator.PassWriter.Variable;
import io.github.fusedloss.generator.Plan.Item;
import io.github.fusedloss.generator.Recipe.Memory;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Writes a block as passes over strips: of the Vector API, or loops of plain Java that HotSpot
 * turns into vector instructions by itself.
 */
final class BlockWriter {
  /** The most operations of a pass, see {@code VectorPasses}; below, those of a loop. */
  private static final int VECTORS = 23;

  private static final int LOOPS = 14;

  private final Recipe recipe;
  private final boolean vectors;
  private final Plan plan;
  private final StringBuilder methods = new StringBuilder();

  BlockWriter(Recipe recipe, Program program, boolean vectors) {
    this.recipe = recipe;
    this.vectors = vectors;
    plan = new Plan(recipe, program, !vectors, vectors ? VECTORS : LOOPS);
  }

  int slots() {
    return plan.slotCount;
  }

  String write() {
    return (vectors ? list() : run()) + methods;
  }

  /** The passes, and which of them a block needs. */
  private String list() {
    StringBuilder list = new StringBuilder();
    Map<String, Long> wanted = new LinkedHashMap<>(); // by conditions
    for (Item item : plan.items) {
      methods.append(pass(item));
      wanted.merge(item.step().scope().when(), 1L << plan.items.indexOf(item), Long::sum);
      list.append(",\n          Generated" + recipe.name() + "Vectors::" + item.method());
    }
    String bits =
        wanted.entrySet().stream()
            .map(e -> bits(e.getKey(), "0b" + Long.toBinaryString(e.getValue()) + "L"))
            .collect(joining("\n        | "));
    return """
          static final VectorPasses<%1$s> PASSES =
              new VectorPasses<>(
                  Generated%2$sVectors::wanted%3$s);

          private static long wanted(%1$s b) {
            return %4$s;
          }
        """
        .formatted(recipe.type(), recipe.name(), list, bits);
  }

  private static String bits(String condition, String bits) {
    return condition.isEmpty() ? bits : "(" + condition + " ? " + bits + " : 0)";
  }

  private String pass(Item item) {
    PassWriter pass = new PassWriter(recipe, plan, vectors, item);
    StringBuilder body = new StringBuilder();
    for (Variable v : pass.variables.values()) {
      body.append("    " + v.type() + v.name() + " = " + v.java() + ";\n");
    }
    body.append(pass.loop);
    boolean strip = body.toString().matches("(?s).*[ (]s\\..*");
    return """

          private static void %s(%s b, Lanes lanes, int start, int n) {
        %s%s  }
        """
        .formatted(
            item.method(), recipe.type(), strip ? "    Strip s = lanes.strip();\n" : "", body);
  }

  /** Does one loop after the other. */
  private String run() {
    StringBuilder run = new StringBuilder();
    for (int i = 0; i < plan.items.size(); i++) {
      Item item = plan.items.get(i);
      copies(2 * i - 1, true, run);
      String java = item.pass() == null ? plan.filled(item.step().java()) : loop(item);
      guarded(item.step().scope().when(), java, run);
      copies(2 * i, false, run);
    }
    // HotSpot makes vectors of loops whose arrays are parameters, and were looked up before all.
    StringBuilder arrays = new StringBuilder();
    for (int k = 0; k < plan.slotCount; k++) {
      arrays.append("    float[] strip" + k + " = s.slots[" + k + "];\n");
    }
    String lines = run.toString().replaceAll("s\\.slots\\[(\\d+)]", "strip$1");
    return """
          /** Elements from {@code start} on; infinities and NaN make a sum NaN. */
          static void run(%s b, Lanes lanes, int start, int n) {
            Strip s = lanes.strip();
        %s%s  }
        """
        .formatted(recipe.type(), arrays, lines.replaceAll("} // .*", "}"));
  }

  /** Joins what the same condition guards. */
  private static void guarded(String condition, String text, StringBuilder to) {
    String end = "    } // " + condition + "\n";
    if (condition.isEmpty()) {
      to.append("    " + text + "\n");
    } else if (to.toString().endsWith(end)) {
      to.setLength(to.length() - end.length());
      to.append("      " + text + "\n" + end);
    } else {
      to.append("    if (" + condition + ") {\n      " + text + "\n" + end);
    }
  }

  /** Copies from memory where a value's life begins, or to memory where a stored one's ends. */
  private void copies(int time, boolean in, StringBuilder to) {
    plan.lives.forEach(
        (place, life) -> {
          Memory m = recipe.memory().get(place);
          boolean now = in ? life[0] == time : life[1] / 2 == time / 2;
          boolean moves = in ? life[0] % 2 != 0 : plan.stored.contains(place);
          if (m != null && moves && now) {
            String slot = "s.slots[" + plan.slots.get(place) + "], 0";
            String there = m.array() + ", " + m.at();
            String text = in ? there + ", " + slot : slot + ", " + there;
            guarded(m.isThere(), "System.arraycopy(" + text + ", n);", to);
          }
        });
  }

  /** Adds a method, and returns a call of it. */
  private String loop(Item item) {
    PassWriter pass = new PassWriter(recipe, plan, vectors, item);
    StringBuilder parameters = new StringBuilder();
    StringBuilder arguments = new StringBuilder();
    for (Variable v : pass.variables.values()) {
      parameters.append(v.type() + v.name() + ", ");
      arguments.append(v.java() + ", ");
    }
    methods.append("\n  private static void " + item.method() + "(" + parameters + "int n) {\n");
    methods.append(pass.loop + "  }\n");
    return item.method() + "(" + arguments + "n);";
  }
}
