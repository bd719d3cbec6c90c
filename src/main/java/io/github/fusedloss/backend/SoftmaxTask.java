package io.github.fusedloss.backend;

/**
 * The task to compute a function of rows of logits.
 *
 * @param function SOFTMAX, LOG_SOFTMAX or LOGSUMEXP
 * @param input floating-point
 * @param output of the input's type and size; for LOGSUMEXP float32, one element for each row
 * @param logits what is done to the logits
 */
public record SoftmaxTask(
    Function function, RowShape shape, Memory input, Memory output, Logits logits)
    implements RowTask {
  /** Makes a task that leaves the logits as they are. */
  public SoftmaxTask(Function function, RowShape shape, Memory input, Memory output) {
    this(function, shape, input, output, Logits.PLAIN);
  }
}
