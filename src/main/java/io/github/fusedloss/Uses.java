package io.github.fusedloss;

import io.github.fusedloss.backend.ElementType;
import io.github.fusedloss.backend.Executor;
import io.github.fusedloss.backend.HostMemory;
import io.github.fusedloss.backend.Memory;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * The tensors of one call: keeps them from being freed while it runs, finds the executor, makes the
 * results, and closes those again if the call fails.
 */
final class Uses implements AutoCloseable {
  private final FusedLoss owner;
  private final Engine engine;
  // A device that is lost meanwhile must not be followed to its successor: operands would not fit.
  private final Executor device;
  private final List<Memory> acquired = new ArrayList<>();
  private final List<Tensor> results = new ArrayList<>();
  private boolean onDevice;
  private long largest;
  private Executor ranOn;

  Uses(FusedLoss owner) {
    this.owner = owner;
    engine = owner.engine();
    device = engine.device();
    ranOn = device;
  }

  /** Takes an operand, or nothing if it is null. */
  Uses add(String name, Tensor tensor) {
    if (tensor == null) {
      return this;
    }
    try {
      if (tensor.isOnDevice()) {
        onDevice |= engine.owner(name, tensor) == device;
      }
      if (tensor.size() == 0) {
        engine.requireOpen(); // Nothing is computed that would notice.
      }
      acquire(name, tensor);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
    acquired.add(tensor.memory());
    largest = Math.max(largest, tensor.size());
    return this;
  }

  private static void acquire(String name, Tensor tensor) {
    try {
      tensor.memory().acquire();
    } catch (IllegalStateException e) {
      throw new IllegalStateException(name + " must be open, got a closed tensor", e);
    }
  }

  /** Computes this call where it is computed best; to be called when all operands are known. */
  <T> T run(Function<Executor, T> work) {
    return engine.run(
        onDevice ? device : engine.executorFor(largest),
        onDevice,
        executor -> {
          ranOn = executor;
          return work.apply(executor);
        });
  }

  /** The name of the executor that computed. */
  String device() {
    return ranOn.info().name();
  }

  /** A copy on the device of what goes with operands there. */
  Memory upload(HostMemory values) {
    onDevice = true;
    return engine.run(device, true, executor -> Engine.upload(executor, values));
  }

  /** A floating-point result that lives where {@code like} lives. */
  Tensor result(Tensor like, ElementType type, long[] shape) {
    long size = Tensor.size(shape);
    Tensor result;
    if (like.isOnDevice()) {
      Executor where = engine.owner("input", like);
      Memory memory = engine.run(where, true, executor -> executor.allocate(type, size));
      result = Tensor.device(memory, owner, shape);
    } else {
      if (size > Integer.MAX_VALUE - 8) {
        throw new IllegalArgumentException(
            "a result of " + size + " elements does not fit a Java array: upload the input");
      }
      result =
          type == ElementType.FLOAT32
              ? Tensor.of(new float[(int) size], shape)
              : Tensor.of(type, new short[(int) size], shape);
    }
    results.add(result);
    return result;
  }

  /** The call succeeded: the result stays. */
  Tensor keep(Tensor result) {
    results.remove(result);
    return result;
  }

  /** A host copy of a float32 operand. */
  static HostMemory onHost(Tensor tensor) {
    return tensor.isOnDevice()
        ? HostMemory.of(tensor.toFloatArray())
        : (HostMemory) tensor.memory();
  }

  @Override
  public void close() {
    results.forEach(Tensor::close);
    results.clear();
    acquired.forEach(Memory::release);
    acquired.clear();
  }
}
