package io.github.fusedloss.cpu;

import io.github.fusedloss.ElementType;
import java.lang.ref.SoftReference;
import java.lang.reflect.Array;
import java.util.ArrayDeque;
import java.util.Iterator;

/**
 * Keeps arrays that were given back, and hands them out again. A new array is cleared by one
 * thread. If the heap has not used that memory before, each page also waits for the operating
 * system. For a gradient that costs more than computing it.
 *
 * <p>The pool keeps few arrays, and those only while the heap has room.
 */
final class ArrayPool {
  /** Shorter arrays are not kept: making one is faster than looking for one. */
  private static final int LEAST = 1 << 14;

  /** How many arrays are kept: enough for the operands and results of a call. */
  private static final int MOST = 6;

  // The oldest is the first.
  private final ArrayDeque<SoftReference<Object>> free = new ArrayDeque<>();

  /** Returns an array of the type's Java type. Its content is arbitrary. */
  Object take(ElementType type, int length) {
    Object found = length < LEAST ? null : find(javaType(type), length);
    return found != null ? found : Array.newInstance(javaType(type), length);
  }

  private synchronized Object find(Class<?> type, int length) {
    for (Iterator<SoftReference<Object>> i = free.descendingIterator(); i.hasNext(); ) {
      Object array = i.next().get();
      if (array == null) {
        i.remove();
      } else if (Array.getLength(array) == length && array.getClass().componentType() == type) {
        i.remove();
        return array;
      }
    }
    return null;
  }

  private static Class<?> javaType(ElementType type) {
    return switch (type) {
      case FLOAT32 -> float.class;
      case FLOAT16, BFLOAT16, INT16 -> short.class;
      case BOOL -> boolean.class;
      case INT8, UINT8 -> byte.class;
      case INT32 -> int.class;
      case INT64 -> long.class;
    };
  }

  /** Keeps an array that nobody else uses any more. */
  synchronized void giveBack(Object array) {
    if (Array.getLength(array) < LEAST) {
      return;
    }
    if (free.size() == MOST) {
      free.removeFirst();
    }
    try {
      free.addLast(new SoftReference<>(array));
    } catch (OutOfMemoryError e) {
      return; // Without memory it is better not to keep the array.
    }
  }

  synchronized void clear() {
    free.clear();
  }
}
