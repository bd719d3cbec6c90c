package io.github.fusedloss.cli;

import picocli.CommandLine;

/** The version for {@code --version}, from the jar's manifest. */
final class Version implements CommandLine.IVersionProvider {
  @Override
  public String[] getVersion() {
    String version = Version.class.getPackage().getImplementationVersion();
    return new String[] {"fusedloss " + (version == null ? "development" : version)};
  }
}
