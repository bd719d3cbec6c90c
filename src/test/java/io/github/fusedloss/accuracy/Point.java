package io.github.fusedloss.accuracy;

import io.github.fusedloss.BinaryCrossEntropy;
import io.github.fusedloss.BinaryCrossEntropyWithLogits;
import io.github.fusedloss.CrossEntropy;
import io.github.fusedloss.FusedLoss;
import io.github.fusedloss.Loss;
import io.github.fusedloss.LossResult;
import io.github.fusedloss.NllLoss;
import io.github.fusedloss.Reduction;
import io.github.fusedloss.Tensor;
import io.github.fusedloss.verify.Promise;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One call with all its numbers, whose result has to keep a promise. A line of worst_inputs.txt is
 * one; what the words mean is said on top of that file.
 *
 * @param function name of a loss, or sigmoid, softmax, log_softmax, logsumexp, sum, mean
 * @param out what is judged: loss, gradient, total (LossResult.sum()); value of what is no loss
 * @param classes of a row; 0 where there are elements, not rows
 * @param target of each element, or of each class of each row; null for class indices
 * @param indices class indices; or null
 * @param weight of each element or class, or one for all elements, or null
 * @param posWeight of each element, or one for all, or null
 * @param denominator NaN for the mean's own
 * @param upstream of each element or row if the reduction is none, else one; or null for 1
 */
