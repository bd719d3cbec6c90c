import java.util.ArrayList;
import java.util.List;

/** cross_entropy with class indices and with class probabilities, and nll_loss. */
final class ClassCases {
  // 0.1 as a float, so that it means the same to a caller who passes a double.
  private static final float[] SMOOTHINGS = {0, 0.1f, 1};

  // All options crossed with all reductions: a batch, and a batch with two more axes.
  private static final long[][] CROSSED = {{4, 3}, {2, 3, 2, 2}};

  // Options crossed, reductions in turn. 65 is one more than a usual sub-group or SIMD block.
  private static final long[][] SPREAD = {
    {1, 1}, {3, 2}, {2, 10}, {3, 65}, {2, 3, 4}, {2, 1, 3}, {1, 10, 2}, {1, 2, 3, 2}
  };

  // No batch axis: the one label is a scalar.
  private static final long[][] UNBATCHED = {{1}, {2}, {3}, {10}, {65}};

  private static final long[][] EMPTY = {{0, 5}, {0, 3, 2}};

  private ClassCases() {}

  static List<Case> indices() {
    List<Case> cases = new ArrayList<>();
    for (long[] shape : CROSSED) {
      for (Case c : options("cross_entropy", Data.normal(shape), SMOOTHINGS)) {
        cases.addAll(reductions(c));
      }
    }
    for (long[] shape : SPREAD) {
      for (Case c : options("cross_entropy", Data.normal(shape), SMOOTHINGS)) {
        cases.add(next(cases, c));
      }
      Data large = Data.large(shape);
      cases.add(next(cases, Case.of("cross_entropy", large, labels(shape), "none")));
    }
    for (long[] shape : UNBATCHED) {
      for (float smoothing : SMOOTHINGS) {
        Data label = labels(shape);
        Case c = Case.of("cross_entropy", Data.normal(shape), label, "none");
        c = c.labelSmoothing(smoothing);
        cases.add(next(cases, c));
        cases.add(next(cases, c.weight(weight(shape))));
        cases.add(next(cases, c.ignoreIndex(label.labels()[0])));
      }
    }
    for (long[] shape : new long[][] {{4, 3}, {3, 65}, {2, 3, 4}}) {
      Case c = Case.of("cross_entropy", Data.shifted(shape), labels(shape), "none");
      cases.addAll(reductions(c));
      cases.addAll(reductions(c.weight(weight(shape)).labelSmoothing(0.1f)));
    }
    cases.addAll(extremes("cross_entropy", SMOOTHINGS));
    // Confident rows: what is left of the loss is far below the logits' own precision.
    Data confident = Data.literal("confident", new long[] {2, 4}, 17f, 0, 0, 0, 0, -2, 40, 1);
    Data right = Data.literal("confident-right", new long[] {2}, 0L, 2);
    cases.addAll(reductions(Case.of("cross_entropy", confident, right, "none")));
    return cases;
  }

  static List<Case> nll() {
    List<Case> cases = new ArrayList<>();
    float[] none = {0};
    for (long[] shape : new long[][] {{4, 3}, {2, 3, 4}, {2, 3, 2, 2}}) {
      for (Case c : options("nll_loss", Data.normal(shape), none)) {
        cases.addAll(reductions(c));
      }
    }
    for (long[] shape : new long[][] {{1, 1}, {3, 65}}) {
      for (Case c : options("nll_loss", Data.normal(shape), none)) {
        cases.add(next(cases, c));
      }
    }
    for (long[] shape : new long[][] {{1}, {3}}) {
      Case c = Case.of("nll_loss", Data.normal(shape), labels(shape), "none");
      cases.addAll(reductions(c));
      cases.addAll(reductions(c.weight(weight(shape))));
      cases.addAll(reductions(c.ignoreIndex(labels(shape).labels()[0])));
    }
    cases.addAll(extremes("nll_loss", none));
    return cases;
  }

  static List<Case> probabilities() {
    List<Case> cases = new ArrayList<>();
    for (long[] shape : new long[][] {{3}, {4, 3}, {2, 3, 2, 2}}) {
      for (Case c : probabilityOptions(Data.normal(shape), distribution(shape))) {
        cases.addAll(reductions(c));
      }
    }
    for (long[] shape : new long[][] {{1}, {10}, {65}, {1, 1}, {3, 65}, {2, 3, 4}, {1, 10, 2}}) {
      for (Case c : probabilityOptions(Data.normal(shape), distribution(shape))) {
        cases.add(next(cases, c));
      }
    }
    for (long[] shape : new long[][] {{4, 3}, {2, 3, 4}}) {
      for (Case c : probabilityOptions(Data.large(shape), oneHot(shape))) {
        cases.add(next(cases, c));
      }
      // PyTorch neither checks that they are positive nor that they sum to 1.
      Data free = Data.floats("unnormalised", shape, (r, i) -> 3 * r.nextFloat() - 1);
      for (Case c : probabilityOptions(Data.normal(shape), free)) {
        cases.add(next(cases, c));
      }
      cases.addAll(
          reductions(Case.of("cross_entropy", Data.shifted(shape), distribution(shape), "none")));
    }
    for (long[] shape : EMPTY) {
      cases.addAll(
          reductions(Case.of("cross_entropy", Data.normal(shape), distribution(shape), "none")));
    }
    return cases;
  }

  /** Weights, ignored labels (none, outside the classes, one of the classes) and smoothings. */
  private static List<Case> options(String loss, Data input, float[] smoothings) {
    long[] shape = input.shape();
    List<Case> cases = new ArrayList<>();
    for (float smoothing : smoothings) {
      for (Data weight : new Data[] {null, weight(shape)}) {
        Case c = Case.of(loss, input, labels(shape), "none");
        c = c.weight(weight).labelSmoothing(smoothing);
        cases.add(c);
        Data ignored = ignored(shape, Case.NO_IGNORE);
        cases.add(Case.of(loss, input, ignored, "none").weight(weight).labelSmoothing(smoothing));
        cases.add(c.ignoreIndex(inside(c.target())));
      }
    }
    return cases;
  }

