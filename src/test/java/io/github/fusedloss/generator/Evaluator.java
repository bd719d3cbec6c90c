package io.github.fusedloss.generator;

import io.github.fusedloss.generator.Program.Function;
import io.github.fusedloss.generator.Program.Kind;
import io.github.fusedloss.generator.Program.Variable;
import io.github.fusedloss.generator.Source.Token;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Runs functions of kernels on values of a domain, straight from the text.
 *
 * <p>The language: declarations, assignments, {@code return}, {@code if} with a condition that is
 * known when the formula is generated; {@code ?: || && | ^ & == != < <= > >= << >> + - * !}, casts,
 * {@code fma}, {@code fabs}, {@code as_type}, {@code convert_type}, calls of other such functions,
 * structures, and pointers to them as parameters. Types are checked: nothing is converted that does
 * not say so, but an int literal to uint. No loops, no arrays, no division. Both sides of a choice
 * are computed.
 */
public final class Evaluator<V> {
  private record Scalar<V>(Type type, V value) {}

  private static final List<List<String>> OPERATORS =
      List.of(
          List.of("||"),
          List.of("&&"),
          List.of("|"),
          List.of("^"),
          List.of("&"),
          List.of("==", "!="),
          List.of("<", "<=", ">", ">="),
          List.of("<<", ">>"),
          List.of("+", "-"),
          List.of("*"));

  private record Builtin(Op op, Type to) {}

  private static final Map<String, Builtin> BUILTINS =
      Map.of(
          "fma", new Builtin(Op.FMA, Type.FLOAT),
          "fabs", new Builtin(Op.ABS, Type.FLOAT),
          "as_float", new Builtin(Op.FLOAT_OF_BITS, Type.FLOAT),
          "as_int", new Builtin(Op.BITS, Type.INT),
          "as_uint", new Builtin(Op.BITS, Type.UINT),
          "convert_float", new Builtin(Op.FLOAT_OF_INT, Type.FLOAT),
          "convert_int", new Builtin(Op.INT_OF_FLOAT, Type.INT));

  private final Program program;
  private final Domain<V> domain;

  /** Of the function that runs: a scalar, or a map of a structure's fields, by name. */
  private Map<String, Object> variables = new LinkedHashMap<>();

