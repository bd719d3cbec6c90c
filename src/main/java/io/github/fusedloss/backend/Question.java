package io.github.fusedloss.backend;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** One question about an executor: a small problem, and the hash of the right bits. */
public final class Question {
  private static final String FILE = "known_answers.txt";

  /** The answers, found by the questions' names. */
  private static final Map<String, Long> ANSWERS = read();

  private final Problem problem;
  private final RowKind rows;
  private final String name;
  private final Long expected;

  private Question(String subject, Problem problem, RowKind rows) {
    this.problem = problem;
    this.rows = rows;
    name = rows == null ? subject : subject + " " + rows;
    expected = ANSWERS.get(name);
  }

  private static Map<String, Long> read() {
    Map<String, Long> answers = new HashMap<>();
    try (InputStream in = Question.class.getResourceAsStream(FILE)) {
      if (in == null) {
        throw new IllegalStateException(
            FILE + " is not beside the class files: repackage the jar with all that is in it");
      }
      BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.startsWith("#")) {
          int space = line.indexOf(' ');
          long answer = Long.parseUnsignedLong(line.substring(0, space), 16);
          answers.put(line.substring(space + 1), answer);
        }
      }
      return answers;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private interface Problem {
    /**
     * Computes the problem, with rows of this kind if it is about rows, and returns the hash of the
     * results.
     */
    long pose(Executor executor, RowKind rows);
  }

  /** The questions about one way of computing: one, or one for each kind of rows. */
  record Subject(List<Question> questions) {
    static Subject ofElements(String name, Consumer<KnownElements> problem) {
      return once(
          name,
          (executor, rows) -> {
            KnownElements elements = new KnownElements(executor);
            problem.accept(elements);
            return elements.hash();
          });
    }

    /** Makes a question for each kind of rows. */
    static Subject ofRows(String name, Consumer<KnownRows> problem) {
      return new Subject(
          Stream.of(RowKind.values()).map(kind -> new Question(name, of(problem), kind)).toList());
    }

    /** Makes one question about rows of whatever kinds the problem chooses. */
    static Subject ofAnyRows(String name, Consumer<KnownRows> problem) {
      return once(name, of(problem));
    }

    private static Subject once(String name, Problem problem) {
      return new Subject(List.of(new Question(name, problem, null)));
    }

    private static Problem of(Consumer<KnownRows> problem) {
      return (executor, kind) -> {
        KnownRows rows = new KnownRows(executor, kind);
        problem.accept(rows);
        return rows.hash();
      };
    }

    /** Returns the question to ask before a call with rows of this shape. */
    Question about(RowShape shape) {
      return questions.get(questions.size() == 1 ? 0 : RowKind.of(shape).ordinal());
    }
  }

  /** Returns null if the executor gives the known bits; otherwise what is wrong. */
  public String wrong(Executor executor) {
    String got;
    try {
      long answer = answer(executor);
      if (expected != null && answer == expected) {
        return null;
      }
      got = hex(answer);
    } catch (IllegalArgumentException | BadElementException e) {
      got = "\"" + e.getMessage() + "\""; // It finds fault with what is right.
    }
    return String.format(
        Locale.ROOT,
        "%s computes wrong bits: known-answer probe (%s) gave %s, not %s; "
            + "try another driver version",
        executor.info().name(),
        this,
        got,
        expected == null ? "anything that " + FILE + " knows" : hex(expected));
  }

  private static String hex(long answer) {
    return String.format(Locale.ROOT, "%016x", answer);
  }

  long answer(Executor executor) {
    return problem.pose(executor, rows);
  }

  /** Returns the question's name in the file of answers. */
  @Override
  public String toString() {
    return name;
  }
}
