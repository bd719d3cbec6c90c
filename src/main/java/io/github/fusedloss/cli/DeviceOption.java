package io.github.fusedloss.cli;

import io.github.fusedloss.DeviceUnavailableException;
import io.github.fusedloss.FusedLoss;
import picocli.CommandLine.Option;

/** {@code --device}, for the commands that compute. */
final class DeviceOption {
  @Option(
      names = "--device",
      paramLabel = "D",
      defaultValue = "auto",
      description =
          "auto, cpu, cpu:vector, cpu:scalar, opencl or opencl:K as `devices` numbers them"
              + " (default: ${DEFAULT-VALUE})")
  private String device;

  /** Opens the device, and says on stderr which and why. */
  FusedLoss open(Console console) {
    FusedLoss fused = openQuietly();
    console.err().println("device: " + fused.choice());
    return fused;
  }

  /**
   * Opens the device so that it computes everything itself. The automatic choice would compute
   * small problems elsewhere, but the device that is named is to be judged.
   */
  FusedLoss openExactly(Console console) {
    FusedLoss fused = open(console);
    String name = fused.device();
    if (name.equals(device)) {
      return fused;
    }
    fused.close();
    return openQuietly(name);
  }

  /** Opens the device. */
  FusedLoss openQuietly() {
    return openQuietly(device);
  }

  private static FusedLoss openQuietly(String device) {
    try {
      return FusedLoss.open(device);
    } catch (IllegalArgumentException e) {
      throw Failure.input("--" + e.getMessage());
    } catch (DeviceUnavailableException e) {
      throw new Failure(
          isMissing(device) ? Failure.BAD_INPUT : Failure.FAILED, "--" + e.getMessage());
    }
  }

  /**
   * Returns whether the backend has devices, but none of this name: then the name is wrong, and
   * nothing failed.
   */
  private static boolean isMissing(String device) {
    String backend = device.replaceFirst(":.*", ":");
    return device.contains(":")
        && FusedLoss.devices().stream().anyMatch(info -> info.name().startsWith(backend))
        && FusedLoss.devices().stream().noneMatch(info -> info.name().equals(device));
  }
}
