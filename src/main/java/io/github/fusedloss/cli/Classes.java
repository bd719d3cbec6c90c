package io.github.fusedloss.cli;

import io.github.fusedloss.Tensor;
import io.github.fusedloss.backend.Option;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The class axis that a loss over rows used. If there are as many rows as classes, a wrong axis
 * does not fail, so the command prints the axis.
 *
 * @param axis the axis of the input, from 0
 * @param given whether it is not the default
 */
record Classes(int axis, long[] shape, boolean given) {
  /**
   * Returns the class axis; null for a loss over elements. The loss has computed the input, so it
   * has the axis.
   */
  static Classes of(LossOptions options, Tensor input) {
    if (!options.has(Option.CLASS_AXIS)) {
      return null;
    }
    Object axis = options.value(Option.CLASS_AXIS);
    boolean given = !axis.equals(Option.CLASS_AXIS.defaultValue());
    boolean one = input.rank() == 1 && !given;
    return new Classes(one ? 0 : Math.floorMod((Long) axis, input.rank()), input.shape(), given);
  }

  long classes() {
    return shape[axis];
  }

  long rows() {
    long rows = 1;
    for (int i = 0; i < shape.length; i++) {
      rows *= i == axis ? 1 : shape[i];
    }
    return rows;
  }

  /** Returns the shape in a line, with the class axis in brackets: (3, [5]). */
  @Override
  public String toString() {
    String dimensions =
        IntStream.range(0, shape.length)
            .mapToObj(i -> i == axis ? "[" + shape[i] + "]" : Long.toString(shape[i]))
            .collect(Collectors.joining(", "));
    boolean square = Arrays.stream(shape).filter(n -> n == classes()).count() > 1;
    return "classes: axis "
        + axis
        + " of ("
        + dimensions
        + "): "
        + classes()
        + " classes, "
        + rows()
        + " rows"
        + (square ? "; another axis is as long: is this the one? --class-axis sets it" : "");
  }
}
