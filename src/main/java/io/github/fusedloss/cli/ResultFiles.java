package io.github.fusedloss.cli;

import io.github.fusedloss.LossResult;
import io.github.fusedloss.Tensor;
import io.github.fusedloss.io.ArrayFile;
import io.github.fusedloss.io.NpyType;
import io.github.fusedloss.io.NpyWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The files that receive the results. They are checked before anything is computed: if one of them
 * cannot be written, none is.
 */
final class ResultFiles {
  /** The file that stdout goes to, if it is a file, on systems that name it so. */
  private static final Path STDOUT = Path.of("/dev/stdout");

  /** The part of a result that a file receives. */
  interface Part {
    Tensor of(LossResult result);
  }

  private record Wanted(FileName file, Part part, boolean asInput) {}

  private final List<Wanted> wanted = new ArrayList<>();
  private final List<Path> others;

  /** Makes the files of a command that reads these inputs. */
  ResultFiles(List<FileName> inputs) {
    others = new ArrayList<>(inputs.stream().map(file -> ArrayFile.file(file.path())).toList());
  }

  /**
   * Registers a file for a part of the result.
   *
   * @param file null if the part is not wanted
   * @param asInput whether its numbers are stored in the type of the input; otherwise in their own,
   *     integers as int64
   * @return whether it is wanted
   */
  boolean add(FileName file, Part part, boolean asInput) {
    if (file == null) {
      return false;
    }
    Path destination = destination(file);
    refuseOverwriting(file, destination);
    others.add(destination);
    wanted.add(new Wanted(file, part, asInput));
    return true;
  }

  /**
   * Writes the wanted parts of a result; {@code type} is the type in which the input was stored.
   */
  void write(LossResult result, NpyType type) {
    for (Wanted each : wanted) {
      write(each.file, each.part.of(result), each.asInput ? type : NpyType.F4);
    }
  }

  private static void write(FileName file, Tensor values, NpyType type) {
    try {
      if (!values.type().isFloating()) {
        NpyWriter.write(file.path(), values.toLongArray(), values.shape());
      } else if (type.isSixteenBit()) {
        NpyWriter.write(file.path(), values.toShortArray(), type, values.shape());
      } else {
        NpyWriter.write(file.path(), values.toFloatArray(), type, values.shape());
      }
    } catch (IOException e) {
      throw new Failure(Failure.FAILED, e.getMessage());
    }
  }

  /** Returns where an output goes, with links followed. */
  private static Path destination(FileName file) {
    try {
      return NpyWriter.destination(file.path());
    } catch (IOException e) {
      throw Failure.input(file.flag() + " must be a file that can be written: " + e.getMessage());
    }
  }

  /** Throws if the output would replace another file of the command. */
  void refuseOverwriting(FileName file, Path output) {
    for (Path other : others) {
      if (same(output, other)) {
        throw Failure.input(
            file.flag()
                + " must not be another file of this command, got "
                + file.typed()
                + ", which is "
                + other);
      }
    }
    if (same(output, STDOUT)) {
      throw Failure.input(
          file.flag()
              + " must not be this command's own output, got "
              + file.typed()
              + ": give another name");
    }
  }

  private static boolean same(Path a, Path b) {
    try {
      return a.equals(b) || Files.exists(a) && Files.exists(b) && Files.isSameFile(a, b);
    } catch (IOException e) {
      return false;
    }
  }
}
