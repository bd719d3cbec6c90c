package io.github.fusedloss.generator;

import static java.lang.Float.floatToRawIntBits;
import static java.lang.Float.intBitsToFloat;

import io.github.fusedloss.generator.Recipe.Call;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A formula: each value once, in the order of the kernel. What is made simpler keeps every bit,
 * except which NaN a NaN is.
 */
final class Graph implements Domain<Graph.Node> {
  /** Which numbers a formula has to be right for, and which operations it may have. */
  enum Form {
    /** Any numbers. */
    ALL,
    /** Finite numbers. Checks for others are left out, so infinities and NaN give anything. */
    FINITE,
    /**
     * Finite numbers, in loops that HotSpot turns into vector instructions: no choices. A choice is
     * MIN, MAX or a sum of products with 0 and 1, which may lose the sign of a zero.
     */
    LOOPS
  }

  /** An input has a leaf, a constant has neither that nor an operation. */
  static final class Node {
    final int id;
    final Type kind;
    final Op op;
    final String leaf;
    final int bits;
    final List<Node> arguments;

    /** The name that the kernel gives this value, or null. */
    String name;

    Node(int id, Type kind, Op op, String leaf, int bits, List<Node> arguments) {
      this.id = id;
      this.kind = kind;
      this.op = op;
      this.leaf = leaf;
      this.bits = bits;
      this.arguments = arguments;
    }

    boolean isConstant() {
      return op == null && leaf == null;
    }

    boolean is(Op other) {
      return op == other;
    }

    private boolean is(float value) {
      return kind == Type.FLOAT && isConstant() && bits == floatToRawIntBits(value);
    }

    private boolean is(boolean value) {
      return kind == Type.MASK && isConstant() && bits == (value ? 1 : 0);
    }

    Node argument(int i) {
      return arguments.get(i);
    }
  }

  private static final float HUGE = 0x1p100f;

  private final Form form;
  private final Map<List<Object>, Node> nodes = new HashMap<>();

  Graph(Form form) {
    this.form = form;
  }

  private Node node(Type kind, Op op, String leaf, int bits, List<Node> arguments) {
    List<Object> key = Arrays.asList(kind, op, leaf, bits, arguments);
    return nodes.computeIfAbsent(key, k -> new Node(nodes.size(), kind, op, leaf, bits, arguments));
  }

  /** Leaves of what a function returns or changes, by their names. */
  Map<String, Node> results(Program program, Call call) {
    Map<String, Node> out =
        new Evaluator<>(program, this)
            .call(call.function(), call.arguments(), call.result(), this::input);
    out.entrySet().removeIf(e -> e.getKey().equals(e.getValue().leaf));
    return out;
  }

  Node input(String leaf) {
    return node(Type.FLOAT, null, leaf, 0, List.of());
  }

  @Override
  public Node constant(Type kind, int bits) {
    return node(kind, null, null, bits, List.of());
  }

  private Node constant(float value) {
    return constant(Type.FLOAT, floatToRawIntBits(value));
  }

  @Override
  public Integer known(Node value) {
    return value.isConstant() ? value.bits : null;
  }

  @Override
  public void name(Node value, String name) {
    value.name = value.name == null ? name : value.name;
  }

  @Override
  public Node apply(Op op, List<Node> arguments) {
    int last = arguments.size() - 1;
    Node a = arguments.get(0);
    Node b = arguments.get(Math.min(1, last));
    Node c = arguments.get(last);
    if (arguments.stream().allMatch(Node::isConstant)) {
      return constant(op.type, op.evaluate(a.bits, b.bits, c.bits));
    }
    Node simple = simpler(op, a, b, c);
    if (simple == null && form != Form.ALL) {
      simple = finite(op, a, b);
    }
    if (simple == null && form == Form.LOOPS) {
      simple = inLoops(op, a, b, c);
    }
    return simple != null ? simple : node(op.type, op, null, 0, arguments);
  }

  private Node apply(Op op, Node... arguments) {
    return apply(op, List.of(arguments));
  }