record Point(
    String function,
    String out,
    int classes,
    float[] x,
    float[] target,
    int[] indices,
    float[] weight,
    float[] posWeight,
    float smoothing,
    Reduction reduction,
    double denominator,
    float[] upstream) {

  static final String LOGITS = "binary_cross_entropy_with_logits";
  static final String PROBABILITIES = "binary_cross_entropy";
  static final String CROSS_ENTROPY = "cross_entropy";
  static final String NLL = "nll_loss";

  /** Losses, or the values of what is no loss; or the gradient; or the sum as a double. */
  record Computed(float[] values, double sum) {}

  boolean isLoss() {
    return indices != null || target != null;
  }

  boolean isGradient() {
    return out.equals("gradient");
  }

  boolean reduced() {
    return reduction != Reduction.NONE || function.equals("sum") || function.equals("mean");
  }

  /** Elements or rows. */
  int rows() {
    return classes == 0 ? x.length : x.length / classes;
  }

  /** Returns the promise that this value has to keep. */
  Promise promise() {
    switch (function) {
      case "sigmoid":
        return Promise.SIGMOID;
      case "softmax":
        return Promise.SOFTMAX;
      case "log_softmax":
        return Promise.LOG_SOFTMAX;
      case "logsumexp":
        return Promise.LOG_SUM_EXP;
      case "sum", "mean":
        return Promise.TENSOR_SUM;
      default:
        if (out.equals("total")) {
          return Promise.TOTAL;
        }
        if (!isGradient() && reduced()) {
          return Promise.REDUCED_LOSS;
        }
        return isGradient() ? gradientPromise() : lossPromise();
    }
  }

  private boolean hard() {
    if (indices != null) {
      return smoothing == 0;
    }
    for (float t : target) {
      if (t != 0 && t != 1) {
        return false;
      }
    }
    return classes == 0;
  }

  private Promise lossPromise() {
    if (classes > 0) {
      return hard() ? Promise.ROW_LOSS : Promise.ROW_SOFT_LOSS;
    }
    if (function.equals(PROBABILITIES)) {
      return Promise.PROBABILITY_LOSS;
    }
    return !hard()
        ? Promise.BINARY_SOFT_LOSS
        : weight == null && posWeight == null
            ? Promise.BINARY_HARD_LOSS
            : Promise.BINARY_HARD_WEIGHTED_LOSS;
  }

  private Promise gradientPromise() {
    if (classes > 0) {
      return hard() ? Promise.ROW_HARD_GRADIENT : Promise.ROW_SOFT_GRADIENT;
    }
    if (function.equals(PROBABILITIES)) {
      return Promise.PROBABILITY_GRADIENT;
    }
    return hard() ? Promise.BINARY_HARD_GRADIENT : Promise.BINARY_SOFT_GRADIENT;
  }

  /** How many of weight, pos_weight, upstream and the mean's denominator a gradient has. */
  int factors() {
    return (weight == null ? 0 : 1)
        + (posWeight == null ? 0 : 1)
        + (upstream == null ? 0 : 1)
        + (reduction == Reduction.MEAN ? 1 : 0);
  }

  /** Whether it is in the domain of the promises. */
  boolean covered() {
    double factors = 1;
    double[] ofMean = Double.isNaN(denominator) ? new double[0] : new double[] {denominator};
    for (double[] values :
        new double[][] {doubles(weight), doubles(posWeight), doubles(upstream), ofMean}) {
      double largest = values.length == 0 ? 1 : 0;
      for (double v : values) {
        double size = Math.abs(v);
        if (size != 0 && !(size >= Promise.LEAST_FACTOR && size <= Promise.LARGEST_FACTOR)) {
          return false;
        }
        largest = Math.max(largest, size);
      }
      factors *= values == ofMean && ofMean.length > 0 ? Math.max(1, 1 / largest) : largest;
    }
    if (reduction == Reduction.MEAN && InDouble.divisor(this) == 0) {
      return false;
    }
    double logit = 1;
    for (float v : x) {
      logit = Math.max(logit, Math.abs(v));
    }
    double terms = reduced() ? x.length : Math.max(1, classes);
    return 2 * logit * Math.max(1, factors) * terms < Promise.LARGEST_VALUE;
  }

  private static double[] doubles(float[] values) {
    double[] doubles = new double[values == null ? 0 : values.length];
    for (int i = 0; i < doubles.length; i++) {
      doubles[i] = values[i];
    }
    return doubles;
  }

  /** The call with reduction none of one row of this one. */
  Point row(int r) {
    int c = Math.max(1, classes);
    return new Point(
        function,
        out,
        classes,
        Arrays.copyOfRange(x, r * c, (r + 1) * c),
        target == null ? null : Arrays.copyOfRange(target, r * c, (r + 1) * c),
        indices == null ? null : new int[] {indices[r]},
        classes == 0 && weight != null ? new float[] {weight[r]} : weight,
        posWeight == null ? null : new float[] {posWeight[r]},
        smoothing,
        reduction,
        denominator,
        upstream == null ? null : new float[] {upstream[r]});
  }

  // ---- computing

  /** Computes it on an executor. */
  Computed compute(FusedLoss fused) {
    long[] shape = classes == 0 ? new long[] {x.length} : new long[] {rows(), classes};
    Tensor input = Tensor.of(x, shape);
    if (!isLoss()) {
      float[] values =
          switch (function) {
            case "sigmoid" -> fused.sigmoid(input).toFloatArray();
            case "softmax" -> fused.softmax(input).toFloatArray();
            case "log_softmax" -> fused.logSoftmax(input).toFloatArray();
            case "logsumexp" -> fused.logSumExp(input).toFloatArray();
            case "sum" -> new float[] {fused.sum(input)};
            case "mean" -> new float[] {fused.mean(input)};
            default -> throw new IllegalArgumentException("no function " + function);
          };
      return new Computed(values, 0);
    }
    Tensor targets =
        indices != null ? Tensor.of(indices, indices.length) : Tensor.of(target, shape);
    Loss loss = loss(shape);
    if (!isGradient()) {
      try (LossResult result = fused.forward(loss, input, targets)) {
        float[] values =
            reduction == Reduction.NONE
                ? result.losses().toFloatArray()
                : new float[] {result.loss()};
        return new Computed(values, result.sum());
      }
    }
    boolean each = reduction == Reduction.NONE && upstream != null;
    Tensor gradient =
        each
            ? fused.backward(loss, input, targets, Tensor.of(upstream, rows()))
            : fused.backward(loss, input, targets, upstream == null ? 1f : upstream[0]);
    return new Computed(gradient.toFloatArray(), 0);
  }

  private Loss loss(long[] shape) {
    Loss plain =
        switch (function) {
          case NLL -> NllLoss.DEFAULT;
          case LOGITS ->
              BinaryCrossEntropyWithLogits.DEFAULT.withPosWeight(broadcast(posWeight, shape));
          default ->
              classes > 0
                  ? CrossEntropy.DEFAULT.withLabelSmoothing(smoothing)
                  : BinaryCrossEntropy.DEFAULT;
        };
    boolean ofClasses = classes > 0 && weight != null;
    Tensor w = ofClasses ? Tensor.of(weight, classes) : broadcast(weight, shape);
    Loss loss = plain.withWeight(w).withReduction(reduction);
    return Double.isNaN(denominator) ? loss : loss.withDenominator(denominator);
  }

  private static Tensor broadcast(float[] values, long[] shape) {
    return values == null
        ? null
        : values.length == shape[0] ? Tensor.of(values, shape) : Tensor.of(values, 1);
  }

  // ---- as text

  /** The words of a line, without what has its default. */
  @Override
  public String toString() {
    StringBuilder line = new StringBuilder(function);
    if (isLoss()) {
      line.append(' ').append(out);
    }
    if (classes > 0) {
      line.append(" classes=").append(classes);
    }
    word(line, "x", x, classes);
    word(line, "target", target, classes);
    if (indices != null) {
      float[] values = new float[indices.length];
      for (int i = 0; i < values.length; i++) {
        values[i] = indices[i];
      }
      word(line, "index", values, 0);
    }
    word(line, "weight", weight, 0);
    word(line, "pos_weight", posWeight, 0);
    if (smoothing != 0) {
      line.append(" smoothing=").append(number(smoothing));
    }
    if (isLoss() && reduction != Reduction.NONE) {
      line.append(" reduction=").append(reduction.name().toLowerCase(Locale.ROOT));
    }
    if (!Double.isNaN(denominator)) {
      line.append(" denominator=").append(denominator);
    }
    word(line, "upstream", upstream, 0);
    return line.toString();
  }

  private static void word(StringBuilder line, String name, float[] values, int classes) {
    if (values != null) {
      line.append(' ').append(name).append('=').append(text(values, classes));
    }
  }

  private static String number(float v) {
    return v == Math.rint(v) && Math.abs(v) < 1e6 && !(v == 0 && 1 / v < 0)
        ? Integer.toString((int) v)
        : Float.toString(v);
  }

  /** Values that repeat as v*n; a cycle that makes up all of them as (v,...)*n. */
  private static String text(float[] values, int classes) {
    int n = values.length;
    int step = Math.max(1, classes);
    for (int cycle = step; cycle <= n / 2; cycle += step) {
      if (n % cycle == 0 && repeats(values, cycle)) {
        String one = text(Arrays.copyOf(values, cycle), 0);
        return cycle == 1 ? one + "*" + n : "(" + one + ")*" + n / cycle;
      }
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < n; ) {
      int end = i + 1;
      while (end < n && same(values[end], values[i])) {
        end++;
      }
      text.append(i == 0 ? "" : ",").append(number(values[i]));
      text.append(end - i > 1 ? "*" + (end - i) : "");
      i = end;
    }
    return text.toString();
  }

  private static boolean repeats(float[] values, int cycle) {
    for (int i = cycle; i < values.length; i++) {
      if (!same(values[i], values[i - cycle])) {
        return false;
      }
    }
    return true;
  }

  private static boolean same(float a, float b) {
    return Float.floatToRawIntBits(a) == Float.floatToRawIntBits(b);
  }

  /** Reads what {@link #toString} writes. */
  static Point parse(String line) {
    List<String> names = new ArrayList<>();
    Map<String, String> words = new LinkedHashMap<>();
    for (String word : line.trim().split(" +")) {
      int at = word.indexOf('=');
      if (at < 0) {
        names.add(word);
      } else {
        words.put(word.substring(0, at), word.substring(at + 1));
      }
    }
    String smoothing = words.remove("smoothing");
    String reduction = words.remove("reduction");
    String denominator = words.remove("denominator");
    String classes = words.remove("classes");
    float[] index = floats(words.remove("index"));
    int[] indices = index == null ? null : new int[index.length];
    for (int i = 0; index != null && i < index.length; i++) {
      indices[i] = (int) index[i];
    }
    Point point =
        new Point(
            names.get(0),
            names.size() > 1 ? names.get(1) : "value",
            classes == null ? 0 : Integer.parseInt(classes),
            floats(words.remove("x")),
            floats(words.remove("target")),
            indices,
            floats(words.remove("weight")),
            floats(words.remove("pos_weight")),
            smoothing == null ? 0 : Float.parseFloat(smoothing),
            reduction == null
                ? Reduction.NONE
                : Reduction.valueOf(reduction.toUpperCase(Locale.ROOT)),
            denominator == null ? Double.NaN : Double.parseDouble(denominator),
            floats(words.remove("upstream")));
    if (!words.isEmpty() || point.x == null) {
      throw new IllegalArgumentException("unknown words " + words.keySet() + " in " + line);
    }
    return point;
  }

  private static float[] floats(String text) {
    if (text == null) {
      return null;
    }
    if (text.startsWith("(")) {
      int end = text.indexOf(")*");
      float[] one = floats(text.substring(1, end));
      float[] all = new float[one.length * Integer.parseInt(text.substring(end + 2))];
      for (int i = 0; i < all.length; i++) {
        all[i] = one[i % one.length];
      }
      return all;
    }
    float[] values = new float[16];
    int n = 0;
    for (String run : text.split(",")) {
      int star = run.indexOf('*');
      int times = star < 0 ? 1 : Integer.parseInt(run.substring(star + 1));
      float value = Float.parseFloat(star < 0 ? run : run.substring(0, star));
      if (n + times > values.length) {
        values = Arrays.copyOf(values, 2 * (n + times));
      }
      Arrays.fill(values, n, n + times, value);
      n += times;
    }
    return Arrays.copyOf(values, n);
  }
}
