package io.github.fusedloss.benchmarks;

import org.openjdk.jmh.annotations.Benchmark;

/** Measures {@code kernels/sigmoid_bce.cl} and its peers: binary cross entropy of logits. */
public class SigmoidBceBenchmark extends KernelBenchmark {
  /** One call. */
  @Benchmark
  public Object sigmoidBce() {
    return call.run();
  }
}
