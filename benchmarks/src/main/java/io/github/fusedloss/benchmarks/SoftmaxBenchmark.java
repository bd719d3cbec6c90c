package io.github.fusedloss.benchmarks;

import org.openjdk.jmh.annotations.Benchmark;

/** Measures {@code kernels/softmax.cl} and its peers: softmax, logsumexp. */
public class SoftmaxBenchmark extends KernelBenchmark {
  /** One call. */
  @Benchmark
  public Object softmax() {
    return call.run();
  }
}
