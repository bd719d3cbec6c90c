package io.github.fusedloss.cli;

/** What subcommands know of the command above them. */
interface MainCommand {
  Console console();
}
