package io.github.fusedloss.backend;

import io.github.fusedloss.Divergence;
import io.github.fusedloss.Output;

/**
 * The task to compute a loss over rows of logits or log-probabilities.
 *
 * @param function CROSS_ENTROPY, CROSS_ENTROPY_OF_PROBABILITIES, NLL_LOSS, SOFTMAX_FOCAL_LOSS or
 *     DISTILLATION
 * @param target class indices, INT32 or INT64, one for each row; or class probabilities or a
 *     teacher's logits, floating-point, of the input's size
 */
public record CrossEntropyTask(
    Function function,
    RowShape shape,
    Memory input,
    Memory target,
    Options options,
    Upstream upstream,
    Results results)
    implements RowTask, LossTask {

  /**
   * The options of the loss.
   *
   * @param weight float32, one for each class; or null
   * @param rowWeights see {@link LossTask#rowWeights()}
   * @param values the values of the options that are no tensors
   * @param logits what is done to the logits
   */
  public record Options(Memory weight, Memory rowWeights, OptionValues values, Logits logits) {
    /** The default options. */
    public static final Options DEFAULT =
        new Options(null, null, OptionValues.DEFAULT, Logits.PLAIN);

    /** Returns these options; if they are the defaults, makes no object. */
    public static Options of(
        Memory weight, Memory rowWeights, OptionValues values, Memory logitBias) {
      boolean defaults = weight == null && rowWeights == null && values.given().isEmpty();
      return defaults
          ? DEFAULT
          : new Options(weight, rowWeights, values, Logits.of(values, logitBias));
    }

    /** Returns a copy with these class weights, or none if null. */
    public Options withWeight(Memory weight) {
      return new Options(weight, rowWeights, values, logits);
    }

    /** Returns a copy with another value of an option that is no tensor. */
    public Options with(Option option, Object value) {
      OptionValues changed = values.with(option, value);
      return new Options(weight, rowWeights, changed, Logits.of(changed, logits.bias()));
    }

    /** Returns a copy with these factors of the losses, or none if null. */
    public Options withRowWeights(Memory rowWeights) {
      return new Options(weight, rowWeights, values, logits);
    }

    /** Returns a copy with this bias of the logits, or none if null. */
    public Options withLogitBias(Memory bias) {
      return new Options(weight, rowWeights, values, Logits.of(values, bias));
    }

    /** Returns the class index of rows that are ignored. */
    public long ignoreIndex() {
      return values.integer(Option.IGNORE_INDEX);
    }

    /** Returns the label smoothing, in [0, 1]. */
    public float labelSmoothing() {
      return values.number(Option.LABEL_SMOOTHING);
    }

    /** Returns which divergence is computed: a JSD whose mixture is one side alone is a KL. */
    public Divergence divergence() {
      Divergence given = (Divergence) values.get(Option.DIVERGENCE);
      float beta = values.number(Option.BETA);
      return given != Divergence.JSD || beta > 0 && beta < 1
          ? given
          : beta == 0 ? Divergence.FORWARD_KL : Divergence.REVERSE_KL;
    }

    /** Returns the factor of a divergence: the temperature's square, or 1. */
    public double divergenceFactor() {
      double t = values.number(Option.TEMPERATURE);
      return values.flag(Option.TEMPERATURE_SQUARED) ? t * t : 1;
    }

    /**
     * Returns the factor that turns the gradient of the divergence with respect to {@code logits /
     * temperature} into the gradient of the loss with respect to the logits.
     */
    public float divergenceSlope() {
      return (float) (divergenceFactor() / values.number(Option.TEMPERATURE));
    }

    /**
     * Returns the factor of the penalty, at least 0; 0 if there is none. See {@link
     * Option#PENALTY}.
     */
    public float penalty() {
      return values.number(Option.PENALTY);
    }
  }

  /**
   * Makes a task with default options that wants totals alone; the {@code with} methods ask for
   * more.
   */
  public static CrossEntropyTask of(
      Function function, RowShape shape, Memory input, Memory target) {
    return new CrossEntropyTask(
        function, shape, input, target, Options.DEFAULT, Upstream.ONE, Results.NONE);
  }

  /** Returns where this output of the rows is written, or null. */
  public Memory output(Output output) {
    return results.extras().rows().get(output);
  }

  @Override
  public Memory rowWeights() {
    return options.rowWeights();
  }

  /** Returns a copy with these options. */
  public CrossEntropyTask with(Options options) {
    return new CrossEntropyTask(function, shape, input, target, options, upstream, results);
  }

  /** Returns a copy with this factor of the gradient. */
  public CrossEntropyTask with(Upstream upstream) {
    return new CrossEntropyTask(function, shape, input, target, options, upstream, results);
  }

  /** Returns a copy that wants these results. */
  public CrossEntropyTask with(Results results) {
    return new CrossEntropyTask(function, shape, input, target, options, upstream, results);
  }

  /**
   * Returns the features that formulas are compiled with, as options of OpenCL's compiler: every
   * option that is a number and was given, except those of the logits; PROBABILITIES; and
   * WHOLE_ROW_LOSS.
   */
  public String features() {
    if (function == Function.SOFTMAX_FOCAL_LOSS) {
      return " -D SOFTMAX_FOCAL"; // whatever gamma is
    }
    if (function == Function.DISTILLATION) {
      Divergence divergence = options.divergence();
      return divergence == Divergence.FORWARD_KL ? "" : " -D " + divergence;
    }
    boolean probabilities = function == Function.CROSS_ENTROPY_OF_PROBABILITIES;
    if (options.values().given().isEmpty() && !probabilities) {
      return ""; // A small call should not make a text of it.
    }
    StringBuilder features = new StringBuilder();
    for (Option option : options.values().given().keySet()) {
      if (option.kind() == Option.Kind.NUMBER && !option.isOfLogits()) {
        features.append(" -D ").append(option);
      }
    }
    features.append(probabilities ? " -D PROBABILITIES" : "");
    boolean spread = probabilities || options.labelSmoothing() > 0;
    return features.append(spread ? " -D WHOLE_ROW_LOSS" : "").toString();
  }

  /** Returns the exception for a class index that is neither a class nor ignoreIndex. */
  public BadElementException refuse(long row, long index) {
    return refuse(row, index, classes(), options.ignoreIndex());
  }

  /**
   * Returns the exception for a class index that is neither one of so many classes nor ignoreIndex.
   */
  public static BadElementException refuse(long row, long index, int classes, long ignoreIndex) {
    return BadElementException.index(
        "target",
        row,
        "a class index in [0, " + classes + ") or ignoreIndex " + ignoreIndex,
        index);
  }
}
