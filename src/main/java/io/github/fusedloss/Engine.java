package io.github.fusedloss;

import io.github.fusedloss.backend.Executor;
import io.github.fusedloss.backend.HostMemory;
import io.github.fusedloss.backend.Memory;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The executors behind a {@link FusedLoss}: its device and, with {@code auto}, those of the CPU
 * beside it. The latter compute what they are faster at, and what the device fails at. A device
 * that is lost is dropped and opened anew, once; after that the CPU takes its place.
 */
final class Engine implements Tensor.Owner, AutoCloseable {
  /** A computation on an executor. */
  @FunctionalInterface
  interface Computation<T> {
    /** Computes, and returns the result. */
    T on(Executor executor);
  }

  private static final System.Logger LOG = System.getLogger("io.github.fusedloss.FusedLoss");

  private final List<Executor> beside;
  private final Executor cpu;
  private final CallPlacement placement;
  private final String choice;
  private final Map<Executor, DeviceException> losses = new ConcurrentHashMap<>();
  private volatile Executor device;
  private volatile boolean closed;
  private boolean reopened;
  private boolean logged;

  /**
   * Takes over these executors, which are closed with it.
   *
   * @param beside the executors of the CPU, the best first; none if the device was asked for by
   *     name
   * @param placement decides between the device, which is number 0, and those beside it
   * @param choice why this device was opened: one sentence
   */
  Engine(Executor device, List<Executor> beside, CallPlacement placement, String choice) {
    this.device = device;
    this.beside = beside;
    this.cpu = beside.isEmpty() ? null : beside.get(0);
    this.placement = placement;
    this.choice = choice;
  }

  Executor executor() {
    return device;
  }

  /** Returns why this device was opened: one sentence. */
  String choice() {
    return choice;
  }

  @Override
  public String device() {
    return device.info().name();
  }

  @Override
  public void download(Tensor from, HostMemory to) {
    run(
        owner("the tensor", from),
        true,
        executor -> {
          executor.download(from.memory(), to);
          return null;
        });
  }

  /**
   * Returns the executor that a device tensor lives on.
   *
   * @throws IllegalArgumentException if it belongs to no executor of this FusedLoss
   * @throws DeviceException if the device it was on is lost
   */
  Executor owner(String name, Tensor tensor) {
    Memory memory = tensor.memory();
    Executor now = device;
    if (now.owns(memory)) {
      return now;
    }
    if (cpu != null && cpu.owns(memory)) {
      return cpu;
    }
    for (Map.Entry<Executor, DeviceException> loss : losses.entrySet()) {
      if (loss.getKey().owns(memory)) {
        DeviceException e = loss.getValue();
        String lost = loss.getKey().info().name();
        throw new DeviceException(
            name + " was on " + lost + ", which was lost: upload it again (" + line(e) + ")",
            e.device(),
            true,
            e);
      }
    }
    throw new IllegalArgumentException(
        name
            + " must be on the host or on "
            + now.info().name()
            + " of this FusedLoss, got "
            + tensor);
  }

  /**
   * Computes on an executor of this engine.
   *
   * @param onDevice whether there are operands that only this executor has. If there are none, and
   *     it fails, the CPU computes instead
   */
  <T> T run(Executor executor, boolean onDevice, Computation<T> work) {
    requireOpen();
    try {
      return work.on(executor);
    } catch (DeviceException e) {
      failed(executor, e);
      if (cpu == null || onDevice) {
        throw e;
      }
      return work.on(cpu);
    }
  }

  /** Returns whether calls with host arrays can be computed on more than one executor. */
  boolean hasChoice() {
    return !beside.isEmpty();
  }

  /**
   * Computes a call that has host arrays alone on the executor where such calls are fastest.
   *
   * @param size elements of the largest operand
   */
  <T> T run(CallPlacement.Kind kind, long size, Computation<T> work) {
    int choice = placement.choose(kind, size);
    Executor executor = choice == 0 ? device : beside.get(choice - 1);
    if (!placement.inDoubt(size)) {
      return run(executor, false, work);
    }
    long start = System.nanoTime();
    T result;
    try {
      result = run(executor, false, work);
    } catch (Throwable e) {
      placement.failed(kind, size, choice);
      throw e;
    }
    placement.took(kind, size, choice, System.nanoTime() - start);
    return result;
  }

  /**
   * Computes a call with host arrays that cannot be repeated, because it overwrites its input. It
   * is not computed on a device that might fail half way, unless there is nothing else.
   */
  <T> T runOnce(Computation<T> work) {
    boolean here = cpu == null || device.info().backend().equals("cpu");
    return run(here ? device : cpu, true, work);
  }

  /** Copies host memory to the device, or to what takes its place if it is lost. */
  Memory upload(HostMemory from) {
    requireOpen();
    Executor first = device;
    try {
      return upload(first, from);
    } catch (DeviceException e) {
      failed(first, e);
      if (device == first) {
        throw e;
      }
      return upload(device, from);
    }
  }

  static Memory upload(Executor to, HostMemory from) {
    Memory memory = to.allocate(from.type(), from.length());
    try {
      if (from.length() > 0) {
        to.upload(from, memory);
      }
      return memory;
    } catch (Throwable e) {
      memory.close();
      throw e;
    }
  }

  private void failed(Executor failed, DeviceException e) {
    if (cpu == null) {
      return;
    }
    boolean say;
    boolean drop;
    boolean reopen;
    synchronized (this) {
      say = !logged;
      logged = true;
      drop = e.isLost() && failed == device && !closed;
      reopen = drop && !reopened;
      if (drop) {
        losses.put(failed, e);
        reopened = true;
        device = cpu; // Nobody waits while it is opened anew.
      }
    }
    if (say) {
      LOG.log(
          System.Logger.Level.WARNING,
          "{0} failed; what it fails at is computed on {1}, with the same bits; said once: {2}",
          failed.info().name(),
          cpu.info().name(),
          line(e));
    }
    if (drop) {
      failed.close();
    }
    if (reopen) {
      reopen(failed);
    }
  }

  private void reopen(Executor lost) {
    Executor again;
    try {
      again = Devices.provider(lost.info().backend()).open(lost.info(), 0);
    } catch (RuntimeException | LinkageError e) {
      return; // The CPU stays in the place of the device.
    }
    synchronized (this) {
      if (!closed) {
        device = again;
        return;
      }
    }
    again.close();
  }

  private static String line(DeviceException e) {
    return e.getMessage().lines().findFirst().orElse("");
  }

  /** Throws {@link IllegalStateException} if this is closed. */
  void requireOpen() {
    if (closed) {
      throw new IllegalStateException(device.info().name() + " is closed");
    }
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
    }
    try {
      device.close();
    } finally {
      beside.forEach(Executor::close);
    }
  }
}
