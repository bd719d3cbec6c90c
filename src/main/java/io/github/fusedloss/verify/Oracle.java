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
 * What computes the right results of one class of losses, from their definitions.
 *
 * @param losses computes losses and gradient
 * @param hessian computes the second derivative, or null if the loss has none
 * @param outputs computes the outputs of each row, or null if the loss has none
 */
record Oracle<L extends Loss>(
    Answer<L, Expected> losses, Bend<L> hessian, Answer<L, ExpectedOutputs> outputs) {
  /**
   * The operands of a call.
   *
   * @param factors how many factors the gradient of an element is multiplied by after its formula;
   *     each rounds once
   */
  record Question(Tensor input, Target target, int factors) {
    private ExpectedRows rows(int classAxis) {
      return new ExpectedRows(input, target, classAxis);
    }

    private ExpectedElements elements() {
      return new ExpectedElements(input, target, factors);
    }
  }

  /** Computes what a loss has to give for a question. */
  interface Answer<L extends Loss, A> {
    A of(L loss, Question question);
  }

  /** Computes the second derivative that a loss has to give for a question. */
  interface Bend<L extends Loss> {
    ExpectedHessian of(L loss, Question question, Hessian kind);
  }

  /** The oracles of all classes of losses. */
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

  /** Returns losses and gradient. */
  static Expected losses(Loss loss, Question question) {
    return of(loss).losses.of(loss, question);
  }

  /** Returns the second derivative, or its replacement of that kind. */
  static ExpectedHessian hessian(Loss loss, Question question, Hessian kind) {
    return of(loss).hessian.of(loss, question, kind);
  }

  /** Returns the outputs of each row. */
  static ExpectedOutputs outputs(Loss loss, Question question) {
    return of(loss).outputs.of(loss, question);
  }

  /** Returns the oracle for a loss's class; {@code put} makes sure that it takes such losses. */
  @SuppressWarnings("unchecked")
  private static Oracle<Loss> of(Loss loss) {
    Oracle<?> oracle = ALL.get(loss.getClass());
    if (oracle == null) {
      throw new IllegalArgumentException("no reference for " + loss);
    }
    return (Oracle<Loss>) oracle;
  }
}
