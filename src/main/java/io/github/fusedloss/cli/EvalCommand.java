package io.github.fusedloss.cli;

import com.google.gson.JsonObject;
import io.github.fusedloss.BinaryCrossEntropy;
import io.github.fusedloss.BinaryCrossEntropyWithLogits;
import io.github.fusedloss.CrossEntropy;
import io.github.fusedloss.ElementType;
import io.github.fusedloss.FusedLoss;
import io.github.fusedloss.Loss;
import io.github.fusedloss.LossResult;
import io.github.fusedloss.NllLoss;
import io.github.fusedloss.Reduction;
import io.github.fusedloss.Tensor;
import io.github.fusedloss.io.NpyArray;
import io.github.fusedloss.io.NpyReader;
import io.github.fusedloss.io.NpyType;
import io.github.fusedloss.io.NpyWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(
    name = "eval",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    sortOptions = false,
    description = {
      "Computes a loss, and its gradient if asked for, from .npy files.",
      "A floating-point target of the input's shape means class probabilities, an integer one class"
          + " indices. The class axis is axis 1, or 0 for a 1-D input."
    })
final class EvalCommand implements Callable<Integer> {
  @ParentCommand private Main main;
  @Mixin private DeviceOption device;

  @Option(
      names = "--loss",
      required = true,
      paramLabel = "NAME",
      description =
          "binary_cross_entropy, binary_cross_entropy_with_logits, cross_entropy or nll_loss")
  private String loss;

  @Option(names = "--input", required = true, paramLabel = "X.npy", description = "f4, f2 (f8)")
  private String input;

  @Option(
      names = "--target",
      required = true,
      paramLabel = "T.npy",
      description = "i4, i8, u1: class indices; f4, f2 (f8): probabilities or BCE targets")
  private String target;

  @Option(
      names = "--weight",
      paramLabel = "W.npy",
      description = "of classes, or of elements for BCE (broadcasts)")
  private String weight;

  @Option(
      names = "--pos-weight",
      paramLabel = "P.npy",
      description = "of the positive part of binary_cross_entropy_with_logits (broadcasts)")
  private String posWeight;

  @Option(
      names = "--reduction",
      paramLabel = "R",
      defaultValue = "mean",
      description = "mean, sum or none (default: ${DEFAULT-VALUE})")
  private String reductionName;

  @Option(
      names = "--ignore-index",
      paramLabel = "K",
      description = "rows with this class count for nothing (default: -100)")
  private Long ignoreIndex;

  @Option(
      names = "--label-smoothing",
      paramLabel = "E",
      description = "of cross_entropy, in [0, 1] (default: 0)")
  private Double labelSmoothing;

  @Option(names = "--out", paramLabel = "LOSS.npy", description = "write the loss here")
  private String out;

  @Option(
      names = "--grad",
      paramLabel = "GRAD.npy",
      description = "write the gradient with respect to the input here (for none: of the sum)")
  private String grad;

  @Option(names = "--json", description = "print one JSON object")
  private boolean json;

  private static final String FLOATING = ": save it with .astype('float32')";
  private static final Pattern ARGUMENT = Pattern.compile("(input|target|weight|posWeight)[ \\[]");

  /** Where the result is printed to, if that is a file: on systems that say so. */
  private static final Path STDOUT = Path.of("/dev/stdout");

  private Reduction reduction;

  /** Said when all went well: a failure is one line. */
  private final List<String> notes = new ArrayList<>();

  @Override
  public Integer call() {
    refuseForeignOptions();
    reduction =
        switch (reductionName) {
          case "mean" -> Reduction.MEAN;
          case "sum" -> Reduction.SUM;
          case "none" -> Reduction.NONE;
          default ->
              throw Failure.input("--reduction must be mean, sum or none, got " + reductionName);
        };
    Path outPath = path("--out", out);
    Path gradPath = path("--grad", grad);
    Path inputPath = path("--input", input);
    Path targetPath = path("--target", target);
    Path weightPath = path("--weight", weight);
    Path posWeightPath = path("--pos-weight", posWeight);
    // Before anything is computed or written: if one of two outputs cannot be, neither shall.
    Path outFile = destination("--out", outPath);
    Path gradFile = destination("--grad", gradPath);
    refuseOverwriting("--out", out, outFile, inputPath, targetPath, weightPath, posWeightPath);
    refuseOverwriting("--grad", grad, gradFile, inputPath, targetPath, weightPath, posWeightPath);
    refuseOverwriting("--grad", grad, gradFile, outFile);

    NpyArray x = read(inputPath);
    NpyArray t = read(targetPath);
    boolean exchanged = !x.type().isFloating() && t.type().isFloating();
    requireFloating(
        "--input", inputPath, x, exchanged ? ": are --input and --target exchanged?" : FLOATING);
    Loss options;
    Tensor inputTensor = tensor(x);
    Tensor targetTensor = target(t, x);
    try {
      options = options(weightPath, posWeightPath);
    } catch (IllegalArgumentException e) {
      throw Failure.input(asOption(e.getMessage()));
    }
    try (FusedLoss fused = Main.openQuietly(device.device)) {
      return compute(fused, options, inputTensor, targetTensor, x.type(), outPath, gradPath);
    }
  }

