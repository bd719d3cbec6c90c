package io.github.fusedloss.generator;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What is generated, and of which kernels. {@code ci/generate} runs it. */
public final class Generate {
  private static final Path KERNELS = Path.of("kernels");
  private static final Path CPU = Path.of("src/main/java/io/github/fusedloss/cpu");

  /** The feature that has a formula more. */
  private static final String Z_LOSS = "Z_LOSS";

  /** Steps that the kernels write where they need them. */
  private static final String STEPS =
      "INLINE fvec high_half(pair v) { return v.hi; }\n"
          + "INLINE fvec product(fvec a, fvec b) { return a * b; }\n"
          + "INLINE fvec rounded(pair v) { return v.hi + v.lo; }\n"
          + "INLINE fvec two_factors(fvec w, fvec scale, fvec upstream) {\n"
          + "  return w * scale * upstream;\n}\n"
          + "INLINE pair unweighted_smoothed_loss(\n"
          + "    fvec v, fvec t, pair keep, fvec spread_e, pair l) {\n"
          + "  return smoothed_loss(v, t, (fvec)(1.0f), keep, spread_e, l);\n}\n"
          + "INLINE fvec unweighted_smoothed_slope(\n"
          + "    fvec v, fvec t, pair keep, fvec spread_e, pair e) {\n"
          + "  return smoothed_slope(v, t, (fvec)(1.0f), keep, spread_e, e);\n}\n"
          + "INLINE fvec scaled_gradient(fvec g, fvec scale) { return canonical(g * scale); }\n";

  /** What generated code may need; it need not need all. */
  private static final String PLAIN =
      "import static io.github.fusedloss.cpu.ScalarMath.pair;\n"
          + "import static java.lang.Float.floatToRawIntBits;\n"
          + "import static java.lang.Float.intBitsToFloat;\n"
          + "import static java.lang.Math.*;\n";

  private static final String VECTORS =
      "import static io.github.fusedloss.cpu.VectorMath.*;\n"
          + "import static jdk.incubator.vector.FloatVector.broadcast;\n"
          + "import static jdk.incubator.vector.FloatVector.fromArray;\n"
          + "import static jdk.incubator.vector.VectorOperators.*;\n\n"
          + "import jdk.incubator.vector.*;\n";

  /** Of the structures of scalar functions. */
  private static final Map<String, String> CLASSES =
      Map.of(
          "row",
          "SoftmaxRow",
          "block",
          "SoftmaxRow",
          "target",
          "RowTarget",
          "settings",
          "Settings",
          "slope",
          "Slope",
          "sides",
          "Sides",
          "masses",
          "Masses",
          "sums",
          "MassSums",
          "terms",
          "JsdTerms");

