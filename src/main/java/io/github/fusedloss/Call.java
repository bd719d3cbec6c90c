package io.github.fusedloss;

import io.github.fusedloss.backend.Executor;
import io.github.fusedloss.backend.Function;
import io.github.fusedloss.backend.HostMemory;
import io.github.fusedloss.backend.Memory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The tensors of one call. It keeps them from being freed while it runs, finds the executor, makes
 * the results, and closes the results again if the call fails.
 */
final class Call implements AutoCloseable {
  /** Room for input, target, weight and gradient. {@link #hold} makes more where it is needed. */
  private static final int MOST = 4;

  /** Room for losses and gradient. */
  private static final int MOST_RESULTS = 2;

  private final Engine engine;
  // The executor is kept for the whole call: if the device is lost meanwhile, the operands do not
  // fit the one that takes its place.
  private final Executor device;
  // The input is the first.
  private Memory[] acquired = new Memory[MOST];
  private int held;
  // Results on a device; results on the host need no closing.
  private List<Tensor> results = List.of();
  private boolean onDevice;
  private boolean inPlace;
  private long largest;
  private Executor ranOn;

  Call(Engine engine) {
    this.engine = engine;
    device = engine.executor();
    ranOn = device;
  }

  /** Adds an operand to the call; does nothing if the tensor is null. */
  Call add(String name, Tensor tensor) {
    if (tensor == null) {
      return this;
    }
    try {
      if (tensor.isOnDevice()) {
        onDevice |= engine.owner(name, tensor) == device;
      }
      if (tensor.size() == 0) {
        engine.requireOpen(); // Without elements nothing is computed that would notice.
      }
      acquire(name, tensor);
    } catch (Throwable e) {
      close();
      throw e;
    }
    largest = Math.max(largest, tensor.size());
    return this;
  }

  private void acquire(String name, Tensor tensor) {
    try {
      hold(tensor.memory());
    } catch (IllegalStateException e) {
      throw new IllegalStateException(name + " must be open, got a closed tensor", e);
    }
  }

  /**
   * Computes this call on the executor that suits it best. All operands must have been added
   * before.
   *
   * @param gradient whether the gradient is computed too
   * @param classes the length of the rows; 1 for a loss over elements
   */
  <T> T run(Function function, boolean gradient, int classes, Engine.Computation<T> work) {
    if (onDevice) {
      return engine.run(device, true, work);
    }
    if (inPlace) {
      return engine.runOnce(work);
    }
    return engine.hasChoice()
        ? engine.run(
            CallPlacement.Kind.of(function, acquired[0].type(), gradient, classes), largest, work)
        : engine.run(device, false, work);
  }

  /** Notes which executor computes, for {@link #device()}, and returns it. */
  Executor ranOn(Executor executor) {
    ranOn = executor;
    return executor;
  }

  /** Returns the name of the executor that computed. */
  String device() {
    return ranOn.info().name();
  }

  /** Copies all of the host memory into all of device memory that this call holds. */
  void fill(HostMemory from, Memory to) {
    if (from.length() > 0) {
      Executor where = engine.owner("to", Tensor.around(to, engine, new long[] {to.length()}));
      engine.run(
          where,
          true,
          executor -> {
            executor.upload(from, to);
            return null;
          });
    }
  }

  /** Copies values to the device where the operands are. */
  Memory upload(HostMemory values) {
    onDevice = true;
    return engine.run(device, true, executor -> Engine.upload(executor, values));
  }

  /**
   * Returns the weights with 0 where the mask is 0. The memory lasts until this call is closed; it
   * is on a device if one of the two tensors is.
   */
  Memory masked(Tensor weights, Tensor mask) {
    long size = weights.size();
    if (!weights.isOnDevice() && !mask.isOnDevice()) {
      if (size > Integer.MAX_VALUE - 8) {
        throw new IllegalArgumentException(
            "rowWeights and mask together must have fewer than 2^31 elements, got " + size);
      }
      HostMemory output = HostMemory.of(new float[(int) size]);
      return engine.runOnce(executor -> masked(executor, weights, mask, output));
    }
    Executor where = engine.owner("mask", mask.isOnDevice() ? mask : weights);
    Memory output =
        engine.run(where, true, executor -> executor.allocate(ElementType.FLOAT32, size));
    try {
      hold(output);
    } finally {
      output.close(); // The call holds it now, and it ends with the call.
    }
    return engine.run(where, true, executor -> masked(executor, weights, mask, output));
  }

