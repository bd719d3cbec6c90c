package io.github.fusedloss.opencl;

import static org.jocl.CL.CL_CONTEXT_PLATFORM;
import static org.jocl.CL.CL_QUEUE_PROFILING_ENABLE;
import static org.jocl.CL.clCreateCommandQueue;
import static org.jocl.CL.clCreateContext;
import static org.jocl.CL.clFinish;
import static org.jocl.CL.clReleaseCommandQueue;
import static org.jocl.CL.clReleaseContext;

import org.jocl.cl_command_queue;
import org.jocl.cl_context;
import org.jocl.cl_context_properties;
import org.jocl.cl_device_id;

/**
 * The OpenCL context and the one in-order queue of an opened device, and the calls to them. If a
 * call fails, it is tried again if memory was short, and an exception is thrown. If the device is
 * lost, that is remembered.
 */
final class DeviceQueue {
  private final OpenClDevice device;
  private final cl_device_id deviceId;
  private final cl_context context;
  private final cl_command_queue queue;
  private final Lifetime lifetime = new Lifetime(this);
  private Runnable makeRoom = () -> {};
  private volatile OpenClException lost;
  // Tests set it to false to use a CPU device like a discrete one.
  private volatile boolean mapped;

  private DeviceQueue(
      OpenClDevice device, cl_device_id deviceId, cl_context context, cl_command_queue queue) {
    this.device = device;
    this.deviceId = deviceId;
    this.context = context;
    this.queue = queue;
    this.mapped = device.memory().isHosts();
  }

  /** Opens a device; with {@code profiling} it measures the time of its kernels. */
  @SuppressWarnings("deprecation") // clCreateCommandQueue: all that OpenCL 1.2 has
  static DeviceQueue open(OpenClDevice device, boolean profiling) {
    OpenCl.Handles handles = OpenCl.handles(device);
    String reason = OpenCl.unusableReason(device);
    if (reason != null) {
      throw OpenClException.of(
          OpenClException.Kind.UNSUPPORTED,
          "clCreateContext",
          device.name(),
          device + " cannot be used: " + reason);
    }
    cl_context_properties properties = new cl_context_properties();
    properties.addProperty(CL_CONTEXT_PLATFORM, handles.platform());
    cl_device_id[] ids = {handles.device()};
    cl_context context =
        Cl.create(
            "clCreateContext",
            device.name(),
            rc -> Cl.aloneWithContexts(() -> clCreateContext(properties, 1, ids, null, null, rc)));
    cl_command_queue queue = null;
    try {
      long flags = profiling ? CL_QUEUE_PROFILING_ENABLE : 0;
      queue =
          Cl.create(
              "clCreateCommandQueue",
              device.name(),
              rc -> clCreateCommandQueue(context, ids[0], flags, rc));
      return new DeviceQueue(device, ids[0], context, queue);
    } catch (Throwable e) {
      if (queue != null) {
        cl_command_queue made = queue;
        Cl.status(() -> clReleaseCommandQueue(made));
      }
      release(context);
      throw e;
    }
  }

  OpenClDevice device() {
    return device;
  }

  cl_device_id deviceId() {
    return deviceId;
  }

  cl_context context() {
    return context;
  }

  cl_command_queue handle() {
    return queue;
  }

  Lifetime lifetime() {
    return lifetime;
  }

  /**
   * Returns whether the device shares the host's memory, so that buffers are mapped, not copied.
   */
  boolean mapped() {
    return mapped;
  }

  void setMapped(boolean mapped) {
    this.mapped = mapped;
  }

  /** Sets the action that gives unused memory back to the device. */
  void whenMemoryIsShort(Runnable makeRoom) {
    this.makeRoom = makeRoom;
  }

  /**
   * Keeps everything open until the returned object is closed.
   *
   * @throws OpenClException if the device was lost
   */
  Lifetime.Use enter() {
    if (lost != null) {
      throw OpenClException.of(
          OpenClException.Kind.DEVICE_LOST,
          lost.call(),
          device.name(),
          this + " was lost and must be closed: " + lost.getMessage());
    }
    return lifetime.enter();
  }

  /** Waits until the device has done everything that was given to it. */
  void finish() {
    check("clFinish", () -> clFinish(queue));
  }

  /** Runs a call inside {@link #enter} and throws if it failed. */
  void check(String call, Cl.Call body) {
    int rc = Cl.status(body);
    if (rc != Status.SUCCESS) {
      throw failure(call, rc);
    }
  }

  /** Does what {@link #check} does, but tries once more after giving unused memory back. */
  void checkWithRetry(String call, Cl.Call body) {
    int rc = Cl.status(body);
    // Drivers allocate late: an enqueue may be the first call that finds no memory.
    if (Status.isResource(rc)) {
      reclaim();
      rc = Cl.status(body);
    }
    if (rc != Status.SUCCESS) {
      throw failure(call, rc);
    }
  }

  /** Does what {@link Cl#create} does, but tries once more after giving unused memory back. */
  <T> T createWithRetry(String call, Cl.Create<T> create) {
    int[] rc = new int[1];
    T handle = Cl.tryCreate(rc, create);
    if (handle == null && Status.isResource(rc[0])) {
      reclaim();
      handle = Cl.tryCreate(rc, create);
    }
    if (handle == null) {
      throw failure(call, rc[0]);
    }
    return handle;
  }

  private void reclaim() {
    // Memory that was released while commands use it comes back only when these are done.
    Cl.status(() -> clFinish(queue));
    makeRoom.run();
  }

  OpenClException failure(String call, int rc) {
    return noted(OpenClException.ofStatus(call, rc, device.name()));
  }

  /** Returns the exception. If it says that the device is lost, all later calls are refused. */
  OpenClException noted(OpenClException e) {
    if (e.isLost() && lost == null) {
      lost = e;
    }
    return e;
  }

  /** Releases queue and context; called once, when no call is running. */
  void release() {
    Cl.status(() -> clReleaseCommandQueue(queue));
    release(context);
  }

  private static void release(cl_context context) {
    Cl.status(() -> Cl.aloneWithContexts(() -> clReleaseContext(context)));
  }

  @Override
  public String toString() {
    return "OpenCL context on " + device;
  }
}
