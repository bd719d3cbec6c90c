package io.github.fusedloss.generator;

import io.github.fusedloss.generator.Graph.Form;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What one class is made of. {@code recipes/README.md} explains the words. */
final class Recipe {
  /** {@code result = function(arguments)}; without arguments those that the kernel names. */
  record Call(String result, String function, List<String> arguments) {}

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

    /** What is not finite is judged elsewhere, and what vectors make of it is of no meaning. */
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

  /** Where a strip begins: in a line of a tile, and in lanes, of which each block has its own. */
  static final String LINE = "start";

  static final String LANE = "Blocks.lane(start)";

  /** What the first line says: functions, formulas or block. */
  final String kind;

  final String name;

  /** Of a block its class, of formulas the interface. */
  final String type;

  /** The kernel and what stands before it, in this order. */
  final List<String> files;

  final List<String> features;

  /** Of a block: vectors, strips or both. */
  final List<String> as;

  /** Classes of structures, by the names that they have where functions are called. */
  final Map<String, String> objects = new LinkedHashMap<>();

  final List<Method> methods = new ArrayList<>();

  final Map<String, Memory> memory = new LinkedHashMap<>();

  /** Java of numbers, which are the same for all elements. */
  final Map<String, String> numbers = new LinkedHashMap<>();

  final List<Step> steps = new ArrayList<>();

  Recipe(
      String kind,
      String name,
      String type,
      List<String> files,
      List<String> features,
      List<String> as) {
    this.kind = kind;
    this.name = name;
    this.type = type;
    this.files = files;
    this.features = features;
    this.as = as;
  }

  /** Whether it is done to lines of a tile, of which vectors go through all. */
  boolean ofTile() {
    return memory.values().stream().anyMatch(m -> LINE.equals(m.at()));
  }

  /** The file that it is made from. */
  String kernel() {
    return "kernels/" + files.get(files.size() - 1);
  }
}
