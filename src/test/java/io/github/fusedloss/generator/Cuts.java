package io.github.fusedloss.generator;

import io.github.fusedloss.generator.Graph.Node;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Cuts a formula into passes of few operations. Floats go from one to a later one through arrays;
 * ints, masks, negations and absolute values are made again. Of all ways to cut the order of the
 * operations, takes the one with least work.
 */
final class Cuts {
  /** Operations in their order, what has to be loaded before, and what is stored behind. */
  record Pass(List<Node> body, Set<Node> loads, Set<Node> stores) {
    /** A pass costs two operations by itself. */
    private int cost() {
      return body.isEmpty() ? 0 : 2 + body.size() + loads.size() + stores.size();
    }
  }

  private final Set<Node> results;
  private final List<Node> order;
  private final Map<Node, Integer> places = new HashMap<>();

  /** The last place in the order that needs a value, in whatever way. */
  private final Map<Node, Integer> lastUses = new HashMap<>();

  private Cuts(Collection<Node> results, boolean apart) {
    this.results = new LinkedHashSet<>(results);
    Set<Node> all = new TreeSet<>(Comparator.comparing(n -> n.id)); // the order of the kernel
    results.forEach(r -> addTo(all, r));
    order = apart ? grouped(all) : List.copyOf(all);
    order.forEach(n -> places.put(n, places.size()));
    order.forEach(n -> n.arguments.forEach(a -> use(a, places.get(n))));
  }

  /**
   * Passes that compute these results, each of at most so many operations.
   *
   * @param apart whether operations on bits and on floats have to be in different passes
   */
  static List<Pass> of(Collection<Node> results, int limit, boolean apart) {
    Cuts cuts = new Cuts(results, apart);
    int n = cuts.order.size();
    int[] costs = new int[n + 1]; // of the best way to cut all operations before this one
    int[] from = new int[n + 1]; // where the last pass begins there
    for (int end = 1; end <= n; end++) {
      costs[end] = Integer.MAX_VALUE;
      boolean bits = onBits(cuts.order.get(end - 1));
      for (int start = end - 1; start >= 0; start--) {
        Pass pass = cuts.pass(start, end);
        boolean mixed = apart && onBits(cuts.order.get(start)) != bits;
        if (mixed || pass.body().size() > limit && start < end - 1) {
          break;
        } else if (costs[start] + pass.cost() < costs[end]) {
          costs[end] = costs[start] + pass.cost();
          from[end] = start;
        }
      }
    }
    List<Pass> passes = new ArrayList<>();
    for (int end = n; end > 0; end = from[end]) {
      passes.add(0, cuts.pass(from[end], end));
    }
    passes.removeIf(p -> p.body().isEmpty());
    cuts.results.stream()
        .filter(r -> r.leaf != null)
        .forEach(r -> passes.add(new Pass(List.of(), Set.of(r), Set.of(r))));
    return passes;
  }

  /** One pass that computes these results. */
  static Pass whole(Collection<Node> results) {
    Cuts cuts = new Cuts(results, false);
    Pass pass = cuts.pass(0, cuts.order.size());
    results.stream().filter(r -> r.leaf != null).forEach(pass.loads()::add);
    return pass;
  }

  private static void addTo(Set<Node> all, Node n) {
    if (n.op != null && all.add(n)) {
      n.arguments.forEach(a -> addTo(all, a));
    }
  }

  /** Orders the operations so that runs of the same kind (on bits or not) are long. */
  private static List<Node> grouped(Set<Node> all) {
    List<Node> left = new ArrayList<>(all);
    Set<Node> done = new LinkedHashSet<>();
    for (boolean bits = false; !left.isEmpty(); bits = !bits) {
      boolean kind = bits;
      left.removeIf(
          n ->
              onBits(n) == kind
                  && n.arguments.stream().allMatch(a -> a.op == null || done.contains(a))
                  && done.add(n));
    }
    return new ArrayList<>(done);
  }

  private static boolean onBits(Node n) {
    return n.op.type == Type.INT || n.is(Op.FLOAT_OF_BITS) || n.is(Op.FLOAT_OF_INT);
  }

  private static boolean madeAgain(Node n) {
    return n.op.type != Type.FLOAT || n.is(Op.NEG) || n.is(Op.ABS);
  }

  private void use(Node n, int at) {
    if (n.op != null && lastUses.getOrDefault(n, -1) < at) {
      lastUses.put(n, at);
      if (madeAgain(n)) {
        n.arguments.forEach(a -> use(a, at));
      }
    }
  }

  private Pass pass(int start, int end) {
    Pass pass = new Pass(new ArrayList<>(), new LinkedHashSet<>(), new LinkedHashSet<>());
    Set<Node> have = new HashSet<>();
    for (Node n : order.subList(start, end)) {
      if (results.contains(n) || !madeAgain(n) && lastUses.getOrDefault(n, -1) >= end) {
        make(n, start, have, pass);
        pass.stores().add(n);
      }
    }
    pass.body().sort(Comparator.comparing(places::get));
    return pass;
  }

  private void make(Node n, int start, Set<Node> have, Pass pass) {
    if (n.isConstant() || !have.add(n)) {
      return;
    } else if (n.leaf != null || places.get(n) < start && !madeAgain(n)) {
      pass.loads().add(n);
    } else {
      n.arguments.forEach(a -> make(a, start, have, pass));
      pass.body().add(n);
    }
  }
}
