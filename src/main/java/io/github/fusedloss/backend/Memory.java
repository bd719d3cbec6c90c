package io.github.fusedloss.backend;

import io.github.fusedloss.ElementType;

/**
 * A run of elements of one type, on the host or on a device. Closing is idempotent and safe while
 * another thread computes with the memory: it is freed when the last use ends.
 */
public abstract class Memory implements AutoCloseable {
  private final ElementType type;
  private final long length;
  private int uses;
  private boolean closed;

  protected Memory(ElementType type, long length) {
    this.type = type;
    this.length = length;
  }

  /** What the elements are. */
  public final ElementType type() {
    return type;
  }

  /** The number of elements. */
  public final long length() {
    return length;
  }

  /**
   * Begins a use: until {@link #release()} the memory stays valid, even if it is closed meanwhile.
   *
   * @throws IllegalStateException if it is closed
   */
  public final synchronized void acquire() {
    if (closed) {
      throw new IllegalStateException("the tensor is closed");
    }
    uses++;
  }

  /** Ends a use begun by {@link #acquire()}. */
  public final void release() {
    boolean last;
    synchronized (this) {
      uses--;
      last = closed && uses == 0;
    }
    if (last) {
      free();
    }
  }

  /** True once {@link #close()} was called. */
  public final synchronized boolean isClosed() {
    return closed;
  }

  @Override
  public final void close() {
    boolean now;
    synchronized (this) {
      now = !closed && uses == 0;
      closed = true;
    }
    if (now) {
      free();
    }
  }

  /**
   * Gives the storage back; called once, when closed and no longer in use. It throws nothing, and
   * needs no memory: it is called where there is none.
   */
  protected abstract void free();
}
