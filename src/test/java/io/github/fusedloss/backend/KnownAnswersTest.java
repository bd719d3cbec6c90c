package io.github.fusedloss.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fusedloss.DeviceInfo;
import io.github.fusedloss.ElementType;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.HashSet;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
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

  /** What the first question is not about has one of its own, with options and without. */
  @ParameterizedTest
  @EnumSource(Function.class)
  void everyFunctionIsAskedAbout(Function function) {
    Memory x = HostMemory.of(new float[6]);
    RowShape shape = new RowShape(2, 3, 1);
    Set<KnownAnswers.Question> asked = new HashSet<>();
    if (function.isOverRows() && function.isLoss()) {
      CrossEntropyTask task = CrossEntropyTask.of(function, shape, x, x);
      asked.addAll(KnownAnswers.of(task));
      asked.addAll(
          KnownAnswers.of(
              task.with(CrossEntropyTask.Options.DEFAULT.with(Option.LABEL_SMOOTHING, 0.1f))));
      assertEquals(function == Function.CROSS_ENTROPY ? 3 : 2, asked.size());
    } else if (function.isOverRows()) {
      asked = KnownAnswers.of(new SoftmaxTask(function, shape, x, x));
      assertEquals(2, asked.size());
    } else if (function == Function.BINARY_CROSS_ENTROPY) {
      asked = KnownAnswers.of(BceTask.of(function, 6, x, x));
      assertEquals(2, asked.size());
    } else {
      asked = KnownAnswers.of(ElementType.FLOAT32);
      assertEquals(1, asked.size());
    }
    assertTrue(asked.contains(KnownAnswers.BASIC));
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
