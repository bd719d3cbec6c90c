package io.github.fusedloss.opencl;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;

/**
 * Direct memory for transfers: at most 49 MiB in the whole process, in 3 buffers of 16 MiB and 16
 * of 64 KiB. They are made when they are first needed, and kept. A thread that finds none waits for
 * one.
 */
final class Staging {
  static final int LARGE = 16 << 20;
  static final int SMALL = 64 << 10;

  private static final Staging LARGE_ONES = new Staging(LARGE, 3);
  private static final Staging SMALL_ONES = new Staging(SMALL, 16);

  private final int size;
  private final int count;
  private final ArrayDeque<ByteBuffer> free;
  private final Map<Thread, ByteBuffer> taken = new HashMap<>();
  private int made;
  private boolean full;

  private Staging(int size, int count) {
    this.size = size;
    this.count = count;
    free = new ArrayDeque<>(count); // It never grows: giving back needs no memory.
  }

  /** Returns a buffer to move {@code bytes} with, possibly in several pieces. */
  static ByteBuffer take(long bytes) {
    ByteBuffer buffer = bytes > SMALL ? LARGE_ONES.take() : null;
    // Where -XX:MaxDirectMemorySize leaves no room, smaller pieces are slower, not wrong.
    buffer = buffer == null ? SMALL_ONES.take() : buffer;
    if (buffer == null) {
      throw OpenClException.of(
          OpenClException.Kind.RESOURCE,
          "transfer",
          "-",
          "no direct memory is left for transfers: raise -XX:MaxDirectMemorySize");
    }
    return buffer;
  }

  static void giveBack(ByteBuffer buffer) {
    (buffer.capacity() == LARGE ? LARGE_ONES : SMALL_ONES).put(buffer);
  }

  /** Returns null if there is none and never will be. */
  private synchronized ByteBuffer take() {
    boolean interrupted = false;
    try {
      while (true) {
        if (!free.isEmpty()) {
          ByteBuffer buffer = hand(free.peekLast());
          free.removeLast();
          return buffer;
        }
        if (made < count && !full) {
          try {
            ByteBuffer buffer = hand(ByteBuffer.allocateDirect(size));
            made++;
            return buffer;
          } catch (OutOfMemoryError e) {
            // The JVM is asked only once, because it tries for a second before it says no. A full
            // heap is another matter.
            full = String.valueOf(e.getMessage()).contains("irect buffer memory");
            if (!full && made == 0) {
              throw e;
            }
          }
        }
        if (made == 0) {
          return null;
        }
        try {
          wait();
        } catch (InterruptedException e) {
          interrupted = true; // A transfer is short and cannot be left half done.
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Notes which thread has the buffer; if that fails, the buffer is not taken. */
  private ByteBuffer hand(ByteBuffer buffer) {
    taken.put(Thread.currentThread(), buffer);
    return buffer;
  }

  private synchronized void put(ByteBuffer buffer) {
    taken.remove(Thread.currentThread());
    free.addLast(buffer);
    notify();
  }

  /**
   * Forgets the buffers of a thread that will not give them back. They are made anew when they are
   * needed.
   */
  static void writeOff(Thread thread) {
    LARGE_ONES.forget(thread);
    SMALL_ONES.forget(thread);
  }

  private synchronized void forget(Thread thread) {
    if (taken.remove(thread) != null) {
      made--;
      notify();
    }
  }
}
