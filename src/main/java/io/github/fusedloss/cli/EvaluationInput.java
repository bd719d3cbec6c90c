package io.github.fusedloss.cli;

import io.github.fusedloss.CrossEntropy;
import io.github.fusedloss.cli.DataSet.Kind;
import io.github.fusedloss.io.StoredArray;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** The files that {@code evaluate} reads: logits, classes, row weights and mask, row by row. */
final class EvaluationInput implements AutoCloseable {
  private final DataSet logits;
  private final DataSet classes;
  private final DataSet rowWeights;
  private final DataSet mask;

  /**
   * Looks at the types and shapes of the files.
   *
   * @param rowWeights null if none were given
   * @param mask null if none was given
   */
  EvaluationInput(
      List<String> input, List<String> target, List<String> rowWeights, List<String> mask) {
    logits = new DataSet("--input", input, Kind.FLOATING, ": are --input and --target exchanged?");
    classes =
        new DataSet(
            "--target", target, Kind.INTEGERS, ": class indices; save them with .astype('int64')");
    this.rowWeights =
        rowWeights == null
            ? null
            : new DataSet("--row-weight", rowWeights, Kind.FLOATING, OperandFiles.FLOATING);
    this.mask =
        mask == null
            ? null
            : new DataSet(
                "--mask",
                mask,
                Kind.INTEGERS_OR_TRUTH,
                ": give it as --row-weight, of which 0 does not count");
  }

  DataSet logits() {
    return logits;
  }

  DataSet classes() {
    return classes;
  }

  /** Returns the row weights; null if there are none. */
  DataSet rowWeights() {
    return rowWeights;
  }

  /** Returns the mask; null if there is none. */
  DataSet mask() {
    return mask;
  }

  private Stream<DataSet> all() {
    return Stream.of(logits, classes, rowWeights, mask).filter(Objects::nonNull);
  }

  /**
   * Throws unless the shapes fit.
   *
   * @return the axis of the classes
   */
  int checkShapes(CrossEntropy loss) {
    long[] shape = logits.shape();
    if (shape.length < 2) {
      throw Failure.input(
          "--input must have rows of logits, (N, C) or (N, C, d1, ...), got "
              + StoredArray.text(shape));
    }
    int axis = classAxis(loss, shape.length);
    List<Long> rest = new ArrayList<>(Arrays.stream(shape).boxed().toList());
    rest.remove(axis);
    long[] wanted = rest.stream().mapToLong(n -> n).toArray();
    all()
        .skip(1)
        .filter(set -> !Arrays.equals(wanted, set.shape()))
        .findFirst()
        .ifPresent(
            set -> {
              throw Failure.input(
                  set.flag()
                      + " must have the shape of --input without its class axis, "
                      + StoredArray.text(wanted)
                      + ", got "
                      + StoredArray.text(set.shape()));
            });
    return axis;
  }

  private static int classAxis(CrossEntropy loss, int rank) {
    int axis = loss.classAxis() < 0 ? loss.classAxis() + rank : loss.classAxis();
    if (axis < 1 || axis >= rank) {
      throw Failure.input(
          "--class-axis must be an axis of --input behind the first, whose rows are read one after"
              + " the other, from 1 to "
              + (rank - 1)
              + ", got "
              + loss.classAxis());
    }
    return axis;
  }

  /**
   * Returns how many of at most {@code most} rows can be read next: those of one file of each set.
   */
  int next(int most) {
    return all().map(set -> set.next(most)).reduce(most, Math::min);
  }

  /** Returns the notes that are printed when all went well. */
  List<String> notes() {
    List<String> notes = new ArrayList<>();
    all()
        .filter(DataSet::converts)
        .forEach(set -> notes.add("note: " + set.flag() + " has <f8, converted to <f4"));
    return notes;
  }

  @Override
  public void close() {
    all().forEach(DataSet::close);
  }
}
