package io.github.fusedloss.generator;

import io.github.fusedloss.generator.Graph.Node;
import io.github.fusedloss.generator.Work.Item;
import io.github.fusedloss.generator.Work.Memory;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Writes a work as passes of the Vector API. */
final class VectorWriter {
  /** As many operations as a pass may have, see {@code VectorPasses}. */
  static final int LIMIT = 23;

  private final Work work;
  private final Work.Plan plan;

  /** Whether the pass that is written does. */
  private boolean folds;

  VectorWriter(Work work, Program program) {
    this.work = work;
    plan = work.new Plan(program, false, LIMIT);
  }

  int slots() {
    return plan.slotCount;
  }

  String write() {
    StringBuilder passes = new StringBuilder();
    StringBuilder list = new StringBuilder();
    Map<String, Long> wanted = new LinkedHashMap<>(); // by conditions
    long bit = 1;
    for (Item item : plan.items) {
      wanted.merge(item.when(), bit, Long::sum);
      bit *= 2;
      list.append(list.length() == 0 ? "" : ",").append("\n          ");
      list.append("Generated").append(work.name).append("Vectors::").append(item.method());
      pass(item, passes);
    }
    boolean choice = wanted.size() > 1;
    return "  static final VectorPasses<"
        + work.block
        + "> PASSES =\n      new VectorPasses<>("
        + (choice ? "\n          Generated" + work.name + "Vectors::wanted," : "")
        + list
        + ");\n"
        + (choice ? choice(wanted) : "")
        + passes;
  }

  /** Which passes a block needs. */
  private String choice(Map<String, Long> wanted) {
    StringBuilder to =
        new StringBuilder("\n  private static long wanted(" + work.block + " b) {\n");
    to.append("    long bits = 0b" + Long.toBinaryString(wanted.getOrDefault("", 0L)) + "L;\n");
    wanted.forEach(
        (condition, bits) -> {
          if (!condition.isEmpty()) {
            to.append(
                "    bits |= " + condition + " ? 0b" + Long.toBinaryString(bits) + "L : 0;\n");
          }
        });
    return to + "    return bits;\n  }\n";
  }

  private void pass(Item item, StringBuilder to) {
    to.append("\n  private static void " + item.method() + "(");
    to.append(work.block + " b, Lanes lanes, int start, int n) {\n");
    StringBuilder loop = new StringBuilder();
    Map<String, String> arrays = new LinkedHashMap<>(); // names, and what they are
    if (item.pass() == null) {
      String text = plan.filled(item.text());
      for (Integer slot : new TreeSet<>(plan.slots.values())) {
        if (text.contains(Work.slot(slot))) {
          arrays.put(Work.slot(slot), "s.slots[" + slot + "]");
        }
      }
      loop.append("    " + text + "\n");
    } else {
      loop(item, arrays, loop);
    }
    if (arrays.values().stream().anyMatch(a -> a.matches(".*\\bs\\..*")) || item.ahead() != null) {
      to.append("    Strip s = lanes.strip();\n");
    }
    arrays.forEach((name, java) -> to.append("    float[] " + name + " = " + java + ";\n"));
    to.append(loop).append("  }\n");
  }

  private void loop(Item item, Map<String, String> arrays, StringBuilder to) {
    folds = item.folds();
    Code code = new Code(true, Set.of("start", "next", "touched", "lane", "line", "end"));
    StringBuilder before = new StringBuilder();
    StringBuilder loads = new StringBuilder();
    if (item.ahead() != null) {
      at(item.ahead(), "i", arrays, before);
    }
    StringBuilder ofLanes = new StringBuilder(); // loads, once a lane
    for (Node n : item.pass().loads()) {
      String uniform = n.leaf == null ? null : work.uniforms.get(n.leaf);
      if (uniform != null) {
        before.append(
            "    FloatVector " + code.name(n) + " = broadcast(SPECIES, " + uniform + ");\n");
      } else {
        Object place = plan.place(n);
        Memory m = work.memory.get(place);
        boolean once = item.folds() && m != null && (m.at() == null || isResult(place, item));
        String at = at(place, once ? "lane" : "i", arrays, before);
        (once ? ofLanes : loads)
            .append("      FloatVector " + code.name(n) + " = fromArray(SPECIES, " + at + ");\n");
      }
    }
    constants(item, code, before);
    to.append(before);
    if (item.ahead() != null) {
      String x = name(item.ahead());
      to.append("    int next = VectorMath.next(" + x + ", " + x + "At, " + work.distance + ");\n");
      to.append("    float touched = 0f;\n");
    }
    StringBuilder body = new StringBuilder();
    code.body(item.pass(), item.folds(), "      ", body);
    StringBuilder stores = new StringBuilder();
    StringBuilder late = new StringBuilder(); // declarations for what is stored
    for (Node n : item.pass().stores()) {
      for (Object place : plan.places(n)) {
        String value = code.text(n);
        if (item.folds()) { // The next element's is this one's.
          String carried = Code.identifier(place.toString());
          body.append("      " + carried + " = " + value + ";\n");
          value = carried;
        }
        String at = at(place, item.folds() ? "lane" : "i", arrays, late);
        stores.append("      " + value + ".intoArray(" + at + ");\n");
      }
    }
    to.append(late);
    if (item.folds()) {
      if (item.ahead() != null) { // A float of each line of 64 bytes.
        to.append("    for (int i = 0; i < n; i += 16) {\n");
        to.append("      touched += " + name(item.ahead()) + "[next + i];\n    }\n");
        to.append("    s.touched = touched;\n");
      }
      to.append("    int end = " + work.end + ";\n");
      to.append("    for (int lane = 0; lane < " + work.lanes + "; lane += LENGTH) {\n");
      to.append(ofLanes);
      to.append("      for (int i = lane; i < end; i += " + work.lanes + ") {\n");
      to.append((loads.toString() + body).replaceAll("(?m)^", "  ").stripTrailing());
      to.append("\n      }\n").append(stores).append("    }\n");
      return;
    }
    boolean lines = work.hasLines() && item.pass().stores().stream().anyMatch(this::isLine);
    if (lines) {
      to.append("    int end = " + work.end + ";\n");
      to.append("    for (int line = 0; line < end; line += n) {\n");
    }
    to.append(lines ? "  " : "").append("    for (int i = 0; i < n; i += LENGTH) {\n");
    if (item.ahead() != null) {
      to.append("      touched += " + name(item.ahead()) + "[next + i];\n");
    }
    String loop = loads.toString() + body + stores + "    }\n";
    to.append(lines ? loop.replaceAll("(?m)^", "  ").stripTrailing() + "\n    }\n" : loop);
    if (item.ahead() != null) {
      to.append("    s.touched = touched;\n");
    }
  }

