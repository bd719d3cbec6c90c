package io.github.fusedloss.benchmarks;

import org.openjdk.jmh.annotations.Benchmark;

/** Measures {@code kernels/cross_entropy.cl} (with targets.cl) and its peers. */
public class CrossEntropyBenchmark extends KernelBenchmark {
  /** One call. */
  @Benchmark
  public Object crossEntropy() {
    return call.run();
  }
}
