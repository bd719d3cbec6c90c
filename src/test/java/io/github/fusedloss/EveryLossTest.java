package io.github.fusedloss;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fusedloss.backend.Function;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A function of the table without a line in {@link EveryLoss} would not be tested by its users. */
@Tag("once")
class EveryLossTest {
  @Test
  void hasEveryFunction() {
    EveryLoss.Variants plain = (loss, weight) -> List.of(loss);
    float[] two = {0.25f, 0.75f};
    int[] y = {1};
    List<EveryLoss.Named> all = new ArrayList<>();
    all.addAll(EveryLoss.ofElements(plain, ElementType.FLOAT32, two, two));
    all.addAll(EveryLoss.ofRows(plain, ElementType.FLOAT32, new LogitShape(1, 2, 1), two, y, two));
    for (Function function : Function.values()) {
      String name = function.torchName();
      String loss = name + "()" + (function.hasClassIndices() ? "" : " of numbers");
      boolean there = all.stream().anyMatch(n -> n.name().equals(function.isLoss() ? loss : name));
      boolean reduces = function == Function.SUM || function == Function.MAX;
      assertTrue(there || reduces, function + " is not in EveryLoss");
    }
  }
}
