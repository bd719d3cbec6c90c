package io.github.fusedloss;

/** A device that was asked for cannot be used; the message says why and what would cure it. */
public final class DeviceUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Makes an exception with the reason; {@code cause} is the failure behind it, or null. */
  public DeviceUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
