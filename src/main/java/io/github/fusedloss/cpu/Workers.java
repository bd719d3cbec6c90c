package io.github.fusedloss.cpu;

import java.lang.ref.SoftReference;
import java.util.ArrayDeque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** Runs the parts of a problem on several threads; the caller's thread is one of them. */
final class Workers implements AutoCloseable {
  /** With fewer elements, a second thread costs more than it brings. */
  static final long WORTHWHILE = 1 << 15;

  /** One part of a problem, with scratch space that no other thread uses meanwhile. */
  interface Part {
    void run(long index, Scratch scratch);
  }

  private final int threads;
  private final ExecutorService pool;
  private final ArrayDeque<SoftReference<Scratch>> scratches = new ArrayDeque<>();

  Workers(int threads) {
    this.threads = threads;
    this.pool =
        new ThreadPoolExecutor(
            0,
            Integer.MAX_VALUE,
            10,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            task -> {
              Thread thread = new Thread(null, task, "fusedloss-cpu", 1 << 20);
              thread.setDaemon(true);
              // What parts throw goes to the caller. Only a thread that waited for work and had no
              // memory to go on gets here; the next call starts another.
              thread.setUncaughtExceptionHandler((t, e) -> {});
              return thread;
            });
  }

  int threads() {
    return threads;
  }

  /**
   * Runs parts 0 to count - 1, in any order; on one thread if {@code parallel} is false. If several
   * parts fail, the lowest decides what is thrown: parts are begun in order, and those begun are
   * ended.
   */
  void run(long count, boolean parallel, Part part) {
    int helpers = parallel ? (int) Math.min(threads, count) - 1 : 0;
    if (helpers <= 0) {
      Scratch scratch = take();
      try {
        for (long i = 0; i < count; i++) {
          part.run(i, scratch);
        }
      } finally {
        giveBack(scratch);
      }
      return;
    }
    AtomicLong next = new AtomicLong();
    Failure failure = new Failure();
    CountDownLatch running = new CountDownLatch(helpers);
    Consumer<Scratch> loop =
        scratch -> {
          long i = 0;
          try {
            while (failure.thrown == null && (i = next.getAndIncrement()) < count) {
              part.run(i, scratch);
            }
          } catch (Throwable e) {
            failure.of(i, e);
          }
        };
    Runnable helper =
        () -> {
          try {
            Scratch scratch = take();
            loop.accept(scratch);
            giveBack(scratch);
          } catch (OutOfMemoryError e) {
            return; // Without working space the other threads do the work.
          } finally {
            running.countDown();
          }
        };
    Scratch scratch = take(); // It may fail, so it comes before there is anyone to wait for.
    for (int i = 0; i < helpers; i++) {
      try {
        pool.execute(helper);
      } catch (RuntimeException | OutOfMemoryError e) {
        running.countDown(); // no thread could be started: those that run do all the work
      }
    }
    loop.accept(scratch);
    await(running);
    giveBack(scratch);
    if (failure.thrown instanceof Error e) {
      throw e;
    }
    if (failure.thrown != null) {
      throw (RuntimeException) failure.thrown;
    }
  }

  /**
   * Remembers the failure of the lowest part, without a new object, since memory may be what is
   * lacking.
   */
  private static final class Failure {
    private long part;
    private volatile Throwable thrown;

    synchronized void of(long failed, Throwable e) {
      if (thrown == null || failed < part) {
        part = failed;
        thrown = e;
      }
    }
  }

  /** Waits to the end even if interrupted: the parts write to the caller's arrays. */
  private static void await(CountDownLatch latch) {
    boolean interrupted = false;
    while (true) {
      try {
        latch.await();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      } catch (OutOfMemoryError e) { // The latch could not add this thread to its queue.
        if (latch.getCount() == 0) {
          break;
        }
        Thread.yield();
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Returns scratch space for the caller's own thread, which must give it back. */
  Scratch take() {
    synchronized (scratches) {
      while (!scratches.isEmpty()) {
        Scratch scratch = scratches.pop().get();
        if (scratch != null) {
          return scratch;
        }
      }
    }
    return new Scratch();
  }

  void giveBack(Scratch scratch) {
    scratch.release();
    synchronized (scratches) {
      try {
        scratches.push(scratch.kept); // The one used last is still in the caches.
      } catch (OutOfMemoryError e) {
        return; // The next call makes its own, if it can.
      }
    }
  }

  @Override
  public void close() {
    pool.shutdown();
  }
}
