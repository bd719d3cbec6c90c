package io.github.fusedloss.cli;

import io.github.fusedloss.ClassificationSummary;
import io.github.fusedloss.CrossEntropy;
import io.github.fusedloss.FusedLoss;
import io.github.fusedloss.Target;
import io.github.fusedloss.Tensor;
import io.github.fusedloss.backend.CrossEntropyTask;
import io.github.fusedloss.backend.Option;
import io.github.fusedloss.io.ArrayFile;
import io.github.fusedloss.io.NpyArray;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
    name = "evaluate",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    modelTransformer = EvaluateCommand.Flags.class,
    sortOptions = false,
    description = {
      "Says how good logits are: loss, perplexity, accuracy, top-k, calibration, and each class.",
      "Files are .npy, .npz or .safetensors, of any size: they are read in pieces. Several files"
          + " are one data set, one behind the other along the first axis. FILE:NAME is one array"
          + " of several in a file."
    })
final class EvaluateCommand implements Callable<Integer> {
  /** Those of cross entropy that belong to single rows. */
  static final class Flags extends LossOptions.Flags {
    @Override
    boolean has(Option option) {
      return option.isOf(CrossEntropy.DEFAULT.name())
          && option != Option.REDUCTION
          && option != Option.DENOMINATOR
          && option != Option.Z_LOSS;
    }
  }

  /** How many logits are read at a time: 4 MiB as floats, which caches hold. */
  private static final long PIECE = 1 << 20;

  @ParentCommand private Main main;
  @Spec private CommandSpec spec;
  @Mixin private DeviceOption device;

  @picocli.CommandLine.Option(
      names = "--input",
      required = true,
      arity = "1..*",
      paramLabel = "X",
      description = "logits, (N, C) or (N, C, d1, ...): float32, float16, bfloat16 (float64)")
  private List<String> input;

  @picocli.CommandLine.Option(
      names = "--target",
      required = true,
      arity = "1..*",
      paramLabel = "T",
      description = "class indices, (N) or (N, d1, ...): any type of integers")
  private List<String> target;

  @picocli.CommandLine.Option(
      names = "--top-k",
      split = ",",
      paramLabel = "K",
      description = "how many of the largest logits may be the target's (default: 1,5)")
  private List<Integer> topK = List.of(1, 5);

  @picocli.CommandLine.Option(names = "--json", description = "print one JSON object")
  private boolean json;

  @picocli.CommandLine.Option(names = "--csv", description = "print a line of CSV for each class")
  private boolean csv;

  @Override
  public Integer call() {
    if (json && csv) {
      throw Failure.input("--csv must not be given together with --json: stdout holds one of them");
    }
    for (int k : topK) {
      if (k < 1) {
        throw Failure.input("--top-k must be at least 1, got " + k);
      }
    }
    LossOptions options = new LossOptions(CrossEntropy.DEFAULT.name(), spec);
    List<FileName> weights = options.files();
    try (DataSet logits = new DataSet("--input", input, true);
        DataSet classes = new DataSet("--target", target, false)) {
      CrossEntropy loss = (CrossEntropy) options.loss(EvaluateCommand::weight);
      checkShapes(loss, logits, classes);
      return evaluate(loss, logits, classes);
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw Failure.input(Wording.of(e.getMessage(), weights));
    }
  }

  private static Tensor weight(FileName file) {
    try {
      NpyArray array = ArrayFile.read(file.path());
      if (!array.type().isFloating()) {
        throw Failure.input(
            file.typed()
                + ": "
                + file.flag()
                + " must be floating-point, got "
                + array.type().descr()
                + ": save it with .astype('float32')");
      }
      return Tensor.of(array.floats(), array.shape());
    } catch (IOException e) {
      throw Failure.input(e.getMessage());
    }
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

  private static void checkShapes(CrossEntropy loss, DataSet logits, DataSet classes) {
    long[] shape = logits.shape();
    if (shape.length < 2) {
      throw Failure.input(
          "--input must have rows of logits, (N, C) or (N, C, d1, ...), got "
              + DataSet.text(shape));
    }
    int axis = classAxis(loss, shape.length);
    List<Long> wanted = new ArrayList<>(Arrays.stream(shape).boxed().toList());
    wanted.remove(axis);
    long[] rows = wanted.stream().mapToLong(n -> n).toArray();
    if (!Arrays.equals(rows, classes.shape())) {
      throw Failure.input(
          "--target must have the shape of --input without its class axis, "
              + DataSet.text(rows)
              + ", got "
              + DataSet.text(classes.shape()));
    }
  }

  private int evaluate(CrossEntropy loss, DataSet logits, DataSet classes) {
    long[] shape = logits.shape();
    int axis = classAxis(loss, shape.length);
    ClassificationSummary summary = summary(shape[axis]);
    Progress progress = new Progress(main.console(), logits.bytes());
    long perRow = Arrays.stream(shape).skip(1).reduce(1, Math::multiplyExact);
    try (FusedLoss fused = Main.openQuietly(device.device)) {
      int most = (int) Math.max(1, Math.min(PIECE / perRow, PIECE));
      long done = 0;
      for (int count; (count = classes.next(logits.next(most))) > 0; done += count) {
        long[] piece = shape.clone();
        piece[0] = count;
        Tensor x = Tensor.of(logits.floats(count), piece);
        long first = classes.position();
        long[] y = classes.longs(count);
        check(loss, y, shape[axis], classes, first);
        Tensor t = Tensor.of(y, without(piece, axis));
        summary = fused.evaluate(loss, x, Target.of(t), summary);
        progress.to((double) (done + count) / shape[0]);
      }
      progress.end();
      new EvaluationText(main.console().out(), summary, topK).print(json, csv);
      if (logits.converts()) {
        main.console().err().println("note: --input has <f8, converted to <f4");
      }
      main.console().err().println("device: " + fused.choice());
      main.console().err().println(progress.total(summary.count()));
    }
    return 0;
  }

  private static ClassificationSummary summary(long classes) {
    if (classes < 1 || classes > Integer.MAX_VALUE - 8) {
      throw Failure.input("--input must have from 1 to 2^31 - 9 classes, got " + classes);
    }
    return ClassificationSummary.of((int) classes);
  }

  private static long[] without(long[] shape, int axis) {
    long[] rest = new long[shape.length - 1];
    for (int i = 0; i < rest.length; i++) {
      rest[i] = shape[i < axis ? i : i + 1];
    }
    return rest;
  }

  /** The library would name the place in the piece, not in the file. */
  private static void check(CrossEntropy loss, long[] y, long classes, DataSet files, long first) {
    for (int i = 0; i < y.length; i++) {
      if (y[i] != loss.ignoreIndex() && (y[i] < 0 || y[i] >= classes)) {
        RuntimeException e =
            CrossEntropyTask.refuse(first + i, y[i], (int) classes, loss.ignoreIndex())
                .forCaller(files.fileShape());
        throw Failure.input(Wording.of(e.getMessage(), List.of(files.file())));
      }
    }
  }
}
