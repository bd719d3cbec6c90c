package io.github.fusedloss.accuracy;

import io.github.fusedloss.Reduction;
import io.github.fusedloss.verify.Promise;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * A function with options, and how the genes of a candidate make a {@link Point} of it.
 *
 * <p>The genes are those that all rows of a call share (smoothing and class weights), then those of
 * one row or element; of what is reduced, of {@link #PATTERN} rows and of how often they repeat.
 * Long rows are runs of equal logits, so that rounding errors pile up and the row can be written
 * down.
 */
final class SearchCase {
  /** Different rows of what is reduced. */
  private static final int PATTERN = 3;

  /** Numbers in a long row. */
  private static final int RUNS = 6;

  private static final int[] REPEATS = {1, 1, 2, 7, 33, 100, 341, 1000, 1365, 1366, 4099};

  /** Around the places where rows are summed differently. */
  static final int[] FEW = {2, 3, 5};

  static final int[] MANY = {64, 65, 1000, 4097, 12300};

  /** The options that a case sets. */
  enum Option {
    HARD,
    SOFT,
    SMOOTHING,
    SMOOTHING_1,
    WEIGHT,
    POS_WEIGHT,
    UPSTREAM,
    DENOMINATOR,
    SUM,
    MEAN,
    SIGNED
  }

  final String function;
  final String out;
  final int classes;
  final List<Option> options;
  final boolean extreme;
  private final List<Gene> shared = new ArrayList<>();
  private final List<Gene> row = new ArrayList<>();
  private final List<Gene> head = new ArrayList<>();
  private final int numbers;
  private final Promise promise;

  SearchCase(String function, String out, int classes, boolean extreme, Option... options) {
    this.function = function;
    this.out = out;
    this.classes = classes;
    this.options = List.of(options);
    this.extreme = extreme;
    numbers = classes == 0 ? 1 : Math.min(classes, classes > 5 ? RUNS : 5);
    if (has(Option.SMOOTHING)) {
      shared.add(Gene.SMOOTHING);
    }
    if (classes > 0 && has(Option.WEIGHT)) {
      numbers(shared, Gene.WEIGHT);
    }
    numbers(row, function.equals(Point.PROBABILITIES) ? Gene.UNIT : Gene.LOGIT);
    if (has(Option.SOFT)) {
      numbers(row, Gene.UNIT);
    } else if (has(Option.HARD)) {
      row.add(classes == 0 ? Gene.HARD : Gene.CHOICE);
    }
    if (classes == 0 && has(Option.WEIGHT)) {
      row.add(Gene.WEIGHT);
    }
    if (has(Option.POS_WEIGHT)) {
      row.add(Gene.WEIGHT);
    }
    if (has(Option.UPSTREAM)) {
      (reduced() ? head : row).add(Gene.UPSTREAM);
    }
    if (reduced()) {
      head.add(Gene.CHOICE);
      head.add(Gene.CHOICE);
      if (has(Option.DENOMINATOR)) {
        head.add(Gene.DENOMINATOR);
      }
    }
    float[] example = new float[genes().size()];
    Arrays.fill(example, 0.5f);
    if (has(Option.HARD) && classes == 0) {
      Arrays.fill(example, 1f / PATTERN);
      for (int i = 0; i < example.length; i++) {
        example[i] = genes().get(i) == Gene.HARD ? 1 : example[i];
      }
    }
    promise = point(List.of(example), 1).promise();
  }

  /** Adds a gene for each number of a row, and for the lengths of runs of equal ones. */
  private void numbers(List<Gene> genes, Gene kind) {
    for (int i = 0; i < numbers; i++) {
      genes.add(kind);
    }
    for (int i = 0; i < numbers && classes > 5; i++) {
      genes.add(Gene.CHOICE);
    }
  }

  boolean has(Option option) {
    return options.contains(option);
  }

  boolean reduced() {
    return has(Option.SUM) || has(Option.MEAN) || function.equals("sum") || function.equals("mean");
  }

  /** The options, in words. */
  String text() {
    StringBuilder text = new StringBuilder(function);
    if (!out.equals("value")) {
      text.append(out.equals("total") ? " LossResult.sum()" : " " + out);
    }
    for (Option option : options) {
      String word = option.name().toLowerCase(Locale.ROOT);
      switch (option) {
        case HARD -> text.append(classes == 0 ? ", hard" : "");
        case SOFT -> text.append(classes == 0 ? ", soft" : ", probabilities");
        case SMOOTHING_1 -> text.append(", smoothing 1");
        case WEIGHT -> text.append(classes == 0 ? ", weight" : ", class weights");
        default -> text.append(", ").append(word);
      }
    }
    if (classes > 0) {
      text.append(classes > 5 ? ", many classes" : ", few classes");
    }
    return text.toString();
  }

  /** Where the search of it starts: a function of what it is. */
  int hashOfName() {
    return (text() + classes + extreme).hashCode();
  }

  /** Genes that all rows of a call have in common. */
  int sharedGenes() {
    return shared.size();
  }

  /** The genes of a candidate. */
  List<Gene> genes() {
    List<Gene> genes = new ArrayList<>(shared);
    genes.addAll(head);
    for (int i = 0; i < (reduced() ? PATTERN : 1); i++) {
      genes.addAll(row);
    }
    return genes;
  }

  /** The largest magnitude of a logit, so that nothing overflows whatever the factors are. */
  float largest() {
    boolean plain = options.isEmpty() || options.equals(List.of(Option.HARD));
    return !extreme ? 100f : plain ? 0x1p110f : 0x1p45f;
  }

  /** Candidates of a call: about as many logits each time. */
  int batch() {
    return reduced() ? 1 : classes == 0 ? 512 : Math.max(4, Math.min(192, 8192 / classes));
  }

  /** How much of the time it gets: most where a call has many candidates. */
  double effort() {
    return reduced() || classes > 5 ? 1 : 4;
  }

  /** Roughly what a candidate costs, in exponentials. */
  long cost() {
    return reduced() ? 60L * Math.max(2, classes) : classes == 0 ? 4 : classes + 4L;
  }

  /** How often the rows of a candidate repeat. */
  int repeats(float[] genes) {
    if (!reduced()) {
      return 1;
    }
    int repeats = REPEATS[(int) (genes[countGene()] * REPEATS.length)];
    return out.equals("gradient")
        ? Math.min(repeats, 7)
        : classes > 5 ? Math.min(repeats, 100) : repeats;
  }

  private int countGene() {
    return shared.size() + (has(Option.UPSTREAM) ? 1 : 0);
  }

  /** The call of some candidates whose shared genes are those of the first. */
  Point point(List<float[]> candidates, int repeats) {
    float[] first = candidates.get(0);
    int rows = candidates.size();
    int start = shared.size() + head.size();
    if (reduced()) {
      rows = 1 + (int) (first[countGene() + 1] * PATTERN);
    }
    int n = Math.max(1, classes);
    float[] x = new float[rows * n];
    float[] target =
        has(Option.SOFT) || classes == 0 && has(Option.HARD) ? new float[x.length] : null;
    int[] indices = classes > 0 && has(Option.HARD) ? new int[rows] : null;
    float[] weight = classes == 0 && has(Option.WEIGHT) ? new float[rows] : null;
    float[] posWeight = has(Option.POS_WEIGHT) ? new float[rows] : null;
    float[] upstream = has(Option.UPSTREAM) ? new float[reduced() ? 1 : rows] : null;
    for (int r = 0; r < rows; r++) {
      float[] genes = reduced() ? first : candidates.get(r);
      int at = start + (reduced() ? r * row.size() : 0);
      int[] starts = fill(genes, at, x, r * n);
      if (options.isEmpty() && reduced()) {
        x[r] = Math.abs(x[r]);
      }
      at += perRow();
      if (target != null && classes > 0) {
        fill(genes, at, target, r * n);
        at += perRow();
      } else if (target != null) {
        target[r] = genes[at++];
      } else if (indices != null) {
        indices[r] = starts[(int) (genes[at++] * starts.length)];
      }
      if (weight != null) {
        weight[r] = genes[at++];
      }
      if (posWeight != null) {
        posWeight[r] = genes[at++];
      }
      if (upstream != null && !reduced()) {
        upstream[r] = genes[at++];
      }
    }
    int at = 0;
    float smoothing = has(Option.SMOOTHING_1) ? 1 : has(Option.SMOOTHING) ? first[at++] : 0;
    if (classes > 0 && has(Option.WEIGHT)) {
      weight = new float[classes];
      fill(first, at, weight, 0);
    }
    if (reduced() && upstream != null) {
      upstream[0] = first[shared.size()];
    }
    return new Point(
        function,
        out,
        classes,
        repeat(x, repeats),
        repeat(target, repeats),
        repeat(indices, repeats),
        classes == 0 ? repeat(weight, repeats) : weight,
        repeat(posWeight, repeats),
        smoothing,
        has(Option.MEAN) ? Reduction.MEAN : has(Option.SUM) ? Reduction.SUM : Reduction.NONE,
        has(Option.DENOMINATOR) ? first[countGene() + 2] : Double.NaN,
        upstream);
  }

  /** Genes of the numbers of a row. */
  private int perRow() {
    return classes > 5 ? 2 * numbers : numbers;
  }

  /** Writes the numbers of a row; returns the first class of each. */
  private int[] fill(float[] genes, int at, float[] to, int toAt) {
    int n = Math.max(1, classes);
    int[] starts = new int[numbers];
    if (classes <= 5) {
      System.arraycopy(genes, at, to, toAt, n);
      for (int i = 0; i < numbers; i++) {
        starts[i] = i;
      }
      return starts;
    }
    int[] lengths = new int[numbers];
    int left = n - numbers;
    int rest = (int) (genes[at + 2 * numbers - 1] * numbers);
    for (int i = 0; i < numbers; i++) {
      // 1, or anything up to what is left, as likely small as large.
      int more = (int) Math.pow(left + 1, Math.max(0, 2 * genes[at + numbers + i] - 1)) - 1;
      lengths[i] = 1 + (i == rest ? 0 : more);
      left -= lengths[i] - 1;
    }
    lengths[rest] += left;
    for (int i = 0, c = 0; i < numbers; c += lengths[i++]) {
      starts[i] = c;
      Arrays.fill(to, toAt + c, toAt + c + lengths[i], genes[at + i]);
    }
    return starts;
  }

  private static float[] repeat(float[] values, int times) {
    if (values == null) {
      return null;
    }
    float[] all = new float[values.length * times];
    for (int i = 0; i < all.length; i++) {
      all[i] = values[i % values.length];
    }
    return all;
  }

  private static int[] repeat(int[] values, int times) {
    return values == null
        ? null
        : IntStream.range(0, values.length * times).map(i -> values[i % values.length]).toArray();
  }

  /**
   * Returns the promise of the candidates. One whose soft targets happen to be 0 or 1 is promised
   * more.
   */
  Promise promise() {
    return promise;
  }

  // ---- all of them

  /** Every function with its options, over ordinary and over extreme numbers. */
  static List<SearchCase> all() {
    List<SearchCase> all = new ArrayList<>();
    for (boolean extreme : new boolean[] {false, true}) {
      elements(all, extreme);
      for (int[] sizes : new int[][] {FEW, MANY}) {
        for (int classes : sizes) {
          rows(all, extreme, classes);
        }
      }
      reductions(all, extreme);
    }
    return all;
  }

  private static void elements(List<SearchCase> all, boolean extreme) {
    Option[] targets = {Option.HARD, Option.SOFT};
    for (Option t : targets) {
      add(all, Point.LOGITS, "loss", 0, extreme, t);
      add(all, Point.LOGITS, "loss", 0, extreme, t, Option.WEIGHT);
      add(all, Point.LOGITS, "loss", 0, extreme, t, Option.POS_WEIGHT);
      add(all, Point.LOGITS, "loss", 0, extreme, t, Option.WEIGHT, Option.POS_WEIGHT);
      add(all, Point.LOGITS, "gradient", 0, extreme, t);
      add(all, Point.LOGITS, "gradient", 0, extreme, t, Option.WEIGHT);
      add(all, Point.LOGITS, "gradient", 0, extreme, t, Option.POS_WEIGHT);
      add(
          all,
          Point.LOGITS,
          "gradient",
          0,
          extreme,
          t,
          Option.WEIGHT,
          Option.POS_WEIGHT,
          Option.UPSTREAM);
    }
    for (Option t : targets) {
      add(all, Point.PROBABILITIES, "loss", 0, extreme, t);
      add(all, Point.PROBABILITIES, "loss", 0, extreme, t, Option.WEIGHT);
      add(all, Point.PROBABILITIES, "gradient", 0, extreme, t);
      add(all, Point.PROBABILITIES, "gradient", 0, extreme, t, Option.WEIGHT, Option.UPSTREAM);
    }
    add(all, "sigmoid", "value", 0, extreme);
  }

  private static void rows(List<SearchCase> all, boolean extreme, int classes) {
    String ce = Point.CROSS_ENTROPY;
    for (String out : new String[] {"loss", "gradient"}) {
      Option[] up = out.equals("loss") ? new Option[0] : new Option[] {Option.UPSTREAM};
      add(all, ce, out, classes, extreme, Option.HARD);
      add(all, ce, out, classes, extreme, with(up, Option.HARD, Option.WEIGHT));
      add(all, ce, out, classes, extreme, Option.HARD, Option.SMOOTHING);
      add(all, ce, out, classes, extreme, with(up, Option.HARD, Option.SMOOTHING, Option.WEIGHT));
      add(all, ce, out, classes, extreme, Option.HARD, Option.SMOOTHING_1);
      add(all, ce, out, classes, extreme, with(up, Option.HARD, Option.SMOOTHING_1, Option.WEIGHT));
      add(all, ce, out, classes, extreme, Option.SOFT);
      add(all, ce, out, classes, extreme, with(up, Option.SOFT, Option.SMOOTHING, Option.WEIGHT));
      if (classes == 3) {
        add(all, Point.NLL, out, classes, extreme, with(up, Option.HARD, Option.WEIGHT));
      }
    }
    for (String function : new String[] {"softmax", "log_softmax", "logsumexp"}) {
      add(all, function, "value", classes, extreme);
    }
  }

  private static void reductions(List<SearchCase> all, boolean extreme) {
    add(all, "sum", "value", 0, extreme);
    add(all, "mean", "value", 0, extreme);
    add(all, "sum", "value", 0, extreme, Option.SIGNED);
    for (String out : new String[] {"loss", "total"}) {
      for (Option reduction : new Option[] {Option.SUM, Option.MEAN}) {
        if (out.equals("total") && reduction == Option.MEAN) {
          continue; // it is the same sum
        }
        add(all, Point.LOGITS, out, 0, extreme, reduction, Option.HARD);
        add(all, Point.LOGITS, out, 0, extreme, reduction, Option.HARD, Option.WEIGHT);
        add(all, Point.LOGITS, out, 0, extreme, reduction, Option.SOFT);
        add(
            all,
            Point.LOGITS,
            out,
            0,
            extreme,
            reduction,
            Option.SOFT,
            Option.WEIGHT,
            Option.POS_WEIGHT);
        add(all, Point.PROBABILITIES, out, 0, extreme, reduction, Option.HARD);
        add(all, Point.PROBABILITIES, out, 0, extreme, reduction, Option.SOFT, Option.WEIGHT);
        for (int classes : new int[] {2, 3, 65}) {
          String ce = Point.CROSS_ENTROPY;
          add(all, ce, out, classes, extreme, reduction, Option.HARD);
          add(all, ce, out, classes, extreme, reduction, Option.HARD, Option.WEIGHT);
          add(all, ce, out, classes, extreme, reduction, Option.HARD, Option.SMOOTHING);
          add(all, ce, out, classes, extreme, reduction, Option.SOFT);
        }
      }
    }
    add(all, Point.LOGITS, "loss", 0, extreme, Option.MEAN, Option.HARD, Option.DENOMINATOR);
    Option[] scaled = {Option.MEAN, Option.HARD, Option.WEIGHT, Option.UPSTREAM};
    add(all, Point.LOGITS, "gradient", 0, extreme, with(scaled, Option.DENOMINATOR));
    add(all, Point.CROSS_ENTROPY, "gradient", 3, extreme, scaled);
    add(all, Point.CROSS_ENTROPY, "gradient", 3, extreme, with(scaled, Option.DENOMINATOR));
    add(all, Point.CROSS_ENTROPY, "gradient", 3, extreme, with(scaled, Option.SMOOTHING));
  }

  private static Option[] with(Option[] more, Option... options) {
    Option[] all = Arrays.copyOf(options, options.length + more.length);
    System.arraycopy(more, 0, all, options.length, more.length);
    return all;
  }

  private static void add(
      List<SearchCase> all,
      String function,
      String out,
      int classes,
      boolean extreme,
      Option... options) {
    all.add(new SearchCase(function, out, classes, extreme, options));
  }
}
