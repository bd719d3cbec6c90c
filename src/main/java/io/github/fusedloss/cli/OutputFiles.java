package io.github.fusedloss.cli;

import io.github.fusedloss.CrossEntropy;
import io.github.fusedloss.Output;
import io.github.fusedloss.Outputs;
import io.github.fusedloss.SoftmaxFocalLoss;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** The flags for the files that receive outputs of rows. */
final class OutputFiles {
  private static final List<String> LOSSES =
      List.of(CrossEntropy.DEFAULT.name(), SoftmaxFocalLoss.DEFAULT.name());

  @Option(
      names = "--lse",
      paramLabel = "F.npy",
      description = "write the logarithm of the sum of the exponentials here, float32")
  private String lse;

  @Option(
      names = "--entropy",
      paramLabel = "F.npy",
      description = "write the entropy of the softmax here, in nats, float32")
  private String entropy;

  @Option(
      names = "--argmax",
      paramLabel = "F.npy",
      description = "write the class of the largest logit here, int64; -1: ignored, or NaN")
  private String argmax;

  @Option(
      names = "--rank",
      paramLabel = "F.npy",
      description = "write how many classes come before the target here, int64; -1 as above")
  private String rank;

  /** Registers the files that were named, and returns the outputs they need. */
  Outputs addTo(ResultFiles results, String loss) {
    Map<Output, FileName> files = new EnumMap<>(Output.class);
    put(files, Output.LSE, "--lse", lse, loss);
    put(files, Output.ENTROPY, "--entropy", entropy, loss);
    put(files, Output.ARGMAX, "--argmax", argmax, loss);
    put(files, Output.RANK, "--rank", rank, loss);
    files.forEach((output, file) -> results.add(file, result -> result.output(output), false));
    return files.isEmpty() ? Outputs.NONE : Outputs.of(files.keySet().toArray(Output[]::new));
  }

  private static void put(
      Map<Output, FileName> files, Output output, String flag, String typed, String loss) {
    if (typed == null) {
      return;
    }
    if (!LOSSES.contains(loss)) {
      throw Failure.input(
          flag + " is an output of " + String.join(" and ", LOSSES) + ", not of " + loss);
    }
    files.put(output, FileName.of(output.name(), flag, typed));
  }
}
