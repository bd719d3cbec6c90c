package io.github.fusedloss.benchmarks;

import static io.github.fusedloss.benchmarks.Work.Function.BINARY_CROSS_ENTROPY;
import static io.github.fusedloss.benchmarks.Work.Function.BINARY_CROSS_ENTROPY_WITH_LOGITS;
import static io.github.fusedloss.benchmarks.Work.Function.CROSS_ENTROPY;
import static io.github.fusedloss.benchmarks.Work.Function.KL_DIV;
import static io.github.fusedloss.benchmarks.Work.Function.LOGSUMEXP;
import static io.github.fusedloss.benchmarks.Work.Function.NLL_LOSS;
import static io.github.fusedloss.benchmarks.Work.Function.SIGMOID_FOCAL_LOSS;
import static io.github.fusedloss.benchmarks.Work.Function.SOFTMAX;
import static io.github.fusedloss.benchmarks.Work.Function.SUM;
import static io.github.fusedloss.benchmarks.Work.Options.NONE;
import static io.github.fusedloss.benchmarks.Work.Options.PROBABILITIES;
import static io.github.fusedloss.benchmarks.Work.Options.SMOOTHING_WEIGHTS_IGNORE;
import static io.github.fusedloss.benchmarks.Work.Options.WEIGHTS;

import io.github.fusedloss.ElementType;
import java.util.ArrayList;
import java.util.List;

/** Everything that is measured: the one place that knows the shapes. */
final class Works {
  private static final List<Work> ALL = all();

  private Works() {}

  private static List<Work> all() {
    List<Work> works = new ArrayList<>();
    // The price of a call; a small batch; beyond a core's cache; beyond most machines' caches.
    long[][] sizes = {{3}, {1000}, {1 << 20}, {1 << 24}};
    for (long[] size : sizes) {
      boolean quick = size[0] != 1 << 20;
      loss(works, BINARY_CROSS_ENTROPY_WITH_LOGITS, NONE, size, size[0] > 1000 && quick, quick);
    }
    for (long[] size : sizes) {
      boolean quick = size[0] == 1 << 24;
      loss(works, BINARY_CROSS_ENTROPY_WITH_LOGITS, WEIGHTS, size, false, quick);
    }
    loss(works, BINARY_CROSS_ENTROPY, NONE, new long[] {1 << 24}, false, false);
    loss(works, SIGMOID_FOCAL_LOSS, NONE, new long[] {1 << 24}, false, false);
    loss(works, KL_DIV, NONE, new long[] {1 << 24}, false, false);
    // Few classes; ImageNet; two vocabularies; rows so few that each has to be split over cores.
    long[][] shapes = {
      {65536, 10},
      {4096, 1000},
      {1024, 32768},
      {256, 128256},
      {16, 262144},
      // Segmentation: the class axis in the middle.
      {32, 19, 256, 256}
    };
    for (long[] shape : shapes) {
      loss(works, CROSS_ENTROPY, NONE, shape, shape[1] == 32768, true);
    }
    long[] imageNet = {4096, 1000};
    loss(works, CROSS_ENTROPY, PROBABILITIES, imageNet, false, true);
    loss(works, CROSS_ENTROPY, SMOOTHING_WEIGHTS_IGNORE, imageNet, false, true);
    loss(works, NLL_LOSS, NONE, imageNet, false, false);
    works.add(new Work(SOFTMAX, NONE, new long[] {1024, 32768}, ElementType.FLOAT32, false, false));
    works.add(new Work(LOGSUMEXP, NONE, new long[] {1 << 24}, ElementType.FLOAT32, false, true));
    works.add(new Work(SUM, NONE, new long[] {1 << 24}, ElementType.FLOAT32, false, true));
    // 16-bit storage: in training, so with the gradient; few classes, ImageNet, a vocabulary.
    for (ElementType dtype : List.of(ElementType.FLOAT16, ElementType.BFLOAT16)) {
      long[] elements = {1 << 24};
      boolean quick = dtype == ElementType.FLOAT16; // bfloat16 takes as long
      works.add(new Work(BINARY_CROSS_ENTROPY_WITH_LOGITS, NONE, elements, dtype, true, quick));
      for (long[] shape : new long[][] {{65536, 10}, {4096, 1000}, {1024, 32768}}) {
        works.add(new Work(CROSS_ENTROPY, NONE, shape, dtype, true, quick && shape[1] == 32768));
      }
    }
    return List.copyOf(works);
  }

  private static void loss(
      List<Work> works,
      Work.Function function,
      Work.Options options,
      long[] shape,
      boolean quickForward,
      boolean quickGradient) {
    works.add(new Work(function, options, shape, ElementType.FLOAT32, false, quickForward));
    works.add(new Work(function, options, shape, ElementType.FLOAT32, true, quickGradient));
  }

  /** All works, or those of the quick run. */
  static List<Work> of(boolean quick) {
    return ALL.stream().filter(w -> !quick || w.quick()).toList();
  }

  static Work named(String key) {
    return ALL.stream().filter(w -> w.key().equals(key)).findFirst().orElseThrow();
  }
}
