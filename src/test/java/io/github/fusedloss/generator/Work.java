package io.github.fusedloss.generator;

import io.github.fusedloss.generator.Cuts.Pass;
import io.github.fusedloss.generator.Graph.Node;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What is done to every element of a block: functions of the kernels, one after the other, some
 * only where an option is there. A value has the name of an array in memory, or else lives in one
 * of the strip's, which are allocated here.
 */
final class Work {
  /** An array of the caller's: its Java, where the block begins in it (null: at 0). */
  record Memory(String array, String at, String isThere) {}

  /** A function of the kernels, or Java: for vectors and for strips, null where there is none. */
  private record Step(
      String when,
      String result,
      String function,
      List<String> arguments,
      List<String> ahead,
      Graph.Form form,
      String vectors,
      String strips) {}

  /** A pass, or Java; and the memory that it fetches for the next strip, or null. */
  record Item(String when, String method, Pass pass, String text, String ahead) {}

  private static final Pattern VALUE = Pattern.compile("\\{([\\w.]+)}");

  final String name;
  final String block;
  final Map<String, Memory> memory = new LinkedHashMap<>();
  final Map<String, String> uniforms = new LinkedHashMap<>();
  private final List<Step> steps = new ArrayList<>();
  private String condition = "";

  /** Of vectors; loops are always for finite numbers. */
  private Graph.Form form = Graph.Form.ALL;

  /** Names the classes, and the block in which what is called b keeps its arrays. */
  Work(String name, String block) {
    this.name = name;
    this.block = block;
  }

  /** An array b.name, from b.nameAt on. */
  Work memory(String leaf) {
    memory.put(leaf, new Memory("b." + leaf, "b." + leaf + "At", ""));
    return this;
  }

  /** The same, or null. */
  Work optional(String leaf) {
    memory.put(leaf, new Memory("b." + leaf, "b." + leaf + "At", "b." + leaf + " != null"));
    return this;
  }

  /** An array of this Java, which begins where the block begins and is never null. */
  Work array(String leaf, String java) {
    memory.put(leaf, new Memory(java, null, ""));
    return this;
  }

  /**
   * Of the steps that follow: infinities and NaN are judged elsewhere, and what vectors make of
   * them is of no meaning.
   */
  Work finite() {
    form = Graph.Form.FINITE;
    return this;
  }

  /** Of the steps that follow: vectors have to be right whatever comes. */
  Work any() {
    form = Graph.Form.ALL;
    return this;
  }

  /** One float for all elements. */
  Work uniform(String leaf) {
    uniforms.put(leaf, "b." + leaf);
    return this;
  }

  /** Of the steps that follow. */
  Work when(String condition) {
    this.condition = condition;
    return this;
  }

  /** {@code result = function(arguments)}. */
  Work then(String result, String function, String... arguments) {
    List<String> ahead = new ArrayList<>();
    steps.add(new Step(condition, result, function, List.of(arguments), ahead, form, null, null));
    return this;
  }

  /** The last step's passes read these arrays' next elements, one each, so that they are cached. */
  Work fetching(String... leaves) {
    steps.get(steps.size() - 1).ahead.addAll(Arrays.asList(leaves));
    return this;
  }

  /** Java; {value.hi} is the array of a value. */
  private Work java(String name, String vectors, String strips) {
    steps.add(new Step(condition, name, null, List.of(), List.of(), form, vectors, strips));
    return this;
  }

  /** Java for strips alone, which must make a sum NaN where a result is no finite number. */
  Work judge(String text) {
    return java("judge", null, text);
  }

  /** Adds pairs to the block's sum. */
  Work sum(String value) {
    String arguments = "({" + value + ".hi}, {" + value + ".lo}, lanes, start, n);";
    return java("sum", "VectorPasses.sum" + arguments, "s.sum" + arguments);
  }

  /** What the strip's array of this number is called. */
  static String slot(int number) {
    return "strip" + number;
  }

  /** The items of one rendering, and where their values are. */
  final class Plan {
    final List<Item> items = new ArrayList<>();

    /** A leaf, or a value between passes, to the strip's array. */
    final Map<Object, Integer> slots = new LinkedHashMap<>();

