package io.github.fusedloss.verify;

import io.github.fusedloss.BinaryCrossEntropy;
import io.github.fusedloss.BinaryCrossEntropyWithLogits;
import io.github.fusedloss.CrossEntropy;
import io.github.fusedloss.Distillation;
import io.github.fusedloss.Hessian;
import io.github.fusedloss.KlDivLoss;
import io.github.fusedloss.Loss;
import io.github.fusedloss.NllLoss;
import io.github.fusedloss.SigmoidFocalLoss;
import io.github.fusedloss.SoftmaxFocalLoss;
import io.github.fusedloss.Target;
import io.github.fusedloss.Tensor;
import java.util.HashMap;
import java.util.Map;

/**
 * What says what a loss has to give.
 *
 * @param losses of its losses and gradient
 * @param hessian of its second derivative, or null
 * @param outputs of what it says of its rows besides, or null
 */
record Oracle<L extends Loss>(
    Answer<L, Expected> losses, Bend<L> hessian, Answer<L, ExpectedOutputs> outputs) {
  /**
   * What a loss was computed of.
   *
   * @param factors of an element's gradient, behind its formula: each rounds once
   */
  record Question(Tensor input, Target target, int factors) {
    private ExpectedRows rows(int classAxis) {
      return new ExpectedRows(input, target, classAxis);
    }

    private ExpectedElements elements() {
      return new ExpectedElements(input, target, factors);
    }
  }

  /** What a loss has to give of it. */
  interface Answer<L extends Loss, A> {
    A of(L loss, Question question);
  }

  /** What it has to give as its second derivative. */
  interface Bend<L extends Loss> {
    ExpectedHessian of(L loss, Question question, Hessian kind);
  }

  /** The table: one for each class of losses. */
  private static final Map<Class<?>, Oracle<?>> ALL = new HashMap<>();

  static {
    put(
        CrossEntropy.class,
        (loss, of) -> of.rows(loss.classAxis()).logits(loss),
        (loss, of, kind) -> of.rows(loss.classAxis()).hessian(loss, kind),
        (loss, of) -> of.rows(loss.classAxis()).outputs(loss.ignoreIndex(), loss.logits()));
    put(
        SoftmaxFocalLoss.class,
        (loss, of) -> of.rows(loss.classAxis()).focal(loss),
        (loss, of, kind) -> of.rows(loss.classAxis()).hessian(loss),
        (loss, of) -> of.rows(loss.classAxis()).outputs(loss.ignoreIndex(), loss.logits()));
    put(NllLoss.class, (loss, of) -> of.rows(loss.classAxis()).logProbabilities(loss), null, null);
    put(
        Distillation.class,
        (loss, of) -> new ExpectedDistillation(of.input, of.target, loss).expected(),
        null,
        null);
    put(BinaryCrossEntropy.class, (loss, of) -> of.elements().probabilities(loss), null, null);
    put(
        BinaryCrossEntropyWithLogits.class,
        (loss, of) -> of.elements().logits(loss),
        (loss, of, kind) -> of.elements().logitsHessian(loss, kind),
        null);
    put(
        SigmoidFocalLoss.class,
        (loss, of) -> of.elements().focal(loss),
        (loss, of, kind) -> of.elements().focalHessian(loss),
        null);
    put(KlDivLoss.class, (loss, of) -> of.elements().divergence(loss), null, null);
  }

  private static <L extends Loss> void put(
      Class<L> type,
      Answer<L, Expected> losses,
      Bend<L> hessian,
      Answer<L, ExpectedOutputs> outputs) {
    ALL.put(type, new Oracle<>(losses, hessian, outputs));
  }

  /** Losses and gradient. */
  static Expected losses(Loss loss, Question question) {
    return of(loss).losses.of(loss, question);
  }

  /** The second derivative, or what stands in its place. */
  static ExpectedHessian hessian(Loss loss, Question question, Hessian kind) {
    return of(loss).hessian.of(loss, question, kind);
  }

  /** What is said of the rows besides. */
  static ExpectedOutputs outputs(Loss loss, Question question) {
    return of(loss).outputs.of(loss, question);
  }

  /** The one of a loss's class; {@code put} sees to it that it takes such losses. */
  @SuppressWarnings("unchecked")
  private static Oracle<Loss> of(Loss loss) {
    Oracle<?> oracle = ALL.get(loss.getClass());
    if (oracle == null) {
      throw new IllegalArgumentException("no reference for " + loss);
    }
    return (Oracle<Loss>) oracle;
  }
}
