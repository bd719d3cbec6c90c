package io.github.fusedloss.benchmarks;

import org.openjdk.jmh.annotations.Benchmark;

/** Measures {@code kernels/bce.cl} and its peers: binary cross entropy of probabilities. */
public class BceBenchmark extends KernelBenchmark {
  /** One call. */
  @Benchmark
  public Object bce() {
    return call.run();
  }
}
