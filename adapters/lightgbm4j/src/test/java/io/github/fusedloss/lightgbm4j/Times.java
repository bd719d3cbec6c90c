package io.github.fusedloss.lightgbm4j;

import io.github.fusedloss.BinaryCrossEntropyWithLogits;
import io.github.fusedloss.CrossEntropy;
import io.github.fusedloss.FusedLoss;
import io.github.fusedloss.Loss;
import io.github.fusedloss.turns.Table;
import io.github.fusedloss.turns.Turns;
import io.github.metarank.lightgbm4j.LGBMBooster;
import io.github.metarank.lightgbm4j.LGBMDataset;
import org.junit.jupiter.api.Test;

/** Beside LightGBM's own objectives, ten rounds; see ci/adapters --times. */
class Times {
  private static final int ROUNDS = 10;
  private static final String COMMON = "num_leaves=15 verbosity=-1 num_threads=2 ";

  private static LGBMDataset data(int classes) throws Exception {
    Table table = Table.of(classes);
    LGBMDataset data =
        LGBMDataset.createFromMat(
            table.features(), table.rows(), table.columns(), true, "verbosity=-1", null);
    data.setField("label", table.labels());
    return data;
  }

  private static void ours(FusedLoss fused, LGBMDataset data, Loss loss, String parameters)
      throws Exception {
    try (LGBMBooster booster = LGBMBooster.create(data, parameters + "objective=none")) {
      FusedObjective objective = new FusedObjective(fused, loss, data);
      for (int i = 0; i < ROUNDS; i++) {
        objective.update(booster);
      }
    }
  }

  private static void theirs(LGBMDataset data, String parameters) throws Exception {
    try (LGBMBooster booster = LGBMBooster.create(data, parameters)) {
      for (int i = 0; i < ROUNDS; i++) {
        booster.updateOneIter();
      }
    }
  }

  @Test
  void objectives() throws Exception {
    try (FusedLoss fused = FusedLoss.open("cpu");
        LGBMDataset two = data(2);
        LGBMDataset four = data(4)) {
      Turns.print(
          "binary, 100,000 rows",
          () -> ours(fused, two, BinaryCrossEntropyWithLogits.DEFAULT, COMMON),
          () -> theirs(two, COMMON + "objective=binary"));
      String classes = COMMON + "num_class=4 ";
      Turns.print(
          "4 classes, 100,000 rows",
          () -> ours(fused, four, CrossEntropy.DEFAULT, classes),
          () -> theirs(four, classes + "objective=multiclass"));
    }
  }
}
