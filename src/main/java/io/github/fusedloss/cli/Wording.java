package io.github.fusedloss.cli;

import io.github.fusedloss.backend.Option;
import java.util.List;

/** The library's messages in the words of the command line: it has flags and files. */
final class Wording {
  private Wording() {}

  /** Of a message that begins with an argument's name: with the file that it came from. */
  static String of(String message, List<FileName> files) {
    for (FileName file : files) {
      if (message.startsWith(file.argument() + " ") || message.startsWith(file.argument() + "[")) {
        return file.typed() + ": " + of(message);
      }
    }
    return of(message);
  }

  /** With options as people wrote them, not as Java programs do. */
  private static String of(String message) {
    String text = message.replaceFirst("^(input|target)(?= )", "--$1");
    for (Option option : Option.values()) {
      String name = option.javaName();
      text =
          name.equals(option.torchName())
              // One word, which may be just that; but not at the beginning.
              ? text.replaceFirst("^" + name + "(?= )", option.flag())
              // Not where a program is proposed, such as posWeight.reshape(3, 1).
              : text.replaceAll("\\b" + name + "\\b(?!\\.)", option.flag());
    }
    return text.replaceFirst("^hessian must be EXACT", "--hessian-scale must be exact")
        .replaceFirst("^loss(?= must )", "--loss")
        .replaceFirst(": of others there is only the gradient$", ": leave out --hessian")
        .replaceAll("\\browWeights\\b(?!\\.)", "--row-weight")
        .replaceFirst("^mask(?= )", "--mask");
  }
}