  /** Returns the same value in fewer operations, or in ones that vectors have; or null. */
  private Node simpler(Op op, Node a, Node b, Node c) {
    return switch (op) {
      case ADD ->
          b.is(Op.NEG)
              ? apply(Op.SUB, a, b.argument(0))
              : a.is(Op.NEG) ? apply(Op.SUB, b, a.argument(0)) : null;
      case SUB -> b.is(Op.NEG) ? apply(Op.ADD, a, b.argument(0)) : null;
      case MUL -> b.is(1f) ? a : a.is(1f) ? b : null;
      case FMA ->
          a.is(Op.NEG) && b.isConstant()
              ? apply(op, a.argument(0), constant(-intBitsToFloat(b.bits)), c)
              : null;
      // Below 2^24 no other integer becomes the same float.
      case INT_EQ ->
          b.isConstant() && Math.abs((long) b.bits) < 1 << 24
              ? apply(Op.EQ, apply(Op.FLOAT_OF_INT, a), constant((float) b.bits))
              : null;
      case MASK_AND -> a.is(false) || b.is(true) ? a : a.is(true) || b.is(false) ? b : null;
      case SELECT ->
          a.is(true)
              ? b
              : a.is(false) ? c : a.is(Op.MASK_NOT) ? apply(op, a.argument(0), c, b) : null;
      default -> null;
    };
  }

  private Node finite(Op op, Node a, Node b) {
    boolean below = op == Op.LT && b.is(Float.POSITIVE_INFINITY);
    boolean above = op == Op.GT && b.is(Float.NEGATIVE_INFINITY);
    boolean itself = a == b && (op == Op.EQ || op == Op.NE);
    return below || above || itself ? constant(Type.MASK, op == Op.NE ? 0 : 1) : null;
  }

  /** LT and NE are the only comparisons there, and no choice is left. */
  private Node inLoops(Op op, Node a, Node b, Node c) {
    return switch (op) {
      case GT -> apply(Op.LT, b, a);
      case GE -> apply(Op.MASK_NOT, apply(Op.LT, a, b));
      case LE -> apply(Op.MASK_NOT, apply(Op.LT, b, a));
      case EQ -> apply(Op.MASK_NOT, apply(Op.NE, a, b));
      case SELECT -> choice(a, b, c);
      // HotSpot (17) orders the operands of a sum or product as it likes, in each copy of an
      // unrolled loop by itself; where both are of one kind, it then takes one for the other and
      // makes no vectors of it. Those of an fma stay.
      case ADD -> a.op != null && a.op == b.op ? apply(Op.FMA, a, constant(1f), b) : null;
      case MUL -> a.op != null && a.op == b.op ? apply(Op.FMA, a, b, constant(-0f)) : null;
      case FMA -> a.is(0f) || b.is(0f) ? c : null;
      default -> null;
    };
  }

  private Node choice(Node c, Node yes, Node no) {
    if (c.is(Op.LT) && c.arguments.equals(List.of(yes, no))) {
      return apply(Op.MIN, no, yes);
    } else if (c.is(Op.LT) && c.arguments.equals(List.of(no, yes))) {
      return apply(Op.MAX, no, yes);
    }
    Node h = factor(c);
    Node other = apply(Op.SUB, constant(1f), h);
    return no.is(0f) ? apply(Op.MUL, yes, h) : apply(Op.FMA, yes, h, apply(Op.MUL, no, other));
  }

  /** 1 where the condition holds, else 0. */
  private Node factor(Node c) {
    Node a = c.argument(0);
    return switch (c.op) {
      case LT -> step(c.argument(1), a);
      case NE -> one(apply(Op.MUL, apply(Op.ABS, minus(a, c.argument(1))), constant(HUGE)));
      case MASK_NOT -> apply(Op.SUB, constant(1f), factor(a));
      case MASK_AND -> apply(Op.MUL, factor(a), factor(c.argument(1)));
      case MASK_OR -> apply(Op.MAX, factor(a), factor(c.argument(1)));
      default -> throw new IllegalArgumentException("no loop can choose by " + c.op);
    };
  }

  private Node minus(Node a, Node b) {
    return b.is(0f) ? a : apply(Op.SUB, a, b);
  }

  /** 1 where a > b, else 0: the difference is not 0 where they differ, but may be subnormal. */
  private Node step(Node a, Node b) {
    Node scaled =
        a.is(0f) ? apply(Op.MUL, b, constant(-HUGE)) : apply(Op.MUL, minus(a, b), constant(HUGE));
    return one(apply(Op.MAX, scaled, constant(0f)));
  }

  private Node one(Node v) {
    return apply(Op.MIN, apply(Op.MUL, v, constant(HUGE)), constant(1f));
  }
}
