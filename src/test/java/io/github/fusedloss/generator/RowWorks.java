package io.github.fusedloss.generator;

import java.util.List;

/** What is done to the elements of rows of logits, in rows.cl, cross_entropy.cl and softmax.cl. */
final class RowWorks {
  private RowWorks() {}

  /** Steps that the kernels write where they need them. */
  static final String STEPS =
      "INLINE pair distance_times_float(fvec v, fvec from, fvec p) {\n"
          + "  return distance_times(v, from, make_pair(p, (fvec)(0.0f)));\n}\n"
          + "INLINE pair weighted_distance_by_float(fvec v, fvec from, fvec p) {\n"
          + "  return weighted_distance(v, from, make_pair(p, (fvec)(0.0f)));\n}\n"
          + "INLINE fvec equal_gradient(fvec e, fvec factor, fvec spread) {\n"
          + "  return canonical(spread_gradient(e, (fvec)(1.0f), factor, spread));\n}\n"
          + "INLINE fvec weighted_gradient(fvec e, fvec w, fvec factor, fvec spread) {\n"
          + "  return canonical(spread_gradient(e, w, factor, spread));\n}\n"
          + "INLINE fvec given_gradient(\n"
          + "    fvec e, fvec q, fvec factor, fvec scale, fvec top, pair likely) {\n"
          + "  pair b = make_pair(q, (fvec)(0.0f));\n"
          + "  return canonical(share_gradient(e, b, factor, scale, top, likely));\n}\n"
          + "INLINE fvec shared_gradient(\n"
          + "    fvec e, pair b, fvec factor, fvec scale, fvec top, pair likely) {\n"
          + "  return canonical(share_gradient(e, b, factor, scale, top, likely));\n}\n"
          + "INLINE fvec log_softmax(fvec v, fvec max, pair log) {\n"
          + "  return canonical(log_of_softmax(v, max, log));\n}\n"
          + "INLINE fvec biased(fvec v, fvec bias) { return v + bias; }\n"
          + "INLINE fvec times_slope(fvec e, fvec x, pair twice) {\n"
          + "  return canonical(e * softcap_slope(x, twice));\n}\n"
          + "INLINE fvec times_cooled_slope(fvec e, fvec x, pair twice, pair inverse) {\n"
          + "  return canonical(e * cooled(softcap_slope(x, twice), inverse));\n}\n"
          + "INLINE fvec times_inverse(fvec e, pair inverse) {\n"
          + "  return canonical(e * inverse.hi);\n}\n"
          + "typedef struct { fvec ties; pair rest; } sums;\n"
          + "INLINE sums add_logit(sums s, fvec v, fvec max, fvec e) {\n"
          + "  s.ties += tie(v, max);\n"
          + "  s.rest = accumulate_float(s.rest, term_of_other(v, max, e));\n"
          + "  return s;\n}\n";

  /** What is done to logits y. */
  static Work transform() {
    return new Work("Transform", "LogitBlock")
        .memory("y")
        .optional("bias")
        .uniform("cap")
        .uniformPair("twice", "b.twice")
        .uniformPair("inverse", "b.inverse")
        .when("b.softcap")
        .then("y", "softcapped", "y", "cap", "twice")
        .when("b.temperature")
        .then("y", "cooled", "y", "inverse")
        .when("b.bias != null")
        .then("y", "biased", "y", "bias");
  }

  /** Gradients e times the slopes at x. */
  static Work slopes() {
    return new Work("Slopes", "LogitBlock")
        .memory("x")
        .memory("e")
        .uniformPair("twice", "b.twice")
        .uniformPair("inverse", "b.inverse")
        .when("b.softcap && !b.temperature")
        .then("e", "times_slope", "e", "x", "twice")
        .when("b.softcap && b.temperature")
        .then("e", "times_cooled_slope", "e", "x", "twice", "inverse")
        .when("!b.softcap")
        .then("e", "times_inverse", "e", "inverse");
  }

  /** The sum of a block of floats, or pairs, for vectors. */
  static Work sums() {
    return new Work("Sums", "SumBlock")
        .memory("hi")
        .optional("lo")
        .lane("sum.hi", "lanes.hi")
        .lane("sum.lo", "lanes.lo")
        .when("b.lo == null")
        .fold("sum", "accumulate_float", "hi")
        .when("b.lo != null")
        .fold("sum", "accumulate", "hi", "lo");
  }

