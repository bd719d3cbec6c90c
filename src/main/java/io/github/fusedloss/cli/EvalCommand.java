package io.github.fusedloss.cli;

import com.google.gson.JsonObject;
import io.github.fusedloss.CrossEntropy;
import io.github.fusedloss.FusedLoss;
import io.github.fusedloss.Loss;
import io.github.fusedloss.LossResult;
import io.github.fusedloss.Reduction;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
    name = "eval",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    modelTransformer = LossOptions.Flags.class,
    sortOptions = false,
    description = {
      "Computes a loss, and its gradient if asked for, from .npy files.",
      "A floating-point target of the input's shape means class probabilities, an integer one class"
          + " indices. The class axis is axis 1, or 0 for a 1-D input."
    })
final class EvalCommand implements Callable<Integer> {
  @ParentCommand private Main main;
  @Spec private CommandSpec spec;
  @Mixin private DeviceOption device;

  @Option(
      names = "--loss",
      required = true,
      paramLabel = "NAME",
      completionCandidates = LossOptions.Names.class,
      description = "${COMPLETION-CANDIDATES}")
  private String loss;

  @Option(names = "--input", required = true, paramLabel = "X.npy", description = "f4, f2 (f8)")
  private String input;

  @Option(
      names = "--target",
      required = true,
      paramLabel = "T.npy",
      description = "i4, i8, u1: class indices; f4, f2 (f8): probabilities or BCE targets")
  private String target;

  @Option(names = "--out", paramLabel = "LOSS.npy", description = "write the loss here")
  private String out;

  @Option(
      names = "--grad",
      paramLabel = "GRAD.npy",
      description = "write the gradient with respect to the input here (for none: of the sum)")
  private String grad;

  @Option(names = "--json", description = "print one JSON object")
  private boolean json;

  @Override
  public Integer call() {
    LossOptions options = new LossOptions(loss, spec);
    FileName outFile = FileName.of("loss", "--out", out);
    FileName gradFile = FileName.of("gradient", "--grad", grad);
    FileName inputFile = FileName.of("input", "--input", input);
    FileName targetFile = FileName.of("target", "--target", target);
    List<FileName> files = new ArrayList<>(List.of(inputFile, targetFile));
    files.addAll(options.files());
    Outputs outputs = new Outputs(outFile, gradFile, files);
    Operands operands = new Operands(loss, inputFile, targetFile);
    try {
      return compute(options.loss(operands), operands, outputs);
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw Failure.input(Wording.of(e.getMessage(), files));
    }
  }

  private int compute(Loss options, Operands operands, Outputs outputs) {
    try (FusedLoss fused = Main.openQuietly(device.device)) {
      long start = System.nanoTime();
      try (LossResult result =
          outputs.wantGradient()
              ? fused.forwardAndGradient(options, operands.input(), operands.target())
              : fused.forward(options, operands.input(), operands.target())) {
        double seconds = (System.nanoTime() - start) / 1e9;
        outputs.write(result, operands.type());
        boolean hasZ = options instanceof CrossEntropy rows && rows.zLoss() > 0;
        print(result, hasZ, seconds);
        operands.notes().forEach(main.console().err()::println);
        main.console().err().println("device: " + fused.choice());
        main.console()
            .err()
            .printf(
                "%s %s of %d on %s in %.6f s%n",
                options.name(),
                options.reduction().name().toLowerCase(Locale.ROOT),
                result.count(),
                result.device(),
                seconds);
        return 0;
      }
    }
  }

  private void print(LossResult result, boolean hasZ, double seconds) {
    boolean none = result.reduction() == Reduction.NONE;
    if (json) {
      JsonObject object = new JsonObject();
      object.add("loss", none ? Json.nothing() : Json.number(result.loss()));
      if (hasZ) {
        object.add("z_loss", none ? Json.nothing() : Json.number(result.zLoss()));
      }
      object.addProperty("count", result.count());
      object.add("weight_sum", Json.number(result.weightSum()));
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