    /** First and last item, twice their number; of what is copied from memory, before the item. */
    final Map<Object, int[]> lives = new LinkedHashMap<>();

    /** Leaves of results, by their values; many a stage has of its own. */
    private final Map<Node, List<String>> results = new LinkedHashMap<>();

    int slotCount;

    /** In strips memory is copied to arrays of the strip. */
    private final boolean copies;

    Plan(Program program, boolean loops, int limit) {
      copies = loops;
      for (Step step : steps) {
        String java = copies ? step.strips : step.vectors;
        if (step.function != null) {
          stage(step, program, limit);
        } else if (java != null) {
          VALUE.matcher(java).results().forEach(m -> use(m.group(1), false));
          items.add(new Item(step.when, step.result, null, java, null));
        }
      }
      allocate();
    }

    private void stage(Step step, Program program, int limit) {
      Graph graph = new Graph(copies ? Graph.Form.LOOPS : step.form);
      Map<String, Node> out =
          new Evaluator<>(program, graph)
              .call(step.function, step.arguments, step.result, graph::input);
      out.values().removeIf(n -> n.kind == Type.MASK); // which no array holds
      out.entrySet().removeIf(e -> e.getKey().equals(e.getValue().leaf));
      out.forEach((l, n) -> results.computeIfAbsent(n, k -> new ArrayList<>()).add(l));
      List<Pass> passes = Cuts.of(new LinkedHashSet<>(out.values()), limit, copies);
      for (int i = 0; i < passes.size(); i++) {
        Pass pass = passes.get(i);
        for (Node n : pass.loads()) {
          String leaf = n.leaf;
          if (leaf != null && out.containsKey(leaf) && i > 0) {
            throw new IllegalArgumentException(
                step.function
                    + " needs "
                    + leaf
                    + " after it may have been overwritten; rename it");
          }
          if (leaf == null || !uniforms.containsKey(leaf)) {
            use(place(n), false);
          }
        }
        for (Node n : pass.stores()) {
          places(n).forEach(place -> use(place, true));
        }
        String ahead = i < step.ahead.size() && !copies ? step.ahead.get(i) : null;
        String part = passes.size() > 1 ? "" + (i + 1) : "";
        String method = Code.identifier(step.function) + part;
        items.add(new Item(step.when, unique(method), pass, null, ahead));
      }
    }

    private String unique(String method) {
      boolean taken = items.stream().anyMatch(o -> method.equals(o.method));
      return taken ? unique(method + "Again") : method;
    }

    /** The result's names, none for a value between passes. */
    private List<String> leaves(Node n) {
      return results.getOrDefault(n, List.of());
    }

    /** Where a pass leaves a value. */
    List<Object> places(Node n) {
      return leaves(n).isEmpty() ? List.of(n) : List.copyOf(leaves(n));
    }

    /** Where to read a value. */
    Object place(Node n) {
      return n.leaf != null ? n.leaf : places(n).get(0);
    }

    private void use(Object place, boolean stored) {
      Memory m = memory.get(place);
      if (m != null && (!copies || m.at == null)) {
        return;
      }
      int now = 2 * items.size();
      // What is always there is fetched from memory at once, before all else.
      int copied = m != null && m.isThere.isEmpty() ? -1 : now - 1;
      int first = m != null && !stored ? copied : now;
      int[] life = lives.computeIfAbsent(place, p -> new int[] {first, now});
      // What a pass stores shares its array with nothing else that it stores.
      life[1] = stored ? now + 1 : now;
    }

    private void allocate() {
      List<Object> order = new ArrayList<>(lives.keySet());
      order.sort(Comparator.comparing(p -> lives.get(p)[0]));
      Map<Integer, Integer> busyUntil = new TreeMap<>();
      for (Object place : order) {
        int[] life = lives.get(place);
        int slot = 0;
        while (busyUntil.getOrDefault(slot, -1) > life[0]) {
          slot++;
        }
        busyUntil.put(slot, life[1]);
        slots.put(place, slot);
        slotCount = Math.max(slotCount, slot + 1);
      }
    }

    /** Java in which the strip's arrays have their names. */
    String filled(String text) {
      return VALUE.matcher(text).replaceAll(m -> slot(slots.get(m.group(1))));
    }
  }
}