  private static Work row(String name) {
    return new Work(name, "RowBlock")
        .memory("x")
        .optional("q")
        .optional("w")
        .uniformPair("keep", "b.settings.keep")
        .uniformPair("spread", "b.settings.spread");
  }

  /** Terms of a block of a row. Vectors sum them too; the lanes' sums of loops are by hand. */
  static Work terms() {
    return new Work("Terms", "RowBlock")
        .memory("x")
        .kept("e")
        .uniform("shift", "b.row.shift")
        .uniform("magic", "b.row.magic")
        .uniform("cut", "b.row.cut")
        .uniform("max", "b.row.max")
        .array("sums.ties", "s.ties")
        .lane("sums.rest.hi", "lanes.hi")
        .lane("sums.rest.lo", "lanes.lo")
        .inVectors()
        .then("e", "term", "x", "cut", "shift", "magic")
        .fetching("x")
        .aheadBy("b.n")
        .fold("sums", "add_logit", "x", "max", "e")
        .inLoops()
        .then("e", "exponential", "x", "shift", "magic")
        .when("b.far")
        .choosing()
        .then("e", "zero_below", "x", "cut", "e");
  }

  /** Sums of shares, to the lanes, and of their products with distances, to the strip's. */
  static Work distances() {
    String shared = "b.q != null && (b.w != null || b.settings.smooth)";
    return row("Distances")
        .uniform("from")
        .when("b.q != null && b.w == null && b.settings.smooth")
        .then("share", "smoothed", "q", "keep", "spread")
        .when("b.q != null && b.w != null && !b.settings.smooth")
        .then("share", "given_share", "q", "w")
        .when("b.q != null && b.w != null && b.settings.smooth")
        .then("share", "smoothed_share", "q", "w", "keep", "spread")
        .when("b.q != null && b.w == null && !b.settings.smooth")
        .sumFloats("q")
        .inVectors()
        .then("away", "weighted_distance_by_float", "x", "from", "q")
        .inLoops()
        .then("away", "distance_times_float", "x", "from", "q")
        .when(shared)
        .sum("share")
        .inVectors()
        .then("away", "weighted_distance", "x", "from", "share")
        .inLoops()
        .then("away", "distance_times", "x", "from", "share")
        .when("b.q == null && b.w != null")
        .inVectors()
        .then("away", "weighted_distance_by_float", "x", "from", "w")
        .inLoops()
        .then("away", "distance_times_float", "x", "from", "w")
        .everywhere()
        .when("b.q == null && b.w == null")
        .then("away", "distance_to", "from", "x")
        .when("")
        .sum("away", "lanes.more");
  }

  /** The moment of a block's terms. */
  static Work moments() {
    return new Work("Moments", "RowBlock")
        .memory("x")
        .memory("e")
        .uniform("max", "b.row.max")
        .then("moment", "moment_of", "x", "max", "e")
        .sumFloats("moment");
  }

  /** The gradient of a block's terms. */
  static Work gradient() {
    return row("Gradient")
        .memory("e")
        .uniform("factor", "b.slope.factor")
        .uniform("equal", "b.slope.spread")
        .uniform("scale", "b.slope.scale")
        .uniform("top", "b.slope.top")
        .uniformPair("likely", "b.slope.likely")
        .when("b.q != null && b.w == null && b.settings.smooth")
        .then("b", "smoothed", "q", "keep", "spread")
        .when("b.q != null && b.w != null && !b.settings.smooth")
        .then("b", "given_share", "q", "w")
        .when("b.q != null && b.w != null && b.settings.smooth")
        .then("b", "smoothed_share", "q", "w", "keep", "spread")
        .choosing()
        .when("b.q == null && !b.shared")
        .then("e", "scaled_gradient", "e", "factor")
        .when("b.q == null && b.shared && b.w == null")
        .then("e", "equal_gradient", "e", "factor", "equal")
        .when("b.q == null && b.shared && b.w != null")
        .then("e", "weighted_gradient", "e", "w", "factor", "equal")
        .when("b.q != null && b.w == null && !b.settings.smooth")
        .then("e", "given_gradient", "e", "q", "factor", "scale", "top", "likely")
        .when("b.q != null && (b.w != null || b.settings.smooth)")
        .then("e", "shared_gradient", "e", "b", "factor", "scale", "top", "likely");
  }

