package io.github.fusedloss.generator;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What is generated, and of which kernels. {@code ci/generate} runs it. */
public final class Generate {
  private static final Path KERNELS = Path.of("kernels");
  private static final Path CPU = Path.of("src/main/java/io/github/fusedloss/cpu");

  /** Steps that the kernels write where they need them. */
  private static final String STEPS =
      "INLINE fvec high_half(pair v) { return v.hi; }\n"
          + "INLINE fvec product(fvec a, fvec b) { return a * b; }\n"
          + "INLINE fvec rounded(pair v) { return v.hi + v.lo; }\n"
          + "INLINE fvec two_factors(fvec w, fvec scale, fvec upstream) {\n"
          + "  return w * scale * upstream;\n}\n"
          + "INLINE fvec scaled_gradient(fvec g, fvec scale) { return canonical(g * scale); }\n";

  private final Map<Path, String> files = new LinkedHashMap<>();
  private int slots;

  private Generate() throws IOException {
    scalars(
        "Numerics",
        "numerics.cl",
        List.of(
            "canonical",
            "fast_two_sum",
            "two_sum",
            "normalise",
            "pair_add",
            "pair_mul",
            "pair_scale",
            "exp_core",
            "exp_minus",
            "exp_reduced",
            "exp_float",
            "log1p_unit",
            "reciprocal12",
            "log_core",
            "log_around_one",
            "log1p_pair",
            "reciprocal",
            "pair_divide",
            "divide"));
    scalars(
        "Logits",
        "sigmoid_bce.cl",
        List.of(
            "logistic",
            "logit_loss",
            "pos_weighted_loss",
            "weighted_loss",
            "limit_of_loss",
            "pos_weighted_limit",
            "weighted_limit",
            "logit_slope"));
    scalars(
        "Bce",
        "bce.cl",
        List.of("probability_loss", "weighted_probability_loss", "probability_slope"));
    vectors("bce.cl", bce());
    strips("bce.cl", bce());
    vectors("sigmoid_bce.cl", logits());
    strips("sigmoid_bce.cl", logits());
    vectors("sigmoid_bce.cl", sigmoid());
    vectors("rows.cl", rowEnds());
    strips("rows.cl", rowEnds());
    scalars("Rows", "rows.cl", List.of("term", "distance_to"));
    scalars(
        "Classes",
        "cross_entropy.cl",
        List.of(
            "smoothed",
            "given_share",
            "smoothed_share",
            "weighted_distance",
            "weighted_distance_by_float",
            "scaled_gradient",
            "equal_gradient",
            "weighted_gradient",
            "given_gradient",
            "shared_gradient"));
    scalars("LogSoftmax", "softmax.cl", List.of("log_softmax"));
    vectors("rows.cl", RowWorks.sums());
    vectors("rows.cl", RowWorks.terms());
    strips("rows.cl", RowWorks.terms());
    vectors("cross_entropy.cl", RowWorks.distances());
    strips("cross_entropy.cl", RowWorks.distances());
    vectors("cross_entropy.cl", RowWorks.gradient());
    strips("cross_entropy.cl", RowWorks.gradient());
    vectors("softmax.cl", RowWorks.logSoftmax());
    vectors("softmax.cl", RowWorks.tileLogs());
    strips("softmax.cl", RowWorks.tileLogs());
    for (Work work : List.of(RowWorks.tileTerms(), RowWorks.tileSums(), RowWorks.tileGradient())) {
      vectors("rows.cl", work);
      strips("rows.cl", work);
    }
    files.put(
        CPU.resolve("GeneratedSlots.java"),
        head("kernels")
            + "/** How many arrays of a {@link Strip} generated code takes. */\n"
            + "final class GeneratedSlots {\n  private GeneratedSlots() {}\n\n"
            + "  static final int COUNT = "
            + slots
            + ";\n}\n");
  }

  /** A binary loss of a block; {@code BceBlock} says what is there. */
  private static Work binary(String name) {
    return new Work(name, "BceBlock")
        .memory("x")
        .memory("t")
        .optional("w")
        .optional("posWeight")
        .optional("upstream")
        .optional("loss")
        .optional("gradient")
        .uniform("scale");
  }

  /** The gradient of one times its factors; then the sum of the losses, which are called value. */
  private static Work scaledAndSummed(Work work) {
    return work.when("b.gradient != null && b.w == null && b.upstream == null")
        .then("gradient", "scaled_gradient", "gradient", "scale")
        .when("b.gradient != null && b.w != null && b.upstream == null")
        .then("factor", "product", "w", "scale")
        .when("b.gradient != null && b.w == null && b.upstream != null")
        .then("factor", "product", "scale", "upstream")
        .when("b.gradient != null && b.w != null && b.upstream != null")
        .then("factor", "two_factors", "w", "scale", "upstream")
        .when("b.gradient != null && (b.w != null || b.upstream != null)")
        .then("gradient", "scaled_gradient", "gradient", "factor")
        .when("b.gradient != null")
        .judge("Strip.judge({gradient}, {value.lo}, n);")
        .when("")
        .sum("value");
  }

  private static Work logits() {
    return scaledAndSummed(
        binary("Logits")
            .then("parts", "parts_of_logit", "x")
            .fetching("x", "t")
            .when("b.posWeight == null")
            .then("value", "logit_loss", "x", "t", "parts.l")
            .when("b.posWeight != null")
            .then("value", "pos_weighted_loss", "x", "t", "posWeight", "parts.l")
            .when("b.w != null")
            .then("value", "weighted_loss", "value", "w")
            .when("b.loss != null && b.w == null")
            .then("loss", "high_half", "value")
            .when("b.loss != null && b.w != null")
            .then("loss", "rounded", "value")
            .when("b.gradient != null && b.posWeight == null")
            .then("gradient", "logit_slope", "x", "t", "t", "parts.e")
            .fetching("gradient")
            .when("b.gradient != null && b.posWeight != null")
            .then("q", "product", "t", "posWeight")
            .then("gradient", "logit_slope", "x", "t", "q", "parts.e")
            .fetching("gradient"));
  }

