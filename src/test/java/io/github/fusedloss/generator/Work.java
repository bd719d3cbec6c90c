package io.github.fusedloss.generator;

import io.github.fusedloss.generator.Cuts.Pass;
import io.github.fusedloss.generator.Graph.Node;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What is done to every element of a block: functions of the kernels, one after the other, some
 * only where an option is there. A value has the name of an array in memory, or else lives in one
 * of the strip's, which are allocated here.
 */
final class Work {
  /**
   * An array of the caller's: its Java, where the strip begins in it (null: at 0 for every strip),
   * whether it is there. What is kept without it is kept in the strip's e.
   */
  record Memory(String array, String at, String isThere, boolean kept) {}

  /** A function of the kernels, or Java: for vectors and for strips, null where there is none. */
  private record Step(
      String when,
      String result,
      String function,
      List<String> arguments,
      List<String> ahead,
      Graph.Form form,
      Rendering only,
      boolean folds,
      boolean chooses,
      String java) {}

  /** Where a step is; null: everywhere. */
  private enum Rendering {
    VECTORS,
    LOOPS
  }

  /**
   * A pass, or Java; and the memory that it fetches for the next strip, or null.
   *
   * @param folds a pass whose results go from an element of a lane to the next
   */
  record Item(String when, String method, Pass pass, String text, String ahead, boolean folds) {}

  private static final Pattern VALUE = Pattern.compile("\\{([\\w.]+)}");

  final String name;
  final String block;
  final Map<String, Memory> memory = new LinkedHashMap<>();
  final Map<String, String> uniforms = new LinkedHashMap<>();
  private final List<Step> steps = new ArrayList<>();
  private String condition = "";
  private Rendering only;
  private boolean chooses;

  /** What folds go over: how far apart a lane's elements are, and where the last lane ends. */
  String lanes = "Blocks.LANES";

  String end = "n";

  /** How many elements further what is fetched lies. */
  String distance = "n";

  /** Of vectors; loops are always for finite numbers. */
  private Graph.Form form = Graph.Form.ALL;

  /** Names the classes, and the block in which what is called b keeps its arrays. */
  Work(String name, String block) {
    this.name = name;
    this.block = block;
  }

  /** An array b.name, from b.nameAt on. */
  Work memory(String leaf) {
    return memory(leaf, "", false);
  }

  /** The same, or null. */
  Work optional(String leaf) {
    return memory(leaf, "b." + leaf + " != null", false);
  }

  /** The same; without it vectors keep what goes there, strip by strip. */
  Work kept(String leaf) {
    return memory(leaf, "b." + leaf + " != null", true);
  }

  private Work memory(String leaf, String isThere, boolean kept) {
    memory.put(leaf, new Memory("b." + leaf, "b." + leaf + "At + start", isThere, kept));
    return this;
  }

  /** An array b.name, in which a strip is where it is in the block; used on this condition. */
  Work line(String leaf, String isThere) {
    memory.put(leaf, new Memory("b." + leaf, "start", isThere, false));
    return this;
  }

  /** An array of this Java, which begins where the block begins and is never null. */
  Work array(String leaf, String java) {
    memory.put(leaf, new Memory(java, null, "", false));
    return this;
  }

  /** What a fold begins with and leaves, of each lane of a block. */
  Work lane(String leaf, String java) {
    memory.put(leaf, new Memory(java, "Blocks.lane(start)", "", false));
    return this;
  }

  /** Whether vectors go through all lines of a tile, and {@code n} is a line. */
  boolean hasLines() {
    return !end.equals("n");
  }

  /** Folds go from class to class of rows that lie side by side. */
  Work acrossRows() {
    lanes = "n";
    end = "b.end()";
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
    return uniform(leaf, "b." + leaf);
  }

  /** This Java. */
  Work uniform(String leaf, String java) {
    uniforms.put(leaf, java);
    return this;
  }

  /** A pair for all elements: this Java, a long. */
  Work uniformPair(String leaf, String java) {
    uniforms.put(leaf + ".hi", "hi(" + java + ")");
    uniforms.put(leaf + ".lo", "lo(" + java + ")");
    return this;
  }

  /** The steps that follow are for vectors alone. */
  Work inVectors() {
    only = Rendering.VECTORS;
    return this;
  }

  /** The steps that follow are for loops alone. */
  Work inLoops() {
    only = Rendering.LOOPS;
    return this;
  }

  /**
   * From here on loops choose, and are no vector instructions: zeros keep their signs, and numbers
   * need not be finite.
   */
  Work choosing() {
    chooses = true;
    return this;
  }

  /** The steps that follow are for both, and loops do not choose. */
  Work everywhere() {
    only = null;
    chooses = false;
    return this;
  }

  /** Of the steps that follow. */
  Work when(String condition) {
    this.condition = condition;
    return this;
  }

  /** {@code result = function(arguments)}. */
  Work then(String result, String function, String... arguments) {
    return step(result, function, List.of(arguments), false, null);
  }

