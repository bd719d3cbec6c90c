package io.github.fusedloss.generator;

import io.github.fusedloss.generator.Source.Token;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The functions of kernel files that are marked INLINE, and the structures. */
public final class Program {
  /** Name of a type without aliases, and whether it is a pointer to such. */
  record Kind(String name, boolean pointer) {}

  record Variable(Kind kind, String name) {}

  /** A function; its body begins at {@code body}, behind the brace. */
  record Function(List<Variable> parameters, int body) {}

  private final List<Token> tokens;

  /** Other names of types: fvec for float. */
  private final Map<String, String> types = new HashMap<>();

  private final Map<String, List<Variable>> structures = new HashMap<>();

  /** Where a function's parameters begin. */
  private final Map<String, Integer> functions = new LinkedHashMap<>();

  public Program(Source source) {
    tokens = source.tokens();
    for (String type : List.of("float", "int", "uint", "void")) {
      types.put(type, type);
    }
    for (int at = 0; at < tokens.size(); at++) {
      if (is(at, "typedef")) {
        at = typedef(at + 1);
      } else if (is(at, "INLINE")) {
        while (!is(at, "(")) {
          at++;
        }
        functions.put(text(at - 1), at + 1);
        at = closing(closing(at) + 1);
      }
    }
  }

  Token token(int at) {
    return tokens.get(at);
  }

  String text(int at) {
    return token(at).text();
  }

  boolean is(int at, String text) {
    return text(at).equals(text);
  }

  boolean has(String function) {
    return functions.containsKey(function);
  }

  /** Null for a type that is none. */
  List<Variable> structure(String type) {
    return structures.get(type);
  }

  /** Parameters are looked at only here: what no formula calls may have what it likes. */
  Function function(String name) {
    Integer at = functions.get(name);
    if (at == null) {
      throw new IllegalArgumentException("the kernels have no INLINE function " + name);
    }
    List<Variable> parameters = new ArrayList<>();
    int end = closing(at - 1);
    while (at < end) {
      Kind kind = kind(at);
      at = after(at, kind);
      parameters.add(new Variable(kind, text(at)));
      at += 2;
    }
    return new Function(parameters, end + 2);
  }

  boolean isType(int at) {
    return is(at, "const") || types.containsKey(text(at));
  }

  Kind kind(int at) {
    at += is(at, "const") ? 1 : 0;
    String type = types.get(text(at));
    if (type == null) {
      throw token(at).error("a formula knows float, int, uint and structures, not " + text(at));
    }
    return new Kind(type, is(at + 1, "*"));
  }

  /** What follows the kind that begins here. */
  int after(int at, Kind kind) {
    return at + (is(at, "const") ? 2 : 1) + (kind.pointer() ? 1 : 0);
  }

  /** Where the parenthesis or brace that opens here closes. */
  int closing(int from) {
    int depth = 0;
    for (int at = from; at < tokens.size(); at++) {
      depth += is(at, "(") || is(at, "{") ? 1 : is(at, ")") || is(at, "}") ? -1 : 0;
      if (depth == 0) {
        return at;
      }
    }
    throw token(from).error("never closed");
  }

  private int typedef(int at) {
    if (!is(at, "struct")) {
      types.put(text(at + 1), types.getOrDefault(text(at), text(at)));
      return at + 2;
    }
    int end = closing(at + 1);
    List<Variable> fields = new ArrayList<>();
    at += 2;
    while (at < end) {
      Kind kind = kind(at);
      do {
        at++;
        fields.add(new Variable(kind, text(at)));
        at++;
      } while (is(at, ","));
      at++;
    }
    String name = text(end + 1);
    types.put(name, name);
    structures.put(name, fields);
    return end + 2;
  }
}
