package io.github.fusedloss.generator;

import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.BinaryTree;
import com.sun.source.tree.BlockTree;
import com.sun.source.tree.CompoundAssignmentTree;
import com.sun.source.tree.ConditionalExpressionTree;
import com.sun.source.tree.ExpressionStatementTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.IfTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ParenthesizedTree;
import com.sun.source.tree.ReturnTree;
import com.sun.source.tree.StatementTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.TypeCastTree;
import com.sun.source.tree.UnaryTree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.SimpleTreeVisitor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/**
 * Runs functions of kernels on values of a domain.
 *
 * <p>The language: declarations, assignments, {@code return}, {@code if} with a condition that is
 * known when the formula is generated; {@code ?: || && | ^ & == != < <= > >= << >> + - * !}, casts,
 * {@code fma}, {@code fabs}, {@code as_type}, {@code convert_type}, calls of other such functions,
 * structures, and pointers to them as parameters. Types are checked: nothing is converted that does
 * not say so, but an int to uint. No loops, no arrays, no division. Both sides of a choice are
 * computed.
 */
public final class Evaluator<V> extends SimpleTreeVisitor<Object, Map<String, Object>> {
  private record Scalar<V>(Type type, V value) {}

  private static final Map<String, Op> BUILTINS =
      Map.of(
          "fma", Op.FMA,
          "fabs", Op.ABS,
          "as_float", Op.FLOAT_OF_BITS,
          "as_int", Op.BITS,
          "as_uint", Op.BITS,
          "convert_float", Op.FLOAT_OF_INT,
          "convert_int", Op.INT_OF_FLOAT);

  /** Where a function keeps its result: no variable is called so. */
  private static final String RESULT = "return";

  private final Program program;
  private final Domain<V> domain;

  public Evaluator(Program program, Domain<V> domain) {
    this.program = program;
    this.domain = domain;
  }

