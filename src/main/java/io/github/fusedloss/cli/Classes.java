package io.github.fusedloss.cli;

import io.github.fusedloss.CrossEntropy;
import io.github.fusedloss.Distillation;
import io.github.fusedloss.Loss;
import io.github.fusedloss.NllLoss;
import io.github.fusedloss.SoftmaxFocalLoss;
import io.github.fusedloss.Tensor;
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
  static Classes of(Loss loss, Tensor input) {
    Integer given = axis(loss);
    if (given == null) {
      return null;
    }
    boolean one = input.rank() == 1 && given == CrossEntropy.DEFAULT.classAxis();
    int axis = one ? 0 : Math.floorMod(given, input.rank());
    return new Classes(axis, input.shape(), given != CrossEntropy.DEFAULT.classAxis());
  }

  private static Integer axis(Loss loss) {
    if (loss instanceof CrossEntropy rows) {
      return rows.classAxis();
    }
    if (loss instanceof SoftmaxFocalLoss rows) {
      return rows.classAxis();
    }
    if (loss instanceof Distillation rows) {
      return rows.classAxis();
    }
    return loss instanceof NllLoss rows ? rows.classAxis() : null;
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
