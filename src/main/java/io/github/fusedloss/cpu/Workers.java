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

/** Runs the parts of a problem on several threads; the caller's is one of them. */
final class Workers implements AutoCloseable {
  /** Work on fewer elements costs a second thread more than it brings. */
  static final long WORTHWHILE = 1 << 15;

  /** One part, with scratch space that no other thread uses meanwhile. */
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
              // What parts throw goes to the caller. What is left is a thread that waited for work
              // and had no memory to go on: the next call starts another.
              thread.setUncaughtExceptionHandler((t, e) -> {});
              return thread;
            });
  }

  int threads() {
    return threads;
  }

  /**
   * Runs parts 0 to count - 1, in any order; on one thread if they are worth no more. Of the parts
   * that fail the lowest decides what is thrown: parts are begun in order, and those begun end.
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
            return; // No working space to be had: as if there were no thread.
          } finally {
            running.countDown();
          }
        };
    Scratch scratch = take(); // Before there is anyone to wait for: it may fail.
    for (int i = 0; i < helpers; i++) {
      try {
        pool.execute(helper);
      } catch (RuntimeException | OutOfMemoryError e) {
        running.countDown(); // no thread to be had: those that run do all the work
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
   * Of the parts that failed, the lowest; remembers it without a new object, for want of memory.
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
      } catch (OutOfMemoryError e) { // It has no room for its place in the queue.
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

  /** Scratch space for the caller's own thread; give it back. */
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
        scratches.push(scratch.kept); // The one used last is in the caches.
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
