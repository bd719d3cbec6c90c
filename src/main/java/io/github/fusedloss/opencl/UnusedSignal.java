package io.github.fusedloss.opencl;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;

/**
 * A signal that nobody in this process needs, so that it can be raised for its side effect: see
 * {@link SignalHandlers}.
 *
 * <p>By default the signal ends the process, and it is raised whether or not a driver has taken it.
 * So it first gets a handler in Java that does nothing. This must be done before a driver takes it.
 *
 * <p>{@code sun.misc.Signal} is used by reflection: it is in the module jdk.unsupported, which a
 * runtime made by jlink may lack.
 */
final class UnusedSignal {
  // LLVM takes both. HotSpot uses neither: XCPU says that a limit of CPU time is reached, SYS that
  // a system call is forbidden.
  private static final List<String> NAMES = List.of("XCPU", "SYS");

  private final String name;
  private final Object signal;
  private final Method raise;

  private UnusedSignal(String name) throws ReflectiveOperationException {
    this.name = name;
    signal = signal(name);
    raise = signal.getClass().getMethod("raise", signal.getClass());
  }

  /**
   * Claims a signal; returns null if the program handles all of them itself, or if the runtime
   * cannot do it.
   */
  static UnusedSignal claim() {
    for (String name : NAMES) {
      try {
        Object before = handle(name, (proxy, method, arguments) -> null);
        if (before == handlerClass().getField("SIG_DFL").get(null)) {
          return new UnusedSignal(name);
        }
        setHandler(name, before);
      } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
        continue; // There is no such class, or no such signal, as on Windows.
      }
    }
    return null;
  }

  String name() {
    return name;
  }

  /** Raises the signal; returns false if that did not work. */
  boolean raise() {
    try {
      raise.invoke(null, signal);
      return true;
    } catch (ReflectiveOperationException e) {
      return false;
    }
  }

  /** Sets a handler, and returns the one that was there before. */
  static Object handle(String name, InvocationHandler action) throws ReflectiveOperationException {
    Class<?> type = handlerClass();
    return setHandler(
        name, Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, action));
  }

  private static Object setHandler(String name, Object handler)
      throws ReflectiveOperationException {
    Object signal = signal(name);
    return signal
        .getClass()
        .getMethod("handle", signal.getClass(), handlerClass())
        .invoke(null, signal, handler);
  }

  private static Object signal(String name) throws ReflectiveOperationException {
    return Class.forName("sun.misc.Signal").getConstructor(String.class).newInstance(name);
  }

  private static Class<?> handlerClass() throws ReflectiveOperationException {
    return Class.forName("sun.misc.SignalHandler");
  }
}
