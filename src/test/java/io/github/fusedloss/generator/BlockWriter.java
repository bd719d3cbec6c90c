package io.github.fusedloss.generator;

import static java.util.stream.Collectors.joining;

import io.github.fusedloss.generator.Graph.Node;
import io.github.fusedloss.generator.Work.Item;
import io.github.fusedloss.generator.Work.Memory;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * Writes a work as passes over strips: of the Vector API, or loops of plain Java that HotSpot turns
 * into vector instructions by itself.
 */
final class BlockWriter {
  /** As many operations as a pass may have, see {@code VectorPasses}; and a loop. */
  private static final int VECTORS = 23;

  private static final int LOOPS = 14;

  private final Work work;
  private final boolean vectors;
  private final Work.Plan plan;
  private final StringBuilder methods = new StringBuilder();

  BlockWriter(Work work, Program program, boolean vectors) {
    this.work = work;
    this.vectors = vectors;
    plan = work.new Plan(program, !vectors, vectors ? VECTORS : LOOPS);
  }

  int slots() {
    return plan.slotCount;
  }

  String write() {
    String begin = vectors ? list() : run();
    return begin + methods;
  }

  /** The passes, and which of them a block needs. */
  private String list() {
    StringBuilder list = new StringBuilder();
    Map<String, Long> wanted = new LinkedHashMap<>(); // by conditions
    for (Item item : plan.items) {
      pass(item);
      wanted.merge(item.when(), 1L << plan.items.indexOf(item), Long::sum);
      list.append(",\n          Generated" + work.name + "Vectors::" + item.method());
    }
    StringBuilder bits = new StringBuilder();
    wanted.forEach(
        (condition, some) ->
            bits.append(bits.length() == 0 ? "" : "\n        | ")
                .append(condition.isEmpty() ? "" : "(" + condition + " ? ")
                .append("0b" + Long.toBinaryString(some) + "L")
                .append(condition.isEmpty() ? "" : " : 0)"));
    return "  static final VectorPasses<"
        + work.block
        + "> PASSES =\n"
        + "      new VectorPasses<>(\n          Generated"
        + work.name
        + "Vectors::wanted"
        + list
        + ");\n\n  private static long wanted("
        + work.block
        + " b) {\n    return "
        + bits
        + ";\n  }\n";
  }

