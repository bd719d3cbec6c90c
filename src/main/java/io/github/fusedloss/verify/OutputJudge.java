package io.github.fusedloss.verify;

import io.github.fusedloss.Loss;
import io.github.fusedloss.LossResult;
import io.github.fusedloss.Output;
import io.github.fusedloss.Target;
import io.github.fusedloss.Tensor;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Judges the outputs that a loss gave for its rows. */
final class OutputJudge {
  private final Map<Output, Judge> judges = new EnumMap<>(Output.class);

  OutputJudge() {
    judge(Output.LSE, Promise.LOG_SUM_EXP);
    judge(Output.TARGET_LOG_PROBABILITY, Promise.ROW_LOSS);
    judge(Output.ENTROPY, Promise.ROW_ENTROPY);
    for (Output exact : new Output[] {Output.ARGMAX, Output.RANK}) {
      judges.put(exact, new Judge(name(exact), 0, false));
    }
  }

  private void judge(Output output, Promise promise) {
    judges.put(output, new Judge(name(output), promise.ulps(), true));
  }

  private static String name(Output output) {
    return output.name().toLowerCase(Locale.ROOT);
  }

  /** Returns one judge for each output. */
  List<Judge> all() {
    return List.copyOf(judges.values());
  }

  /** Judges the outputs that one call has. */
  void judge(String where, Loss loss, Tensor input, Target target, LossResult result) {
    ExpectedOutputs rows = null;
    for (Output output : Output.values()) {
      if (result.hasOutput(output)) {
        rows = rows == null ? Oracle.outputs(loss, new Oracle.Question(input, target, 0)) : rows;
        rows.judge(where, output, result.output(output), judges.get(output));
      }
    }
  }
}
