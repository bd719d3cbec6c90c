package io.github.fusedloss.benchmarks;

import io.github.fusedloss.benchmarks.Work.Function;
import io.github.fusedloss.benchmarks.Work.Options;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;

/** ND4J's loss operations and their gradient operations, those that SameDiff's losses run. */
final class Nd4jProvider implements Provider {
  /** Reduction of its losses: the mean. */
  private static final int MEAN_BY_NONZERO_WEIGHT_COUNT = 3;

  @Override
  public String device() {
    return Machine.processor() + ", ND4J 1.0.0-M2.1, " + Machine.threads() + " threads";
  }

  @Override
  public Call prepare(Problem p) {
    Work work = p.work();
    Provider.refuse(work.dtype().isSixteenBit(), "written for float32 only");
    Provider.refuse(work.options() == Options.WEIGHTS, "no pos_weight");
    Provider.refuse(work.options() == Options.SMOOTHING_WEIGHTS_IGNORE, "no ignore_index");
    Provider.refuse(work.inner() > 1, "the class axis has to be the last");
    String op =
        switch (work.function()) {
          case BINARY_CROSS_ENTROPY_WITH_LOGITS -> "sigm_cross_entropy_loss";
          case CROSS_ENTROPY ->
              p.target() == null
                  ? "sparse_softmax_cross_entropy_loss_with_logits"
                  : "softmax_cross_entropy_loss";
          case SOFTMAX -> "softmax";
          case LOGSUMEXP -> "reduce_logsumexp";
          case SUM -> "reduce_sum";
          default -> throw new UnsupportedOperationException("not among its operations");
        };
    INDArray x = Nd4j.create(p.x(), work.shape(), 'c');
    INDArray target =
        p.target() != null
            ? Nd4j.create(p.target(), work.shape(), 'c')
            : p.classes() != null ? Nd4j.createFromArray(p.classes()) : null;
    INDArray one = Nd4j.scalar(1f);
    boolean sparse = work.function() == Function.CROSS_ENTROPY && p.target() == null;
    return new Call() {
      private INDArray[] results = {};
      private INDArray values;
      private double scalar;

      @Override
      public Object run() {
        free(results);
        INDArray[] loss = apply(op);
        scalar =
            work.function() == Function.SOFTMAX
                ? 0
                : sparse ? loss[0].meanNumber().doubleValue() : loss[0].getDouble(0);
        if (!work.gradient()) {
          results = loss;
          values = loss[0];
          return scalar;
        }
        free(loss);
        results = apply(op + "_grad");
        values = sparse ? results[0].divi(work.rows()) : results[0];
        return scalar;
      }

      private INDArray[] apply(String name) {
        DynamicCustomOp.DynamicCustomOpsBuilder call = DynamicCustomOp.builder(name);
        if (sparse) {
          call.addInputs(target, x);
        } else if (work.function().isLoss()) {
          call.addInputs(x, one, target)
              .addIntegerArguments(MEAN_BY_NONZERO_WEIGHT_COUNT)
              .addFloatingPointArguments(0.0);
        } else {
          call.addInputs(x);
        }
        return Nd4j.exec(call.build());
      }

      @Override
      public Outcome outcome() {
        boolean wanted = work.gradient() || work.function() == Function.SOFTMAX;
        return new Outcome(scalar, wanted ? values.dup('c').data().asFloat() : null);
      }

      @Override
      public void close() {
        free(results);
        free(new INDArray[] {x, target});
      }
    };
  }

  /** Off-heap memory: left to the garbage collector it would run out. */
  private static void free(INDArray[] arrays) {
    for (INDArray array : arrays) {
      if (array != null && array.closeable() && !array.wasClosed()) {
        array.close();
      }
    }
  }
}
