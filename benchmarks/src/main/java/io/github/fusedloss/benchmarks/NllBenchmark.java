package io.github.fusedloss.benchmarks;

import org.openjdk.jmh.annotations.Benchmark;

/** Measures {@code kernels/nll.cl} and its peers: negative log-likelihood. */
public class NllBenchmark extends KernelBenchmark {
  /** One call. */
  @Benchmark
  public Object nll() {
    return call.run();
  }
}