  /** Keeps memory from being freed until this is closed. */
  private void hold(Memory memory) {
    if (held == acquired.length) {
      acquired = Arrays.copyOf(acquired, 2 * acquired.length);
    }
    memory.acquire();
    acquired[held++] = memory;
  }

  private static Memory masked(Executor executor, Tensor weights, Tensor mask, Memory output) {
    executor.mask(weights.size(), weights.memory(), mask.memory(), output);
    return output;
  }

  /** Makes a tensor for a result, floating-point or INT32, where {@code like} lives. */
  Tensor result(Tensor like, ElementType type, long[] shape) {
    long size = Shapes.size(shape);
    if (like.isOnDevice()) {
      Executor where = engine.owner("input", like);
      if (results.isEmpty()) {
        results = new ArrayList<>(MOST_RESULTS);
      }
      Memory memory = engine.run(where, true, executor -> executor.allocate(type, size));
      Tensor result = Tensor.owning(memory, engine, shape);
      results.add(result);
      return result;
    }
    if (size > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          "a result of "
              + size
              + " elements does not fit a Java array: give forwardAndGradient a tensor for the"
              + " gradient, or upload the input");
    }
    HostMemory memory =
        switch (type) {
          case FLOAT32 -> HostMemory.of(new float[(int) size]);
          case INT32 -> HostMemory.of(new int[(int) size]);
          default -> HostMemory.of(type, new short[(int) size]);
        };
    return Tensor.around(memory, null, shape);
  }

  /** Makes a tensor for each of the outputs. */
  Map<Output, Tensor> outputs(Outputs outputs, Tensor input, long[] shape) {
    Map<Output, Tensor> tensors = new EnumMap<>(Output.class);
    for (Output output : Output.values()) {
      if (outputs.has(output)) {
        tensors.put(output, result(input, output.type(), shape));
      }
    }
    return tensors;
  }

  /** Makes a tensor for the losses, one for each row or element. */
  Tensor losses(Tensor input, long[] shape) {
    return result(input, ElementType.FLOAT32, shape);
  }

  /** Whether the gradient takes the place of the input, so that this cannot be computed again. */
  boolean isInPlace() {
    return inPlace;
  }

  /** Marks the call as successful: closing it leaves its results open. */
  <T> T keep(T result) {
    results = List.of();
    return result;
  }

  /**
   * Takes a tensor of the caller's for the gradient. It must have the input's type and shape, and
   * be either the input itself or share no memory with any operand.
   */
  Tensor gradient(Tensor gradient, Tensor input) {
    if (gradient.type() != input.type()) {
      throw new IllegalArgumentException(
          "gradient must be of the type of the input, "
              + Checks.text(input.type())
              + ", got "
              + Checks.text(gradient.type()));
    }
    TensorChecks.sameShape("gradient", gradient, "input", input);
    if (gradient.memory() instanceof HostMemory host && host.isReadOnly()) {
      throw new IllegalArgumentException("gradient must be writable, got a read-only buffer");
    }
    if (gradient.memory() instanceof HostMemory host && host.overlapsItself()) {
      throw new IllegalArgumentException(
          "gradient must have every element once, got segments that share memory");
    }
    int shared = 0;
    for (int i = 0; i < held; i++) {
      shared += acquired[i].overlaps(gradient.memory()) ? 1 : 0;
    }
    if (shared > (gradient.memory() == input.memory() ? 1 : 0)) {
      throw new IllegalArgumentException(
          "gradient must be the input itself, or share no memory with an operand");
    }
    inPlace = gradient.memory() == input.memory();
    add("gradient", gradient);
    return gradient;
  }

  @Override
  public void close() {
    try {
      // An iterator would need memory, which may have run out.
      for (int i = 0; i < results.size(); i++) {
        results.get(i).close();
      }
    } finally {
      results = List.of();
      while (held > 0) {
        acquired[--held].release();
      }
    }
  }
}
