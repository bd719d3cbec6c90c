package io.github.fusedloss.cli;

import com.google.gson.JsonObject;
import io.github.fusedloss.FusedLoss;
import io.github.fusedloss.Hessian;
import io.github.fusedloss.Loss;
import io.github.fusedloss.LossResult;
import io.github.fusedloss.Outputs;
import io.github.fusedloss.Reduction;
import io.github.fusedloss.Target;
import io.github.fusedloss.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
    name = "eval",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    modelTransformer = LossOptions.Flags.class,
    sortOptions = false,
    description = {
      "Computes a loss, and its gradient if asked for.",
      "Files that are read are .npy, .npz or .safetensors, floating-point ones float32, float16 or"
          + " bfloat16 (float64 is rounded to float32). FILE:NAME is one array of several in a"
          + " file. Files that are written are .npy.",
      "A floating-point target of the input's shape means class probabilities, an integer one class"
          + " indices. The class axis is axis 1, or 0 for a 1-D input, or --class-axis; which it"
          + " is, it says."
    })
final class EvalCommand implements Callable<Integer> {
  @ParentCommand private MainCommand main;
  @Spec private CommandSpec spec;
  @Mixin private DeviceOption device;

  @Option(
      names = "--loss",
      required = true,
      paramLabel = "NAME",
      completionCandidates = LossOptions.Names.class,
      description = "${COMPLETION-CANDIDATES}")
  private String loss;

  @Option(names = "--input", required = true, paramLabel = "X", description = "floating-point")
  private String input;

  @Option(
      names = "--target",
      paramLabel = "T",
      description =
          "integers of any type: class indices; floating-point: probabilities; these or booleans:"
              + " BCE targets")
  private String target;

  @Option(
      names = "--teacher",
      paramLabel = "T",
      description = "floating-point: the teacher's logits, the target of distillation")
  private String teacher;

  @Option(
      names = "--row-weight",
      paramLabel = "R",
      description = "floating-point: a factor of each loss; 0 does not count")
  private String rowWeight;

  @Option(
      names = "--mask",
      paramLabel = "M",
      description = "booleans or integers: where it is 0 a loss does not count")
  private String mask;

  @Option(names = "--out", paramLabel = "LOSS.npy", description = "write the loss here")
  private String out;

  @Option(
      names = "--grad",
      paramLabel = "GRAD.npy",
      description = "write the gradient with respect to the input here (for none: of the sum)")
  private String grad;

  @ArgGroup(validate = false, heading = "%nOf each row, in the same pass:%n")
  private final OutputFiles outputs = new OutputFiles();

  @Option(
      names = "--hessian",
      paramLabel = "HESS.npy",
      description = "write the diagonal of the second derivative here, float32")
  private String hessian;

  @Option(
      names = "--hessian-scale",
      paramLabel = "exact|xgboost|lightgbm",
      description = "what --hessian writes: that, or what these have in its place (default: exact)")
  private String hessianScale;

  @Option(names = "--json", description = "print one JSON object")
  private boolean json;

  @Override
  public Integer call() {
    LossOptions options = new LossOptions(loss, spec);
    FileName outFile = FileName.of("loss", "--out", out);
    FileName gradFile = FileName.of("gradient", "--grad", grad);
    FileName inputFile = FileName.of("input", "--input", input);
    FileName targetFile = target(options);
    FileName rowWeightFile = FileName.of("rowWeights", "--row-weight", rowWeight);
    FileName maskFile = FileName.of("mask", "--mask", mask);
    List<FileName> files = new ArrayList<>();
    Stream.of(inputFile, targetFile, rowWeightFile, maskFile)
        .filter(Objects::nonNull)
        .forEach(files::add);
    files.addAll(options.files());
    ResultFiles results = new ResultFiles(files);
    results.add(outFile, EvalCommand::losses, false);
    boolean wantGradient = results.add(gradFile, LossResult::gradient, true);
    FileName hessianFile = FileName.of("hessian", "--hessian", hessian);
    boolean wantHessian = results.add(hessianFile, LossResult::hessian, false);
    if (!wantHessian && hessianScale != null) {
      throw Failure.input("--hessian-scale says what --hessian writes: give --hessian too");
    }
    Request request =
        new Request(
            wantGradient, wantHessian ? kind(hessianScale) : null, outputs.addTo(results, loss));
    OperandFiles operands = new OperandFiles(inputFile, targetFile);
    try {
      Target batch = operands.target(rowWeightFile, maskFile);
      return compute(options, operands, batch, request, results);
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw Failure.input(Wording.of(e.getMessage(), files));
    }
  }

