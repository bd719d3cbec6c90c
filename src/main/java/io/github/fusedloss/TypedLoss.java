package io.github.fusedloss;

import io.github.fusedloss.backend.Option;

/**
 * The options that all losses have; {@code withX} returns the loss's own type {@code L}.
 *
 * <p>The methods are not final. So the compiler gives each loss, which is a public class, methods
 * that call them. Languages that call by reflection, such as Groovy, Clojure and Python with Py4J,
 * cannot call a method of this class, which is not public.
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