  private int at;
  private Object result;

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
      String name,
      List<String> arguments,
      String result,
      java.util.function.Function<String, V> from) {
    Function function = program.function(name);
    if (arguments.size() != function.parameters().size()) {
      throw new IllegalArgumentException(
          name + " has " + function.parameters().size() + " parameters, got " + arguments);
    }
    Map<String, Object> known = new LinkedHashMap<>();
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < arguments.size(); i++) {
      String type = function.parameters().get(i).kind().name();
      String argument = arguments.get(i);
      values.add(known.computeIfAbsent(type + argument, a -> fromLeaves(type, argument, from)));
    }
    Map<String, V> leaves = new LinkedHashMap<>();
    Object returned = call(function, values);
    if (returned != null) {
      toLeaves(result, returned, leaves);
    } else {
      for (int i = 0; i < values.size(); i++) {
        toLeaves(arguments.get(i), values.get(i), leaves);
      }
    }
    return leaves;
  }

  private Object fromLeaves(String type, String name, java.util.function.Function<String, V> from) {
    List<Variable> fields = program.structure(type);
    if (fields == null) {
      return new Scalar<>(Type.valueOf(type.toUpperCase(Locale.ROOT)), from.apply(name));
    }
    Map<String, Object> structure = new LinkedHashMap<>();
    for (Variable f : fields) {
      structure.put(f.name(), fromLeaves(f.kind().name(), name + "." + f.name(), from));
    }
    return structure;
  }

  @SuppressWarnings("unchecked") // What is no structure is one of our scalars.
  private void toLeaves(String name, Object value, Map<String, V> to) {
    if (value instanceof Map) {
      fields(value).forEach((field, v) -> toLeaves(name + "." + field, v, to));
    } else {
      to.put(name, ((Scalar<V>) value).value());
    }
  }

  @SuppressWarnings("unchecked") // Structures are the only maps.
  private static Map<String, Object> fields(Object value) {
    return (Map<String, Object>) value;
  }

  private Object call(Function function, List<Object> arguments) {
    Map<String, Object> caller = variables;
    int back = at;
    variables = new LinkedHashMap<>();
    for (int i = 0; i < arguments.size(); i++) {
      Variable p = function.parameters().get(i);
      set(variables, p.name(), p.kind().pointer() ? arguments.get(i) : copy(arguments.get(i)));
    }
    at = function.body();
    result = null;
    block();
    variables = caller;
    at = back;
    Object returned = result;
    result = null;
    return returned;
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
    Map<String, V> leaves = new LinkedHashMap<>();
    if (value != null) {
      toLeaves(name, value, leaves);
    }
    leaves.forEach((leaf, v) -> domain.name(v, leaf));
  }

  // ---- statements

  private Token next() {
    return program.token(at++);
  }

  private boolean skip(String text) {
    boolean here = program.is(at, text);
    at += here ? 1 : 0;
    return here;
  }

  private void expect(String text) {
    Token token = next();
    if (!token.text().equals(text)) {
      throw token.error("expected " + text + ", got " + token.text());
    }
  }

  /** Up to the closing brace, or to a return. */
  private void block() {
    while (result == null && !skip("}")) {
      statement();
    }
  }

  private void statement() {
    Token first = program.token(at);
    if (skip("return")) {
      result = copy(expression());
    } else if (skip("if")) {
      Scalar<V> condition = scalar(operand(), first);
      Integer known = domain.known(condition.value());
      if (known == null) {
        throw first.error("not known when the formula is generated; write c ? a : b");
      }
      branch(known != 0);
      if (result == null && skip("else")) {
        branch(known == 0);
      }
      return;
    } else if (program.isType(at)) {
      Kind kind = program.kind(at);
      at = program.after(at, kind);
      do {
        Token name = next();
        boolean structure = program.structure(kind.name()) != null;
        Object value = skip("=") ? copy(expression()) : structure ? new LinkedHashMap<>() : null;
        if (value instanceof Scalar<?> s && s.type() != Type.MASK) {
          checkType(s.type().name().equalsIgnoreCase(kind.name()), name, s, kind.name());
        }
        set(variables, name.text(), value);
      } while (skip(","));
    } else {
      assignment(first);
    }
    expect(";");
  }

  private static void checkType(boolean right, Token at, Scalar<?> value, String type) {
    if (!right) {
      throw at.error(at.text() + " is of type " + type + ", its value of " + value.type());
    }
  }

  /** Runs a statement or block, or steps over it. */
  private void branch(boolean run) {
    boolean braces = skip("{");
    if (run) {
      if (braces) {
        block();
      } else {
        statement();
      }
    } else if (braces) {
      at = program.closing(at - 1) + 1;
    } else {
      while (!next().text().equals(";")) {}
    }
  }

  /** Or the call of a function, for what it does to structures. */
  private void assignment(Token first) {
    Map<String, Object> in = variables;
    String name = next().text();
    if (program.has(name) && skip("(")) {
      call(first);
      return;
    } else if (!in.containsKey(name)) {
      throw first.error("a formula has no " + name);
    }
    while (program.is(at, ".") || program.is(at, "->")) {
      at++;
      in = fields(in.get(name));
      name = next().text();
    }
    Token operator = next();
    String o = operator.text();
    if (!o.endsWith("=") || o.length() > 2) {
      throw operator.error("expected an assignment, got " + o);
    }
    Object value = copy(expression());
    if (o.length() == 2) {
      Token binary = new Token(o.substring(0, 1), operator.where());
      value = binary(binary, scalar(in.get(name), first), scalar(value, operator));
    }
    set(in, name, value);
  }

  // ---- expressions

  @SuppressWarnings("unchecked")
  private Scalar<V> scalar(Object value, Token at) {
    if (value instanceof Scalar) {
      return (Scalar<V>) value;
    }
    throw at.error(value == null ? "not set yet" : "expected a number, got a structure");
  }

  private Scalar<V> apply(Op op, Type type, Scalar<V> a, Scalar<V> b, Scalar<V> c) {
    V second = b == null ? null : b.value();
    return new Scalar<>(type, domain.apply(op, a.value(), second, c == null ? null : c.value()));
  }

  private Object expression() {
    Object condition = operators(0);
    Token here = program.token(at);
    if (!skip("?")) {
      return condition;
    }
    Scalar<V> yes = scalar(expression(), here);
    expect(":");
    Scalar<V> no = scalar(expression(), here);
    Type type = common(yes, no, here);
    Op op = type == Type.FLOAT ? Op.SELECT : type == Type.MASK ? Op.MASK_SELECT : Op.INT_SELECT;
    return apply(op, type, mask(scalar(condition, here), here), yes, no);
  }

  private Object operators(int level) {
    if (level == OPERATORS.size()) {
      return operand();
    }
    Object left = operators(level + 1);
    while (OPERATORS.get(level).contains(program.text(at))) {
      Token o = next();
      Object right = operators(level + 1);
      if (left instanceof Map && right instanceof Map && OPERATORS.get(level).contains("==")) {
        boolean yes = (left == right) == o.text().equals("=="); // pointers
        left = new Scalar<>(Type.MASK, domain.constant(Type.MASK, yes ? 1 : 0));
      } else {
        left = binary(o, scalar(left, o), scalar(right, o));
      }
    }
    return left;
  }

  private Object operand() {
    Token token = next();
    String text = token.text();
    Object value;
    if (text.equals("-") || text.equals("!")) {
      return unary(token, scalar(operand(), token));
    } else if (text.equals("&") || text.equals("*")) {
      return operand(); // A pointer to a structure is the structure itself, not a copy.
    } else if (text.equals("(") && program.isType(at)) {
      String type = program.kind(at).name();
      at++;
      expect(")");
      return cast(type, scalar(operand(), token), token);
    } else if (text.equals("(")) {
      value = expression();
      expect(")");
    } else if (Character.isDigit(text.charAt(0))) {
      return literal(token);
    } else if (skip("(")) {
      value = call(token);
    } else if (variables.containsKey(text)) {
      value = variables.get(text);
    } else {
      throw token.error("a formula has no " + text);
    }
    while (skip(".") || skip("->")) {
      Token field = next();
      value = fields(value).get(field.text());
      if (value == null) {
        throw field.error(field.text() + " is not set yet, or no field");
      }
    }
    return value;
  }

  private Scalar<V> literal(Token token) {
    String t = token.text();
    boolean hex = t.startsWith("0x");
    if (t.contains(".") || t.contains(hex ? "p" : "e")) {
      if (!t.endsWith("f")) {
        throw token.error("a double; write " + t + "f");
      }
      int bits = Float.floatToRawIntBits(Float.parseFloat(t));
      return new Scalar<>(Type.FLOAT, domain.constant(Type.FLOAT, bits));
    }
    boolean unsigned = t.endsWith("u");
    t = unsigned ? t.substring(0, t.length() - 1) : t;
    int value = hex ? Integer.parseUnsignedInt(t.substring(2), 16) : Integer.parseInt(t);
    return new Scalar<>(unsigned ? Type.UINT : Type.INT, domain.constant(Type.INT, value));
  }

  private Scalar<V> mask(Scalar<V> v, Token at) {
    if (v.type() != Type.MASK) {
      throw at.error("expected a comparison, got " + v.type());
    }
    return v;
  }

  private Type common(Scalar<V> a, Scalar<V> b, Token at) {
    boolean ints = a.type() == Type.INT && b.type() == Type.UINT;
    if (a.type() != b.type() && !ints && !(a.type() == Type.UINT && b.type() == Type.INT)) {
      throw at.error("types differ: " + a.type() + " and " + b.type());
    }
    return ints ? Type.UINT : a.type();
  }

  private Scalar<V> cast(String type, Scalar<V> v, Token at) {
    boolean ints = type.endsWith("int") && (v.type() == Type.INT || v.type() == Type.UINT);
    if (!ints && !v.type().name().equalsIgnoreCase(type)) {
      throw at.error("cannot cast " + v.type() + " to " + type);
    }
    return new Scalar<>(Type.valueOf(type.toUpperCase(Locale.ROOT)), v.value());
  }

  private Scalar<V> unary(Token o, Scalar<V> v) {
    if (o.text().equals("!")) {
      return apply(Op.MASK_NOT, Type.MASK, mask(v, o), null, null);
    }
    return v.type() == Type.FLOAT
        ? apply(Op.NEG, Type.FLOAT, v, null, null)
        : apply(
            Op.INT_SUB, v.type(), new Scalar<>(v.type(), domain.constant(Type.INT, 0)), v, null);
  }

  private Scalar<V> binary(Token o, Scalar<V> a, Scalar<V> b) {
    Type type = common(a, b, o);
    Op op = Op.binary(o.text(), type);
    if (op == null) {
      throw o.error("a formula has no " + o.text() + " of " + type);
    }
    Type to = op.type == Type.INT ? a.type() : op.type;
    return apply(op, to, a, b, null);
  }

  private Object call(Token name) {
    List<Object> arguments = new ArrayList<>();
    while (!skip(")")) {
      arguments.add(expression());
      skip(",");
    }
    if (program.has(name.text())) {
      return call(program.function(name.text()), arguments);
    }
    List<Scalar<V>> a = arguments.stream().map(v -> scalar(v, name)).toList();
    Type of = a.isEmpty() ? null : a.get(0).type() == Type.UINT ? Type.INT : a.get(0).type();
    String function = name.text();
    Builtin builtin = BUILTINS.get(function);
    if (builtin != null && builtin.op.argument == of) {
      Scalar<V> second = a.size() > 1 ? a.get(1) : null;
      return apply(builtin.op, builtin.to, a.get(0), second, a.size() > 2 ? a.get(2) : null);
    } else if (function.startsWith("as_")) {
      return cast(function.substring(3), a.get(0), name);
    }
    throw name.error("a formula cannot call " + function);
  }
}
