package io.github.fusedloss.cli;

import io.github.fusedloss.DeviceUnavailableException;
import io.github.fusedloss.backend.Option;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The main class of the command line. Exit codes: 0 success, 1 failure, 2 bad usage or bad input.
 */
@Command(
    name = "fusedloss",
    description =
        "Classification losses and their gradients, the same bits in OpenCL and plain Java.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:it failed, or verification missed",
      "2:bad usage or bad input; one line on stderr says what"
    },
    subcommands = {
      DemoCommand.class,
      DevicesCommand.class,
      EvalCommand.class,
      EvaluateCommand.class,
      VerifyCommand.class,
      BenchCommand.class
    })
public final class Main implements MainCommand {
  private final Console console;

  Main(Console console) {
    this.console = console;
  }

  @Override
  public Console console() {
    return console;
  }

  /** Runs a command line and ends the process with its exit code. */
  public static void main(String[] args) {
    Locale.setDefault(Locale.ROOT); // 0.5, not 0,5, whatever the language of the desktop
    endWithLauncher();
    System.exit(run(args, System.out, System.err));
  }

  /**
   * Ends this process when the launcher ends. It passes signals on, but nobody can pass on SIGKILL.
   */
  private static void endWithLauncher() {
    Long launcher = Long.getLong("fusedloss.launcher");
    if (launcher != null) {
      ProcessHandle.of(launcher)
          .map(ProcessHandle::onExit)
          .orElseGet(() -> CompletableFuture.completedFuture(null))
          .thenRun(() -> System.exit(128 + 9));
    }
  }

  /** Runs a command line; returns its exit code. */
  static int run(String[] args, PrintStream out, PrintStream err) {
    Console console = Console.of(out, err);
    CommandLine line = new CommandLine(new Main(console));
    line.setOut(new PrintWriter(out, true, StandardCharsets.UTF_8));
    line.setErr(new PrintWriter(err, true, StandardCharsets.UTF_8));
    line.setOverwrittenOptionsAllowed(false);
    line.setExpandAtFiles(false);
    line.setParameterExceptionHandler(
        (e, arguments) -> complain(err, message(e), Failure.BAD_INPUT));
    line.setExecutionExceptionHandler(
        (e, command, parsed) -> {
          if (e instanceof Failure failure) {
            return complain(err, failure.getMessage(), failure.code);
          }
          if (Boolean.getBoolean("fusedloss.trace")) {
            e.printStackTrace(err);
          }
          return complain(
              err,
              e instanceof DeviceUnavailableException ? e.getMessage() : e.toString(),
              Failure.FAILED);
        });
    int code =
        args.length == 0
            ? complain(err, expected(line, "none"), Failure.BAD_INPUT)
            : execute(line, args, err);
    err.flush();
    if (out.checkError() && code == 0) {
      return complain(err, "the result could not be written to stdout", Failure.FAILED);
    }
    return code;
  }

  /** Runs the command line, and ends errors in one line too; picocli passes them on. */
  private static int execute(CommandLine line, String[] args, PrintStream err) {
    try {
      return line.execute(args);
    } catch (OutOfMemoryError e) {
      return complain(
          err,
          "out of memory ("
              + e.getMessage()
              + "); raise the Java heap, for example FUSEDLOSS_JAVA_OPTS=-Xmx8g",
          Failure.FAILED);
    } catch (Error e) {
      return complain(err, e.toString(), Failure.FAILED);
    }
  }

  /**
   * Returns the message. Of words that are neither options nor their values picocli says only the
   * place.
   */
  private static String message(ParameterException e) {
    if (!(e instanceof UnmatchedArgumentException u) || u.isUnknownOption()) {
      return e.getMessage();
    }
    String word = "'" + u.getUnmatched().get(0) + "'";
    CommandLine command = e.getCommandLine();
    String name = command.getCommandSpec().qualifiedName();
    return command.getSubcommands().isEmpty()
        ? name + " has no place for " + word + ", which is no option: see " + name + " --help"
        : expected(command, word);
  }

  private static String expected(CommandLine line, String came) {
    return "expected a command: "
        + Option.either(List.copyOf(line.getSubcommands().keySet()))
        + ", got "
        + came
        + "; see fusedloss --help";
  }

  /** Prints a message as one line, whatever is in it. */
  private static int complain(PrintStream err, String message, int code) {
    StringBuilder line = new StringBuilder("fusedloss: ");
    String text = message == null ? "failed" : message;
    for (int i = 0; i < text.length() && line.length() < 2000; i++) {
      char c = text.charAt(i);
      line.append(c == '\n' || c == '\r' || c == '\t' ? ' ' : Character.isISOControl(c) ? '?' : c);
    }
    err.println(line);
    return code;
  }
}
