package io.github.fusedloss.backend;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

/** The probe knows what plain Java computes, and one wrong bit is enough to be refused. */
class KnownAnswersTest {
  private static Executor plainJava() {
    for (ExecutorProvider provider : ServiceLoader.load(ExecutorProvider.class)) {
      if (provider.backend().equals("cpu")) {
        for (ExecutorInfo info : provider.discover()) {
          if (info.name().equals("cpu:scalar")) {
            return provider.open(info);
          }
        }
      }
    }
    throw new AssertionError("no cpu:scalar");
  }

  @Test
  void plainJavaGivesTheKnownAnswers() {
    try (Executor executor = plainJava()) {
      assertDoesNotThrow(() -> KnownAnswers.check(executor));
    }
  }

  @Test
  void oneFlippedBitIsRefused() {
    try (Executor executor = plainJava()) {
      // The last bit of one gradient of the first loss.
      Executor broken =
          (Executor)
              Proxy.newProxyInstance(
                  getClass().getClassLoader(),
                  new Class<?>[] {Executor.class},
                  (proxy, method, arguments) -> {
                    Object result;
                    try {
                      result = method.invoke(executor, arguments);
                    } catch (InvocationTargetException e) {
                      throw e.getCause();
                    }
                    if (method.getName().equals("binaryCrossEntropy")) {
                      float[] g = ((HostMemory) ((BceTask) arguments[0]).gradient()).floats();
                      g[4097] = Float.intBitsToFloat(Float.floatToRawIntBits(g[4097]) ^ 1);
                    }
                    return result;
                  });
      IllegalStateException refusal =
          assertThrows(IllegalStateException.class, () -> KnownAnswers.check(broken));
      assertTrue(refusal.getMessage().contains("wrong bits"), refusal.getMessage());
    }
  }
}
