package io.github.fusedloss.backend;

import io.github.fusedloss.ElementType;

/**
 * A run of elements of one type, on the host or on a device. Closing is idempotent and safe while
 * another thread computes with the memory: it is freed when the last use ends.
 *
 * <p>A part of other memory can be used as long as that is open, and a use of it is one of both.
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
   * Of so many elements.
   *
   * @param whole what it is a part of, and is closed with; null: nothing
   */
  protected Memory(ElementType type, long length, Memory whole) {
    this.type = type;
    this.length = length;
    this.whole = whole;
  }

  /** What the elements are. */
  public final ElementType type() {
    return type;
  }

  /** The number of elements. */
  public final long length() {
    return length;
  }

  /** True if it is a part of other memory, which it has to leave alone when it is freed. */
  public final boolean isPart() {
    return whole != null;
  }

  /**
   * Elements from to from + length: no copy.
   *
   * @return a part of this, or, where nothing is ever freed, memory of its own
   */
  public abstract Memory slice(long from, long length);

  /** True if the two share an element, as far as one can see. */
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
   * Gives the storage back; called once, when closed and no longer in use. It throws nothing, and
   * needs no memory: it is called where there is none.
   */
  protected abstract void free();
}
