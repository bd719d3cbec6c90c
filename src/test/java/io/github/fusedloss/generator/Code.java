package io.github.fusedloss.generator;

import io.github.fusedloss.generator.Cuts.Pass;
import io.github.fusedloss.generator.Graph.Node;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The lines of one pass, with a name for each value that is used twice, or has one in the kernel.
 */
final class Code {
  /** Longer expressions get a name. */
  private static final int LONG = 60;

  private static final Pattern ARGUMENT = Pattern.compile("\\b[abc]\\b");

  private final boolean vectors;
  private final Map<Node, String> texts = new HashMap<>();
  private final Set<String> taken;

  /** Makes names and texts for the Vector API or for plain Java; these names are taken. */
  Code(boolean vectors, Set<String> taken) {
    this.vectors = vectors;
    this.taken = new HashSet<>(taken);
    this.taken.addAll(Set.of("i", "n", "s", "b", "lanes"));
  }

  /** Sets the text that stands for a value. */
  void is(Node n, String text) {
    texts.put(n, text);
  }

  String text(Node n) {
    return texts.computeIfAbsent(n, Code::number);
  }

  /** A name for a value, that no other has. */
  String name(Node n) {
    String unnamed = n.isConstant() ? "c" : "v";
    String like = n.leaf != null ? n.leaf : n.name != null ? n.name : unnamed;
    String name = identifier(like);
    for (int k = 2; !taken.add(name); k++) {
      name = identifier(like) + k;
    }
    texts.put(n, name);
    return name;
  }

  /** {@code value.hi} and {@code f_lo} as Java writes them. */
  static String identifier(String name) {
    return joined(name, "[._]+(.?)");
  }

  /** Writes a path to a field as Java does: {@code row.at_y} becomes {@code row.atY}. */
  static String path(String leaf) {
    return joined(leaf, "_+(.?)");
  }

  private static String joined(String name, String between) {
    return Pattern.compile(between)
        .matcher(name)
        .replaceAll(m -> m.group(1).toUpperCase(Locale.ROOT));
  }

  private static String number(Node n) {
    if (n.kind == Type.INT) {
      return n.bits >= 0 && n.bits < 1024 ? "" + n.bits : "0x" + Integer.toHexString(n.bits);
    }
    float v = Float.intBitsToFloat(n.bits);
    if (v != v) {
      return "Float.NaN";
    } else if (Math.abs(v) == Float.POSITIVE_INFINITY) {
      return v > 0 ? "Float.POSITIVE_INFINITY" : "Float.NEGATIVE_INFINITY";
    }
    String decimal = Float.toString(v) + "f";
    return decimal.length() < 9 ? decimal.replaceAll("\\.0f", "f") : Float.toHexString(v) + "f";
  }

  /** Declares what a pass computes; the rest of it is said by {@link #text}. */
  void body(Pass pass, String indent, StringBuilder to) {
    body(pass, false, indent, to);
  }

  /** The same, with a name for each result if it is to have one. */
  void body(Pass pass, boolean named, String indent, StringBuilder to) {
    Map<Node, Integer> uses = new HashMap<>();
    pass.body().forEach(n -> n.arguments.forEach(a -> uses.merge(a, 1, Integer::sum)));
    for (Node n : pass.body()) {
      String text = expression(n);
      boolean stored = pass.stores().contains(n);
      int times = uses.getOrDefault(n, 0) + (stored ? 1 : 0);
      if (named && stored || times > 1 || n.name != null || text.length() > LONG) {
        to.append(indent).append(type(n.op.type)).append(' ');
        to.append(name(n)).append(" = ").append(text).append(";\n");
      } else {
        texts.put(n, text);
      }
    }
  }

  private String type(Type kind) {
    return switch (kind) {
      case FLOAT -> vectors ? "FloatVector" : "float";
      case INT -> vectors ? "IntVector" : "int";
      default -> vectors ? "VectorMask<Float>" : "boolean";
    };
  }

  private String expression(Node n) {
    String template = vectors ? n.op.vectors : n.op.java;
    if (template == null) {
      throw new IllegalArgumentException("no vectors for " + n.op);
    }
    return ARGUMENT
        .matcher(template)
        .replaceAll(m -> argument(n, n.argument(m.group().charAt(0) - 'a')));
  }

  /** Returns the text of an argument, in parentheses unless it is a name, a number or a call. */
  private String argument(Node n, Node a) {
    String text = text(a);
    if (vectors) {
      return text.startsWith("(") ? "(" + text + ")" : text;
    }
    boolean calls = n.op.isCall() || a.op != null && a.op.isCall();
    return calls || text.matches("[-\\w.]+") ? text : "(" + text + ")";
  }
}
