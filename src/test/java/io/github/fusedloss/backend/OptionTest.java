package io.github.fusedloss.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The table of options, in its names and in the documentation. */
@Tag("once")
class OptionTest {
  private static final Path SEMANTICS = Path.of("docs/semantics.md");
  private static final String BEGIN = "<!-- the table of options; OptionTest compares -->\n";

  /** What stands in the documentation, row by row. */
  private static String table() {
    List<String> losses =
        Stream.of(Function.values())
            .filter(Function::isLoss)
            .map(Function::torchName)
            .distinct()
            .toList();
    StringBuilder table = new StringBuilder("| option | default | what it is ");
    losses.forEach(loss -> table.append("| ").append(loss).append(' '));
    table.append("|\n|---|---|---").append("|---".repeat(losses.size())).append("|\n");
    for (Option option : Option.values()) {
      table.append("| ").append(option.torchName());
      table.append(" | ").append(option.defaultText());
      table.append(" | ").append(option.description());
      table.append(option.kind() == Option.Kind.NUMBER ? ", " + option.rangeText() : "");
      table.append(
          option.kind() == Option.Kind.CHOICE ? ": " + Option.choicesText(option.choices()) : "");
      losses.forEach(loss -> table.append(option.isOf(loss) ? " | yes" : " | "));
      table.append(" |\n");
    }
    return table.toString().replace("|  |", "| |").replace("|  |", "| |");
  }

  @Test
  void theDocumentationHasTheTable() throws IOException {
    String text = Files.readString(SEMANTICS);
    int begin = text.indexOf(BEGIN) + BEGIN.length();
    assertEquals(table(), text.substring(begin, text.indexOf("\n\n", begin) + 1));
  }

  @Test
  void namesFollowFromPyTorchs() {
    assertEquals("pos_weight", Option.POS_WEIGHT.torchName());
    assertEquals("posWeight", Option.POS_WEIGHT.javaName());
    assertEquals("weight", Option.WEIGHT.javaName());
    assertEquals("--label-smoothing", Option.LABEL_SMOOTHING.flag());
  }

  @Test
  void lossesTakeWhatPyTorchsTake() {
    // The arguments of torch.nn.functional, without those it calls deprecated.
    assertEquals(
        List.of("binary_cross_entropy_with_logits", "sigmoid_focal_loss"),
        Option.POS_WEIGHT.losses());
    assertEquals(
        List.of("cross_entropy", "nll_loss", "softmax_focal_loss"), Option.IGNORE_INDEX.losses());
    assertTrue(Option.LABEL_SMOOTHING.isOf("cross_entropy")); // the binary ones are our own
    assertEquals(7, Option.WEIGHT.losses().size());
    assertEquals(8, Option.REDUCTION.losses().size());
  }
}