  /** Of probabilities, which with their targets are known to be in [0, 1]. */
  private static Work bce() {
    return scaledAndSummed(
        binary("Bce")
            .finite()
            .then("value", "probability_loss", "x", "t")
            .any()
            .when("b.w != null")
            .then("value", "weighted_probability_loss", "value", "w")
            .when("b.loss != null")
            .then("loss", "high_half", "value")
            .when("b.gradient != null")
            .finite()
            .then("gradient", "probability_slope", "x", "t")
            .any());
  }

  /** From x to the gradient of the block. */
  private static Work sigmoid() {
    return new Work("Sigmoid", "BceBlock")
        .memory("x")
        .memory("gradient")
        .then("gradient", "logistic", "x")
        .fetching("x");
  }

  /** What losses and gradients of a tile's rows need, of the sums of each. */
  private static Work rowEnds() {
    return new Work("RowEnds", "RowTile")
        .finite()
        .array("row.max", "b.max")
        .array("row.shift", "b.shift")
        .array("row.exponent", "b.exponent")
        .array("row.ties", "b.ties")
        .array("row.rest.hi", "b.restHi")
        .array("row.rest.lo", "b.restLo")
        .array("sums.log.hi", "b.logHi")
        .array("sums.log.lo", "b.logLo")
        .array("sums.total.hi", "b.totalHi")
        .array("sums.total.lo", "b.totalLo")
        .array("sums.others.hi", "b.othersHi")
        .array("sums.others.lo", "b.othersLo")
        .then("sums", "finish", "row");
  }

  private static Program program(String kernel) throws IOException {
    List<String> files =
        switch (kernel) {
          case "numerics.cl" -> List.of(kernel);
          case "cross_entropy.cl", "softmax.cl" -> List.of("numerics.cl", "rows.cl", kernel);
          default -> List.of("numerics.cl", kernel);
        };
    Source source = Source.read(files.stream().map(KERNELS::resolve).toArray(Path[]::new));
    return new Program(source.add("Generate.java", STEPS).add("RowWorks.java", RowWorks.STEPS));
  }

  private static String head(String from) {
    return "// Generated from "
        + from
        + " by ci/generate. Do not edit.\n"
        + "package io.github.fusedloss.cpu;\n\n";
  }

  private void add(String name, String kernel, String imports, String about, String code) {
    String type = "Generated" + name;
    files.put(
        CPU.resolve(type + ".java"),
        head("kernels/" + kernel)
            + imports
            + "\n/** "
            + about
            + " */\nfinal class "
            + type
            + " {\n  private "
            + type
            + "() {}\n"
            + code.lines().map(Generate::wrapped).collect(Collectors.joining("\n"))
            + "\n}\n");
  }

  private static String wrapped(String line) {
    int at = line.lastIndexOf(", ", 100);
    return line.length() <= 100 || at < 0
        ? line
        : line.substring(0, at + 1) + "\n" + wrapped("          " + line.substring(at + 2));
  }

  private void scalars(String name, String kernel, List<String> functions) throws IOException {
    ScalarWriter writer = new ScalarWriter(program(kernel));
    StringBuilder code = new StringBuilder();
    functions.forEach(f -> code.append(writer.write(f)));
    String about = "Functions of kernels/" + kernel + " for one element; a long is a pair.";
    add(name, kernel, Code.imports(code.toString()), about, code.toString());
  }

  private void vectors(String kernel, Work work) throws IOException {
    VectorWriter writer = new VectorWriter(work, program(kernel));
    slots = Math.max(slots, writer.slots());
    String code = writer.write();
    String about = "Passes of the Vector API over a strip of a block, of kernels/" + kernel + ".";
    add(work.name + "Vectors", kernel, VectorWriter.imports(code), about, "\n" + code);
  }

  private void strips(String kernel, Work work) throws IOException {
    StripWriter writer = new StripWriter(work, program(kernel));
    slots = Math.max(slots, writer.slots());
    String code = writer.write();
    String about = "Loops over a strip of a block, of kernels/" + kernel + ".";
    add(work.name + "Strips", kernel, Code.imports(code), about, "\n" + code);
  }

  /** The files that are not as they should be; with {@code write} they are made so. */
  static List<Path> stale(boolean write) throws IOException {
    Map<Path, String> files = new Generate().files;
    try (DirectoryStream<Path> old = Files.newDirectoryStream(CPU, "Generated*.java")) {
      old.forEach(file -> files.putIfAbsent(file, ""));
    }
    List<Path> stale = new ArrayList<>();
    for (Map.Entry<Path, String> file : files.entrySet()) {
      Path path = file.getKey();
      if (!file.getValue().equals(Files.exists(path) ? Files.readString(path) : "")) {
        stale.add(path);
        if (write && file.getValue().isEmpty()) {
          Files.delete(path);
        } else if (write) {
          Files.writeString(path, file.getValue());
        }
      }
    }
    return stale;
  }

  /** Writes the files, or with --check says which are not current. */
  public static void main(String[] args) throws IOException {
    boolean check = args.length > 0;
    List<Path> stale = stale(!check);
    stale.forEach(f -> System.err.println(f + (check ? " is not current: run ci/generate" : "")));
    System.exit(check && !stale.isEmpty() ? 1 : 0);
  }
}
