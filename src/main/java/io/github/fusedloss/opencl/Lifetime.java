package io.github.fusedloss.opencl;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.BooleanSupplier;

/** Keeps what calls use from being closed while they run. Safe for use by any number of threads. */
final class Lifetime {
  /** A stretch of work during which nothing is closed. */
  interface Use extends AutoCloseable {
    /** Ends the stretch; to be called exactly once, on the thread that began it. */
    @Override
    void close();
  }

  private final Object owner;
  // The read lock is held by calls in progress, the write lock while closing.
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
  // One for all calls: once the lock is held nothing may fail for lack of memory.
  private final Use leave = lock.readLock()::unlock;
  private boolean closed;
  private volatile boolean closing;

  /** Begins a lifetime; messages name {@code owner}. */
  Lifetime(Object owner) {
    this.owner = owner;
  }

  /**
   * Begins a stretch of work. Stretches may be nested. Do not wait in one for other threads that
   * would begin one: they wait for a {@link #close} that has begun.
   *
   * @throws IllegalStateException if the lifetime has ended
   */
  Use enter() {
    lock.readLock().lock();
    // A call that began before the closing may enter again.
    if (closed || (closing && lock.getReadHoldCount() == 1)) {
      lock.readLock().unlock();
      throw new IllegalStateException(owner + " is closed");
    }
    return leave;
  }

  /**
   * Waits for the calls that run, then ends the lifetime. A second call does nothing.
   *
   * @param hangs whether the calls that still run will never end; then they are not waited for
   * @param release gives back what the calls used
   * @throws IllegalStateException if called inside this thread's own {@link #enter}
   */
  void close(BooleanSupplier hangs, Runnable release) {
    if (lock.getReadHoldCount() > 0) {
      throw new IllegalStateException(owner + " cannot be closed by a call that is using it");
    }
    closing = true;
    while (!tryForAMoment(lock.writeLock())) {
      if (hangs.getAsBoolean()) {
        return;
      }
    }
    try {
      if (!closed) {
        closed = true;
        release.run();
      }
    } finally {
      lock.writeLock().unlock();
    }
  }

  /** Tries for 0.1 s to take a lock. An interrupt is kept for the caller. */
  static boolean tryForAMoment(Lock lock) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return lock.tryLock(100, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
