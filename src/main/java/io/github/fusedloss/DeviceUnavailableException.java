package io.github.fusedloss;

/** A device that was asked for cannot serve; the message says why and what would cure it. */
public final class DeviceUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With the reason and the failure behind it, or null. */
  public DeviceUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
