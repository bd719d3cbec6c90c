package io.github.fusedloss.backend;

import io.github.fusedloss.opencl.Discoveries;
import java.util.List;
import java.util.Objects;

/**
 * Asks the first usable OpenCL device all known answers and prints those that it does not give; the
 * library itself refuses a device at the first. benchmarks/gpu/run runs it.
 */
public final class KnownAnswersOnDevice {
  private KnownAnswersOnDevice() {}

  public static void main(String[] args) {
    List<Question> all = KnownAnswers.all();
    List<String> wrong =
        Discoveries.unguarded(
            executor -> all.stream().map(q -> q.wrong(executor)).filter(Objects::nonNull).toList());
    wrong.forEach(System.out::println);
    System.out.println(all.size() + " known answers, " + wrong.size() + " wrong");
    System.exit(wrong.isEmpty() ? 0 : 1);
  }
}
