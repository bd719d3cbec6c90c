package io.github.fusedloss;

import io.github.fusedloss.backend.Executor;
import io.github.fusedloss.backend.Function;
import io.github.fusedloss.backend.SoftmaxTask;
import java.util.function.Consumer;

/** One call of a function that losses are made of, such as softmax or a sum. */
final class PrimitiveCall {
  private PrimitiveCall() {}

  static Tensor sigmoid(Engine engine, Tensor input) {
    TensorChecks.floating("input", input);
    try (Call call = new Call(engine).add("input", input)) {
      Tensor output = call.result(input, input.type(), input.dimensions());
      if (input.size() > 0) {
        run(
            call,
            Function.SIGMOID,
            1,
            executor -> executor.sigmoid(input.size(), input.memory(), output.memory()));
      }
      return call.keep(output);
    }
  }

  /** Computes a function of rows: softmax, its logarithm or logsumexp. */
  static Tensor rows(
      Engine engine, Function function, Tensor input, LogitTransform logits, long classAxis) {
    TensorChecks.floating("input", input);
    Checks.given("logits", logits);
    ClassAxis axis = ClassAxis.of("input", input, classAxis);
    TensorChecks.logitBias(logits.bias(), axis);
    boolean reduces = function == Function.LOGSUMEXP;
    if (reduces && axis.rows() > 0) {
      axis.needClasses();
    }
    try (Call call = new Call(engine).add("input", input).add("logitBias", logits.bias())) {
      Tensor output =
          reduces
              ? call.result(input, ElementType.FLOAT32, axis.rowShape())
              : call.result(input, input.type(), input.dimensions());
      if (output.size() > 0) {
        SoftmaxTask task =
            new SoftmaxTask(
                function, axis.shape(), input.memory(), output.memory(), logits.logits());
        run(call, function, axis.classes(), executor -> executor.softmax(task));
      }
      return call.keep(output);
    }
  }

  private static void run(Call call, Function function, int classes, Consumer<Executor> work) {
    call.run(
        function,
        false,
        classes,
        executor -> {
          work.accept(executor);
          return null;
        });
  }

  static float sum(Engine engine, Tensor input) {
    return canonical((float) preciseSum(engine, input));
  }

  static float mean(Engine engine, Tensor input) {
    return canonical((float) (preciseSum(engine, input) / input.size()));
  }

  private static double preciseSum(Engine engine, Tensor input) {
    TensorChecks.floating("input", input);
    try (Call call = new Call(engine).add("input", input)) {
      double sum = input.size() == 0 ? 0 : sum(call, input, 1f);
      // A sum that is not finite may have left the range of floats on its way, so it is computed
      // again, scaled.
      return Double.isFinite(sum) ? sum : sum(call, input, 0x1p-40f) * 0x1p40;
    }
  }

  private static double sum(Call call, Tensor input, float factor) {
    return call.run(
        Function.SUM, false, 1, executor -> executor.sum(input.size(), input.memory(), factor));
  }

  /** Rounds to the one NaN that is used, and never to -0. */
  private static float canonical(float value) {
    return value == value ? value + 0f : Float.NaN;
  }

  static float max(Engine engine, Tensor input) {
    TensorChecks.floating("input", input);
    if (input.size() == 0) {
      throw new IllegalArgumentException("input of max must have at least one element, got none");
    }
    try (Call call = new Call(engine).add("input", input)) {
      return call.run(
          Function.MAX, false, 1, executor -> executor.max(input.size(), input.memory()));
    }
  }
}
