package io.github.fusedloss;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.fusedloss.backend.Function;
import io.github.fusedloss.backend.Option;
import io.github.fusedloss.verify.KernelReport;
import io.github.fusedloss.verify.KernelSuite;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@code verify} judges every option of the table with every loss that has it. */
@Tag("once")
class VerifiedCellsTest {
  @Test
  void everyCellIsJudged() {
    Set<String> judged = new TreeSet<>();
    FusedLoss watched =
        OpenDevices.of("cpu:scalar")
            .checkedBy(
                (loss, input, target, upstream, upstreams, result) ->
                    cells(loss, target).forEach(judged::add));
    List<KernelReport> reports = KernelSuite.run(watched, progress -> {});
    assertEquals(List.of(), reports.stream().filter(report -> !report.passed()).toList());
    Set<String> missed = table();
    missed.removeAll(judged);
    assertEquals(Set.of(), missed);
  }

  private static String cell(Function function, Object what) {
    return function + " " + what;
  }

  /** Of each choice, too: a cell of divergence is three. */
  private static Set<String> table() {
    Set<String> cells = new TreeSet<>();
    for (Option option : Option.values()) {
      for (Function function : Function.values()) {
        if (option.isOf(function)) {
          cells.add(cell(function, option));
          if (option.kind() == Option.Kind.CHOICE) {
            option.choices().forEach(choice -> cells.add(cell(function, choice)));
          }
        }
      }
    }
    Stream.of(Function.values())
        .filter(Function::isLoss)
        .forEach(f -> f.reductions().forEach(reduction -> cells.add(cell(f, reduction))));
    return cells;
  }

  /** The cells that this call is of. */
  private static List<String> cells(Loss loss, Target target) {
    boolean soft = loss instanceof CrossEntropy && target.tensor().type().isFloating();
    Function function = soft ? Function.CROSS_ENTROPY_OF_PROBABILITIES : loss.function();
    Stream<Object> given =
        Stream.of(Option.values()).filter(o -> loss.options().isGiven(o)).map(o -> o);
    Object choice = loss instanceof Distillation d ? d.divergence() : loss.name();
    return Stream.concat(given, Stream.of(loss.reduction(), choice))
        .map(what -> cell(function, what))
        .toList();
  }
}
