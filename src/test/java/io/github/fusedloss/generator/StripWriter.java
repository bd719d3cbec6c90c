package io.github.fusedloss.generator;

import io.github.fusedloss.generator.Graph.Node;
import io.github.fusedloss.generator.Work.Item;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Writes a work as loops of plain Java that HotSpot turns into vector instructions. */
final class StripWriter {
  /** As many operations as a loop may have. */
  static final int LIMIT = 14;

  private final Work work;
  private final Work.Plan plan;

  StripWriter(Work work, Program program) {
    this.work = work;
    plan = work.new Plan(program, true, LIMIT);
  }

  int slots() {
    return plan.slotCount;
  }

  String write() {
    StringBuilder run = new StringBuilder();
    StringBuilder loops = new StringBuilder();
    for (int slot = 0; slot < plan.slotCount; slot++) {
      run.append("    float[] " + Work.slot(slot) + " = s.slots[" + slot + "];\n");
    }
    for (int i = 0; i < plan.items.size(); i++) {
      Item item = plan.items.get(i);
      copies(2 * i - 1, true, run);
      String call = item.pass() == null ? plan.filled(item.text()) : loop(item, loops);
      guarded(item.when(), call, run);
      copies(2 * i, false, run);
    }
    return "  /** Elements from {@code start} on; infinities and NaN make a sum NaN. */\n"
        + "  static void run("
        + work.block
        + " b, Lanes lanes, int start, int n) {\n    Strip s = lanes.strip();\n"
        + run.toString().replaceAll("} // .*", "}")
        + "  }\n"
        + loops;
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
    for (Map.Entry<Object, int[]> entry : plan.lives.entrySet()) {
      Work.Memory m = work.memory.get(entry.getKey());
      int[] life = entry.getValue();
      boolean now = in ? life[0] == time : life[1] / 2 == time / 2;
      boolean moves = in ? life[0] % 2 != 0 : plan.stored.contains(entry.getKey());
      if (m != null && m.at() != null && moves && now) {
        String slot = Work.slot(plan.slots.get(entry.getKey()));
        String there = m.array() + ", " + m.at();
        String text = in ? there + ", " + slot + ", 0" : slot + ", 0, " + there;
        guarded(m.isThere(), "System.arraycopy(" + text + ", n);", to);
      }
    }
  }

  /** Adds a method, and returns a call of it. */
  private String loop(Item item, StringBuilder to) {
    Map<String, String> arrays = new LinkedHashMap<>(); // names of parameters, and arguments
    List<String> uniforms = new ArrayList<>();
    StringBuilder lines = new StringBuilder();
    Set<String> taken =
        work.uniforms.keySet().stream().map(Code::identifier).collect(Collectors.toSet());
    Code code = new Code(false, taken);
    for (Node n : item.pass().loads()) {
      if (n.leaf != null && work.uniforms.containsKey(n.leaf)) {
        uniforms.add(n.leaf);
        code.is(n, Code.identifier(n.leaf));
      } else {
        String array = array(plan.place(n), arrays);
        lines.append("      float " + code.name(n) + " = " + array + "[i];\n");
      }
    }
    code.body(item.pass(), "      ", lines);
    for (Node n : item.pass().stores()) {
      for (Object place : plan.places(n)) {
        lines.append("      " + array(place, arrays) + "[i] = " + code.text(n) + ";\n");
      }
    }
    StringBuilder parameters = new StringBuilder();
    StringBuilder arguments = new StringBuilder();
    arrays.keySet().forEach(name -> parameters.append("float[] " + name + ", "));
    arrays.values().forEach(java -> arguments.append(java + ", "));
    uniforms.forEach(u -> parameters.append("float " + Code.identifier(u) + ", "));
    uniforms.forEach(u -> arguments.append(work.uniforms.get(u) + ", "));
    to.append("\n  private static void " + item.method() + "(" + parameters + "int n) {\n");
    to.append("    for (int i = 0; i < n; i++) {\n").append(lines).append("    }\n  }\n");
    return item.method() + "(" + arguments + "n);";
  }

  private String array(Object place, Map<String, String> arrays) {
    Work.Memory m = work.memory.get(place);
    boolean direct = m != null && m.at() == null;
    String java = direct ? m.array() : Work.slot(plan.slots.get(place));
    String name = direct ? java.substring(java.indexOf('.') + 1) + "s" : java;
    arrays.put(name, java);
    return name;
  }
}
