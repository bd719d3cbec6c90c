package io.github.fusedloss.opencl;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/**
 * Direct memory for transfers, at most 49 MiB in the whole process: 3 buffers of 16 MiB and 16 of
 * 64 KiB, made at first need and kept. Who finds none waits for one.
 */
final class Staging {
  static final int LARGE = 16 << 20;
  static final int SMALL = 64 << 10;

  private static final Staging LARGE_ONES = new Staging(LARGE, 3);
  private static final Staging SMALL_ONES = new Staging(SMALL, 16);

  private final int size;
  private final ArrayDeque<ByteBuffer> free = new ArrayDeque<>();
  private int unmade;

  private Staging(int size, int count) {
    this.size = size;
    this.unmade = count;
  }

  /** Returns a buffer to move {@code bytes} with, possibly in several pieces. */
  static ByteBuffer take(long bytes) {
    if (bytes > SMALL) {
      try {
        return LARGE_ONES.take();
      } catch (OutOfMemoryError e) {
        // -XX:MaxDirectMemorySize leaves no room: smaller pieces are slower, not wrong.
      }
    }
    return SMALL_ONES.take();
  }

  static void giveBack(ByteBuffer buffer) {
    (buffer.capacity() == LARGE ? LARGE_ONES : SMALL_ONES).put(buffer);
  }

  private synchronized ByteBuffer take() {
    boolean interrupted = false;
    try {
      while (true) {
        ByteBuffer buffer = free.pollLast();
        if (buffer != null) {
          return buffer;
        }
        if (unmade > 0) {
          ByteBuffer made = ByteBuffer.allocateDirect(size);
          unmade--;
          return made;
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

  private synchronized void put(ByteBuffer buffer) {
    free.addLast(buffer);
    notify();
  }
}
