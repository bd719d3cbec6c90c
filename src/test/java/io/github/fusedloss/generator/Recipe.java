package io.github.fusedloss.generator;

import io.github.fusedloss.generator.Graph.Form;
import io.github.fusedloss.generator.Program.Variable;
import java.util.List;
import java.util.Map;

/**
 * What one class is made of. {@code recipes/README.md} explains the words.
 *
 * @param kind functions, formulas or block
 * @param type of a block its class, of formulas the interface
 * @param files the kernel and what stands before it, in this order
 * @param features that the kernel is compiled with
 * @param as of a block: vectors, loops or both
 * @param objects classes of structures, by the names that they have where functions are called
 * @param numbers Java of what is the same for all elements
 */
record Recipe(
    String kind,
    String name,
    String type,
    List<String> files,
    List<String> features,
    List<String> as,
    Map<String, String> objects,
    List<Method> methods,
    Map<String, Memory> memory,
    Map<String, String> numbers,
    List<Step> steps) {
  /** {@code result = function(arguments)}; without arguments those that the kernel names. */
  record Call(String result, String function, List<String> arguments) {
    /** The same, with the arguments' names. */
    Call named(Program program) {
      List<String> names = program.parameters(function).stream().map(Variable::name).toList();
      return arguments != null ? this : new Call(result, function, names);
    }
  }

  /** A method for one element. */
  record Method(String name, Call call) {}

  /**
   * An array: its Java, where a strip begins in it (null: at 0), whether it is there. What is kept
   * without it is kept in the strip's e.
   */
  record Memory(String array, String at, String isThere, boolean kept) {}

  /**
   * Where a step is done, and what vectors and loops may assume; null: that they do not have it.
   */
  record Scope(String when, Form vectors, Form loops) {
    Scope when(String inner) {
      String part = inner.contains("||") && !when.isEmpty() ? "(" + inner + ")" : inner;
      return new Scope(when.isEmpty() ? part : when + " && " + part, vectors, loops);
    }

    Scope inVectors() {
      return new Scope(when, vectors, null);
    }

    Scope inLoops() {
      return new Scope(when, null, loops);
    }

    /** Returns this scope for vectors whose results count only for finite numbers. */
    Scope finite() {
      return new Scope(when, vectors == null ? null : Form.FINITE, loops);
    }

    /** Loops choose too, and are no vector instructions: zeros keep their signs. */
    Scope choosing() {
      return new Scope(when, vectors, loops == null ? null : Form.ALL);
    }
  }

  /**
   * A call, or Java for loops. A fold's result goes from an element of a lane to the next.
   *
   * @param ahead arrays whose elements so much further vectors fetch, one in each pass
   */
  record Step(
      Scope scope, Call call, boolean folds, List<String> ahead, String further, String java) {}

  /** Where a strip begins in a line of a tile. */
  static final String LINE = "start";

  /** Whether it is done to lines of a tile, of which vectors go through all. */
  boolean ofTile() {
    return memory.values().stream().anyMatch(m -> LINE.equals(m.at()));
  }

  /** The file that it is made from. */
  String kernel() {
    return "kernels/" + files.get(files.size() - 1);
  }
}
