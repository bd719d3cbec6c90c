package io.github.fusedloss.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fusedloss.DeviceInfo;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.HashSet;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The probe knows what plain Java computes, and one wrong bit is enough to be refused. */
class KnownAnswersTest {
  private static Executor plainJava() {
    for (ExecutorProvider provider : ServiceLoader.load(ExecutorProvider.class)) {
      if (provider.backend().equals("cpu")) {
        for (DeviceInfo info : provider.discover()) {
          if (info.name().equals("cpu:scalar")) {
            return provider.open(info);
          }
        }
      }
    }
    throw new AssertionError("no cpu:scalar");
  }

  private static List<KnownAnswers.Question> all() {
    return KnownAnswers.all();
  }

  @ParameterizedTest
  @MethodSource("all")
  void plainJavaGivesTheKnownAnswers(KnownAnswers.Question question) {
    try (Executor executor = plainJava()) {
      assertNull(question.wrong(executor));
    }
  }

  /** What two questions agree in, one of them does not ask. */
  @Test
  void noTwoQuestionsHaveTheSameAnswer() {
    try (Executor executor = plainJava()) {
      Set<Long> answers = new HashSet<>();
      all().forEach(question -> answers.add(question.answer(executor)));
      assertEquals(all().size(), answers.size());
    }
  }

  /** The last bit of one result of each problem. */
  @ParameterizedTest
  @MethodSource("all")
  void oneFlippedBitIsRefused(KnownAnswers.Question question) {
    try (Executor executor = plainJava()) {
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
                    switch (method.getName()) {
                      case "binaryCrossEntropy" -> flip(((BceTask) arguments[0]).gradient());
                      case "crossEntropy" -> flip(((CrossEntropyTask) arguments[0]).gradient());
                      case "softmax" -> flip(((SoftmaxTask) arguments[0]).output());
                      case "sigmoid" -> flip((Memory) arguments[2]);
                      default -> {}
                    }
                    return result;
                  });
      String wrong = question.wrong(broken);
      assertTrue(wrong.startsWith("cpu:scalar computes wrong bits"), wrong);
    }
  }

  /** Prints what plain Java answers, as the numbers stand in KnownAnswers; see ci/known-answers. */
  public static void main(String[] args) {
    try (Executor executor = plainJava()) {
      Object subject = null;
      for (KnownAnswers.Question question : all()) {
        if (question.subject() != subject) {
          subject = question.subject();
          System.out.println(subject);
        }
        String note = question.rows() == null ? "" : " // " + question.rows();
        if (question.wrong(executor) != null) {
          note += " // CHANGED";
        }
        System.out.printf("        0x%016xL,%s%n", question.answer(executor), note);
      }
    }
  }

  private static void flip(Memory memory) {
    HostMemory host = (HostMemory) memory;
    if (memory.type().isSixteenBit()) {
      host.shorts()[host.shorts().length / 3] ^= 1;
    } else {
      float[] values = host.floats();
      int i = values.length / 3;
      values[i] = Float.intBitsToFloat(Float.floatToRawIntBits(values[i]) ^ 1);
    }
  }
}
