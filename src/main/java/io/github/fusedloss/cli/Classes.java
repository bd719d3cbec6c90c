package io.github.fusedloss.cli;

import io.github.fusedloss.Tensor;
import io.github.fusedloss.backend.Option;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What a loss over rows took for classes. With as many rows as classes nothing fails where it is
 * the wrong axis, so it is said.
 *
 * @param axis of the input, from 0
 * @param given whether it is not the default
 */
record Classes(int axis, long[] shape, boolean given) {
  /** Null of a loss over elements. The loss has computed the input, so the axis is one. */
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

  /** In a line; the class axis in brackets: (3, [5]). */
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