  /** Whether it goes to the tile's lines, each of which is done in turn. */
  private boolean isLine(Node n) {
    Memory m = work.memory.get(plan.places(n).get(0));
    return m != null && m.at() != null;
  }

  private boolean isResult(Object place, Item item) {
    return item.pass().stores().stream().anyMatch(n -> plan.places(n).contains(place));
  }

  private static String name(Object place) {
    String name = Code.identifier(place.toString());
    return name + (name.endsWith("s") ? "es" : "s");
  }

  /** The array of a place and the index there; says what it is when it is first used. */
  private String at(Object place, String i, Map<String, String> arrays, StringBuilder before) {
    Memory m = work.memory.get(place);
    if (m == null) {
      if (work.hasLines() && !folds) {
        throw new IllegalArgumentException(place + ": a strip has room for one line of a tile");
      }
      int slot = plan.slots.get(place);
      arrays.put(Work.slot(slot), "s.slots[" + slot + "]");
      return Work.slot(slot) + ", " + i;
    }
    String name = name(place);
    String array = m.kept() ? m.array() + " == null ? s.e : " + m.array() : m.array();
    if (arrays.put(name, array) == null && m.at() != null) {
      String at = m.kept() ? m.array() + " == null ? 0 : " + m.at() : m.at();
      before.append("    int " + name + "At = " + at + ";\n");
    }
    String line = work.hasLines() && m.at() != null && i.equals("i") && !folds ? "line + " : "";
    return name + ", " + (m.at() == null ? "" : name + "At + ") + line + i;
  }

  private void constants(Item item, Code code, StringBuilder to) {
    Set<Node> constants = new LinkedHashSet<>();
    for (Node n : item.pass().body()) {
      boolean shift = n.is(Op.SHIFT_LEFT) || n.is(Op.SHIFT_RIGHT);
      n.arguments.stream().limit(shift ? 1 : 3).filter(Node::isConstant).forEach(constants::add);
    }
    for (Node n : constants) {
      boolean isInt = n.kind == Type.INT;
      String of = isInt ? " = IntVector.broadcast(INTS, " : " = broadcast(SPECIES, ";
      String value = code.text(n);
      to.append(isInt ? "    IntVector " : "    FloatVector ");
      to.append(code.name(n) + of + value + ");\n");
    }
  }

  /** The imports that a class of such passes needs. */
  static String imports(String code) {
    String operators =
        java.util.stream.Stream.of("ASHR", "EQ", "GE", "GT", "I2F", "LE", "LSHL", "LT", "NE")
            .filter(o -> code.matches("(?s).*\\b" + o + "\\b.*"))
            .map(o -> "import static jdk.incubator.vector.VectorOperators." + o + ";\n")
            .collect(Collectors.joining());
    boolean ints = code.contains("IntVector");
    String pairs =
        java.util.stream.Stream.of("hi", "lo")
            .filter(half -> code.contains("(SPECIES, " + half + "("))
            .map(half -> "import static io.github.fusedloss.cpu.ScalarMath." + half + ";\n")
            .collect(Collectors.joining());
    return pairs
        + (ints ? "import static io.github.fusedloss.cpu.VectorMath.INTS;\n" : "")
        + "import static io.github.fusedloss.cpu.VectorMath.LENGTH;\n"
        + "import static io.github.fusedloss.cpu.VectorMath.SPECIES;\n"
        + "import static jdk.incubator.vector.FloatVector.broadcast;\n"
        + "import static jdk.incubator.vector.FloatVector.fromArray;\n"
        + operators
        + "\nimport jdk.incubator.vector.FloatVector;\n"
        + (ints ? "import jdk.incubator.vector.IntVector;\n" : "")
        + (code.contains("VectorMask") ? "import jdk.incubator.vector.VectorMask;\n" : "");
  }
}
