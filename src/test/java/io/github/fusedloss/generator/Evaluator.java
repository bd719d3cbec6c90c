package io.github.fusedloss.generator;

import com.sun.source.tree.*;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import javax.lang.model.element.Name;

/**
 * Runs functions of kernels on values of a domain.
 *
 * <p>The language: declarations, assignments, {@code return}, {@code if} with a condition that is
 * known when the formula is generated; {@code ?: || && | & == != < <= > >= << >> + - * !}, casts,
 * {@code fma}, {@code fabs}, {@code as_type}, {@code convert_type}, calls of other such functions,
 * structures, and pointers to them as parameters. Types are checked: nothing is converted that does
 * not say so, but an int to uint. No loops, no arrays, no division. Both sides of a choice are
 * computed.
 */
public final class Evaluator<V> {
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

  private final Program program;
  private final Domain<V> domain;

  public Evaluator(Program program, Domain<V> domain) {
    this.program = program;
    this.domain = domain;
  }

  /**
   * Calls a function with a name for each argument, or an int; {@code from} knows its leaves: a
   * float {@code a} is one, a pair {@code p} has {@code p.hi} and {@code p.lo}. Where one name
   * comes again, the pointers are equal.
   *
   * @return the result's leaves, called as the leaves of a variable {@code result}; of a function
   *     without a result the arguments' leaves, as it leaves them
   */
  public Map<String, V> call(
      String name, List<String> arguments, String result, Function<String, V> from) {
    List<Program.Variable> parameters = program.parameters(name);
    int count = parameters.size();
    require(arguments.size() == count, name, "arguments expected: " + count);
    Map<String, Object> known = new HashMap<>();
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String type = parameters.get(i).type();
      String argument = arguments.get(i);
      values.add(known.computeIfAbsent(type + argument, a -> fromLeaves(type, argument, from)));
    }
    Map<String, V> leaves = new LinkedHashMap<>();
    Object returned = run(program.function(name), values);
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
      return name.matches("\\d+")
          ? constant(type(type), Integer.parseInt(name))
          : new Scalar<>(type(type), from.apply(name));
    }
    Map<String, Object> structure = new LinkedHashMap<>();
    fields.forEach((f, t) -> structure.put(f, fromLeaves(t, name + "." + f, from)));
    return structure;
  }

  private void toLeaves(String name, Object value, Map<String, V> to) {
    if (value instanceof Map) {
      fields(value).forEach((field, v) -> toLeaves(name + "." + field, v, to));
    } else {
      to.put(name, checked(value, name).value());
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
  private Scalar<V> checked(Object value, Object where) {
    require(value instanceof Scalar, where, "not set yet, or a structure");
    return (Scalar<V>) value;
  }

  private static void require(boolean right, Object where, String otherwise) {
    if (!right) {
      throw new IllegalArgumentException(where + ": " + otherwise);
    }
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

  private Scalar<V> constant(Type type, int bits) {
    return new Scalar<>(type, domain.constant(type == Type.UINT ? Type.INT : type, bits));
  }

  private Scalar<V> apply(Op op, Type type, List<Scalar<V>> arguments) {
    return new Scalar<>(type, domain.apply(op, arguments.stream().map(Scalar::value).toList()));
  }

  private Scalar<V> compute(Tree tree, Tree.Kind kind, Scalar<V> a, Scalar<V> b) {
    Type type = common(tree, a.type(), b.type());
    Op op = Op.binary(kind, type);
    require(op != null, tree, "a formula has no " + kind + " of " + type);
    return apply(op, op.type == Type.INT ? a.type() : op.type, List.of(a, b));
  }

  private Scalar<V> cast(Tree tree, String type, Scalar<V> v) {
    common(tree, v.type(), type(type));
    return new Scalar<>(type(type), v.value());
  }

  private static Type common(Tree tree, Type a, Type b) {
    boolean ints = a == Type.INT && b == Type.UINT || a == Type.UINT && b == Type.INT;
    require(a == b || ints, tree, "types differ: " + a + " and " + b);
    return ints ? Type.UINT : a;
  }

  private static Object known(Map<String, Object> values, Name name, Tree tree, String kind) {
    Object value = values.get(name.toString());
    require(value != null, tree, "not set yet, or no " + kind);
    return value;
  }

  private Object run(MethodTree function, List<Object> arguments) {
    Run run = new Run();
    for (int i = 0; i < arguments.size(); i++) {
      VariableTree parameter = function.getParameters().get(i);
      Object value = arguments.get(i);
      boolean pointer = parameter.getType().toString().endsWith("[]");
      run.set(run.variables, parameter.getName(), pointer ? value : copy(value));
    }
    run.statement(function.getBody());
    return run.result;
  }

  /** A function while it runs. */
  private final class Run {
    private final Map<String, Object> variables = new HashMap<>();
    private Object result;

    private void statement(StatementTree tree) {
      if (tree instanceof BlockTree block) { // up to its end, or to a return
        block.getStatements().stream().filter(s -> result == null).forEach(this::statement);
      } else if (tree instanceof ReturnTree end) {
        result = copy(value(end.getExpression()));
      } else if (tree instanceof VariableTree variable) {
        declare(variable);
      } else if (tree instanceof ExpressionStatementTree expression) {
        value(expression.getExpression());
      } else if (tree instanceof IfTree choice) {
        Integer known = domain.known(scalar(choice.getCondition()).value());
        require(known != null, tree, "not known when the formula is generated; write c ? a : b");
        if (known != 0) {
          statement(choice.getThenStatement());
        } else if (choice.getElseStatement() != null) {
          statement(choice.getElseStatement());
        }
      } else {
        require(false, tree, "a formula has no " + tree.getKind());
      }
    }

    private void declare(VariableTree tree) {
      String type = tree.getType().toString();
      boolean structure = program.structure(type) != null;
      Object value = structure ? new LinkedHashMap<>() : null;
      if (tree.getInitializer() != null) {
        value = copy(value(tree.getInitializer()));
      }
      if (value instanceof Scalar<?> s && s.type() != Type.MASK) {
        require(s.type() == type(type), tree, "the value is of type " + s.type());
      }
      set(variables, tree.getName(), value);
    }

    /** Says to the domain what the kernel calls a value. */
    private void set(Map<String, Object> in, Name name, Object value) {
      in.put(name.toString(), value);
      if (value != null) {
        Map<String, V> leaves = new LinkedHashMap<>();
        toLeaves(name.toString(), value, leaves);
        leaves.forEach((leaf, v) -> domain.name(v, leaf));
      }
    }

    private Object assign(ExpressionTree to, Object value) {
      if (to instanceof MemberSelectTree field) {
        set(fields(value(field.getExpression())), field.getIdentifier(), copy(value));
      } else if (value instanceof Map) {
        Map<String, Object> copy = fields(copy(value));
        fields(value(to)).putAll(copy); // It may be what a pointer points to.
      } else {
        require(variables.containsKey(to.toString()), to, "no variable");
        set(variables, ((IdentifierTree) to).getName(), value);
      }
      return value;
    }

    private Scalar<V> scalar(ExpressionTree tree) {
      return checked(value(tree), tree);
    }

    private Object value(ExpressionTree tree) {
      if (tree instanceof ParenthesizedTree t) {
        return value(t.getExpression());
      } else if (tree instanceof IdentifierTree t) {
        return known(variables, t.getName(), t, "variable");
      } else if (tree instanceof MemberSelectTree t) {
        return known(fields(value(t.getExpression())), t.getIdentifier(), t, "field");
      } else if (tree instanceof LiteralTree t) {
        require(!(t.getValue() instanceof Double), t, "a double, not a float");
        return t.getValue() instanceof Float f
            ? constant(Type.FLOAT, Float.floatToRawIntBits(f))
            : constant(Type.INT, (Integer) t.getValue());
      } else if (tree instanceof TypeCastTree t) {
        return cast(t, t.getType().toString(), scalar(t.getExpression()));
      } else if (tree instanceof AssignmentTree t) {
        return assign(t.getVariable(), value(t.getExpression()));
      } else if (tree instanceof CompoundAssignmentTree t) {
        Tree.Kind kind = Tree.Kind.valueOf(t.getKind().name().replace("_ASSIGNMENT", ""));
        Scalar<V> value = compute(t, kind, scalar(t.getVariable()), scalar(t.getExpression()));
        return assign(t.getVariable(), value);
      } else if (tree instanceof ConditionalExpressionTree t) {
        return choice(t);
      } else if (tree instanceof BinaryTree t) {
        return binary(t);
      } else if (tree instanceof MethodInvocationTree t) {
        return call(t);
      }
      return unary(tree);
    }

    private Scalar<V> choice(ConditionalExpressionTree tree) {
      Scalar<V> condition = scalar(tree.getCondition());
      Scalar<V> yes = scalar(tree.getTrueExpression());
      Scalar<V> no = scalar(tree.getFalseExpression());
      common(tree, condition.type(), Type.MASK);
      Type type = common(tree, yes.type(), no.type());
      require(type == Type.FLOAT, tree, "a formula has no choice of " + type);
      return apply(Op.SELECT, type, List.of(condition, yes, no));
    }

    private Scalar<V> binary(BinaryTree tree) {
      Object left = value(tree.getLeftOperand());
      Object right = value(tree.getRightOperand());
      if (left instanceof Map && tree.getKind() == Tree.Kind.EQUAL_TO) { // pointers
        return constant(Type.MASK, left == right ? 1 : 0);
      }
      Scalar<V> a = checked(left, tree);
      return compute(tree, tree.getKind(), a, checked(right, tree));
    }

    private Scalar<V> unary(ExpressionTree tree) {
      Tree.Kind kind = tree.getKind();
      boolean not = kind == Tree.Kind.LOGICAL_COMPLEMENT;
      require(not || kind == Tree.Kind.UNARY_MINUS, tree, "a formula has no " + kind);
      Scalar<V> v = scalar(((UnaryTree) tree).getExpression());
      if (not) {
        common(tree, v.type(), Type.MASK);
        return apply(Op.MASK_NOT, Type.MASK, List.of(v));
      }
      return v.type() == Type.FLOAT
          ? apply(Op.NEG, Type.FLOAT, List.of(v))
          : apply(Op.INT_SUB, v.type(), List.of(constant(v.type(), 0), v));
    }

    private Object call(MethodInvocationTree tree) {
      String name = tree.getMethodSelect().toString();
      List<Object> values = tree.getArguments().stream().<Object>map(this::value).toList();
      if (program.has(name)) {
        return run(program.function(name), values);
      }
      List<Scalar<V>> a = values.stream().map(v -> checked(v, tree)).toList();
      Op op = BUILTINS.get(name);
      if (name.startsWith("as_") && (op == Op.BITS) == (a.get(0).type() != Type.FLOAT)) {
        return cast(tree, name.substring(3), a.get(0));
      }
      require(op != null, tree, "a formula cannot call " + name);
      common(tree, a.get(0).type(), op.argument);
      return apply(op, name.endsWith("uint") ? Type.UINT : op.type, a);
    }
  }
}
