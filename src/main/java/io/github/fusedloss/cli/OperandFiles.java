package io.github.fusedloss.cli;

import io.github.fusedloss.ElementType;
import io.github.fusedloss.Target;
import io.github.fusedloss.Tensor;
import io.github.fusedloss.io.ArrayFile;
import io.github.fusedloss.io.NpyArray;
import io.github.fusedloss.io.NpyType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The operands of a loss, read from files. */
final class OperandFiles {
  /** What a message about a file of another type says to do. */
  static final String FLOATING = ": save it with .astype('float32')";

  private final List<String> notes = new ArrayList<>();
  private final NpyType type;
  private final Tensor input;
  private final Tensor target;

  /** Reads input and target. Weights are read and checked later. */
  OperandFiles(FileName inputFile, FileName targetFile) {
    NpyArray x = read(inputFile, notes);
    NpyArray t = read(targetFile, notes);
    boolean exchanged = !x.type().isFloating() && t.type().isFloating();
    requireFloating(inputFile, x, exchanged ? ": are --input and --target exchanged?" : FLOATING);
    type = x.type();
    input = tensor(x);
    // If logits are f4 and targets f2, the targets are widened, which is exact.
    target = t.type() == x.type() || !t.type().isFloating() ? tensor(t) : widened(t);
  }

  /** Returns the type in which the input was stored. */
  NpyType type() {
    return type;
  }

  Tensor input() {
    return input;
  }

  /** Returns the notes that are printed when all went well; a failure is one line. */
  List<String> notes() {
    return notes;
  }

  /** Reads a weight. */
  Tensor weight(FileName file) {
    return weight(file, notes);
  }

  /**
   * Reads a weight for any command; {@code notes} receives what is to be printed when all went
   * well.
   */
  static Tensor weight(FileName file, List<String> notes) {
    NpyArray array = read(file, notes);
    requireFloating(file, array, FLOATING);
    return widened(array);
  }

  /** Returns the target with row weights and mask, each null if there is none. */
  Target target(FileName rowWeights, FileName mask) {
    Target batch = Target.of(target);
    if (rowWeights != null) {
      batch = batch.rowWeights(weight(rowWeights));
    }
    return mask == null ? batch : batch.mask(tensor(read(mask, notes)));
  }

  private static NpyArray read(FileName file, List<String> notes) {
    try {
      NpyArray array = ArrayFile.read(file.path());
      if (array.converted()) {
        notes.add("note: " + file.path() + " is " + array.type().descr() + ", converted to <f4");
      }
      return array;
    } catch (IOException e) {
      throw Failure.input(e.getMessage());
    } catch (OutOfMemoryError e) {
      throw new Failure(
          Failure.FAILED, file.path() + ": does not fit the Java heap; raise it with -Xmx");
    }
  }

  private static void requireFloating(FileName file, NpyArray array, String advice) {
    if (!array.type().isFloating()) {
      throw Failure.input(
          file.path()
              + ": "
              + file.flag()
              + " must be floating-point (f4, f2, f8, bfloat16), got "
              + array.type().descr()
              + advice);
    }
  }

  private static Tensor tensor(NpyArray array) {
    if (array.type().isSixteenBit()) {
      ElementType type = array.type() == NpyType.F2 ? ElementType.FLOAT16 : ElementType.BFLOAT16;
      return Tensor.of(type, array.shorts(), array.shape());
    }
    if (array.type().isFloating()) {
      return widened(array);
    }
    if (array.type() == NpyType.B1) {
      boolean[] values = new boolean[array.ints().length];
      for (int i = 0; i < values.length; i++) {
        values[i] = array.ints()[i] != 0;
      }
      return Tensor.of(values, array.shape());
    }
    return array.isLong()
        ? Tensor.of(array.longs(), array.shape())
        : Tensor.of(array.ints(), array.shape());
  }

  private static Tensor widened(NpyArray array) {
    return Tensor.of(array.floats(), array.shape());
  }
}