  /** What is done to the two sides of a block of a row of distillation.cl, pass by pass. */
  static List<Work> distillation() {
    String[] one = {"x", "z", "sides"};
    return List.of(
        sides("DistillationMasses")
            .then("m", "masses_of", one)
            .sumFloats("m.student")
            .sumFloats("m.teacher", "lanes.more")
            .sumFloats("m.difference", "lanes.more.more"),
        sides("ForwardTerms").then("v", "forward_term", one).sumFloats("v"),
        sides("ReverseTerms").then("v", "reverse_term", one).sumFloats("v"),
        sides("JsdTerms")
            .then("t", "jsd_terms_of", one)
            .sumFloats("t.term")
            .sumFloats("t.student", "lanes.more"),
        sides("ForwardSlopes").then("out", "forward_slope", "x", "z", "sides", "factor"),
        sides("ReverseSlopes").then("out", "reverse_slope", "x", "z", "sides", "loss", "factor"),
        sides("JsdSlopes").then("out", "jsd_slope", "x", "z", "sides", "loss", "factor"));
  }

  private static Work sides(String name) {
    return new Work(name, "DistillBlock")
        .memory("x")
        .memory("z")
        .memory("out")
        .uniform("sides.student_max", "b.sides.studentMax")
        .uniform("sides.teacher_max", "b.sides.teacherMax")
        .uniform("sides.student_inverse", "b.sides.studentInverse")
        .uniform("sides.teacher_inverse", "b.sides.teacherInverse")
        .uniform("sides.beta", "b.sides.beta")
        .uniform("sides.keep", "b.sides.keep")
        .uniformPair("sides.inverse", "b.sides.inverse")
        .uniformPair("sides.shift", "b.sides.shift")
        .uniformPair("loss", "b.loss")
        .uniform("factor");
  }

  static Work logSoftmax() {
    return new Work("LogSoftmax", "RowBlock")
        .memory("x")
        .memory("e")
        .uniform("max")
        .uniformPair("log", "b.log")
        .then("e", "log_softmax", "x", "max", "log");
  }

  /** A tile: lines of rows side by side, one line for each class. */
  private static Work tile(String name) {
    return new Work(name, "RowTile")
        .line("x", "")
        .array("max", "b.max")
        .array("shift", "b.shift")
        .array("magic", "b.magic")
        .array("cut", "b.cut")
        .array("sums.ties", "b.ties")
        .array("sums.rest.hi", "b.restHi")
        .array("sums.rest.lo", "b.restLo")
        .acrossRows();
  }

  /** Terms of a line; loops sum them too. */
  static Work tileTerms() {
    return tile("TileTerms")
        .line("e", "b.keep")
        .inVectors()
        .then("e", "term", "x", "cut", "shift", "magic")
        .inLoops()
        .then("e", "exponential", "x", "shift", "magic")
        .when("b.far")
        .choosing()
        .then("e", "zero_below", "x", "cut", "e")
        .everywhere()
        .when("")
        .inLoops()
        .fold("sums", "add_logit", "x", "max", "e");
  }

  /** Sums of a tile; loops have them, but for the end. */
  static Work tileSums() {
    return tile("TileSums")
        .line("e", "")
        .inVectors()
        .fold("sums", "add_logit", "x", "max", "e")
        .everywhere()
        .then("sums.rest", "normalise", "sums.rest.hi", "sums.rest.lo");
  }

  /** What a line's terms add to the moments of their rows. */
  static Work tileMoments() {
    return tile("TileMoments")
        .line("e", "")
        .line("moments", "")
        .then("moments", "moment_of", "x", "max", "e");
  }

  /** The gradient of a line's terms, but at the targets. */
  static Work tileGradient() {
    return new Work("TileGradient", "RowTile")
        .line("e", "")
        .array("coefficient", "b.coefficient")
        .acrossRows()
        .then("e", "scaled_gradient", "e", "coefficient");
  }

  /** log_softmax of a line. */
  static Work tileLogs() {
    return tile("TileLogs")
        .line("e", "")
        .array("log.hi", "b.logHi")
        .array("log.lo", "b.logLo")
        .choosing()
        .then("e", "log_softmax", "x", "max", "log");
  }
}
