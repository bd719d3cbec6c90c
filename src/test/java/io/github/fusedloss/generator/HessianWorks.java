package io.github.fusedloss.generator;

/**
 * What makes second derivatives. These are works of their own, so that what makes losses and
 * gradients does not depend on them; few calls ask for both.
 */
final class HessianWorks {
  private HessianWorks() {}

  /** Steps that the kernels write where they need them. */
  static final String STEPS = "INLINE pair exp_of_logit(fvec v) { return exp_minus(fabs(v)); }\n";

  private static Work binary(String name) {
    return new Work(name, "BceBlock")
        .memory("x")
        .memory("t")
        .optional("w")
        .optional("posWeight")
        .memory("hessian")
        .uniform("scale");
  }

  /** Times the factors of the gradient. */
  private static Work scaled(Work work, String value) {
    return work.when("b.w == null")
        .then("hessian", "scaled_gradient", value, "scale")
        .when("b.w != null")
        .then("factor", "product", "w", "scale")
        .then("hessian", "scaled_gradient", value, "factor");
  }

  /** Of binary cross entropy of logits. */
  static Work logits() {
    return scaled(
        binary("LogitHessian")
            .uniform("least")
            .uniformPair("keep", "b.keep")
            .uniform("spread_e", "b.half")
            .then("e", "exp_of_logit", "x")
            .then("variance", "logit_variance", "e", "least")
            .when("b.posWeight == null")
            .then("mass", "logit_mass", "t")
            .when("b.posWeight != null && !b.smooth")
            .then("mass", "pos_weighted_mass", "t", "posWeight")
            .when("b.posWeight != null && b.smooth")
            .then("mass", "smoothed_mass", "t", "posWeight", "keep", "spread_e")
            .when("")
            .then("bent", "product", "variance", "mass"),
        "bent");
  }

  /** Of focal loss of logits. */
  static Work focal() {
    return scaled(
        binary("FocalHessian")
            .uniform("gamma")
            .uniform("alphaOfOne")
            .uniform("alphaOfZero")
            .uniform("least", "0f")
            .then("parts", "parts_of_logit", "x")
            .then("variance", "logit_variance", "parts.e", "least")
            .when("b.posWeight == null")
            .then("whole", "logit_loss", "x", "t", "parts.l")
            .then("before", "logit_slope", "x", "t", "t", "parts.e")
            .then("mass", "logit_mass", "t")
            .when("b.posWeight != null")
            .then("whole", "pos_weighted_loss", "x", "t", "posWeight", "parts.l")
            .then("q", "product", "t", "posWeight")
            .then("before", "logit_slope", "x", "t", "q", "parts.e")
            .then("mass", "pos_weighted_mass", "t", "posWeight")
            .when("")
            .then("bent", "product", "variance", "mass")
            .then("alpha", "target_factor", "t", "alphaOfOne", "alphaOfZero")
            .when("b.square")
            .then("m", "missed_part", "x", "t", "parts.e")
            .then("bend", "squared_bend", SQUARED)
            .when("!b.square && !b.soft")
            .then("power", "hard_power", "x", "t", "parts.l", "gamma")
            .then("ratio", "hard_ratio", "x", "t", "parts.e")
            .when("b.soft")
            .then("m", "missed_upscaled", "x", "t", "parts.e")
            .then("power", "soft_power", "x", "t", "m", "parts.l", "gamma")
            .then("ratio", "soft_ratio", "x", "t", "parts.e", "m")
            .when("!b.square")
            .then("bend", "focused_bend", FOCUSED),
        "bend");
  }

  private static final String[] SQUARED = {
    "x", "before", "bent", "t", "parts.e", "whole.hi", "m", "alpha"
  };

  private static final String[] FOCUSED = {
    "x", "before", "bent", "t", "parts.e", "ratio", "whole.hi", "power", "gamma", "alpha"
  };

  /** Of the terms of a block of a row. */
  static Work rows() {
    return new Work("Hessian", "RowBlock")
        .memory("e")
        .memory("h")
        .uniform("factor", "b.curve.factor")
        .uniform("share", "b.curve.share")
        .uniform("crest", "b.curve.crest")
        .uniform("rest", "b.curve.rest")
        .uniform("bend", "b.curve.bend")
        .uniform("least", "b.curve.least")
        .then("h", "hessian_of", "e", "factor", "share", "crest", "rest", "bend", "least");
  }

  /** What that needs of the rows of a tile. */
  static Work tileCurves() {
    return tile("TileCurves")
        .array("max", "b.max")
        .array("shift", "b.shift")
        .array("magic", "b.magic")
        .array("total", "b.totalHi")
        .array("others", "b.othersHi")
        .array("coefficient", "b.coefficient")
        .array("z_scale", "b.zScale")
        .uniform("times", "b.curves.times")
        .then("factor", "product", "coefficient", "times")
        .then("share", "reciprocal", "total")
        .then("rest", "product", "others", "share")
        .then("crest", "likely_term", "max", "shift", "magic", "others", "total")
        .then("bend", "bend_of", "z_scale", "share");
  }

  /** Of the terms of a tile. */
  static Work tile() {
    return tile("TileHessian")
        .line("e", "")
        .line("h", "")
        .uniform("least", "b.curves.least")
        .acrossRows()
        .then("h", "hessian_of", "e", "factor", "share", "crest", "rest", "bend", "least");
  }

  private static Work tile(String name) {
    return new Work(name, "RowTile")
        .array("factor", "b.curves.factor")
        .array("share", "b.curves.share")
        .array("crest", "b.curves.crest")
        .array("rest", "b.curves.rest")
        .array("bend", "b.curves.bend");
  }
}
