package io.github.fusedloss;

import io.github.fusedloss.backend.Option;

/**
 * What every loss does with the options that all have, in its own type {@code L}.
 *
 * <p>Its methods are not final, so that the compiler gives each loss, which is public, some that
 * call them: callers by reflection, as of Groovy, Clojure and Py4J, cannot call those of this class.
 */
@CheckReturnValue
abstract sealed class TypedLoss<L extends TypedLoss<L>> extends Loss
    permits BinaryCrossEntropy,
        BinaryCrossEntropyWithLogits,
        CrossEntropy,
        Distillation,
        KlDivLoss,
        NllLoss,
        SigmoidFocalLoss,
        SoftmaxFocalLoss {
  private static final long serialVersionUID = 1;

  TypedLoss(Options options) {
    super(options);
  }

  @Override
  abstract L with(Options options);

  @Override
  public L withWeight(Tensor weight) {
    return with(options().with(Option.WEIGHT, weight));
  }

  @Override
  public L withReduction(Reduction reduction) {
    return with(options().with(Option.REDUCTION, reduction));
  }

  @Override
  public L withDenominator(double denominator) {
    return with(options().with(Option.DENOMINATOR, denominator));
  }

  @Override
  public L withoutDenominator() {
    return with(options().with(Option.DENOMINATOR, null));
  }
}
