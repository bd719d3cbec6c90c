package io.github.fusedloss.accuracy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fusedloss.FusedLoss;
import io.github.fusedloss.accuracy.AccuracySearch.Found;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A thin search, of elements and short rows: {@code ci/accuracy search} does all of it. */
@Tag("once")
class AccuracySearchTest {
  @Test
  void everyPromiseIsKept() throws InterruptedException {
    List<SearchCase> cases =
        SearchCase.all().stream().filter(c -> c.classes == 0 || c.classes == 3).toList();
    try (FusedLoss fused = FusedLoss.open("cpu");
        FusedLoss plain = FusedLoss.open("cpu:scalar")) {
      List<Found> found = new AccuracySearch(fused, List.of(plain), 7).run(cases, 1, false);
      assertEquals(cases.size(), found.size());
      for (Found f : found) {
        assertTrue(f.kept(), () -> f.text() + ": " + f.point() + ": " + f.verdict());
      }
    }
  }

  /** Two searches with the same seed try the same inputs. */
  @Test
  void isReproducible() {
    SearchCase of = new SearchCase(Point.LOGITS, "loss", 0, true, SearchCase.Option.HARD);
    try (FusedLoss fused = FusedLoss.open("cpu:scalar")) {
      AccuracySearch search = new AccuracySearch(fused, List.of(), 7);
      assertEquals(
          search.search(of, 30_000).point().toString(),
          search.search(of, 30_000).point().toString());
    }
  }
}
