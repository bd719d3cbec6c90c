package io.github.fusedloss.benchmarks;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * One work of this JVM's provider, made ready and checked before it is timed. Every call is timed
 * by itself, so that the median is one of calls.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class KernelBenchmark {
  /** {@link Work#key()}. */
  @Param("")
  public String work;

  private Call call;

  /** Makes the call ready and checks what it computes. */
  @Setup
  public void prepare() throws Exception {
    call = Session.current().prepare(Works.named(work));
  }

  /** What is timed. */
  @Benchmark
  public Object call() {
    return call.run();
  }

  /** Frees what the call holds. */
  @TearDown
  public void close() throws Exception {
    call.close();
  }
}