  /** Does one loop after the other. */
  private String run() {
    StringBuilder run = new StringBuilder();
    for (int i = 0; i < plan.items.size(); i++) {
      Item item = plan.items.get(i);
      copies(2 * i - 1, true, run);
      guarded(item.when(), item.pass() == null ? plan.filled(item.text()) : loop(item), run);
      copies(2 * i, false, run);
    }
    // HotSpot makes vectors of loops whose arrays are parameters, and were looked up before all.
    StringBuilder arrays = new StringBuilder();
    for (int k = 0; k < plan.slotCount; k++) {
      arrays.append("    float[] strip" + k + " = s.slots[" + k + "];\n");
    }
    String lines = run.toString().replaceAll("s\\.slots\\[(\\d+)]", "strip$1");
    return "  /** Elements from {@code start} on; infinities and NaN make a sum NaN. */\n"
        + ("  static void run(" + work.block + " b, Lanes lanes, int start, int n) {\n")
        + "    Strip s = lanes.strip();\n"
        + arrays
        + lines.replaceAll("} // .*", "}")
        + "  }\n";
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
          Memory m = work.memory.get(place);
          boolean now = in ? life[0] == time : life[1] / 2 == time / 2;
          boolean moves = in ? life[0] % 2 != 0 : plan.stored.contains(place);
          if (m != null && m.at() != null && moves && now) {
            String slot = "s.slots[" + plan.slots.get(place) + "], 0";
            String there = m.array() + ", " + m.at();
            String text = in ? there + ", " + slot : slot + ", " + there;
            guarded(m.isThere(), "System.arraycopy(" + text + ", n);", to);
          }
        });
  }

  private void pass(Item item) {
    StringBuilder body = new StringBuilder();
    if (item.pass() == null) {
      body.append("    " + plan.filled(item.text()) + "\n");
    } else {
      Pass pass = new Pass(item);
      String loop = pass.text();
      for (Variable v : pass.declared.values()) {
        body.append("    " + v.type + v.name + " = " + v.java + ";\n");
      }
      body.append(loop);
    }
    boolean strip = body.toString().matches("(?s).*[ (]s\\..*");
    methods.append("\n  private static void " + item.method());
    methods.append("(" + work.block + " b, Lanes lanes, int start, int n) {\n");
    methods.append(strip ? "    Strip s = lanes.strip();\n" : "").append(body).append("  }\n");
  }

  /** Adds a method, and returns a call of it. */
  private String loop(Item item) {
    Pass pass = new Pass(item);
    String text = pass.text();
    Collection<Variable> all = pass.declared.values();
    methods.append("\n  private static void " + item.method() + "(");
    all.forEach(v -> methods.append(v.type + v.name + ", "));
    methods.append("int n) {\n" + text + "  }\n");
    return item.method() + "(" + all.stream().map(v -> v.java + ", ").collect(joining()) + "n);";
  }

  /** What stands before a loop. */
  private record Variable(String type, String name, String java) {}

  /** A pass over a strip; or, if it folds, over one lane after the other. */
  private final class Pass {
    private final Item item;
    private final Code code =
        new Code(vectors, Set.of("start", "next", "touched", "lane", "line", "end"));

    /** That what lies in a tile's lines is indexed by {@code line} too; a fold goes along them. */
    private final boolean lines;

    /** What stands before the loop, by names. */
    private final Map<String, Variable> declared = new LinkedHashMap<>();

    private final StringBuilder ofLanes = new StringBuilder(); // loads, once a lane
    private final StringBuilder body = new StringBuilder();
    private final StringBuilder stores = new StringBuilder();

    Pass(Item item) {
      this.item = item;
      lines = vectors && work.hasLines() && !item.folds();
      item.pass().loads().forEach(this::load);
      if (vectors) {
        constants();
      }
      code.body(item.pass(), item.folds(), "      ", body);
      for (Node n : item.pass().stores()) {
        plan.places(n).forEach(place -> store(place, code.text(n)));
      }
    }

    String text() {
      String touch = "";
      if (item.ahead() != null) {
        element(item.ahead(), "i");
        String x = name(item.ahead());
        String next = "VectorMath.next(" + x + ", " + x + "At, " + work.distance + ")";
        declare("int ", "next", next);
        declare("float ", "touched", "0f");
        touch = "      touched += " + x + "[next + i];\n";
      }
      String step = vectors ? "i += LENGTH" : "i++";
      String loop =
          "    for (int i = 0; i < n; " + step + ") {\n" + touch + body + stores + "    }\n";
      if (lines && item.pass().stores().stream().anyMatch(this::isLine)) {
        declare("int ", "end", work.end);
        loop = "    for (int line = 0; line < end; line += n) {\n" + indented(loop) + "    }\n";
      } else if (item.folds()) {
        declare("int ", "end", work.end);
        loop =
            "    for (int lane = 0; lane < "
                + work.lanes
                + "; lane += LENGTH) {\n"
                + ofLanes
                + "      for (int i = lane; i < end; i += "
                + work.lanes
                + ") {\n"
                + indented(body.toString())
                + "      }\n"
                + stores
                + "    }\n";
      }
      return loop + (item.ahead() != null ? "    s.touched = touched;\n" : "");
    }

    private static String indented(String text) {
      return text.replaceAll("(?m)^(?=.)", "  ");
    }

    /** Whether it goes to the tile's lines. */
    private boolean isLine(Node n) {
      Memory m = work.memory.get(plan.places(n).get(0));
      return m != null && m.at() != null;
    }

    private void declare(String type, String name, String java) {
      declared.putIfAbsent(name, new Variable(type, name, java));
    }

    private void load(Node n) {
      String uniform = n.leaf == null ? null : work.uniforms.get(n.leaf);
      String type = vectors ? "FloatVector " : "float ";
      if (uniform != null) {
        String java = vectors ? "broadcast(SPECIES, " + uniform + ")" : uniform;
        declare(type, code.name(n), java);
        return;
      }
      Object place = plan.place(n);
      Memory m = work.memory.get(place);
      boolean result = item.pass().stores().stream().anyMatch(r -> plan.places(r).contains(place));
      boolean once = item.folds() && m != null && (m.at() == null || result);
      String element = element(place, once ? "lane" : "i");
      (once ? ofLanes : body)
          .append("      " + type + code.name(n) + " = ")
          .append(vectors ? "fromArray(SPECIES, " + element + ");\n" : element + ";\n");
    }

    private void store(Object place, String value) {
      String element = element(place, item.folds() ? "lane" : "i");
      if (item.folds()) { // The next element's is this one's.
        body.append("      " + Code.identifier(place.toString()) + " = " + value + ";\n");
        value = Code.identifier(place.toString());
      }
      stores.append(
          vectors
              ? "      " + value + ".intoArray(" + element + ");\n"
              : "      " + element + " = " + value + ";\n");
    }

    private static String name(Object place) {
      String name = Code.identifier(place.toString());
      return name + (name.endsWith("s") ? "es" : "s");
    }

    /** An element's array and index there; says before the loop what these are. */
    private String element(Object place, String i) {
      Memory m = work.memory.get(place);
      Integer slot = plan.slots.get(place);
      if (lines && slot != null) {
        throw new IllegalArgumentException(place + ": a strip has room for one line of a tile");
      }
      String name = slot == null ? name(place) : "strip" + slot;
      String array = slot == null ? m.array() : "s.slots[" + slot + "]";
      boolean kept = slot == null && m.kept();
      declare("float[] ", name, (kept ? array + " == null ? s.e : " : "") + array);
      if (slot == null && m.at() != null) {
        String at = kept ? array + " == null ? 0 : " + m.at() : m.at();
        declare("int ", name + "At", at);
        i = name + "At + " + (lines ? "line + " : "") + i;
      }
      return vectors ? name + ", " + i : name + "[" + i + "]";
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
