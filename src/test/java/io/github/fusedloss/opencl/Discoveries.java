package io.github.fusedloss.opencl;

/** What tests outside this package ask about devices. */
public final class Discoveries {
  private Discoveries() {}

  /** For {@code @EnabledIf}: whether there is a device to test on. */
  public static boolean any() {
    return OpenClTesting.hasDevice();
  }

  /** Looks anew and returns how many devices are found; -1 if none is and no reason is given. */
  public static int devices() {
    OpenCl.Discovery found = OpenCl.discover();
    return found.devices().isEmpty() && (found.reason() == null || found.reason().isBlank())
        ? -1
        : found.devices().size();
  }
}
