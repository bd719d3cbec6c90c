package io.github.fusedloss.verify;

/**
 * A result is not within its tolerance. The message names the index, both values and the distance.
 */
public final class VerificationException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  VerificationException(String message) {
    super(message);
  }
}
