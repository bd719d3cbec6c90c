package io.github.fusedloss.nd4j;

import io.github.fusedloss.Tensor;
import java.nio.FloatBuffer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** INDArrays as tensors, without a copy where their memory lies as a tensor's does. */
final class Nd4jTensors {
  private Nd4jTensors() {}

  /**
   * The array in float32 and without gaps, in this order: itself if it is so already, else a copy.
   *
   * @param order c, where the last index moves fastest, or f, where the first does
   */
  static INDArray dense(INDArray array, char order) {
    INDArray floats = array.castTo(DataType.FLOAT); // itself if it is that
    return isDense(floats, order) ? floats : floats.dup(order);
  }

  /** Whether the elements lie one behind the other in this order. */
  static boolean isDense(INDArray array, char order) {
    long stride = 1;
    for (int i = 0; i < array.rank(); i++) {
      int dimension = order == 'c' ? array.rank() - 1 - i : i;
      if (array.size(dimension) != 1 && array.stride(dimension) != stride) {
        return false;
      }
      stride *= array.size(dimension);
    }
    return !array.isEmpty();
  }

  /**
   * A tensor around the memory of a dense float32 array. The tensor does not keep that memory
   * alive: the array has to be reachable until the last use.
   */
  static Tensor around(INDArray dense, long... shape) {
    FloatBuffer all = dense.data().asNioFloat();
    // Its position is where the array begins, if that is a part of another's memory.
    return Tensor.of(all.slice(all.position(), Math.toIntExact(dense.length())), shape);
  }
}
