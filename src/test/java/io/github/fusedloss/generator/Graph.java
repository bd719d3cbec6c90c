package io.github.fusedloss.generator;

import static java.lang.Float.floatToRawIntBits;
import static java.lang.Float.intBitsToFloat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A formula: each value once, in the order of the kernel. What is made simpler keeps every bit,
 * except which NaN a NaN is.
 */
final class Graph implements Domain<Graph.Node> {
  /** What a formula is for. */
  enum Form {
    /** Any numbers. */
    ALL,
    /** Finite numbers; what an infinity or NaN gives is of no meaning. Checks for them go. */
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

    /** What the kernel calls it, or null. */
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
  public Node apply(Op op, Node a, Node b, Node c) {
    List<Node> all = new ArrayList<>(Arrays.asList(a, b, c));
    all.removeIf(Objects::isNull);
    if (all.stream().allMatch(Node::isConstant)) {
      int bits = op.evaluate(a.bits, b == null ? 0 : b.bits, c == null ? 0 : c.bits);
      return constant(op.type, bits);
    }
    Node simple = simpler(op, a, b, c);
    if (simple == null && form != Form.ALL) {
      simple = finite(op, a, b);
    }
    if (simple == null && form == Form.LOOPS) {
      simple = op == Op.SELECT ? withoutChoice(a, b, c) : ordered(op, a, b);
    }
    return simple != null ? simple : node(op.type, op, null, 0, List.copyOf(all));
  }

  private Node apply(Op op, Node a, Node b) {
    return apply(op, a, b, null);
  }

  /** The same value in fewer operations, or null. */
  private Node simpler(Op op, Node a, Node b, Node c) {
    switch (op) {
      case NEG:
        return a.is(Op.NEG) ? a.argument(0) : null;
      case ADD:
        return b.is(Op.NEG)
            ? apply(Op.SUB, a, b.argument(0))
            : a.is(Op.NEG) ? apply(Op.SUB, b, a.argument(0)) : null;
      case SUB:
        return b.is(Op.NEG) ? apply(Op.ADD, a, b.argument(0)) : null;
      case MUL:
        return b.is(1f) ? a : a.is(1f) ? b : null;
      case FMA:
        return a.is(Op.NEG) && b.isConstant()
            ? apply(op, a.argument(0), constant(-intBitsToFloat(b.bits)), c)
            : null;
      case FLOAT_OF_INT:
        return a.is(Op.INT_SELECT)
            ? apply(
                Op.SELECT,
                a.argument(0),
                apply(op, a.argument(1), null),
                apply(op, a.argument(2), null))
            : null;
      case INT_EQ:
        // Below 2^24 no other integer becomes the same float.
        return b.isConstant() && Math.abs((long) b.bits) < 1 << 24
            ? apply(Op.EQ, apply(Op.FLOAT_OF_INT, a, null), constant((float) b.bits))
            : null;
      case MASK_AND:
        return a.isConstant()
            ? (a.bits == 0 ? a : b)
            : b.isConstant() ? simpler(op, b, a, c) : null;
      case MASK_OR:
        return a.isConstant()
            ? (a.bits == 0 ? b : a)
            : b.isConstant() ? simpler(op, b, a, c) : null;
      case SELECT, INT_SELECT, MASK_SELECT:
        return a.isConstant()
            ? (a.bits == 0 ? c : b)
            : b == c ? b : a.is(Op.MASK_NOT) ? apply(op, a.argument(0), c, b) : null;
      default:
        return null;
    }
  }

  private Node finite(Op op, Node a, Node b) {
    boolean below = op == Op.LT && b.is(Float.POSITIVE_INFINITY);
    boolean above = op == Op.GT && b.is(Float.NEGATIVE_INFINITY);
    if (below || above || a == b && (op == Op.EQ || op == Op.NE)) {
      return constant(Type.MASK, op == Op.NE ? 0 : 1);
    }
    return null;
  }

  /**
   * HotSpot (17) orders the operands of a sum or product as it likes, in each copy of an unrolled
   * loop by itself; where both are of one kind, it then takes one for the other and makes no
   * vectors of it. Those of an fma stay.
   */
  private Node ordered(Op op, Node a, Node b) {
    if (op != Op.ADD && op != Op.MUL || a.op == null || a.op != b.op) {
      return null;
    }
    return op == Op.ADD ? apply(Op.FMA, a, constant(1f), b) : apply(Op.FMA, a, b, constant(-0f));
  }

  private Node withoutChoice(Node c, Node yes, Node no) {
    if (c.is(Op.GE) || c.is(Op.LE) || c.is(Op.EQ)) {
      Op opposite = c.is(Op.GE) ? Op.LT : c.is(Op.LE) ? Op.GT : Op.NE;
      return apply(Op.SELECT, apply(opposite, c.argument(0), c.argument(1)), no, yes);
    }
    if (c.is(Op.LT) || c.is(Op.GT)) {
      Node less = c.argument(c.is(Op.LT) ? 0 : 1);
      Node more = c.argument(c.is(Op.LT) ? 1 : 0);
      if (yes == less && no == more || yes == more && no == less) {
        return apply(yes == less ? Op.MIN : Op.MAX, no, yes);
      }
    }
    Node h = factor(c);
    return apply(Op.FMA, yes, h, apply(Op.MUL, no, apply(Op.SUB, constant(1f), h)));
  }

  /** 1 where the condition holds, else 0. */
  private Node factor(Node c) {
    Node one = constant(1f);
    switch (c.op) {
      case LT:
        return step(c.argument(1), c.argument(0));
      case GT:
        return step(c.argument(0), c.argument(1));
      case LE:
        return apply(Op.SUB, one, step(c.argument(0), c.argument(1)));
      case GE:
        return apply(Op.SUB, one, step(c.argument(1), c.argument(0)));
      case EQ:
        return apply(Op.SUB, one, factor(apply(Op.NE, c.argument(0), c.argument(1))));
      case NE:
        Node apart = apply(Op.ABS, minus(c.argument(0), c.argument(1)), null);
        return one(apply(Op.MUL, apart, constant(HUGE)));
      case MASK_NOT:
        return apply(Op.SUB, one, factor(c.argument(0)));
      case MASK_AND:
        return apply(Op.MUL, factor(c.argument(0)), factor(c.argument(1)));
      case MASK_OR:
        return apply(Op.MAX, factor(c.argument(0)), factor(c.argument(1)));
      default:
        throw new IllegalArgumentException("no loop can choose by " + c.op);
    }
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
