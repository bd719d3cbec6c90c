package io.github.fusedloss.generator;

import io.github.fusedloss.generator.Graph.Node;
import io.github.fusedloss.generator.Plan.Item;
import io.github.fusedloss.generator.Recipe.Memory;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** Writes a pass over a strip; or, if it folds, over one lane after the other. */
final class PassWriter {
  /** A variable that is declared before a loop. */
  record Variable(String type, String name, String java) {}

  private final Recipe recipe;
  private final Plan plan;
  private final boolean vectors;
  private final Item item;
  private final boolean folds;
  private final Code code;

  /**
   * Whether the loop goes through all lines of a tile, with {@code line} as a second index. A fold
   * does not.
   */
  private final boolean lines;

  /** The variables that are declared before the loop, by name. */
  final Map<String, Variable> variables = new LinkedHashMap<>();

  final String loop;

  private final StringBuilder ofLanes = new StringBuilder(); // loads, once a lane
  private final StringBuilder body = new StringBuilder();
  private final StringBuilder stores = new StringBuilder();

  PassWriter(Recipe recipe, Plan plan, boolean vectors, Item item) {
    this.recipe = recipe;
    this.plan = plan;
    this.vectors = vectors;
    this.item = item;
    code = new Code(vectors, Set.of("start", "next", "touched", "lane", "line", "end"));
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
    loop = loop();
  }

  /** Vectors go through all lines of a tile; a fold of its rows from line to line. */
  private String loop() {
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
    String orKept = m.kept() ? m.array() + " == null ? s.exponentials : " : "";
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
