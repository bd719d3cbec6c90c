package io.github.fusedloss.xgboost4j;

import io.github.fusedloss.BinaryCrossEntropyWithLogits;
import io.github.fusedloss.CrossEntropy;
import io.github.fusedloss.turns.Table;
import io.github.fusedloss.turns.Turns;
import java.util.HashMap;
import java.util.Map;
import ml.dmlc.xgboost4j.java.DMatrix;
import ml.dmlc.xgboost4j.java.IObjective;
import ml.dmlc.xgboost4j.java.XGBoost;
import org.junit.jupiter.api.Test;

/** Beside XGBoost's own objectives, ten rounds; see ci/adapters --times. */
class Times {
  private static DMatrix data(int classes) throws Exception {
    Table table = Table.of(classes);
    DMatrix matrix = new DMatrix(table.features(), table.rows(), table.columns(), Float.NaN);
    matrix.setLabel(table.labels());
    return matrix;
  }

  private static void compare(
      String work, int classes, IObjective ours, Map<String, Object> objective) throws Exception {
    DMatrix data = data(classes);
    Map<String, Object> parameters = new HashMap<>(objective);
    parameters.putAll(
        Map.of("verbosity", 0, "max_depth", 4, "base_score", 0.5, "tree_method", "hist"));
    Turns.print(
        work,
        () -> XGBoost.train(data, parameters, 10, Map.of(), ours, null),
        () -> XGBoost.train(data, parameters, 10, Map.of(), null, null));
  }

  @Test
  void objectives() throws Exception {
    compare(
        "binary, 100,000 rows",
        2,
        new FusedObjective(BinaryCrossEntropyWithLogits.DEFAULT),
        Map.of("objective", "binary:logistic"));
    compare(
        "4 classes, 100,000 rows",
        4,
        new FusedObjective(CrossEntropy.DEFAULT),
        Map.of("objective", "multi:softprob", "num_class", 4));
  }
}
