package io.github.fusedloss.cli;

/** What subcommands use of the command above them. */
interface MainCommand {
  Console console();
}
