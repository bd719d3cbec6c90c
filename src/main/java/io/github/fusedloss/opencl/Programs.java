package io.github.fusedloss.opencl;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/** The programs of one context, each built when it is first needed. */
final class Programs {
  /**
   * Held while building: there is one build at a time in the whole process. The compilers of
   * several drivers fail if two builds run at once; PoCL 3.1 gives two builds of different contexts
   * the same temporary file.
   */
  private static final ReentrantLock BUILDING = new ReentrantLock();

  // Set if BUILDING is held by a build that never ends.
  private static volatile boolean compilerHangs;

  private record Key(String source, String options) {}

  private final DeviceQueue queue;
  private final KernelTimers timers;
  private final Map<Key, OpenClProgram> built = new ConcurrentHashMap<>();

  Programs(DeviceQueue queue, KernelTimers timers) {
    this.queue = queue;
    this.timers = timers;
  }

  /** Returns a program, which it may build first; to be called inside {@link DeviceQueue#enter}. */
  OpenClProgram get(String source, String options) {
    Key key = new Key(source, options);
    OpenClProgram program = built.get(key);
    try {
      return program == null ? build(key) : program;
    } catch (OpenClException e) {
      throw queue.noted(e);
    }
  }

  private OpenClProgram build(Key key) {
    lockBuilding();
    try {
      OpenClProgram program = built.get(key);
      if (program == null) {
        program = OpenClProgram.build(queue, timers, key.source, key.options);
        try {
          built.put(key, program);
        } catch (Throwable e) {
          program.release();
          throw e;
        }
      }
      return program;
    } finally {
      BUILDING.unlock();
    }
  }

  /** Waits for the compiler, but not for a build that hangs. */
  private void lockBuilding() {
    while (!Lifetime.tryForAMoment(BUILDING)) {
      if (compilerHangs) {
        throw OpenClException.of(
            OpenClException.Kind.UNSUPPORTED,
            "clBuildProgram",
            queue.device().name(),
            "nothing can be built any more: a driver's compiler hangs in this process");
      }
    }
  }

  /** Notes that a call hangs. If it is a build, no other build will ever begin. */
  static void noteHang(OpenClException hang) {
    if (hang.call().contains("Program")) {
      compilerHangs = true;
    }
  }

  /** Releases all programs; called once, when no call is running. */
  void release() {
    built.values().forEach(OpenClProgram::release);
    built.clear();
  }
}
