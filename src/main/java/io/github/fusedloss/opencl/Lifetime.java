package io.github.fusedloss.opencl;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.BooleanSupplier;

/** Keeps what calls use from being closed while they run. For any number of threads. */
final class Lifetime {
  /** A stretch of work during which nothing is closed. */
  interface Use extends AutoCloseable {
    /** Ends the stretch; on the thread that began it, exactly once. */
    @Override
    void close();
  }

  private final Object owner;
  // Read: a call in progress. Write: closing.
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
  // One for all: once the lock is held nothing may fail for want of memory.
  private final Use leave = lock.readLock()::unlock;
  private boolean closed;
  private volatile boolean closing;

  /** Begins a lifetime; messages name its owner. */
  Lifetime(Object owner) {
    this.owner = owner;
  }

  /**
   * Begins a stretch of work. May be nested; do not wait in it for other threads that would begin
   * one, as those wait for a {@link #close} that has begun.
   *
   * @throws IllegalStateException if it has ended
   */
  Use enter() {
    lock.readLock().lock();
    // A call that had begun before the closing may enter again.
    if (closed || (closing && lock.getReadHoldCount() == 1)) {
      lock.readLock().unlock();
      throw new IllegalStateException(owner + " is closed");
    }
    return leave;
  }

  /**
   * Waits for the calls that run, then ends the lifetime. Does nothing the second time.
   *
   * @param hangs whether what still runs will never end; then nobody waits for it
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

  /** Tries to take a lock; an interrupt is not for this library. */
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
