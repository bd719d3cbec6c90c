package io.github.fusedloss.generator;

import io.github.fusedloss.generator.Graph.Node;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Cuts a formula into passes of few operations. Floats go from one to a later one through arrays;
 * ints, masks, negations and absolute values are made again. Of all ways to cut some orders of the
 * operations, takes the one with least work.
 */
final class Cuts {
  /** Operations in their order, what has to be loaded before, and what is stored behind. */
  record Pass(List<Node> body, Set<Node> loads, Set<Node> stores) {}

  /** What a pass costs by itself, in operations. */
  private static final int PASS = 2;

  private final Collection<Node> results;
  private final int limit;

  /** Whether operations on bits and on floats have to be in different passes. */
  private final boolean apart;

  private List<Node> order;
  private final Map<Node, Integer> places = new HashMap<>();

  /** The last place in the order that needs a value, in whatever way. */
  private final Map<Node, Integer> lastUses = new HashMap<>();

  private Cuts(Collection<Node> results, int limit, boolean apart) {
    this.results = results;
    this.limit = limit;
    this.apart = apart;
  }

  /** Passes that compute these results, each of at most so many operations. */
  static List<Pass> of(Collection<Node> results, int limit, boolean apart) {
    Cuts cuts = new Cuts(results, limit, apart);
    Set<Node> late = new LinkedHashSet<>();
    results.forEach(r -> cuts.visit(r, late));
    List<Node> early = new ArrayList<>(late);
    early.sort(Comparator.comparing(n -> n.id));
    List<Pass> best = null;
    for (List<Node> order : List.of(early, new ArrayList<>(late), cuts.grouped(early))) {
      List<Pass> passes = cuts.cut(order);
      best = best == null || cost(passes) < cost(best) ? passes : best;
    }
    return best;
  }

  private void visit(Node n, Set<Node> to) {
    if (n.op != null && !to.contains(n)) {
      n.arguments.forEach(a -> visit(a, to));
      to.add(n);
    }
  }

  /** As many operations of a kind one after the other as there can be. */
  private List<Node> grouped(List<Node> nodes) {
    List<Node> left = new ArrayList<>(nodes);
    Set<Node> done = new LinkedHashSet<>();
    for (boolean bits = false; !left.isEmpty(); bits = !bits) {
      boolean kind = bits;
      for (boolean more = true; more; ) {
        more =
            left.removeIf(
                n ->
                    onBits(n) == kind
                        && n.arguments.stream().allMatch(a -> a.op == null || done.contains(a))
                        && done.add(n));
      }
    }
    return new ArrayList<>(done);
  }

  static boolean onBits(Node n) {
    boolean fromInt = n.is(Op.FLOAT_OF_BITS) || n.is(Op.FLOAT_OF_INT);
    return n.op.type == Type.INT || fromInt;
  }

  private static boolean madeAgain(Node n) {
    return n.op.type != Type.FLOAT || n.is(Op.NEG) || n.is(Op.ABS);
  }

  private List<Pass> cut(List<Node> nodes) {
    order = nodes;
    places.clear();
    lastUses.clear();
    order.forEach(n -> places.put(n, places.size()));
    for (Node n : order) {
      n.arguments.forEach(a -> use(a, places.get(n)));
    }
    int n = order.size();
    int[] costs = new int[n + 1];
    int[] from = new int[n + 1];
    for (int end = 1; end <= n; end++) {
      costs[end] = Integer.MAX_VALUE;
      for (int start = end - 1; start >= 0; start--) {
        if (apart && onBits(order.get(start)) != onBits(order.get(end - 1))) {
          break;
        }
        Pass pass = pass(start, end);
        if (pass.body().size() > limit && start < end - 1) {
          break;
        }
        int cost = costs[start] + cost(List.of(pass));
        if (cost < costs[end]) {
          costs[end] = cost;
          from[end] = start;
        }
      }
    }
    List<Pass> passes = new ArrayList<>();
    for (int end = n; end > 0; end = from[end]) {
      passes.add(0, pass(from[end], end));
    }
    passes.removeIf(p -> p.body().isEmpty());
    for (Node r : results) {
      if (r.leaf != null) {
        passes.add(new Pass(List.of(), Set.of(r), Set.of(r)));
      }
    }
    return passes;
  }

  private void use(Node n, int at) {
    if (n.op != null && lastUses.getOrDefault(n, -1) < at) {
      lastUses.put(n, at);
      if (madeAgain(n)) {
        n.arguments.forEach(a -> use(a, at));
      }
    }
  }

  private static int cost(List<Pass> passes) {
    return passes.stream()
        .filter(p -> !p.body().isEmpty())
        .mapToInt(p -> PASS + p.body().size() + p.loads().size() + p.stores().size())
        .sum();
  }

  private Pass pass(int start, int end) {
    Pass pass = new Pass(new ArrayList<>(), new LinkedHashSet<>(), new LinkedHashSet<>());
    Set<Node> have = new LinkedHashSet<>();
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
    }
    if (n.leaf != null || places.get(n) < start && !madeAgain(n)) {
      pass.loads().add(n);
      return;
    }
    n.arguments.forEach(a -> make(a, start, have, pass));
    pass.body().add(n);
  }
}