  /**
   * {@code result = function(result, arguments)} of the lane's last element; loops, which do it
   * element by element, need its arrays to be those of lanes as long as the strip.
   */
  Work fold(String result, String function, String... arguments) {
    List<String> all = new ArrayList<>(List.of(result));
    all.addAll(List.of(arguments));
    return step(result, function, all, true, null);
  }

  private Work step(
      String result, String function, List<String> arguments, boolean folds, String java) {
    List<String> ahead = new ArrayList<>();
    steps.add(
        new Step(condition, result, function, arguments, ahead, form, only, folds, chooses, java));
    return this;
  }

  /** The last step's passes read these arrays' next elements, one each, so that they are cached. */
  Work fetching(String... leaves) {
    Step last = steps.get(steps.size() - 1);
    if (last.folds) {
      throw new IllegalArgumentException(last.function + " is a fold, which fetches nothing");
    }
    last.ahead.addAll(Arrays.asList(leaves));
    return this;
  }

  /** Fetches what is so much further, not the next strip. */
  Work aheadBy(String elements) {
    distance = elements;
    return this;
  }

  /** Java; {value.hi} is the array of a value. */
  private Work java(String name, Rendering rendering, String java) {
    Rendering before = only;
    only = rendering;
    step(name, null, List.of(), false, java);
    only = before;
    return this;
  }

  /** Java for strips alone, which must make a sum NaN where a result is no finite number. */
  Work judge(String text) {
    return java("judge", Rendering.LOOPS, text);
  }

  /** Adds pairs to the block's sum. */
  Work sum(String value) {
    return sum(value, "lanes");
  }

  /** Adds them to these lanes. */
  Work sum(String value, String lanes) {
    return sum("accumulate", "{" + value + ".lo}", lanes, value + ".hi", value + ".lo");
  }

  /** Adds floats to the block's sum. */
  Work sumFloats(String value) {
    return sumFloats(value, "lanes");
  }

  /** Adds them to these lanes. */
  Work sumFloats(String value, String lanes) {
    return sum("accumulate_float", "s.zero", lanes, value);
  }

  /** In vectors by a fold of the lanes, in loops by hand. */
  private Work sum(String function, String lo, String lanes, String... halves) {
    String sum = lanes + ".sum";
    lane(sum + ".hi", lanes + ".hi");
    lane(sum + ".lo", lanes + ".lo");
    Rendering before = only;
    inVectors().fold(sum, function, halves);
    only = before;
    String to = ", " + lo + ", " + lanes + ", start, n);";
    return java("sum", Rendering.LOOPS, "StripSums.sum(s, {" + halves[0] + "}" + to);
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

    /** What passes store. */
    final Set<Object> stored = new HashSet<>();

    int slotCount;

    /** In strips memory is copied to arrays of the strip. */
    private final boolean copies;

    Plan(Program program, boolean loops, int limit) {
      copies = loops;
      for (Step step : steps) {
        if (step.only == (copies ? Rendering.VECTORS : Rendering.LOOPS)) {
          continue;
        } else if (step.function != null) {
          stage(step, program, limit);
        } else {
          VALUE.matcher(step.java).results().forEach(m -> use(m.group(1), false));
          items.add(new Item(step.when, unique(step.result), null, step.java, null, false));
        }
      }
      allocate();
    }

    private void stage(Step step, Program program, int limit) {
      Graph graph = new Graph(copies && !step.chooses ? Graph.Form.LOOPS : step.form);
      Map<String, Node> out =
          new Evaluator<>(program, graph)
              .call(step.function, step.arguments, step.result, graph::input);
      out.values().removeIf(n -> n.kind == Type.MASK); // which no array holds
      out.entrySet().removeIf(e -> e.getKey().equals(e.getValue().leaf));
      out.forEach((l, n) -> results.computeIfAbsent(n, k -> new ArrayList<>()).add(l));
      List<Pass> passes = Cuts.of(new LinkedHashSet<>(out.values()), limit, copies);
      boolean folds = step.folds && !copies;
      if (folds && passes.size() > 1) {
        throw new IllegalArgumentException(step.function + " is too long to be one pass");
      }
      Set<Object> overwritten = new HashSet<>();
      for (int i = 0; i < passes.size(); i++) {
        Pass pass = passes.get(i);
        for (Node n : pass.loads()) {
          String leaf = n.leaf;
          if (leaf != null && overwritten.contains(leaf)) {
            throw new IllegalArgumentException(
                step.function + " needs " + leaf + " after it was overwritten; rename it");
          }
          if (leaf == null || !uniforms.containsKey(leaf)) {
            use(place(n), false);
          }
        }
        for (Node n : pass.stores()) {
          places(n).forEach(place -> use(place, true));
          overwritten.addAll(places(n));
        }
        String ahead = i < step.ahead.size() && !copies ? step.ahead.get(i) : null;
        String part = passes.size() > 1 ? "" + (i + 1) : "";
        String method = Code.identifier(step.function) + part;
        items.add(new Item(step.when, unique(method), pass, null, ahead, folds));
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
      if (stored) {
        this.stored.add(place);
      }
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
      return VALUE.matcher(text).replaceAll(m -> "s.slots[" + slots.get(m.group(1)) + "]");
    }
  }
}
