package io.github.fusedloss.generator;

import io.github.fusedloss.generator.Cuts.Pass;
import io.github.fusedloss.generator.Graph.Form;
import io.github.fusedloss.generator.Graph.Node;
import io.github.fusedloss.generator.Recipe.Call;
import io.github.fusedloss.generator.Recipe.Memory;
import io.github.fusedloss.generator.Recipe.Step;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The passes of a block, as vectors or as loops, and where their values are: in memory, or in the
 * strip's arrays, which are allocated here.
 */
final class Plan {
  /** A pass, or Java; and the memory that it fetches for the next strip, or null. */
  record Item(Step step, String method, Pass pass, String ahead) {}

  private static final Pattern VALUE = Pattern.compile("\\{([\\w.]+)}");

  final List<Item> items = new ArrayList<>();

  /** A leaf, or a value between passes, to the strip's array. */
  final Map<Object, Integer> slots = new LinkedHashMap<>();

  /** First and last item, twice their number; of what is copied from memory, before the item. */
  final Map<Object, int[]> lives = new LinkedHashMap<>();

  /** Leaves of results, by their values; many a stage has of its own. */
  private final Map<Node, List<String>> results = new LinkedHashMap<>();

  /** Results that are numbers or arguments, which no pass stores, and of which functions. */
  private final Map<String, String> left = new LinkedHashMap<>();

  /** What the passes store. */
  final Set<Object> stored = new HashSet<>();

  int slotCount;

  private final Recipe recipe;

  /** Loops copy memory to arrays of the strip. */
  private final boolean loops;

  Plan(Recipe recipe, Program program, boolean loops, int limit) {
    this.recipe = recipe;
    this.loops = loops;
    for (Step step : recipe.steps()) {
      Form form = loops ? step.scope().loops() : step.scope().vectors();
      if (form != null && step.call() != null) {
        stage(step, program, form, limit);
      } else if (form != null) {
        VALUE.matcher(step.java()).results().forEach(m -> use(m.group(1), false));
        items.add(new Item(step, null, null, null));
      }
    }
    left.forEach(
        (place, function) -> {
          if (stored.contains(place)) {
            throw new IllegalArgumentException(
                function + " stores no " + place + ", a number or an argument; other steps do");
          }
        });
    allocate();
  }

  private void stage(Step step, Program program, Form form, int limit) {
    Call call = step.call();
    Map<String, Node> out = new Graph(form).results(program, call);
    out.values().removeIf(n -> n.kind == Type.MASK); // which no array holds
    out.forEach((l, n) -> results.computeIfAbsent(n, k -> new ArrayList<>()).add(l));
    List<Pass> passes = Cuts.of(out.values(), limit, loops);
    if (step.folds() && !loops && passes.size() > 1) {
      throw new IllegalArgumentException(call.function() + " is too long to be one pass");
    }
    out.forEach(
        (l, n) -> {
          if (passes.stream().noneMatch(p -> p.stores().contains(n))) {
            left.putIfAbsent(l, call.function());
          }
        });
    Set<Object> overwritten = new HashSet<>();
    for (int i = 0; i < passes.size(); i++) {
      Pass pass = passes.get(i);
      for (Node n : pass.loads()) {
        if (n.leaf != null && overwritten.contains(n.leaf)) {
          throw new IllegalArgumentException(
              call.function() + " needs " + n.leaf + " after it was overwritten; rename it");
        }
        if (!recipe.numbers().containsKey(n.leaf)) {
          use(place(n), false);
        }
      }
      for (Node n : pass.stores()) {
        places(n).forEach(place -> use(place, true));
        overwritten.addAll(places(n));
      }
      String ahead = i < step.ahead().size() && !loops ? step.ahead().get(i) : null;
      String part = passes.size() > 1 ? "" + (i + 1) : "";
      items.add(new Item(step, unique(Code.identifier(call.function()) + part), pass, ahead));
    }
  }

  private String unique(String method) {
    boolean taken = items.stream().anyMatch(o -> method.equals(o.method));
    return taken ? unique(method + "Again") : method;
  }

  /** Where a pass leaves a value: under names of results, or as a value between passes. */
  List<Object> places(Node n) {
    return results.containsKey(n) ? List.copyOf(results.get(n)) : List.of(n);
  }

  /** Where to read a value. */
  Object place(Node n) {
    return n.leaf != null ? n.leaf : places(n).get(0);
  }

  private void use(Object place, boolean isStored) {
    if (isStored) {
      stored.add(place);
    }
    Memory m = recipe.memory().get(place);
    if (m != null && (!loops || m.at() == null)) {
      return;
    } else if (m == null && !isStored && !lives.containsKey(place)) {
      throw new IllegalArgumentException(place + " is neither declared nor computed before");
    }
    int now = 2 * items.size();
    // Memory that is always there is fetched at once, before all else.
    int copied = m != null && m.isThere().isEmpty() ? -1 : now - 1;
    int first = m != null && !isStored ? copied : now;
    int[] life = lives.computeIfAbsent(place, p -> new int[] {first, now});
    // No two values that a pass stores share an array. A value that is copied to memory after the
    // pass shares its array with none of them either.
    boolean copiedOut = m != null && stored.contains(place);
    life[1] = isStored || copiedOut ? now + 1 : now;
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
