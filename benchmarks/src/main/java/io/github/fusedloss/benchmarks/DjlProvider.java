package io.github.fusedloss.benchmarks;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import ai.djl.training.loss.Loss;
import ai.djl.training.loss.SigmoidBinaryCrossEntropyLoss;
import ai.djl.training.loss.SoftmaxCrossEntropyLoss;
import io.github.fusedloss.benchmarks.Work.Options;

/** DJL's own losses and functions, on its PyTorch engine. */
final class DjlProvider implements Provider {
  private final Engine engine;
  private final NDManager manager;

  DjlProvider() {
    // Nothing is fetched: the natives come as jars.
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("ai.djl.pytorch.num_threads", Integer.toString(Machine.threads()));
    engine = Engine.getEngine("PyTorch");
    manager = engine.newBaseManager();
  }

  @Override
  public String device() {
    return Machine.processor()
        + ", DJL "
        + Engine.getDjlVersion()
        + ", PyTorch "
        + engine.getVersion()
        + ", "
        + Machine.threads()
        + " threads";
  }

  @Override
  public Call prepare(Problem p) {
    Work work = p.work();
    Provider.refuse(work.dtype().isSixteenBit(), "written for float32 only");
    Provider.refuse(work.options() == Options.WEIGHTS, "no weight per element");
    Provider.refuse(
        work.options() == Options.SMOOTHING_WEIGHTS_IGNORE,
        "no label smoothing, class weights or ignore_index");
    Loss loss =
        switch (work.function()) {
          case BINARY_CROSS_ENTROPY_WITH_LOGITS -> new SigmoidBinaryCrossEntropyLoss();
          case CROSS_ENTROPY -> new SoftmaxCrossEntropyLoss("loss", 1, 1, p.target() == null, true);
          case NLL_LOSS -> new SoftmaxCrossEntropyLoss("loss", 1, 1, true, false);
          case SOFTMAX, SUM, LOGSUMEXP -> null;
          case BINARY_CROSS_ENTROPY ->
              throw new UnsupportedOperationException("no loss of probabilities");
          case SIGMOID_FOCAL_LOSS, KL_DIV ->
              throw new UnsupportedOperationException("not among its losses");
        };
    NDArray x = manager.create(p.x(), new Shape(work.shape()));
    NDArray target =
        p.target() != null
            ? manager.create(p.target(), new Shape(work.shape()))
            : p.classes() != null ? manager.create(p.longClasses(), indexShape(work)) : null;
    if (work.gradient()) {
      x.setRequiresGradient(true);
    }
    return new Call() {
      private NDManager memory;
      private NDArray output;
      private float scalar;

      @Override
      public Object run() {
        if (memory != null) {
          memory.close();
        }
        memory = manager.newSubManager();
        // What is computed from x is memory's from now on, and goes with it.
        x.tempAttach(memory);
        if (work.gradient()) {
          try (GradientCollector collector = engine.newGradientCollector()) {
            collector.zeroGradients();
            NDArray value = loss.evaluate(new NDList(target), new NDList(x));
            collector.backward(value);
            scalar = value.getFloat();
          }
        } else {
          output =
              switch (work.function()) {
                case SOFTMAX -> x.softmax(1);
                case SUM -> x.sum();
                case LOGSUMEXP -> logSumExp(x);
                default -> loss.evaluate(new NDList(target), new NDList(x));
              };
          if (work.function() != Work.Function.SOFTMAX) {
            scalar = output.getFloat();
          }
        }
        return scalar;
      }

      /** DJL has no such function: what its users write. */
      private NDArray logSumExp(NDArray input) {
        NDArray max = input.max();
        return input.sub(max).exp().sum().log().add(max);
      }

      @Override
      public Outcome outcome() {
        float[] values =
            work.gradient()
                ? x.getGradient().toFloatArray()
                : work.function() == Work.Function.SOFTMAX ? output.toFloatArray() : null;
        return new Outcome(scalar, values);
      }

      @Override
      public void close() {
        if (memory != null) {
          memory.close();
        }
        x.close();
        if (target != null) {
          target.close();
        }
      }
    };
  }

  /** Before further axes DJL wants the class axis to stay, of size 1. */
  private static Shape indexShape(Work work) {
    if (work.inner() == 1) {
      return new Shape(work.rowShape());
    }
    long[] shape = work.shape().clone();
    shape[1] = 1;
    return new Shape(shape);
  }

  @Override
  public void close() {
    manager.close();
  }
}
