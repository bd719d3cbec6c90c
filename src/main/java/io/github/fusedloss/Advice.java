package io.github.fusedloss;

import io.github.fusedloss.backend.Function;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Advice at the end of a message about a tensor whose shape or type does not fit: what the caller
 * most likely meant, as a NumPy call (PyTorch's is nearly the same). Empty if nothing is likely.
 */
final class Advice {
  /** Python's names of the arguments whose names differ in Java. */
  private static final Map<String, String> PYTHON =
      Map.of("posWeight", "pos_weight", "rowWeights", "row_weight");

  private Advice() {}

  /** Advises on class indices whose shape is not that of the rows. */
  static String indices(Function function, ClassAxis rows, long[] target) {
    long[] input = rows.dimensions();
    long[] wanted = rows.rowShape();
    if (sameButForOnes(target, wanted) || size(target) == size(wanted) && wanted.length == 1) {
      return ": make it " + reshaped("target", wanted);
    }
    if (Arrays.equals(target, input) || Arrays.equals(target, append(wanted, rows.classes()))) {
      boolean same = Arrays.equals(target, input) && input.length > 1;
      return ": one-hot rows become class indices by target.argmax(axis="
          + (same ? rows.axis() : -1)
          + ")"
          + (function == Function.CROSS_ENTROPY && Arrays.equals(target, input)
              ? ", class probabilities by target.astype('float32')"
              : "");
    }
    if (rows.axis() == 1
        && input.length > 2
        && Arrays.equals(target, Arrays.copyOf(input, input.length - 1))) {
      return ": the class axis is axis 1; where it is the last, give classAxis -1";
    }
    return "";
  }

  /** Advises on class probabilities whose shape is not that of the input. */
  static String probabilities(ClassAxis rows, long[] target) {
    long[] input = rows.dimensions();
    long[] each = rows.rowShape();
    if (sameButForOnes(target, input)) {
      return ": make it " + reshaped("target", input);
    }
    if (sameButForOnes(target, each)) {
      return "; class indices are integers: make it "
          + (Arrays.equals(target, each) ? "target" : reshaped("target", each))
          + ".astype('int64')";
    }
    if (Arrays.equals(target, append(each, rows.classes()))) {
      return ": the class axis is axis 1; make it np.moveaxis(target, -1, 1)";
    }
    return "";
  }

  /** Advises on a floating-point target given to a loss that takes class indices only. */
  static String noIndices(ClassAxis rows, long[] target) {
    return Arrays.equals(target, rows.dimensions()) && rows.classes() > 1
        ? ": one-hot rows become class indices by target.argmax(axis="
            + (target.length > 1 ? 1 : 0)
            + "); class probabilities are for cross_entropy, with logits"
        : ": save it with .astype('int64')";
  }

  /** Advises on a target of truth values given to a loss that takes class indices only. */
  static String noTruths(Function function, ClassAxis rows, long[] target) {
    boolean oneHot = Arrays.equals(target, rows.dimensions());
    return oneHot ? indices(function, rows, target) : ": make it target.astype('uint8')";
  }

  /** Advises on targets of a binary loss whose shape is not that of the input. */
  static String binary(Tensor target, Tensor input) {
    if (input.rank() > 1 && !target.type().isFloating()) {
      ClassAxis rows = ClassAxis.of("input", input);
      if (rows.hasOneEach(target) && rows.classes() > 1) {
        return ": class indices are for cross_entropy; here every class has a target of its own";
      }
    }
    return shape("target", target.dimensions(), input.dimensions());
  }

  /** Advises on a class weight that does not have one element for each class. */
  static String classWeight(Function function, ClassAxis rows, long[] weight) {
    if (sameButForOnes(weight, new long[] {rows.classes()})) {
      return ": make it " + reshaped("weight", new long[] {rows.classes()});
    }
    if (sameButForOnes(weight, rows.rowShape()) || size(weight) == rows.rows()) {
      return ": weights of rows are no weight of "
          + function.torchName()
          + ", they go with the target: rowWeights";
    }
    return "";
  }

  /** Advises on a tensor of another shape than it must have: a reshape, where only ones differ. */
  static String shape(String name, long[] from, long[] to) {
    return sameButForOnes(from, to) ? ": make it " + reshaped(name, to) : "";
  }

  /**
   * Advises on a weight that does not broadcast: it names the axes whose lengths the weight has.
   */
  static String broadcast(String name, long[] from, long[] to) {
    int first = 0;
    int end = from.length;
    while (first < end && from[first] == 1) {
      first++;
    }
    while (first < end && from[end - 1] == 1) {
      end--;
    }
    long[] run = Arrays.copyOfRange(from, first, end);
    if (run.length == 0) {
      return ": make it " + reshaped(name, new long[] {1});
    }
    for (int i = 0; i + run.length <= to.length; i++) {
      // The axis of channels is tried first, then that of the batch.
      int axis = to.length > run.length && i < 2 ? 1 - i : i;
      if (axis + run.length <= to.length
          && Arrays.equals(run, Arrays.copyOfRange(to, axis, axis + run.length))) {
        long[] shape = Arrays.copyOf(run, to.length - axis);
        Arrays.fill(shape, run.length, shape.length, 1);
        String axes =
            run.length == to.length
                ? ""
                : run.length == 1
                    ? " for a weight of axis " + axis
                    : " for weights of axes " + axis + " to " + (axis + run.length - 1);
        return ": make it " + reshaped(name, shape) + axes;
      }
    }
    return "";
  }

  private static String reshaped(String name, long[] shape) {
    String dimensions =
        shape.length == 0
            ? "()"
            : Arrays.stream(shape).mapToObj(Long::toString).collect(Collectors.joining(", "));
    return PYTHON.getOrDefault(name, name) + ".reshape(" + dimensions + ")";
  }

  private static boolean sameButForOnes(long[] a, long[] b) {
    return Arrays.equals(withoutOnes(a), withoutOnes(b));
  }

  private static long[] withoutOnes(long[] shape) {
    return Arrays.stream(shape).filter(n -> n != 1).toArray();
  }

  private static long[] append(long[] shape, long last) {
    long[] longer = Arrays.copyOf(shape, shape.length + 1);
    longer[shape.length] = last;
    return longer;
  }

  /**
   * The product of the dimensions, which cannot overflow: the shape is at most as large as a
   * tensor's.
   */
  private static long size(long[] shape) {
    long size = 1;
    for (long n : shape) {
      size *= n;
    }
    return size;
  }
}
