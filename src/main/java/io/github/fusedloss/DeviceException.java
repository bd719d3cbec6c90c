package io.github.fusedloss;

/** A device failed though the call was right. The message says which call, and what the cure is. */
public class DeviceException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String device;
  private final boolean lost;

  /**
   * Describes a failure.
   *
   * @param device the device's name
   * @param lost whether it has to be opened anew
   * @param cause the failure behind it, or null
   */
  public DeviceException(String message, String device, boolean lost, Throwable cause) {
    super(message, cause);
    this.device = device;
    this.lost = lost;
  }

  /** Returns the device's name, or {@code "-"} before there is one. */
  public final String device() {
    return device;
  }

  /**
   * Returns true if the device is gone, and with it what was on it: close it and open it anew. If
   * false the next call may succeed.
   */
  public final boolean isLost() {
    return lost;
  }
}
