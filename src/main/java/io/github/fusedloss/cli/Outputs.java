package io.github.fusedloss.cli;

import io.github.fusedloss.LossResult;
import io.github.fusedloss.Reduction;
import io.github.fusedloss.Tensor;
import io.github.fusedloss.io.NpyType;
import io.github.fusedloss.io.NpyWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The files that loss and gradient go to. They are checked before anything is computed: if one of
 * the two cannot be written, neither is.
 */
final class Outputs {
  /** Where the result is printed to, if that is a file: on systems that say so. */
  private static final Path STDOUT = Path.of("/dev/stdout");

  private final FileName loss;
  private final FileName gradient;

  /** Either may be null: it is not wanted. */
  Outputs(FileName loss, FileName gradient, List<FileName> inputs) {
    this.loss = loss;
    this.gradient = gradient;
    List<Path> others = inputs.stream().map(FileName::path).toList();
    Path lossFile = destination(loss);
    Path gradientFile = destination(gradient);
    refuseOverwriting(loss, lossFile, others);
    refuseOverwriting(gradient, gradientFile, others);
    if (lossFile != null) {
      refuseOverwriting(gradient, gradientFile, List.of(lossFile));
    }
  }

  boolean wantGradient() {
    return gradient != null;
  }

  /** Writes what is wanted of a result, the gradient as the input was stored. */
  void write(LossResult result, NpyType type) {
    if (gradient != null) {
      write(gradient, result.gradient(), type);
    }
    if (loss != null && result.reduction() == Reduction.NONE) {
      write(loss, result.losses(), NpyType.F4);
    } else if (loss != null) {
      write(loss, Tensor.of(new float[] {result.loss()}), NpyType.F4);
    }
  }

  private static void write(FileName file, Tensor values, NpyType type) {
    try {
      if (type == NpyType.F2) {
        NpyWriter.write(file.path(), values.toShortArray(), values.shape());
      } else {
        NpyWriter.write(file.path(), values.toFloatArray(), type, values.shape());
      }
    } catch (IOException e) {
      throw new Failure(Failure.FAILED, e.getMessage());
    }
  }

  /** Where an output goes, links followed. */
  private static Path destination(FileName file) {
    try {
      return file == null ? null : NpyWriter.destination(file.path());
    } catch (IOException e) {
      throw Failure.input(file.flag() + " must be a file that can be written: " + e.getMessage());
    }
  }

  private static void refuseOverwriting(FileName file, Path output, List<Path> others) {
    if (file == null) {
      return;
    }
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
