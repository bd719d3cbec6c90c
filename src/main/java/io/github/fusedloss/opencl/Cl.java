package io.github.fusedloss.opencl;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Supplier;
import org.jocl.CLException;
import org.jocl.NativePointerObject;

/**
 * Every call to OpenCL goes through this class.
 *
 * <p>{@code CL.setExceptionsEnabled} is a process-wide switch that other users of JOCL may turn on
 * or off at any time, so a failure may arrive as a status or as a {@link CLException}. This class
 * turns both into a status.
 */
final class Cl {
  /** A call that returns a status. */
  @FunctionalInterface
  interface Call {
    int run();
  }

  /** A call that returns a handle and writes a status to {@code rc[0]}. */
  @FunctionalInterface
  interface Create<T> {
    T run(int[] rc);
  }

  /** The lock that is held while a context is made or released. */
  private static final Object CONTEXTS = new Object();

  private Cl() {}

  /**
   * Runs {@code clCreateContext} or {@code clReleaseContext}, one at a time in the whole process.
   * JOCL 2.0.6 keeps a map of all contexts that no lock guards. Two threads that change it at once
   * break it: then the JVM crashes, or a later call never returns.
   */
  static <T> T aloneWithContexts(Supplier<T> call) {
    synchronized (CONTEXTS) {
      // The wait for the lock may have been long. The caller may have given up meanwhile, and the
      // time limit begins anew.
      Watchdog.cross();
      Watchdog.cross();
      return call.get();
    }
  }

  static int status(Call call) {
    Watchdog.cross();
    try {
      return call.run();
    } catch (CLException e) {
      return e.getStatus();
    } catch (UnsupportedOperationException e) {
      return Status.NO_FUNCTION;
    } finally {
      Watchdog.cross();
    }
  }

  static void check(String name, String device, Call call) {
    int rc = status(call);
    if (rc != Status.SUCCESS) {
      throw OpenClException.ofStatus(name, rc, device);
    }
  }

  /** Returns the handle, or null with the reason in {@code rc[0]}. */
  static <T> T tryCreate(int[] rc, Create<T> create) {
    // If the status is not written, it must not read as success.
    rc[0] = Status.NONE;
    Watchdog.cross();
    try {
      T handle = create.run(rc);
      if (rc[0] == Status.SUCCESS && !isNull(handle)) {
        return handle;
      }
      if (rc[0] == Status.SUCCESS) {
        rc[0] = Status.NONE;
      }
    } catch (CLException e) {
      rc[0] = e.getStatus();
    } catch (UnsupportedOperationException e) {
      rc[0] = Status.NO_FUNCTION;
    } finally {
      Watchdog.cross();
    }
    return null;
  }

  static <T> T create(String name, String device, Create<T> create) {
    int[] rc = new int[1];
    T handle = tryCreate(rc, create);
    if (handle == null) {
      throw OpenClException.ofStatus(name, rc[0], device);
    }
    return handle;
  }

  /**
   * Returns whether a handle is null. Drivers and loaders do not check that, and a null handle ends
   * the JVM.
   */
  static boolean isNull(Object handle) {
    return handle == null
        || (handle instanceof NativePointerObject pointer && pointer.getNativePointer() == 0);
  }

  /**
   * Returns memory that OpenCL may read and write. A heap array would work in today's HotSpot, but
   * JOCL loses what was written to it if the JVM hands out copies, as -Xcheck:jni does.
   */
  static ByteBuffer memory(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
  }
}