  /**
   * Calls a function with a name for each argument; {@code from} knows its leaves: a float {@code
   * a} is one, a pair {@code p} has {@code p.hi} and {@code p.lo}. Where one name comes again, the
   * pointers are equal.
   *
   * @return the result's leaves, called as the leaves of a variable {@code result}; of a function
   *     without a result the arguments' leaves, as it leaves them
   */
  public Map<String, V> call(
      String name, List<String> arguments, String result, Function<String, V> from) {
    List<Program.Variable> parameters = program.parameters(name);
    Map<String, Object> known = new HashMap<>();
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < parameters.size(); i++) {
      String type = parameters.get(i).type();
      String argument = arguments.get(i);
      values.add(known.computeIfAbsent(type + argument, a -> fromLeaves(type, argument, from)));
    }
    Map<String, V> leaves = new LinkedHashMap<>();
    Object returned = call(program.function(name), values);
    if (returned != null) {
      toLeaves(result, returned, leaves);
    } else {
      for (int i = 0; i < values.size(); i++) {
        toLeaves(arguments.get(i), values.get(i), leaves);
      }
    }
    return leaves;
  }

  private Object fromLeaves(String type, String name, Function<String, V> from) {
    Map<String, String> fields = program.structure(type);
    if (fields == null) {
      return new Scalar<>(type(type), from.apply(name));
    }
    Map<String, Object> structure = new LinkedHashMap<>();
    fields.forEach((f, t) -> structure.put(f, fromLeaves(t, name + "." + f, from)));
    return structure;
  }

  private void toLeaves(String name, Object value, Map<String, V> to) {
    if (value instanceof Map) {
      fields(value).forEach((field, v) -> toLeaves(name + "." + field, v, to));
    } else {
      to.put(name, scalar(value, name).value());
    }
  }

  private static Type type(String name) {
    return Type.valueOf(name.toUpperCase(Locale.ROOT));
  }

  @SuppressWarnings("unchecked") // Structures are the only maps.
  private static Map<String, Object> fields(Object value) {
    return (Map<String, Object>) value;
  }

  @SuppressWarnings("unchecked") // What is no structure is one of our scalars.
  private Scalar<V> scalar(Object value, Object where) {
    require(value instanceof Scalar, where, "not set yet, or a structure");
    return (Scalar<V>) value;
  }

  private static void require(boolean right, Object where, String otherwise) {
    if (!right) {
      throw new IllegalArgumentException(where + ": " + otherwise);
    }
  }

  private Object call(MethodTree function, List<Object> arguments) {
    Map<String, Object> variables = new HashMap<>();
    for (int i = 0; i < arguments.size(); i++) {
      VariableTree parameter = function.getParameters().get(i);
      Object value = arguments.get(i);
      boolean pointer = parameter.getType().toString().endsWith("[]");
      set(variables, parameter.getName().toString(), pointer ? value : copy(value));
    }
    visit(function.getBody(), variables);
    return variables.get(RESULT);
  }

  /** A structure is a value: what is assigned, passed or declared is a copy. */
  private static Object copy(Object value) {
    if (!(value instanceof Map)) {
      return value;
    }
    Map<String, Object> copy = new LinkedHashMap<>();
    fields(value).forEach((field, v) -> copy.put(field, copy(v)));
    return copy;
  }

  private void set(Map<String, Object> in, String name, Object value) {
    in.put(name, value);
    if (value != null) {
      Map<String, V> leaves = new LinkedHashMap<>();
      toLeaves(name, value, leaves);
      leaves.forEach((leaf, v) -> domain.name(v, leaf));
    }
  }

  @Override
  protected Object defaultAction(Tree tree, Map<String, Object> variables) {
    throw new IllegalArgumentException(tree + ": a formula has no " + tree.getKind());
  }

  // ---- statements

  /** Up to its end, or to a return. */
  @Override
  public Object visitBlock(BlockTree block, Map<String, Object> variables) {
    for (StatementTree statement : block.getStatements()) {
      if (!variables.containsKey(RESULT)) {
        visit(statement, variables);
      }
    }
    return null;
  }

  @Override
  public Object visitReturn(ReturnTree tree, Map<String, Object> variables) {
    return variables.put(RESULT, copy(visit(tree.getExpression(), variables)));
  }

  @Override
  public Object visitIf(IfTree tree, Map<String, Object> variables) {
    Integer known = domain.known(scalar(tree.getCondition(), variables).value());
    require(known != null, tree, "not known when the formula is generated; write c ? a : b");
    return visit(known != 0 ? tree.getThenStatement() : tree.getElseStatement(), variables);
  }

  @Override
  public Object visitVariable(VariableTree tree, Map<String, Object> variables) {
    String type = tree.getType().toString();
    Object value = copy(visit(tree.getInitializer(), variables));
    if (value instanceof Scalar<?> s && s.type() != Type.MASK) {
      require(s.type() == type(type), tree, "the value is of type " + s.type());
    } else if (value == null && program.structure(type) != null) {
      value = new LinkedHashMap<>();
    }
    set(variables, tree.getName().toString(), value);
    return null;
  }

  @Override
  public Object visitExpressionStatement(
      ExpressionStatementTree tree, Map<String, Object> variables) {
    return visit(tree.getExpression(), variables);
  }

  @Override
  public Object visitAssignment(AssignmentTree tree, Map<String, Object> variables) {
    return assign(tree.getVariable(), visit(tree.getExpression(), variables), variables);
  }

  @Override
  public Object visitCompoundAssignment(
      CompoundAssignmentTree tree, Map<String, Object> variables) {
    Tree.Kind kind = Tree.Kind.valueOf(tree.getKind().name().replace("_ASSIGNMENT", ""));
    Scalar<V> before = scalar(tree.getVariable(), variables);
    Object value = binary(tree, kind, before, scalar(tree.getExpression(), variables));
    return assign(tree.getVariable(), value, variables);
  }

  private Object assign(ExpressionTree to, Object value, Map<String, Object> variables) {
    if (to instanceof MemberSelectTree field) {
      Object structure = visit(field.getExpression(), variables);
      set(fields(structure), field.getIdentifier().toString(), copy(value));
    } else if (value instanceof Map) {
      Map<String, Object> copy = fields(copy(value));
      fields(visit(to, variables)).putAll(copy); // It may be what a pointer points to.
    } else {
      require(variables.containsKey(to.toString()), to, "no variable");
      set(variables, to.toString(), value);
    }
    return value;
  }

  // ---- expressions

  private Scalar<V> scalar(Tree tree, Map<String, Object> variables) {
    return scalar(visit(tree, variables), tree);
  }

  private Scalar<V> apply(Op op, Type type, Scalar<V> a, Scalar<V> b, Scalar<V> c) {
    V second = b == null ? null : b.value();
    return new Scalar<>(type, domain.apply(op, a.value(), second, c == null ? null : c.value()));
  }

  private static Type common(Tree tree, Type a, Type b) {
    boolean ints = a == Type.INT && b == Type.UINT || a == Type.UINT && b == Type.INT;
    require(a == b || ints, tree, "types differ: " + a + " and " + b);
    return ints ? Type.UINT : a;
  }

  @Override
  public Object visitIdentifier(IdentifierTree tree, Map<String, Object> variables) {
    Object value = variables.get(tree.getName().toString());
    require(value != null, tree, "not set yet, or no variable");
    return value;
  }

  @Override
  public Object visitMemberSelect(MemberSelectTree tree, Map<String, Object> variables) {
    Object value =
        fields(visit(tree.getExpression(), variables)).get(tree.getIdentifier().toString());
    require(value != null, tree, "not set yet, or no field");
    return value;
  }

  @Override
  public Object visitParenthesized(ParenthesizedTree tree, Map<String, Object> variables) {
    return visit(tree.getExpression(), variables);
  }

  @Override
  public Object visitLiteral(LiteralTree tree, Map<String, Object> variables) {
    require(!(tree.getValue() instanceof Double), tree, "a double, not a float");
    return tree.getValue() instanceof Float f
        ? new Scalar<>(Type.FLOAT, domain.constant(Type.FLOAT, Float.floatToRawIntBits(f)))
        : new Scalar<>(Type.INT, domain.constant(Type.INT, (Integer) tree.getValue()));
  }

  @Override
  public Object visitTypeCast(TypeCastTree tree, Map<String, Object> variables) {
    return cast(tree, tree.getType().toString(), scalar(tree.getExpression(), variables));
  }

  private Scalar<V> cast(Tree tree, String type, Scalar<V> v) {
    common(tree, v.type(), type(type));
    return new Scalar<>(type(type), v.value());
  }

  @Override
  public Object visitUnary(UnaryTree tree, Map<String, Object> variables) {
    Scalar<V> v = scalar(tree.getExpression(), variables);
    if (tree.getKind() == Tree.Kind.LOGICAL_COMPLEMENT) {
      common(tree, v.type(), Type.MASK);
      return apply(Op.MASK_NOT, Type.MASK, v, null, null);
    } else if (tree.getKind() != Tree.Kind.UNARY_MINUS) {
      return defaultAction(tree, variables);
    }
    return v.type() == Type.FLOAT
        ? apply(Op.NEG, Type.FLOAT, v, null, null)
        : apply(
            Op.INT_SUB, v.type(), new Scalar<>(v.type(), domain.constant(Type.INT, 0)), v, null);
  }

  @Override
  public Object visitConditionalExpression(
      ConditionalExpressionTree tree, Map<String, Object> variables) {
    Scalar<V> condition = scalar(tree.getCondition(), variables);
    Scalar<V> yes = scalar(tree.getTrueExpression(), variables);
    Scalar<V> no = scalar(tree.getFalseExpression(), variables);
    common(tree, condition.type(), Type.MASK);
    Type type = common(tree, yes.type(), no.type());
    Op op = type == Type.FLOAT ? Op.SELECT : type == Type.MASK ? Op.MASK_SELECT : Op.INT_SELECT;
    return apply(op, type, condition, yes, no);
  }

  @Override
  public Object visitBinary(BinaryTree tree, Map<String, Object> variables) {
    Object left = visit(tree.getLeftOperand(), variables);
    Object right = visit(tree.getRightOperand(), variables);
    if (left instanceof Map && tree.getKind() == Tree.Kind.EQUAL_TO) { // pointers
      return new Scalar<>(Type.MASK, domain.constant(Type.MASK, left == right ? 1 : 0));
    }
    return binary(tree, tree.getKind(), scalar(left, tree), scalar(right, tree));
  }

  private Scalar<V> binary(Tree tree, Tree.Kind kind, Scalar<V> a, Scalar<V> b) {
    Type type = common(tree, a.type(), b.type());
    Op op = Op.binary(kind, type);
    require(op != null, tree, "a formula has no " + kind + " of " + type);
    return apply(op, op.type == Type.INT ? a.type() : op.type, a, b, null);
  }

  @Override
  public Object visitMethodInvocation(MethodInvocationTree tree, Map<String, Object> variables) {
    String name = tree.getMethodSelect().toString();
    List<Object> values = new ArrayList<>();
    tree.getArguments().forEach(a -> values.add(visit(a, variables)));
    if (program.has(name)) {
      return call(program.function(name), values);
    }
    List<Scalar<V>> a = values.stream().map(v -> scalar(v, tree)).toList();
    Op op = BUILTINS.get(name);
    if (name.startsWith("as_") && (op == Op.BITS) == (a.get(0).type() != Type.FLOAT)) {
      return cast(tree, name.substring(3), a.get(0));
    }
    require(op != null, tree, "a formula cannot call " + name);
    common(tree, a.get(0).type(), op.argument);
    Type type = name.endsWith("uint") ? Type.UINT : op.type;
    return apply(
        op, type, a.get(0), a.size() > 1 ? a.get(1) : null, a.size() > 2 ? a.get(2) : null);
  }
}
