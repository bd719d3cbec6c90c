package io.github.fusedloss.benchmarks;

import org.openjdk.jmh.annotations.Benchmark;

/** Measures {@code kernels/reduce.cl} and its peers: sum. */
public class ReduceBenchmark extends KernelBenchmark {
  /** One call. */
  @Benchmark
  public Object reduce() {
    return call.run();
  }
}
