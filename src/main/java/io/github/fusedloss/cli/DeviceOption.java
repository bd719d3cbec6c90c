package io.github.fusedloss.cli;

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
  String device;
}
