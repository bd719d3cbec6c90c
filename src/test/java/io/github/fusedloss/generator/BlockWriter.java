package io.github.fusedloss.generator;

import static java.util.stream.Collectors.joining;

import io.github.fusedloss.generator.Graph.Node;
import io.github.fusedloss.generator.Plan.Item;
import io.github.fusedloss.generator.Recipe.Memory;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * Writes a block as passes over strips: of the Vector API, or loops of plain Java that HotSpot
 * turns into vector instructions by itself.
 */
final class BlockWriter {
  /** As many operations as a pass may have, see {@code VectorPasses}; and a loop. */
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
    Pass pass = new Pass(item);
    String loop = pass.text(); // which declares the variables
    StringBuilder body = new StringBuilder();
    for (Variable v : pass.variables.values()) {
      body.append("    " + v.type + v.name + " = " + v.java + ";\n");
    }
    body.append(loop);
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

  /** From memory where a life begins, to memory where that of something stored ends. */
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
    Pass pass = new Pass(item);
    String text = pass.text();
    String parameters =
        pass.variables.values().stream().map(v -> v.type + v.name + ", ").collect(joining());
    String arguments = pass.variables.values().stream().map(v -> v.java + ", ").collect(joining());
    methods.append("\n  private static void " + item.method() + "(" + parameters + "int n) {\n");
    methods.append(text + "  }\n");
    return item.method() + "(" + arguments + "n);";
  }

  /** What stands before a loop. */
  private record Variable(String type, String name, String java) {}

  /** A pass over a strip; or, if it folds, over one lane after the other. */
  private final class Pass {
    private final Item item;
    private final boolean folds;
    private final Code code =
        new Code(vectors, Set.of("start", "next", "touched", "lane", "line", "end"));

    /** That what lies in a tile's lines is indexed by {@code line} too; a fold goes along them. */
    private final boolean lines;

    /** What stands before the loop, by names. */
    private final Map<String, Variable> variables = new LinkedHashMap<>();

    private final StringBuilder ofLanes = new StringBuilder(); // loads, once a lane
    private final StringBuilder body = new StringBuilder();
    private final StringBuilder stores = new StringBuilder();

    Pass(Item item) {
      this.item = item;
      folds = vectors && item.step().folds();
      lines = vectors && recipe.ofTile() && !folds;
      item.pass().loads().forEach(this::load);
      if (vectors) {
        constants();
      }
      code.body(item.pass(), folds, "      ", body);
      for (Node n : item.pass().stores()) {
        plan.places(n).forEach(place -> store(place, code.text(n)));
      }
    }

    /** Vectors go through all lines of a tile; a fold of its rows from line to line. */
    String text() {
      String touch = item.ahead() == null ? "" : touch();
      String step = vectors ? "i += LENGTH" : "i++";
      String loop =
          "    for (int i = 0; i < n; " + step + ") {\n" + touch + body + stores + "    }\n";
      String end = recipe.ofTile() ? "b.end()" : "n";
      String lanes = recipe.ofTile() ? "n" : "Blocks.LANES";
      if (lines && item.pass().stores().stream().anyMatch(this::isLine)) {
        declare("int ", "end", end);
        return "    for (int line = 0; line < end; line += n) {\n" + indented(loop) + "    }\n";
      } else if (folds) {
        declare("int ", "end", end);
        return """
                for (int lane = 0; lane < %1$s; lane += LENGTH) {
            %2$s      for (int i = lane; i < end; i += %1$s) {
            %3$s      }
            %4$s    }
            """
            .formatted(lanes, ofLanes, indented(body.toString()), stores);
      }
      return loop + (touch.isEmpty() ? "" : "    s.touched = touched;\n");
    }

    /** Reads an element of what is fetched. */
    private String touch() {
      element(item.ahead(), "i");
      String x = name(item.ahead());
      String next = x + ", " + x + "At, " + item.step().further();
      declare("int ", "next", "VectorMath.next(" + next + ")");
      declare("float ", "touched", "0f");
      return "      touched += " + x + "[next + i];\n";
    }

    private static String indented(String text) {
      return text.replaceAll("(?m)^(?=.)", "  ");
    }

    /** Whether it goes to the tile's lines. */
    private boolean isLine(Node n) {
      Memory m = recipe.memory().get(plan.places(n).get(0));
      return m != null && m.at() != null;
    }

    private void declare(String type, String name, String java) {
      variables.putIfAbsent(name, new Variable(type, name, java));
    }

    private void load(Node n) {
      String type = vectors ? "FloatVector " : "float ";
      String number = recipe.numbers().get(n.leaf);
      if (number != null) {
        declare(type, code.name(n), vectors ? "broadcast(SPECIES, " + number + ")" : number);
        return;
      }
      Object place = plan.place(n);
      Memory m = recipe.memory().get(place);
      boolean result = item.pass().stores().stream().anyMatch(r -> plan.places(r).contains(place));
      boolean once = folds && m != null && (m.at() == null || result);
      String element = element(place, once ? "lane" : "i");
      String value = vectors ? "fromArray(SPECIES, " + element + ")" : element;
      (once ? ofLanes : body).append("      " + type + code.name(n) + " = " + value + ";\n");
    }

    private void store(Object place, String value) {
      String element = element(place, folds ? "lane" : "i");
      String last = value;
      if (folds) { // The next element's is this one's.
        last = Code.identifier(place.toString());
        body.append("      " + last + " = " + value + ";\n");
      }
      String store = vectors ? last + ".intoArray(" + element + ")" : element + " = " + last;
      stores.append("      " + store + ";\n");
    }

    private static String name(Object place) {
      String name = Code.identifier(place.toString());
      return name + (name.endsWith("s") ? "es" : "s");
    }

    /** An element's array and index there; says before the loop what these are. */
    private String element(Object place, String i) {
      Integer slot = plan.slots.get(place);
      if (slot != null) {
        if (lines) {
          throw new IllegalArgumentException(place + ": a strip has room for one line of a tile");
        }
        declare("float[] ", "strip" + slot, "s.slots[" + slot + "]");
        return vectors ? "strip" + slot + ", " + i : "strip" + slot + "[" + i + "]";
      }
      Memory m = recipe.memory().get(place);
      String name = name(place);
      String orKept = m.kept() ? m.array() + " == null ? s.e : " : "";
      declare("float[] ", name, orKept + m.array());
      String index = i;
      if (m.at() != null) {
        String orZero = m.kept() ? m.array() + " == null ? 0 : " : "";
        declare("int ", name + "At", orZero + m.at());
        index = name + "At + " + (lines ? "line + " : "") + i;
      }
      return vectors ? name + ", " + index : name + "[" + index + "]";
    }

    private void constants() {
      Set<Node> constants = new LinkedHashSet<>();
      for (Node n : item.pass().body()) {
        boolean shift = n.is(Op.SHIFT_LEFT) || n.is(Op.SHIFT_RIGHT);
        n.arguments.stream().limit(shift ? 1 : 3).filter(Node::isConstant).forEach(constants::add);
      }
      for (Node n : constants) {
        String value = code.text(n);
        boolean ints = n.kind == Type.INT;
        String of = ints ? "IntVector.broadcast(INTS, " : "broadcast(SPECIES, ";
        declare(ints ? "IntVector " : "FloatVector ", code.name(n), of + value + ")");
      }
    }
  }
}
