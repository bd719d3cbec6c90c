package io.github.fusedloss.opencl;

import io.github.fusedloss.backend.Memory;
import io.github.fusedloss.backend.RowShape;
import io.github.fusedloss.backend.SumShape;
import java.util.Arrays;

/**
 * Cuts a call whose host operands do not fit the device together into pieces. Each is copied to the
 * device, computed, and copied back before the next. A piece consists of whole blocks of the
 * canonical sums, or of whole rows, so that what is computed for an element does not depend on
 * where the cuts are.
 *
 * <p>Host operands count, and so do parts of a device tensor that kernels cannot use where they
 * are, and a result that replaces an input. Other operands on the device are used where they are; a
 * piece of them is copied on the device.
 */
final class Pieces {
  /** The property for tests that sets how many elements of the input a piece has. */
  private static final String FORCED = "fusedloss.opencl.piece";

  /**
   * The most bytes of a piece. Larger ones are no faster, and on a CPU device they take the host's
   * memory twice.
   */
  private static final long BUDGET = 1L << 30;

  /**
   * Says how long the piece from {@code at} on is, in elements or rows; it has about {@code most}
   * elements.
   */
  @FunctionalInterface
  interface Cut {
    long length(long at, long most);
  }

  /** Computes the elements or rows at to at + length. */
  @FunctionalInterface
  interface PieceWork {
    void run(CallBuffers operands, long at, long length);
  }

  private final OpenClContext context;
  private final boolean shipped;
  private final boolean inPlace;
  private long most;

  /**
   * Plans a call.
   *
   * @param size elements of the input
   * @param input the input of the call
   * @param result the result, which may be the input; or null
   * @param others further operands, each null if there is none
   */
  Pieces(OpenClContext context, long size, Memory input, Memory result, Memory... others) {
    this.context = context;
    inPlace = input == result;
    Memory[] operands = Arrays.copyOf(others, others.length + 2);
    operands[others.length] = input;
    operands[others.length + 1] = result;
    double all = 0;
    double largest = 0;
    for (Memory operand : operands) {
      if (operand != null && (!context.reaches(operand) || inPlace && operand == result)) {
        double bytes = (double) operand.length() * operand.type().bytes();
        all += bytes;
        largest = Math.max(largest, bytes);
      }
    }
    shipped = all > 0;
    long budget = Math.min(BUDGET, context.device().memory().bytes() / 4);
    double share = Math.max(all / budget, largest / context.device().memory().maxAllocationBytes());
    most = share <= 1 ? size : (long) (size / share);
    if (shipped) {
      most = Math.min(most, Long.getLong(FORCED, most));
    }
  }

  /** Returns whether the result replaces the input. */
  boolean inPlace() {
    return inPlace;
  }

  /** Cuts {@code size} elements into whole blocks. */
  static Cut blocks(long size) {
    return (at, most) ->
        size - at <= most
            ? size - at
            : Math.min(size - at, Math.max(1, most / SumShape.BLOCK) * SumShape.BLOCK);
  }

  /**
   * Cuts rows: into whole items of the batch, or one item into pieces if it is too large. A piece
   * is never one row alone of an item of several rows, because its sums would have another order.
   */
  static Cut rows(RowShape shape) {
    long inner = shape.inner();
    long item = shape.classes() * inner;
    return (at, most) -> {
      long rest = inner - at % inner;
      if (inner == 1 || item <= most && rest == inner) {
        return Math.min(shape.rows() - at, Math.max(1, most / item) * inner);
      }
      long rows = Math.min(rest, Math.max(2, most / shape.classes()));
      return rest - rows != 1 ? rows : rows > 2 ? rows - 1 : 3;
    };
  }

  /** Runs all pieces of {@code size} elements or rows, in order. */
  void run(long size, Cut cut, PieceWork work) {
    for (long at = 0; at < size; ) {
      long length = cut.length(at, most);
      CallBuffers operands = new CallBuffers(context);
      try {
        work.run(operands, at, length);
        operands.finish();
        at += length;
      } catch (OpenClException e) {
        operands.close();
        boolean again = e.kind() == OpenClException.Kind.RESOURCE && shipped;
        // A call that overwrites its input cannot be computed twice.
        if (!again || inPlace && operands.bringsHome() || cut.length(at, most / 2) >= length) {
          throw e;
        }
        context.trim();
        most /= 2;
      } finally {
        operands.close();
      }
    }
  }
}