  private static List<Case> probabilityOptions(Data input, Data target) {
    List<Case> cases = new ArrayList<>();
    for (float smoothing : SMOOTHINGS) {
      Case c = Case.of("cross_entropy", input, target, "none").labelSmoothing(smoothing);
      cases.add(c);
      cases.add(c.weight(weight(input.shape())));
    }
    return cases;
  }

  /** All rows ignored, no rows, classes of weight 0, and unusual values of ignore_index. */
  private static List<Case> extremes(String loss, float[] smoothings) {
    List<Case> cases = new ArrayList<>();
    long[] shape = {4, 3};
    Data input = Data.normal(shape);
    Data all = Data.literal("all-ignored", new long[] {4}, -100L, -100, -100, -100);
    Data twos = Data.literal("twos", new long[] {2}, 2L, 2);
    Data zero = Data.literal("zero-weight", new long[] {3}, 0.5f, 0, 2);
    Data zeros = Data.literal("zero-weight-2", new long[] {3}, 0.5f, 1.25f, 0);
    for (float smoothing : smoothings) {
      Case ignored = Case.of(loss, input, all, "none").labelSmoothing(smoothing);
      cases.addAll(reductions(ignored));
      cases.add(next(cases, ignored.weight(weight(shape))));
      // One class without weight; then only that class among the labels: mean divides by 0.
      Case c = Case.of(loss, input, labels(shape), "none").labelSmoothing(smoothing);
      cases.addAll(reductions(c.weight(zero)));
      Case dead = Case.of(loss, Data.normal(2, 3), twos, "none").labelSmoothing(smoothing);
      cases.addAll(reductions(dead.weight(zeros)));
    }
    cases.add(next(cases,
        Case.of(loss, input, ignored(shape, -1), "none").ignoreIndex(-1).weight(weight(shape))));
    cases.add(next(cases,
        Case.of(loss, input, ignored(shape, 255), "none").ignoreIndex(255)));
    for (long[] empty : EMPTY) {
      cases.addAll(reductions(Case.of(loss, Data.normal(empty), labels(empty), "none")));
    }
    return cases;
  }

  private static List<Case> reductions(Case c) {
    List<Case> cases = new ArrayList<>();
    for (String reduction : Case.REDUCTIONS) {
      cases.add(reduced(c, reduction));
    }
    return cases;
  }

  private static Case next(List<Case> before, Case c) {
    return reduced(c, Rotation.reduction(before.size()));
  }

  private static Case reduced(Case c, String reduction) {
    return new Case(c.loss(), c.input(), c.target(), c.weight(), c.posWeight(), reduction,
        c.ignoreIndex(), c.labelSmoothing(), c.more());
  }

  private static long classes(long[] shape) {
    return shape[shape.length > 1 ? 1 : 0];
  }

  /** The input's shape without the class axis. */
  private static long[] rows(long[] shape) {
    if (shape.length == 1) {
      return Data.SCALAR;
    }
    long[] rows = new long[shape.length - 1];
    rows[0] = shape[0];
    System.arraycopy(shape, 2, rows, 1, shape.length - 2);
    return rows;
  }

  static Data weight(long[] shape) {
    return Data.weight("class_weight", classes(shape));
  }

  static Data labels(long[] shape) {
    return labels("labels", shape, Case.NO_IGNORE, 0);
  }

  /** A third of the labels ignored, the first one always. */
  private static Data ignored(long[] shape, long ignoreIndex) {
    return labels("ignored" + ignoreIndex, shape, ignoreIndex, 3);
  }

  static Data labels(String kind, long[] shape, long ignoreIndex, int every) {
    int classes = Math.toIntExact(classes(shape));
    String name = kind + "-of-" + classes;
    Data drawn = Data.floats(name, rows(shape), (r, i) -> r.nextInt(classes));
    long[] labels = new long[drawn.floats().length];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = every > 0 && i % every == 0 ? ignoreIndex : (long) drawn.floats()[i];
    }
    return new Data(drawn.name(), drawn.shape(), null, labels);
  }

  /** An ignore_index that is one of the classes and occurs. */
  private static long inside(Data labels) {
    return labels.labels()[labels.labels().length - 1];
  }

  private static Data distribution(long[] shape) {
    Data raw = Data.floats("distribution", shape, (r, i) -> (float) Math.abs(r.nextGaussian()));
    int classes = Math.toIntExact(classes(shape));
    int inner = inner(shape);
    float[] p = raw.floats();
    for (int i = 0; i < p.length; i += i % inner == inner - 1 ? (classes - 1) * inner + 1 : 1) {
      double sum = 0;
      for (int c = 0; c < classes; c++) {
        sum += p[i + c * inner];
      }
      for (int c = 0; c < classes; c++) {
        p[i + c * inner] = (float) (p[i + c * inner] / sum);
      }
    }
    return raw;
  }

  private static Data oneHot(long[] shape) {
    Data labels = labels(shape);
    int classes = Math.toIntExact(classes(shape));
    int inner = inner(shape);
    return Data.floats("one_hot", shape, (r, i) -> {
      int row = i / (classes * inner) * inner + i % inner;
      return labels.labels()[row] == i / inner % classes ? 1 : 0;
    });
  }

  /** Elements behind the class axis. */
  private static int inner(long[] shape) {
    int inner = 1;
    for (int i = 2; i < shape.length; i++) {
      inner *= Math.toIntExact(shape[i]);
    }
    return inner;
  }
}
