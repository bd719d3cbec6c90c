package io.github.fusedloss.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fusedloss.backend.Function;
import io.github.fusedloss.backend.Option;
import io.github.fusedloss.io.NpyWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every option of the table on the command line, with every loss. */
@Tag("once")
class LossOptionsTest {
  @TempDir Path dir;

  private static List<String> losses() {
    return Stream.of(Function.values())
        .filter(Function::isLoss)
        .map(Function::torchName)
        .distinct()
        .toList();
  }

  /** One row, of two classes or elements, with numbers as target. */
  private CommandLineCase.Run eval(String loss, String... more) throws IOException {
    Path file = dir.resolve("x.npy");
    NpyWriter.write(file, new float[] {0.25f, 0.75f}, 1, 2);
    Path classes = Path.of("src/test/resources/pytorch-examples/ce_batch_target.npy");
    boolean indices = List.of("nll_loss", "softmax_focal_loss").contains(loss);
    Path input = indices ? Path.of("src/test/resources/pytorch-examples/ce_batch_input.npy") : file;
    List<String> line = new ArrayList<>(List.of("eval", "--device", "cpu:scalar", "--loss", loss));
    String target = loss.equals("distillation") ? "--teacher" : "--target";
    line.addAll(List.of("--input", input + "", target, (indices ? classes : file) + ""));
    if (loss.equals("distillation") && List.of(more).contains(Option.BETA.flag())) {
      line.addAll(List.of(Option.DIVERGENCE.flag(), "jsd")); // which it needs
    }
    line.addAll(List.of(more));
    return CommandLineCase.run(line.toArray(String[]::new));
  }

  private String right(Option option, String loss) throws IOException {
    if (option.kind() != Option.Kind.TENSOR) {
      return OptionTexts.right(option);
    }
    Path weight = dir.resolve("weight.npy");
    int classes = List.of("nll_loss", "softmax_focal_loss").contains(loss) ? 10 : 2;
    NpyWriter.write(weight, new float[classes], classes);
    return weight.toString();
  }

  @Test
  void aLossTakesItsOptionsAndRefusesOthers() throws IOException {
    for (String loss : losses()) {
      for (Option option : Option.values()) {
        CommandLineCase.Run run = eval(loss, option.flag(), right(option, loss));
        if (option.isOf(loss)) {
          assertEquals(0, run.code(), run.err());
        } else {
          assertEquals(2, run.code(), run.out());
          String owners = String.join(" and ", option.losses());
          assertEquals(
              "fusedloss: " + option.flag() + " is an option of " + owners + ", not of " + loss,
              run.err().strip());
        }
      }
    }
  }

  @Test
  void wrongValuesAreNamedByTheirFlag() throws IOException {
    for (String loss : losses()) {
      for (Option option : Option.values()) {
        if (option.isOf(loss)) {
          String wrong = OptionTexts.wrong(option);
          CommandLineCase.Run run = eval(loss, option.flag(), wrong);
          assertEquals(2, run.code(), run.out());
          assertTrue(run.err().contains(wrong), run.err());
          boolean unnamed =
              option.kind() == Option.Kind.TENSOR || option.kind() == Option.Kind.FLAG;
          assertTrue(unnamed || run.err().contains(option.flag()), run.err());
        }
      }
    }
  }

  @Test
  void onlyDistillationHasATeacherInPlaceOfATarget() throws IOException {
    assertTrue(
        eval("distillation", "--target", "t.npy")
            .err()
            .contains("--target is not an option of distillation: give --teacher"));
    assertTrue(
        eval("kl_div", "--teacher", "t.npy")
            .err()
            .contains("--teacher is an option of distillation, not of kl_div"));
    for (String loss : losses()) {
      CommandLineCase.Run run = CommandLineCase.run("eval", "--loss", loss, "--input", "x.npy");
      String missing = loss.equals("distillation") ? "--teacher" : "--target";
      assertEquals(2, run.code());
      assertTrue(run.err().contains("Missing required option: '" + missing), run.err());
    }
  }

  @Test
  void theHelpHasEveryOption() {
    String help = CommandLineCase.run("eval", "--help").out();
    for (Option option : Option.values()) {
      boolean flag = option.kind() == Option.Kind.FLAG;
      assertTrue(help.contains(option.flag() + (flag ? "[=" : "=")), help);
    }
    for (String loss : losses()) {
      assertTrue(help.contains(loss), help);
    }
  }

  @Test
  void aDenominatorOfOnesOwn() throws IOException {
    // Of two losses the mean is the sum over 2.
    String loss = "binary_cross_entropy";
    CommandLineCase.Run mean = eval(loss);
    assertEquals(mean.out(), eval(loss, "--denominator", "2").out());
    float four = Float.parseFloat(eval(loss, "--denominator", "4").out());
    assertEquals(Float.parseFloat(mean.out()) / 2, four);
    assertTrue(
        eval(loss, "--denominator", "4", "--reduction", "sum")
            .err()
            .contains("--denominator needs reduction mean, got sum"));
  }
}
