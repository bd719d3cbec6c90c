package io.github.fusedloss.cli;

import io.github.fusedloss.backend.Option;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Turns the library's messages into the words of the command line, with its flags and files. */
final class Wording {
  private Wording() {}

  /**
   * Returns the message; if it begins with an argument's name, after the name of the file that it
   * came from.
   */
  static String of(String message, List<FileName> files) {
    for (FileName file : files) {
      if (message.startsWith(file.argument() + " ") || message.startsWith(file.argument() + "[")) {
        return file.typed() + ": " + of(message);
      }
    }
    return of(message);
  }

  /** Replaces the names that options have in Java by their flags. */
  private static String of(String message) {
    String text = message.replaceFirst("^(input|target)(?= )", "--$1");
    for (Option option : Option.values()) {
      String name = option.javaName();
      text =
          name.equals(option.torchName())
              // The name is one word, which the message may mean in another sense, except at its
              // beginning.

              ? text.replaceFirst("^" + name + "(?= )", option.flag())
              // A program is proposed there, such as posWeight.reshape(3, 1).
              : text.replaceAll("\\b" + name + "\\b(?!\\.)", option.flag());
      // By its name in a loss.
      text =
          text.replaceFirst(
              "(?<=must have no |cross_entropy with )" + option.torchName() + "(?=[ ,])",
              option.flag());
    }
    return hessian(text)
        .replaceFirst("^loss(?= must )", "--loss")
        .replaceFirst(": of others there is only the gradient$", ": leave out --hessian")
        .replaceAll("\\browWeights\\b(?!\\.)", "--row-weight")
        .replaceFirst("^mask(?= )", "--mask");
  }

  /**
   * Replaces the kinds of second derivatives, which are constants in Java, by the words of the
   * command line.
   */
  private static String hessian(String text) {
    return text.startsWith("hessian must be ")
        ? Pattern.compile("^hessian|\\b(EXACT|XGBOOST|LIGHTGBM)\\b")
            .matcher(text)
            .replaceAll(
                m -> m.group(1) == null ? "--hessian-scale" : m.group().toLowerCase(Locale.ROOT))
        : text;
  }
}
