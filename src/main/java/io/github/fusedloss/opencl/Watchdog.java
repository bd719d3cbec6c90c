package io.github.fusedloss.opencl;

import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Lets callers go on if a driver hangs. A thread inside a native call cannot be stopped, so the
 * work is done on a thread of this class while the caller waits. If one OpenCL call has not
 * returned after the limit, the caller gets an {@link OpenClException} of kind {@code DEVICE_LOST}.
 * The thread is left where it is; should its call ever return, it ends before it touches anything.
 *
 * <p>The limit is 60 s for each single OpenCL call; the time that Java takes between calls does not
 * count. {@code -Dfusedloss.opencl.timeout=SECONDS} sets another limit. With 0 nothing is watched,
 * and the work is done on the caller's own thread.
 */
final class Watchdog {
  private static final String PROPERTY = "fusedloss.opencl.timeout";
  private static final double DEFAULT_SECONDS = 60;
  private static final long KEEP_SECONDS = 10;

  private static final ThreadPoolExecutor THREADS =
      new ThreadPoolExecutor(
          0,
          Integer.MAX_VALUE,
          KEEP_SECONDS,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          Worker::new);

  private Watchdog() {}

  /** A thread whose native calls are watched. */
  private static final class Worker extends Thread {
    private Watched<?> watched;

    Worker(Runnable body) {
      super(null, body, "fusedloss-opencl", 0, false);
      setDaemon(true);
      // The thread may live longer than the program that first needed it.
      setContextClassLoader(null);
      // What work throws goes to its caller. Only a thread that waited for work and had no memory
      // to go on gets here; the next call starts another.
      setUncaughtExceptionHandler((thread, e) -> {});
    }
  }

  /** One piece of work. */
  private static final class Watched<T> implements Runnable {
    private static final int GIVEN_UP = -1;

    private final Thread caller = Thread.currentThread();
    private final Supplier<T> work;
    // Even numbers: in Java. Odd numbers: in an OpenCL call, another number for each call.
    private final AtomicInteger state = new AtomicInteger();
    private Worker worker;
    private T result;
    private Throwable failure;
    private volatile boolean done;

    Watched(Supplier<T> work) {
      this.work = work;
    }

    @Override
    public void run() {
      worker = (Worker) Thread.currentThread();
      worker.watched = this;
      try {
        result = work.get();
      } catch (Throwable e) {
        failure = e;
      } finally {
        worker.watched = null;
        done = true;
        LockSupport.unpark(caller);
      }
    }

    /** Notes that a call to OpenCL begins or ends; throws if the caller has given up. */
    void cross() {
      int now = state.get();
      if (now == GIVEN_UP || !state.compareAndSet(now, now + 1 & Integer.MAX_VALUE)) {
        throw OpenClException.of(
            OpenClException.Kind.DEVICE_LOST, "-", "-", "this call was given up");
      }
    }

    /** Waits for the work; returns null, or the call that hangs. */
    String await(long limitNanos) {
      boolean interrupted = false;
      try {
        int seen = 0;
        long waited = 0;
        long before = System.nanoTime();
        while (!done) {
          LockSupport.parkNanos(this, limitNanos / 16);
          interrupted |= Thread.interrupted();
          long after = System.nanoTime();
          // If the whole process was stopped, by a signal or a debugger, the driver does not hang.
          waited += Math.min(after - before, limitNanos / 8);
          before = after;
          int now = state.get();
          if (now != seen || (now & 1) == 0) {
            seen = now;
            waited = 0;
          } else if (waited >= limitNanos) {
            String call = openClCall(worker.getStackTrace());
            if (state.compareAndSet(now, GIVEN_UP)) {
              return call;
            }
          }
        }
        return null;
      } finally {
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
      }
    }
  }

  /**
   * Runs work that calls OpenCL. If it hangs, {@code onHang} is called before the exception is
   * thrown.
   */
  static <T> T run(String device, Consumer<OpenClException> onHang, Supplier<T> work) {
    if (Thread.currentThread() instanceof Worker) {
      return work.get();
    }
    double seconds = seconds();
    if (seconds == 0) {
      return work.get();
    }
    Watched<T> watched = new Watched<>(work);
    THREADS.execute(watched);
    String hanging = watched.await((long) (seconds * 1e9));
    if (hanging != null) {
      OpenClException e =
          OpenClException.of(
              OpenClException.Kind.DEVICE_LOST,
              hanging,
              device,
              String.format(
                  java.util.Locale.ROOT,
                  "%s has not returned on %s for %s s (%s): the device is given up",
                  hanging,
                  device,
                  Double.toString(seconds).replaceAll("\\.0$", ""),
                  PROPERTY));
      Staging.writeOff(watched.worker);
      onHang.accept(e);
      throw e;
    }
    if (watched.failure != null) {
      throw rethrow(watched.failure);
    }
    return watched.result;
  }

  /**
   * Notes that a call to OpenCL begins or ends; on a thread of this class, throws if the caller has
   * given up.
   */
  static void cross() {
    if (Thread.currentThread() instanceof Worker worker && worker.watched != null) {
      worker.watched.cross();
    }
  }

  private static double seconds() {
    try {
      double seconds = Double.parseDouble(System.getProperty(PROPERTY, "" + DEFAULT_SECONDS));
      return seconds >= 0 ? Math.min(seconds, 1e9) : DEFAULT_SECONDS;
    } catch (NumberFormatException e) {
      return DEFAULT_SECONDS;
    }
  }

  private static RuntimeException rethrow(Throwable failure) {
    if (failure instanceof VirtualMachineError error) {
      throw error; // There may be no memory to change it.
    }
    // The caller's stack matters more than that of this thread, so it is added.
    StackTraceElement[] there = failure.getStackTrace();
    StackTraceElement[] here = new Throwable().getStackTrace();
    StackTraceElement[] all = java.util.Arrays.copyOf(there, there.length + here.length);
    System.arraycopy(here, 0, all, there.length, here.length);
    failure.setStackTrace(all);
    if (failure instanceof Error error) {
      throw error;
    }
    return (RuntimeException) failure;
  }

  private static String openClCall(StackTraceElement[] stack) {
    for (StackTraceElement frame : stack) {
      String method = frame.getMethodName();
      if (frame.getClassName().equals("org.jocl.CL") && method.startsWith("cl")) {
        return method.replaceFirst("Native$", "");
      }
    }
    return "an OpenCL call";
  }
}
