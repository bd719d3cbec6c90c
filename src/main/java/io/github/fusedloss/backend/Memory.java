package io.github.fusedloss.backend;

import io.github.fusedloss.ElementType;

/**
 * A run of elements of one type, on the host or on a device. Closing twice does nothing. Closing is
 * safe while another thread computes with the memory, which is freed when the last use ends.
 *
 * <p>A part of other memory can be used as long as that is open. A use of the part is a use of
 * both.
 */
public abstract class Memory implements AutoCloseable {
  private final ElementType type;
  private final long length;
  private final Memory whole;
  private int uses;
  private boolean closed;

  protected Memory(ElementType type, long length) {
    this(type, length, null);
  }

  /**
   * Makes memory of so many elements.
   *
   * @param whole the memory that this is a part of and is closed with; null if it is no part
   */
  protected Memory(ElementType type, long length, Memory whole) {
    this.type = type;
    this.length = length;
    this.whole = whole;
  }

  /** Returns the type of the elements. */
  public final ElementType type() {
    return type;
  }

  /** Returns the number of elements. */
  public final long length() {
    return length;
  }

  /** Returns true if this is a part of other memory, whose storage it must not give back. */
  public final boolean isPart() {
    return whole != null;
  }

  /**
   * Returns the {@code length} elements from {@code from} on, without a copy.
   *
   * @return a part of this; or, where nothing is ever freed, memory of its own
   */
  public abstract Memory slice(long from, long length);

  /** Returns true if the two share an element, as far as that is known. */
  public abstract boolean overlaps(Memory other);

  /**
   * Begins a use: until {@link #release()} the memory stays valid, even if it is closed meanwhile.
   *
   * @throws IllegalStateException if it is closed
   */
  public final void acquire() {
    if (whole != null) {
      whole.acquire();
    }
    if (!begin()) {
      if (whole != null) {
        whole.release();
      }
      throw new IllegalStateException("the tensor is closed");
    }
  }

  private synchronized boolean begin() {
    uses += closed ? 0 : 1;
    return !closed;
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
    if (whole != null) {
      whole.release();
    }
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
   * Gives the storage back; called once, when the memory is closed and no longer in use. It throws
   * nothing. It makes no objects, since the heap may be full when it is called.
   */
  protected abstract void free();
}
