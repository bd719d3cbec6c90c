package io.github.fusedloss.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fusedloss.DeviceInfo;
import io.github.fusedloss.ElementType;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The probe knows what plain Java computes, and one wrong bit is enough to be refused. */
@Tag("jdk") // Plain Java is the same code with accelerators and without.
class KnownAnswersTest {
  private static Executor plainJava() {
    for (ExecutorProvider provider : ServiceLoader.load(ExecutorProvider.class)) {
      if (provider.backend().equals("cpu")) {
        for (DeviceInfo info : provider.discover()) {
          if (info.name().equals("cpu:scalar")) {
            return provider.open(info, 0);
          }
        }
      }
    }
    throw new AssertionError("no cpu:scalar");
  }

  private static List<Question> all() {
    return KnownAnswers.all();
  }

  @ParameterizedTest
  @MethodSource("all")
  void plainJavaGivesTheKnownAnswers(Question question) {
    try (Executor executor = plainJava()) {
      assertNull(question.wrong(executor));
    }
  }

  private static Stream<String> lines() throws IOException {
    return Files.readAllLines(
        Path.of("src/main/resources/io/github/fusedloss/backend/known_answers.txt"))
        .stream();
  }

  /** Each once, in the order of the questions. */
  @Test
  void noAnswerIsLeftOver() throws IOException {
    assertEquals(
        all().stream().map(Question::toString).toList(),
        lines()
            .filter(line -> !line.startsWith("#"))
            .map(line -> line.substring(line.indexOf(' ') + 1))
            .toList());
  }

  /** If two questions had the same answer, one of them would test nothing new. */
  @Test
  void noTwoQuestionsHaveTheSameAnswer() {
    try (Executor executor = plainJava()) {
      Set<Long> answers = new HashSet<>();
      all().forEach(question -> answers.add(question.answer(executor)));
      assertEquals(all().size(), answers.size());
    }
  }

  /** What a function's first question does not cover has a question of its own. */
  @ParameterizedTest
  @EnumSource(Function.class)
  void everyFunctionIsAskedAbout(Function function) {
    Memory x = HostMemory.of(new float[6]);
    RowShape shape = new RowShape(2, 3, 1);
    Set<Question> asked = new HashSet<>();
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
  void oneFlippedBitIsRefused(Question question) {
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

  /** Prints the file of answers as plain Java computes them now; see ci/known-answers. */
  public static void main(String[] args) throws IOException {
    try (Executor executor = plainJava()) {
      lines().filter(line -> line.startsWith("#")).forEach(System.out::println);
      for (Question question : all()) {
        System.out.printf("%016x %s%n", question.answer(executor), question);
        if (question.wrong(executor) != null) {
          System.err.println("not as in the file: " + question);
        }
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
