package io.github.fusedloss.cli;

import picocli.CommandLine;

/** Of {@code --version}: what the jar says. */
final class Version implements CommandLine.IVersionProvider {
  @Override
  public String[] getVersion() {
    String version = Version.class.getPackage().getImplementationVersion();
    return new String[] {"fusedloss " + (version == null ? "development" : version)};
  }
}