  private static Hessian kind(String scale) {
    for (Hessian kind : Hessian.values()) {
      if (scale == null || kind.name().toLowerCase(Locale.ROOT).equals(scale)) {
        return kind; // the first of them is exact
      }
    }
    throw Failure.input("--hessian-scale must be exact, xgboost or lightgbm, got " + scale);
  }

  /**
   * What the command wants of the loss.
   *
   * @param hessian null for none
   */
  private record Request(boolean gradient, Hessian hessian, Outputs outputs) {
    LossResult run(FusedLoss fused, Loss loss, Tensor input, Target batch) {
      if (hessian != null) {
        return fused.forwardGradientAndHessian(loss, input, batch, hessian, outputs);
      }
      return gradient
          ? fused.forwardAndGradient(loss, input, batch, outputs)
          : fused.forward(loss, input, batch, outputs);
    }
  }

  /** Returns the file that the input is compared with. */
  private FileName target(LossOptions options) {
    String needed = options.hasTeacher() ? "--teacher" : "--target";
    String other = options.hasTeacher() ? "--target" : "--teacher";
    if ((options.hasTeacher() ? target : teacher) != null) {
      throw Failure.input(
          other
              + (options.hasTeacher()
                  ? " is not an option of distillation: give --teacher, the teacher's logits"
                  : " is an option of distillation, not of " + loss));
    }
    String file = options.hasTeacher() ? teacher : target;
    if (file == null) {
      throw Failure.input("Missing required option: '" + needed + "=T', of " + loss);
    }
    return FileName.of("target", needed, file);
  }

  private static Tensor losses(LossResult result) {
    return result.reduction() == Reduction.NONE
        ? result.losses()
        : Tensor.of(new float[] {result.loss()});
  }

  private int compute(
      LossOptions options,
      OperandFiles operands,
      Target batch,
      Request request,
      ResultFiles results) {
    Loss chosen = options.loss(operands::weight);
    try (FusedLoss fused = device.openQuietly()) {
      long start = System.nanoTime();
      try (LossResult result = request.run(fused, chosen, operands.input(), batch)) {
        double seconds = (System.nanoTime() - start) / 1e9;
        results.write(result, operands.type());
        Classes classes = Classes.of(options, operands.input());
        print(result, options.hasPenalty(), classes, seconds);
        operands.notes().forEach(main.console().err()::println);
        if (classes != null) {
          main.console().err().println(classes);
        }
        main.console().err().println("device: " + fused.choice());
        main.console()
            .err()
            .printf(
                "%s %s of %d on %s in %.6f s%n",
                chosen.name(),
                chosen.reduction().name().toLowerCase(Locale.ROOT),
                result.count(),
                result.device(),
                seconds);
        return 0;
      }
    }
  }

  private void print(LossResult result, boolean hasZ, Classes classes, double seconds) {
    boolean none = result.reduction() == Reduction.NONE;
    if (json) {
      JsonObject object = new JsonObject();
      object.add("loss", none ? Json.nothing() : Json.number(result.loss()));
      if (hasZ) {
        object.add("z_loss", none ? Json.nothing() : Json.number(result.zLoss()));
      }
      object.addProperty("count", result.count());
      object.add("weight_sum", Json.number(result.weightSum()));
      if (classes != null && classes.given()) {
        object.addProperty("class_axis", classes.axis());
        object.addProperty("classes", classes.classes());
        object.addProperty("rows", classes.rows());
      }
      object.addProperty("device", result.device());
      object.addProperty("backend", result.device().startsWith("opencl") ? "opencl" : "cpu");
      object.addProperty("seconds", seconds);
      main.console().out().println(Json.text(object));
    } else if (none) {
      main.console().out().println("losses: " + result.count() + ", sum " + result.sum());
    } else {
      main.console().out().println(result.loss());
    }
  }
}