  private final Map<Path, String> files = new LinkedHashMap<>();
  private final Map<String, String> formulas = new HashMap<>(); // names of code
  private final StringBuilder choices = new StringBuilder();
  private final StringBuilder constants = new StringBuilder();
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
            "logit_slope",
            "smoothed_loss",
            "smoothed_limit",
            "smoothed_slope",
            "logit_variance",
            "logit_mass",
            "pos_weighted_mass",
            "smoothed_mass"));
    scalars(
        "Bce",
        "bce.cl",
        List.of(
            "probability_loss",
            "weighted_element",
            "probability_slope",
            "smoothed_probability_loss",
            "smoothed_probability_slope"));
    scalars(
        "Focal",
        "sigmoid_focal.cl",
        List.of(
            "missed_part",
            "square",
            "squared_slope",
            "missed_upscaled",
            "soft_power",
            "soft_ratio",
            "checked_factor",
            "focused_loss",
            "focused_limit",
            "focused_slope",
            "squared_bend",
            "focused_bend"));
    scalars(
        "Divergence",
        "kl_div.cl",
        List.of(
            "exp_pair",
            "divergence",
            "log_divergence",
            "limit_of_divergence",
            "limit_of_log_divergence",
            "divergence_slope",
            "log_divergence_slope"));
    distillation();
    vectors("sigmoid_focal.cl", focal());
    strips("sigmoid_focal.cl", focal());
    vectors("sigmoid_bce.cl", HessianWorks.logits());
    vectors("sigmoid_focal.cl", HessianWorks.focal());
    scalars("Hessian", "hessian.cl", List.of("likely_term", "bend_of", "hessian_of"));
    vectors("hessian.cl", HessianWorks.rows());
    vectors("hessian.cl", HessianWorks.tileCurves());
    vectors("hessian.cl", HessianWorks.tile());
    vectors("kl_div.cl", divergence());
    strips("kl_div.cl", divergence());
    for (boolean smooth : new boolean[] {false, true}) {
      vectors("bce.cl", bce(smooth));
      strips("bce.cl", bce(smooth));
      vectors("sigmoid_bce.cl", logits(smooth));
      strips("sigmoid_bce.cl", logits(smooth));
    }
    vectors("sigmoid_bce.cl", sigmoid());
    ScalarWriter rows = new ScalarWriter(program("rows.cl", "WHOLE_ROW_LOSS"), CLASSES);
    scalars(
        "Rows",
        "rows.cl",
        rows.write("term"),
        rows.write("distance_to"),
        rows.write("reference", "row", "set_reference", "row", "max"),
        rows.write("finish", "row", "finish", "row"),
        rows.write("merge", "row", "merge_block", "row", "block"),
        rows.write("coefficient", "result", "block_coefficient", "block", "row", "coefficient"));
    outputs();
    tileFormulas("FocalClass", "SOFTMAX_FOCAL");
    for (String z : List.of("", "Z_LOSS")) {
      tileFormulas("Class", z);
      rowFormulas("SmoothedClass", "LABEL_SMOOTHING", z, "WHOLE_ROW_LOSS");
      rowFormulas("Probability", z, "PROBABILITIES", "WHOLE_ROW_LOSS");
      rowFormulas("SmoothedProbability", "LABEL_SMOOTHING", z, "PROBABILITIES", "WHOLE_ROW_LOSS");
    }
    choice();
    vectors("rows.cl", references());
    strips("rows.cl", references());
    vectors("rows.cl", rowEnds());
    strips("rows.cl", rowEnds());
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
            "shared_gradient"));
    scalars("LogSoftmax", "softmax.cl", List.of("log_softmax"));
    scalars(
        "Transforms",
        "logits.cl",
        List.of(
            "softcapped",
            "cooled",
            "biased",
            "times_slope",
            "times_cooled_slope",
            "times_inverse"));
    vectors("logits.cl", RowWorks.transform());
    vectors("logits.cl", RowWorks.slopes());
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
  private static Work binary(String name, boolean smooth) {
    Work work = new Work(smooth ? "Smoothed" + name : name, "BceBlock");
    if (smooth) {
      work.uniformPair("keep", "b.keep").uniform("spread_e", "b.half");
    }
    return work.memory("x")
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

  private static Work logits(boolean smooth) {
    Work work = binary("Logits", smooth).then("parts", "parts_of_logit", "x").fetching("x", "t");
    work.when("b.posWeight == null");
    if (smooth) {
      work.then("value", "unweighted_smoothed_loss", "x", "t", "keep", "spread_e", "parts.l")
          .when("b.posWeight != null")
          .then("value", "smoothed_loss", "x", "t", "posWeight", "keep", "spread_e", "parts.l");
    } else {
      work.then("value", "logit_loss", "x", "t", "parts.l")
          .when("b.posWeight != null")
          .then("value", "pos_weighted_loss", "x", "t", "posWeight", "parts.l");
    }
    work.when("b.w != null")
        .then("value", "weighted_loss", "value", "w")
        .when("b.loss != null && b.w == null")
        .then("loss", "high_half", "value")
        .when("b.loss != null && b.w != null")
        .then("loss", "rounded", "value")
        .when("b.gradient != null && b.posWeight == null");
    if (smooth) {
      work.then("gradient", "unweighted_smoothed_slope", "x", "t", "keep", "spread_e", "parts.e")
          .fetching("gradient")
          .when("b.gradient != null && b.posWeight != null")
          .then("gradient", "smoothed_slope", "x", "t", "posWeight", "keep", "spread_e", "parts.e");
    } else {
      work.then("gradient", "logit_slope", "x", "t", "t", "parts.e")
          .fetching("gradient")
          .when("b.gradient != null && b.posWeight != null")
          .then("q", "product", "t", "posWeight")
          .then("gradient", "logit_slope", "x", "t", "q", "parts.e");
    }
    return scaledAndSummed(work.fetching("gradient"));
  }

  /** Of probabilities, which with their targets are known to be in [0, 1]. */
  private static Work bce(boolean smooth) {
    String[] target =
        smooth ? new String[] {"x", "t", "keep", "spread_e"} : new String[] {"x", "t"};
    String prefix = smooth ? "smoothed_" : "";
    return scaledAndSummed(
        binary("Bce", smooth)
            .finite()
            .then("value", prefix + "probability_loss", target)
            .any()
            .when("b.w != null")
            .then("value", "weighted_element", "value", "w")
            .when("b.loss != null")
            .then("loss", "high_half", "value")
            .when("b.gradient != null")
            .finite()
            .then("gradient", prefix + "probability_slope", target)
            .any());
  }

  /** Focal loss; where no target is soft or gamma is 2, without the logarithm of the others. */
  private static Work focal() {
    return scaledAndSummed(
        binary("Focal", false)
            .uniform("gamma")
            .uniform("alphaOfOne")
            .uniform("alphaOfZero")
            .finite()
            .then("parts", "parts_of_logit", "x")
            .when("b.posWeight == null")
            .then("whole", "logit_loss", "x", "t", "parts.l")
            .when("b.posWeight != null")
            .then("whole", "pos_weighted_loss", "x", "t", "posWeight", "parts.l")
            .when("b.square")
            .then("m", "missed_part", "x", "t", "parts.e")
            .then("power", "square", "m")
            .when("!b.square && !b.soft")
            .then("power", "hard_power", "x", "t", "parts.l", "gamma")
            .when("b.soft")
            .then("m", "missed_upscaled", "x", "t", "parts.e")
            .then("power", "soft_power", "x", "t", "m", "parts.l", "gamma")
            .when("")
            .then("alpha", "target_factor", "t", "alphaOfOne", "alphaOfZero")
            .then("value", "focused_loss", "whole", "power", "alpha")
            .when("b.w != null")
            .then("value", "weighted_element", "value", "w")
            .when("b.loss != null")
            .then("loss", "high_half", "value")
            .when("b.gradient != null && b.posWeight == null")
            .then("slope", "logit_slope", "x", "t", "t", "parts.e")
            .when("b.gradient != null && b.posWeight != null")
            .then("q", "product", "t", "posWeight")
            .then("slope", "logit_slope", "x", "t", "q", "parts.e")
            .when("b.gradient != null && b.square")
            .then("gradient", "squared_slope", SQUARED_SLOPE)
            .when("b.gradient != null && !b.square && !b.soft")
            .then("ratio", "hard_ratio", "x", "t", "parts.e")
            .when("b.gradient != null && b.soft")
            .then("ratio", "soft_ratio", "x", "t", "parts.e", "m")
            .when("b.gradient != null && !b.square")
            .then("gradient", "focused_slope", FOCUSED_SLOPE)
            .any());
  }

  private static final String[] SQUARED_SLOPE = {"slope", "t", "parts.e", "whole.hi", "m", "alpha"};

  private static final String[] FOCUSED_SLOPE = {
    "slope", "t", "parts.e", "ratio", "whole.hi", "power", "gamma", "alpha"
  };

  /** Of log-probabilities; targets are in [0, 1], or logarithms. */
  private static Work divergence() {
    return scaledAndSummed(
        binary("Divergence", false)
            .finite()
            .when("b.logTarget")
            .then("p", "exp_pair", "t")
            .then("value", "log_divergence", "x", "t", "p")
            .when("!b.logTarget")
            .then("value", "divergence", "x", "t")
            .when("b.w != null")
            .then("value", "weighted_element", "value", "w")
            .when("b.loss != null")
            .then("loss", "high_half", "value")
            .when("b.gradient != null && b.logTarget")
            .then("gradient", "log_divergence_slope", "p")
            .when("b.gradient != null && !b.logTarget")
            .then("gradient", "divergence_slope", "t")
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

  /** Of a class of one row, and of a row's sums; then the passes. */
  private void distillation() throws IOException {
    String kernel = "distillation.cl";
    ScalarWriter w = new ScalarWriter(program(kernel), CLASSES);
    String[] one = {"x", "z", "sides"};
    scalars(
        "Distillation",
        kernel,
        w.write("masses", "masses", "masses_of", one),
        w.write("set_sums", "sides", "set_sums", "sides", "sums"),
        w.write("forward_term", "result", "forward_term", one),
        w.write("reverse_term", "result", "reverse_term", one),
        w.write("jsd_terms", "terms", "jsd_terms_of", one),
        w.write("forward_slope", "result", "forward_slope", "x", "z", "sides", "factor"),
        w.write("reverse_slope", "result", "reverse_slope", "x", "z", "sides", "loss", "factor"),
        w.write("jsd_slope", "result", "jsd_slope", "x", "z", "sides", "loss", "factor"),
        w.write("row_divergence"));
    for (Work work : RowWorks.distillation()) {
      vectors(kernel, work);
    }
  }

  /** What a row's terms are relative to. */
  private static Work references() {
    return tile("References").then("row", "set_reference", "row", "row.max");
  }

  /** What losses and gradients of a tile's rows need, of the sums of each. */
  private static Work rowEnds() {
    return tile("RowEnds").finite().then("row", "finish", "row");
  }

  /** What a loss says of each row besides. */
  private void outputs() throws IOException {
    Program program = program("row_outputs.cl", "ROW_OUTPUTS");
    ScalarWriter rows = new ScalarWriter(program, CLASSES);
    scalars(
        "Outputs",
        "row_outputs.cl",
        rows.write("moment_of"),
        rows.write("moment_in_row", "result", "moment_in_row", "row", "block"),
        rows.write("entropy", "result", "entropy_of", "row", "row"),
        rows.write("log_probability", "result", "log_probability_of", "row", "row", "target"));
    Work ends =
        tile("Outputs")
            .array("row.moment.hi", "b.momentHi")
            .array("row.moment.lo", "b.momentLo")
            .array("lse.hi", "b.lse")
            .array("entropy", "b.entropy")
            .array("log_probability", "b.logProbability")
            .finite()
            .then("lse", "log_sum_exp", "row", "row")
            .then("log_probability", "log_probability_of", "row", "row", "target")
            .when("b.wantsEntropy")
            .then("entropy", "entropy_of", "row", "row");
    vectors("row_outputs.cl", ends, program);
    strips("row_outputs.cl", ends, program);
    vectors("row_outputs.cl", RowWorks.moments(), program);
    strips("row_outputs.cl", RowWorks.moments(), program);
    vectors("row_outputs.cl", RowWorks.tileMoments(), program);
  }

  /** Their losses against a class each, and what their gradients need. */
  private static Work tileLosses(String name, Map<String, String> settings, boolean z) {
    Work work = tile(name);
    settings.forEach(
        (field, type) -> {
          String java = "b.settings." + Code.identifier(field);
          if (type.equals("pair")) {
            work.uniformPair("settings." + field, java);
          } else {
            work.uniform("settings." + field, java);
          }
        });
    work.finite().then("loss", "defined_loss", "row", "row", "target", "settings");
    if (z) {
      work.then("z", "defined_z_loss", "row", "row", "settings");
    }
    return work.when("b.gradient")
        .then("slope", "defined_slope", "row", "row", "row", "target", "term", "settings");
  }

  private static Work tile(String name) {
    return new Work(name, "RowTile")
        .array("row.max", "b.max")
        .array("row.shift", "b.shift")
        .array("row.exponent", "b.exponent")
        .array("row.magic", "b.magic")
        .array("row.cut", "b.cut")
        .array("row.ties", "b.ties")
        .array("row.rest.hi", "b.restHi")
        .array("row.rest.lo", "b.restLo")
        .array("row.log.hi", "b.logHi")
        .array("row.log.lo", "b.logLo")
        .array("row.total.hi", "b.totalHi")
        .array("row.total.lo", "b.totalLo")
        .array("row.others.hi", "b.othersHi")
        .array("row.others.lo", "b.othersLo")
        .array("target.x", "b.targetX")
        .array("target.w", "b.weight")
        .array("target.scale.hi", "b.scale")
        .array("target.scale.lo", "b.scaleLo")
        .array("target.z_scale.hi", "b.zScale")
        .array("target.z_scale.lo", "b.zScaleLo")
        .array("term", "b.targetE")
        .array("loss.hi", "b.lossHi")
        .array("loss.lo", "b.lossLo")
        .array("z.hi", "b.zHi")
        .array("z.lo", "b.zLo")
        .array("slope.factor", "b.coefficient")
        .array("slope.at_y", "b.atTarget");
  }

  /** Losses and gradients of rows, of kernels compiled with these features; "" is none. */
  private void rowFormulas(String name, String... features) throws IOException {
    List<String> given = given(features);
    formulas(named(name, given), "RowFormulas", "", given);
  }

  /** The same, and of all rows of a tile at once. */
  private void tileFormulas(String name, String... features) throws IOException {
    List<String> given = given(features);
    Program program = program("cross_entropy.cl", given.toArray(String[]::new));
    boolean z = given.contains(Z_LOSS);
    Work losses = tileLosses(named(name, given) + "Losses", program.structure("settings"), z);
    vectors("cross_entropy.cl", losses, program);
    strips("cross_entropy.cl", losses, program);
    String loops = "\n  @Override\n  public void losses(RowTile tile, Lanes lanes) {\n";
    String passes =
        "\n  @Override\n  public VectorPasses<RowTile> passes() {\n    return Generated";
    String code =
        loops
            + ("    Generated" + losses.name + "Strips.run(tile, lanes, 0, tile.stride);\n  }\n")
            + (passes + losses.name + "Vectors.PASSES;\n  }\n");
    formulas(named(name, given), "TileFormulas", code, given);
  }

  private static List<String> given(String... features) {
    return Arrays.stream(features).filter(feature -> !feature.isEmpty()).toList();
  }

  private static String named(String name, List<String> features) {
    return features.contains(Z_LOSS) ? name + "WithZ" : name;
  }

  private void formulas(String name, String type, String more, List<String> features)
      throws IOException {
    Program program = program("cross_entropy.cl", features.toArray(String[]::new));
    ScalarWriter w = new ScalarWriter(program, CLASSES);
    String[] loss = {"row", "row", "target", "settings"};
    String[] slope = {"row", "row", "row", "target", "e", "settings"};
    String[] z = {"row", "row", "settings"};
    String[] ofBlock = {"row", "block", "row", "target", "e", "settings"};
    String code =
        w.implement("loss", "result", "defined_loss", loss)
            + (features.contains(Z_LOSS)
                ? w.implement("z_loss", "result", "defined_z_loss", z)
                : "")
            + w.implement("slope", "slope", "defined_slope", slope)
            + w.implement("block_slope", "slope", "defined_slope", ofBlock)
            + more;
    String made = formulas.putIfAbsent(code, name); // Not every feature changes them.
    if (made == null) {
      String about = "Losses of rows and what their gradients need, of kernels/cross_entropy.cl.";
      add(name + "Formulas", "cross_entropy.cl", PLAIN, about, " implements " + type + " {", code);
      constants.append("\n  private static final RowFormulas " + constant(name) + " =\n");
      constants.append("      new Generated" + name + "Formulas();\n");
    }
    String key = features.stream().map(f -> " -D " + f).collect(Collectors.joining());
    String as = made == null ? name : made;
    choices.append("      case \"" + key + "\" -> " + constant(as) + ";\n");
  }

  private static String constant(String name) {
    return name.replaceAll("(?<!^)([A-Z])", "_$1").toUpperCase(Locale.ROOT);
  }

  /** Which formulas kernels have that are compiled with some features. */
  private void choice() {
    String code =
        constants
            + "\n  /** For the features of a task. */\n  static RowFormulas of(String features) {\n"
            + ("    return switch (features) {\n" + choices)
            + "      default -> throw new IllegalArgumentException(\"features\" + features);\n"
            + "    };\n  }\n";
    add("Formulas", "cross_entropy.cl", "", "All formulas of rows.", code);
  }

  /** Of a kernel compiled with these features. */
  private static Program program(String kernel, String... features) throws IOException {
    List<String> files =
        switch (kernel) {
          case "numerics.cl" -> List.of(kernel);
          case "bce.cl", "sigmoid_focal.cl" ->
              List.of("numerics.cl", "elements.cl", "sigmoid_bce.cl", kernel);
          case "kl_div.cl" -> List.of("numerics.cl", "elements.cl", kernel);
          case "cross_entropy.cl", "softmax.cl", "logits.cl", "hessian.cl", "distillation.cl" ->
              List.of("numerics.cl", "rows.cl", kernel);
          case "row_outputs.cl" -> List.of("numerics.cl", "rows.cl", "cross_entropy.cl", kernel);
          default -> List.of("numerics.cl", kernel);
        };
    Source source =
        Source.read(List.of(features), files.stream().map(KERNELS::resolve).toArray(Path[]::new));
    return new Program(
        source
            .add("Generate.java", STEPS)
            .add("RowWorks.java", RowWorks.STEPS)
            .add("HessianWorks.java", HessianWorks.STEPS));
  }

  private static String head(String from) {
    return "// Generated from "
        + from
        + " by ci/generate. Do not edit.\n"
        + "package io.github.fusedloss.cpu;\n\n";
  }

  /** A class of static methods. */
  private void add(String name, String kernel, String imports, String about, String code) {
    String nobody = " {\n  private Generated" + name + "() {}";
    add(name, kernel, imports, about, nobody, code);
  }

  private void add(
      String name, String kernel, String imports, String about, String begin, String code) {
    String type = "Generated" + name;
    files.put(
        CPU.resolve(type + ".java"),
        head("kernels/" + kernel)
            + "import static io.github.fusedloss.cpu.ScalarMath.hi;\n"
            + "import static io.github.fusedloss.cpu.ScalarMath.lo;\n"
            + imports
            + "\n/** "
            + about
            + " */\nfinal class "
            + type
            + begin
            + "\n"
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
    ScalarWriter writer = new ScalarWriter(program(kernel), CLASSES);
    scalars(name, kernel, functions.stream().map(writer::write).toArray(String[]::new));
  }

  private void scalars(String name, String kernel, String... methods) {
    String code = String.join("", methods);
    String about = "Functions of kernels/" + kernel + " for one element; a long is a pair.";
    add(name, kernel, PLAIN, about, code);
  }

  private void vectors(String kernel, Work work) throws IOException {
    vectors(kernel, work, program(kernel));
  }

  private void vectors(String kernel, Work work, Program program) {
    String about = "Passes of the Vector API over a strip of a block, of kernels/" + kernel + ".";
    BlockWriter writer = new BlockWriter(work, program, true);
    add(work.name + "Vectors", kernel, VECTORS, about, "\n" + writer.write());
    slots = Math.max(slots, writer.slots());
  }

  private void strips(String kernel, Work work) throws IOException {
    strips(kernel, work, program(kernel));
  }

  private void strips(String kernel, Work work, Program program) {
    String about = "Loops over a strip of a block, of kernels/" + kernel + ".";
    BlockWriter writer = new BlockWriter(work, program, false);
    add(work.name + "Strips", kernel, PLAIN, about, "\n" + writer.write());
    slots = Math.max(slots, writer.slots());
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