  private int compute(
      FusedLoss fused,
      Loss options,
      Tensor x,
      Tensor t,
      NpyType type,
      Path outPath,
      Path gradPath) {
    long start = System.nanoTime();
    try (LossResult result =
        gradPath == null ? fused.forward(options, x, t) : fused.forwardAndGradient(options, x, t)) {
      double seconds = (System.nanoTime() - start) / 1e9;
      boolean none = reduction == Reduction.NONE;
      if (gradPath != null) {
        writeGradient(gradPath, result.gradient(), type);
      }
      if (outPath != null) {
        write(
            outPath,
            none ? result.losses().toFloatArray() : new float[] {result.loss()},
            NpyType.F4,
            none ? result.losses().shape() : new long[0]);
      }
      if (json) {
        JsonObject object = new JsonObject();
        object.add("loss", none ? Json.nothing() : Json.number(result.loss()));
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
      notes.forEach(main.console().err()::println);
      main.console().err().println("device: " + fused.choice());
      main.console()
          .err()
          .printf(
              "%s %s of %d on %s in %.6f s%n",
              options.name(), reductionName, result.count(), result.device(), seconds);
      return 0;
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw Failure.input(withFile(e.getMessage()));
    }
  }

  /** The library's message begins with the argument's name; people gave an option, and a file. */
  private String withFile(String message) {
    Matcher matcher = ARGUMENT.matcher(message);
    if (!matcher.lookingAt()) {
      return asOption(message);
    }
    String file =
        switch (matcher.group(1)) {
          case "input" -> input;
          case "target" -> target;
          case "weight" -> weight;
          default -> posWeight;
        };
    return file == null ? asOption(message) : file + ": " + asOption(message);
  }

  /** Options as people wrote them, not as Java programs do. */
  private static String asOption(String message) {
    return message
        .replaceFirst("^(input|target|weight)(?= )", "--$1")
        .replaceAll("\\bposWeight\\b(?!\\.)", "--pos-weight")
        .replaceAll("\\blabelSmoothing\\b", "--label-smoothing")
        .replaceAll("\\bignoreIndex\\b", "--ignore-index");
  }

  /** Where an output goes, links followed. */
  private static Path destination(String option, Path file) {
    try {
      return file == null ? null : NpyWriter.destination(file);
    } catch (IOException e) {
      throw Failure.input(option + " must be a file that can be written: " + e.getMessage());
    }
  }

  private void refuseForeignOptions() {
    boolean rows = loss.equals("cross_entropy") || loss.equals("nll_loss");
    boolean logits = loss.equals("binary_cross_entropy_with_logits");
    if (!rows && !logits && !loss.equals("binary_cross_entropy")) {
      throw Failure.input(
          "--loss must be binary_cross_entropy, binary_cross_entropy_with_logits, cross_entropy or"
              + " nll_loss, got "
              + loss);
    }
    foreign("--pos-weight", posWeight, logits, "binary_cross_entropy_with_logits");
    foreign("--ignore-index", ignoreIndex, rows, "cross_entropy and nll_loss");
    foreign("--label-smoothing", labelSmoothing, loss.equals("cross_entropy"), "cross_entropy");
  }

  private void foreign(String option, Object given, boolean belongs, String to) {
    if (given != null && !belongs) {
      throw Failure.input(option + " is an option of " + to + ", not of " + loss);
    }
  }

  private static Path path(String option, String text) {
    if (text == null) {
      return null;
    }
    if (text.isEmpty()) {
      throw Failure.input(option + " must be a file name, got an empty one");
    }
    try {
      Path path = Path.of(text);
      if (text.indexOf('\ufffd') < 0 || Files.exists(path)) {
        return path;
      }
    } catch (InvalidPathException e) {
      if (text.indexOf('\0') >= 0) {
        throw Failure.input(option + " must be a file name, got one with a character 0");
      }
    }
    // Java decoded the argument, and encodes the name, by the locale alone.
    throw Failure.input(
        option
            + " must be a file name in the encoding of the locale, "
            + System.getProperty("sun.jnu.encoding")
            + ", got "
            + text
            + ": set LC_ALL to a locale of the name's encoding, C.UTF-8 for most, or rename it");
  }

  private static void refuseOverwriting(String option, String typed, Path output, Path... others) {
    for (Path other : others) {
      if (output != null && other != null && same(output, other)) {
        throw Failure.input(
            option
                + " must not be another file of this command, got "
                + typed
                + ", which is "
                + other);
      }
    }
    if (output != null && same(output, STDOUT)) {
      throw Failure.input(
          option + " must not be this command's own output, got " + typed + ": give another name");
    }
  }

  private static boolean same(Path a, Path b) {
    try {
      return a.equals(b) || Files.exists(a) && Files.exists(b) && Files.isSameFile(a, b);
    } catch (IOException e) {
      return false;
    }
  }

  private NpyArray read(Path path) {
    try {
      NpyArray array = NpyReader.read(path);
      if (array.converted()) {
        notes.add("note: " + path + " is " + array.type().descr() + ", converted to <f4");
      }
      return array;
    } catch (IOException e) {
      throw Failure.input(e.getMessage());
    } catch (OutOfMemoryError e) {
      throw new Failure(Failure.FAILED, path + ": does not fit the Java heap; raise it with -Xmx");
    }
  }

  private static void requireFloating(String option, Path path, NpyArray array, String advice) {
    if (!array.type().isFloating()) {
      throw Failure.input(
          path
              + ": "
              + option
              + " must be floating-point (f4, f2, f8), got "
              + array.type().descr()
              + advice);
    }
  }

  private Tensor target(NpyArray t, NpyArray x) {
    if (t.type().isFloating()) {
      // Beside f4 logits f2 targets are widened, which is exact.
      return t.type() == x.type() ? tensor(t) : Tensor.of(t.floats(), t.shape());
    }
    if (loss.startsWith("binary")) {
      boolean sameShape = Arrays.equals(t.shape(), x.shape());
      requireFloating(
          "--target",
          Path.of(target),
          t,
          sameShape ? FLOATING : FLOATING + "; class indices are for cross_entropy");
    }
    return t.type() == NpyType.I8
        ? Tensor.of(t.longs(), t.shape())
        : Tensor.of(t.ints(), t.shape());
  }

  private static Tensor tensor(NpyArray array) {
    return array.type() == NpyType.F2
        ? Tensor.of(ElementType.FLOAT16, array.shorts(), array.shape())
        : Tensor.of(array.floats(), array.shape());
  }

  private Tensor optional(String option, Path path) {
    if (path == null) {
      return null;
    }
    NpyArray array = read(path);
    requireFloating(option, path, array, FLOATING);
    return Tensor.of(array.floats(), array.shape());
  }

  private Loss options(Path weightPath, Path posWeightPath) {
    Tensor w = optional("--weight", weightPath);
    Tensor p = optional("--pos-weight", posWeightPath);
    long ignored = ignoreIndex == null ? -100 : ignoreIndex;
    return switch (loss) {
      case "binary_cross_entropy" -> BinaryCrossEntropy.DEFAULT.weight(w).reduction(reduction);
      case "binary_cross_entropy_with_logits" ->
          BinaryCrossEntropyWithLogits.DEFAULT.weight(w).posWeight(p).reduction(reduction);
      case "nll_loss" -> NllLoss.DEFAULT.weight(w).ignoreIndex(ignored).reduction(reduction);
      default ->
          CrossEntropy.DEFAULT
              .weight(w)
              .ignoreIndex(ignored)
              .labelSmoothing(labelSmoothing == null ? 0f : labelSmoothing.floatValue())
              .reduction(reduction);
    };
  }

  private static void writeGradient(Path path, Tensor gradient, NpyType type) {
    if (type != NpyType.F2) {
      write(path, gradient.toFloatArray(), type, gradient.shape());
      return;
    }
    try {
      NpyWriter.write(path, gradient.toShortArray(), gradient.shape());
    } catch (IOException e) {
      throw new Failure(Failure.FAILED, e.getMessage());
    }
  }

  private static void write(Path path, float[] values, NpyType type, long[] shape) {
    try {
      NpyWriter.write(path, values, type, shape);
    } catch (IOException e) {
      throw new Failure(Failure.FAILED, e.getMessage());
    }
  }
}
