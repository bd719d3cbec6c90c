package io.github.fusedloss.cpu;

import io.github.fusedloss.ElementType;
import java.lang.ref.SoftReference;
import java.lang.reflect.Array;
import java.util.ArrayDeque;
import java.util.Iterator;

/**
 * Hands arrays that were given back out again. A fresh array is cleared by one thread and, in a
 * heap that has not been there yet, waits for the operating system page by page: of a gradient that
 * costs more than computing it.
 *
 * <p>Keeps few, and those only while the heap has room.
 */
final class ArrayPool {
  /** Smaller ones are made in less time than they are looked for. */
  private static final int LEAST = 1 << 14;

  /** Enough for the operands and results of a call. */
  private static final int MOST = 6;

  // Oldest first.
  private final ArrayDeque<SoftReference<Object>> free = new ArrayDeque<>();

  /** An array of the type's Java type, with anything in it. */
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

  /** Nobody else may use the array any more. */
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
      return; // All the better that it is let go.
    }
  }

  synchronized void clear() {
    free.clear();
  }
}
