package io.github.fusedloss.nd4j;

import java.util.Locale;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;

/** Activations in words. */
final class Activations {
  private Activations() {}

  /** Whether it leaves the logits as they are. */
  static boolean isIdentity(IActivation activation) {
    return activation instanceof ActivationIdentity;
  }

  /** Returns the name in DL4J's enumeration: softmax for ActivationSoftmax. */
  static String name(Class<? extends IActivation> activation) {
    return activation.getSimpleName().replace("Activation", "").toLowerCase(Locale.ROOT);
  }
}
