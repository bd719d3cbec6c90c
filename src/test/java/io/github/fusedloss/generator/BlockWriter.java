package io.github.fusedloss.generator;

import io.github.fusedloss.generator.Graph.Node;
import io.github.fusedloss.generator.Work.Item;
import io.github.fusedloss.generator.Work.Memory;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

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

  BlockWriter(Work work, Program program, boolean vectors) {
    this.work = work;
    this.vectors = vectors;
    plan = work.new Plan(program, !vectors, vectors ? VECTORS : LOOPS);
  }

  int slots() {
    return plan.slotCount;
  }

  String write() {
    return (vectors ? list() : run())
        + plan.items.stream().map(this::method).collect(Collectors.joining());
  }

  /** The passes, and which of them a block needs. */
  private String list() {
    StringBuilder list = new StringBuilder();
    Map<String, Long> wanted = new LinkedHashMap<>(); // by conditions
    for (Item item : plan.items) {
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
      guarded(item.when(), item.method() + "(b, lanes, start, n);", run);
      copies(2 * i, false, run);
    }
    return "  /** Elements from {@code start} on; infinities and NaN make a sum NaN. */\n"
        + "  static void run("
        + work.block
        + " b, Lanes lanes, int start, int n) {\n"
        + "    Strip s = lanes.strip();\n"
        + run.toString().replaceAll("} // .*", "}")
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

  private String method(Item item) {
    String body =
        item.pass() == null ? "    " + plan.filled(item.text()) + "\n" : new Pass(item).text();
    return "\n  private static void "
        + item.method()
        + "("
        + work.block
        + " b, Lanes lanes, int start, int n) {\n"
        + (body.contains(" s.") || body.contains("(s.") ? "    Strip s = lanes.strip();\n" : "")
        + body
        + "  }\n";
  }

  /** A pass over a strip; or, if it folds, over one lane after the other. */
  private final class Pass {
    private final Item item;
    private final Code code = new Code(vectors, Set.of("start", "next", "touched", "lane", "end"));

    /** What stands before the loop, by names. */
    private final Map<String, String> declared = new LinkedHashMap<>();

    private final StringBuilder ofLanes = new StringBuilder(); // loads, once a lane
    private final StringBuilder body = new StringBuilder();
    private final StringBuilder stores = new StringBuilder();

    Pass(Item item) {
      this.item = item;
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
        declare(
            "next", "int next = VectorMath.next(" + x + ", " + x + "At, " + work.distance + ")");
        declare("touched", "float touched = 0f");
        touch = "      touched += " + x + "[next + i];\n";
      }
      String step = vectors ? "i += LENGTH" : "i++";
      String loop =
          "    for (int i = 0; i < n; " + step + ") {\n" + touch + body + stores + "    }\n";
      if (item.folds()) {
        declare("end", "int end = " + work.end);
        loop =
            "    for (int lane = 0; lane < "
                + work.lanes
                + "; lane += LENGTH) {\n"
                + ofLanes
                + "      for (int i = lane; i < end; i += "
                + work.lanes
                + ") {\n"
                + body.toString().replaceAll("(?m)^(?=.)", "  ")
                + "      }\n"
                + stores
                + "    }\n";
      }
      return String.join("", declared.values())
          + loop
          + (item.ahead() != null ? "    s.touched = touched;\n" : "");
    }

    private void declare(String name, String text) {
      declared.putIfAbsent(name, "    " + text + ";\n");
    }

    private void load(Node n) {
      String uniform = n.leaf == null ? null : work.uniforms.get(n.leaf);
      String type = vectors ? "FloatVector " : "float ";
      if (uniform != null) {
        String name = code.name(n);
        declare(
            name,
            type + name + " = " + (vectors ? "broadcast(SPECIES, " + uniform + ")" : uniform));
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
      String name = slot == null ? name(place) : "strip" + slot;
      String array = slot == null ? m.array() : "s.slots[" + slot + "]";
      boolean kept = slot == null && m.kept();
      declare(name, "float[] " + name + " = " + (kept ? array + " == null ? s.e : " : "") + array);
      if (slot == null && m.at() != null) {
        String at = kept ? array + " == null ? 0 : " + m.at() : m.at();
        declare(name + "At", "int " + name + "At = " + at);
        i = name + "At + " + i;
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
        String name = code.name(n);
        boolean ints = n.kind == Type.INT;
        String of = ints ? " = IntVector.broadcast(INTS, " : " = broadcast(SPECIES, ";
        declare(name, (ints ? "IntVector " : "FloatVector ") + name + of + value + ")");
      }
    }
  }
}
