package io.github.fusedloss.cli;

import io.github.fusedloss.ClassificationSummary;
import io.github.fusedloss.CrossEntropy;
import io.github.fusedloss.FusedLoss;
import io.github.fusedloss.Loss;
import io.github.fusedloss.backend.Option;
import java.util.ArrayList;
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
    versionProvider = Version.class,
    modelTransformer = EvaluateCommand.Flags.class,
    sortOptions = false,
    description = {
      "Says how good logits are: loss, perplexity, accuracy, top-k, calibration, and each class.",
      "Files are .npy, .npz or .safetensors, of any size: they are read in pieces. Several files"
          + " are one data set, one behind the other along the first axis. FILE:NAME is one array"
          + " of several in a file."
    })
final class EvaluateCommand implements Callable<Integer> {
  /** The flags of those options of cross entropy that belong to single rows. */
  static final class Flags extends LossOptions.Flags {
    @Override
    boolean has(Option option) {
      return option.isOf(CrossEntropy.DEFAULT.name()) && option.isOfSingleRows();
    }

    @Override
    Loss only() {
      return CrossEntropy.DEFAULT;
    }
  }

  @ParentCommand private MainCommand main;
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
      names = "--row-weight",
      arity = "1..*",
      paramLabel = "R",
      description =
          "what each row counts for, of the target's shape: floating-point, 1 without it, as"
              + " scikit-learn's sample_weight; 0 does not count")
  private List<String> rowWeight;

  @picocli.CommandLine.Option(
      names = "--mask",
      arity = "1..*",
      paramLabel = "M",
      description =
          "of the target's shape, booleans or integers: where it is 0 a row does not count")
  private List<String> mask;

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

  @picocli.CommandLine.Option(
      names = "--report",
      paramLabel = "DIR",
      description = "write a page with pictures there, index.html")
  private String report;

  /** Notes that are printed when all went well; a failure is one line. */
  private final List<String> notes = new ArrayList<>();

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
    ReportFile page = report(weights);
    try (EvaluationInput files = new EvaluationInput(input, target, rowWeight, mask)) {
      CrossEntropy loss = (CrossEntropy) options.loss(file -> OperandFiles.weight(file, notes));
      return evaluate(loss, files.checkShapes(loss), files, page);
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw Failure.input(Wording.of(e.getMessage(), weights));
    }
  }

  /** Returns where the report goes, or null. */
  private ReportFile report(List<FileName> weights) {
    FileName directory = FileName.of("report", "--report", report);
    if (directory == null) {
      return null;
    }
    List<FileName> read = new ArrayList<>(weights);
    addAll(read, "--input", input);
    addAll(read, "--target", target);
    addAll(read, "--row-weight", rowWeight);
    addAll(read, "--mask", mask);
    return new ReportFile(directory, read);
  }

  private static void addAll(List<FileName> files, String flag, List<String> typed) {
    if (typed != null) {
      typed.forEach(text -> files.add(FileName.of(flag.substring(2), flag, text)));
    }
  }

  private int evaluate(CrossEntropy loss, int axis, EvaluationInput files, ReportFile page) {
    checkClasses(files.logits().shape()[axis]);
    Progress progress = new Progress(main.console(), files.logits().bytes());
    EvaluationRows rows = new EvaluationRows(loss, axis, files, progress);
    try (FusedLoss fused = device.openQuietly()) {
      ClassificationSummary summary = summary(rows, fused, progress);
      new EvaluationText(main.console().out(), summary, topK).print(json, csv);
      // It comes after the results: if it cannot be written, these must not be lost.
      if (page != null) {
        page.write(summary, topK);
      }
      notes.addAll(files.notes());
      notes.forEach(main.console().err()::println);
      main.console().err().println("device: " + fused.choice());
      main.console().err().println(progress.total(summary.count()));
    }
    return 0;
  }

  private static ClassificationSummary summary(
      EvaluationRows rows, FusedLoss fused, Progress progress) {
    try {
      return rows.evaluate(fused);
    } finally {
      progress.end();
    }
  }

  private static void checkClasses(long classes) {
    if (classes < 1 || classes > Integer.MAX_VALUE - 8) {
      throw Failure.input("--input must have from 1 to 2^31 - 9 classes, got " + classes);
    }
  }
}
