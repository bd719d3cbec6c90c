package io.github.fusedloss.onnxruntime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxTensorLike;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import io.github.fusedloss.CrossEntropy;
import io.github.fusedloss.FusedLoss;
import io.github.fusedloss.Loss;
import io.github.fusedloss.LossResult;
import io.github.fusedloss.LossSummary;
import io.github.fusedloss.Reduction;
import io.github.fusedloss.Target;
import io.github.fusedloss.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The loss of a model over a data set of any size, batch by batch: {@link #add} runs the model and
 * adds up what its output costs, exactly: the same bits for every batch size and order. Not for use
 * by several threads at once: give each its own, and merge their {@linkplain #summary() summaries}.
 *
 * <p>From the second batch of a size on, the model writes its output to memory that is kept from
 * batch to batch, and the loss reads it there: nothing is copied.
 */
public final class LossEvaluator {
  private final FusedLoss fused;
  private final OrtSession session;
  private final String output;
  private final Loss loss;
  private final LossSummary summary = new LossSummary();

  /** Which output inputs of these shapes gave: ONNX models do not tell it in advance. */
  private final Map<Map<String, List<Long>>, TensorInfo> known = new HashMap<>();

  private boolean reuse = true;
  private ByteBuffer memory = ByteBuffer.allocateDirect(0);

  private LossEvaluator(FusedLoss fused, OrtSession session, String output, Loss loss) {
    this.fused = fused;
    this.session = session;
    this.output = output;
    this.loss = loss;
  }

  /**
   * Makes an evaluator of one output of a model.
   *
   * @param fused stays open until the last {@link #add}, as the session does
   * @param output the name of the output that the loss is of
   * @param loss the loss to add up. Its reduction, denominator and z-loss are for training and are
   *     not used here
   * @throws IllegalArgumentException if the model has no such output, or it is no tensor
   */
  public static LossEvaluator of(FusedLoss fused, OrtSession session, String output, Loss loss)
      throws OrtException {
    Set<String> names = session.getOutputNames();
    if (!names.contains(output)) {
      throw new IllegalArgumentException("output must be one of " + names + ", got " + output);
    }
    if (!(session.getOutputInfo().get(output).getInfo() instanceof TensorInfo)) {
      throw new IllegalArgumentException(
          "output must be a tensor, got " + session.getOutputInfo().get(output));
    }
    Loss each = loss.withoutDenominator().withReduction(Reduction.NONE);
    return new LossEvaluator(
        fused, session, output, each instanceof CrossEntropy c ? c.withZLoss(0) : each);
  }

  /**
   * Runs the model on a batch and adds its losses.
   *
   * @param inputs by name, as {@code session.run} takes them; the caller closes them
   * @param target as the loss wants it for the output
   * @throws IllegalArgumentException if the target does not fit the output; nothing is added then
   */
  public void add(Map<String, OnnxTensor> inputs, Tensor target) throws OrtException {
    add(inputs, Target.of(target));
  }

  /** Runs the model on a batch whose target may have row weights or a mask; adds its losses. */
  public void add(Map<String, OnnxTensor> inputs, Target target) throws OrtException {
    Map<String, List<Long>> shapes =
        inputs.entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, e -> shape(e.getValue())));
    TensorInfo expected = reuse ? known.get(shapes) : null;
    if (expected != null) {
      try (OnnxTensor kept = kept(expected)) {
        if (runInto(kept, inputs)) {
          evaluate(kept, target);
          return;
        }
      }
    }
    try (OrtSession.Result result = session.run(inputs, Set.of(output))) {
      OnnxTensor made = (OnnxTensor) result.get(0);
      known.put(shapes, made.getInfo());
      evaluate(made, target);
    }
  }

  /** False if the model has another output this time. */
  private boolean runInto(OnnxTensor kept, Map<String, ? extends OnnxTensorLike> inputs) {
    try {
      session.run(inputs, Map.of(output, kept)).close();
      return true;
    } catch (OrtException e) {
      // Its shape may depend on values. If it was something else it happens again without our
      // memory.
      reuse = false;
      return false;
    }
  }

  private OnnxTensor kept(TensorInfo info) throws OrtException {
    int bytes = Math.toIntExact(info.getNumElements() * info.type.size);
    if (memory.capacity() < bytes) {
      memory = ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
    }
    return OnnxTensor.createTensor(
        OrtEnvironment.getEnvironment(),
        memory.slice(0, bytes).order(ByteOrder.nativeOrder()),
        info.getShape(),
        info.type);
  }

  private void evaluate(OnnxTensor input, Target target) {
    try (LossResult result = fused.forward(loss, OnnxTensors.tensor(input), target)) {
      summary.add(result, loss, target);
    }
  }

  private static List<Long> shape(OnnxTensor tensor) {
    return Arrays.stream(tensor.getInfo().getShape()).boxed().toList();
  }

  /** What was added so far: a copy, to be merged with others, or sent. */
  public LossSummary summary() {
    return new LossSummary().merge(summary);
  }

  /** The sum of all losses, to the nearest double. */
  public double sum() {
    return summary.sum();
  }

  /** What the mean divides by: how many losses count, or the weights of their targets. */
  public double weightSum() {
    return summary.weightSum();
  }

  /** How many losses count. */
  public long count() {
    return summary.count();
  }

  /** The mean loss of everything that was added; NaN if nothing counts. */
  public double mean() {
    return summary.mean();
  }

  /** The exponential of the mean. */
  public double perplexity() {
    return summary.perplexity();
  }

  @Override
  public String toString() {
    return loss.name() + " of " + output + ": mean " + mean() + " of " + count();
  }
}
