package io.github.fusedloss.opencl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

@EnabledIf("io.github.fusedloss.opencl.OpenClTesting#hasDevice")
class OpenClContextTest {

  @Test
  void kernelSeesItsArgumentsInOrder() {
    // 100 is no multiple of any work-group size above 4: the guard i < n is exercised.
    float[] x = new float[100];
    float[] expected = new float[100];
    for (int i = 0; i < 100; i++) {
      x[i] = i * 0.1f;
      expected[i] = 1.5f * x[i] + -2.25f + 3f; // 3 = the upper half of base
    }
    try (OpenClContext context = OpenClTesting.open();
        DeviceBuffer in = context.allocate(400);
        DeviceBuffer out = context.allocate(400)) {
      in.write(0, FloatBuffer.wrap(x));
      context
          .program(OpenClTesting.AXPB, "")
          .kernel("axpb")
          .buffer(in)
          .buffer(out)
          .float32(1.5f)
          .float32(-2.25f)
          .int32(100)
          .int64(3L << 32)
          .run(128, 1);
      float[] y = new float[100];
      out.read(0, FloatBuffer.wrap(y));
      assertArrayEquals(expected, y);
    }
  }

  @Test
  void localMemoryAndTwoDimensions() {
    String source =
        """
        kernel void transpose(global const int* x, global int* y) {
          local int tile[4];
          int c = get_local_id(0);
          int r = get_local_id(1);
          tile[r * 2 + c] = x[r * 2 + c];
          barrier(CLK_LOCAL_MEM_FENCE);
          y[r * 2 + c] = tile[c * 2 + r];
        }
        """;
    try (OpenClContext context = OpenClTesting.open();
        DeviceBuffer in = context.allocate(16);
        DeviceBuffer out = context.allocate(16)) {
      OpenClProgram program = context.program(source, "");
      org.junit.jupiter.api.Assumptions.assumeTrue(
          context.device().units().maxWorkGroupSize() >= 4);
      in.write(0, IntBuffer.wrap(new int[] {1, 2, 3, 4}));
      program.kernel("transpose").buffer(in).buffer(out).run(new long[] {2, 2}, new long[] {2, 2});
      int[] y = new int[4];
      out.read(0, IntBuffer.wrap(y));
      assertArrayEquals(new int[] {1, 3, 2, 4}, y);
    }
  }

  @Test
  void emptyBufferIsNullInTheKernel() {
    String source = "kernel void isnull(global const float* x, global int* y) { y[0] = x == 0; }";
    try (OpenClContext context = OpenClTesting.open();
        DeviceBuffer none = context.allocate(0);
        DeviceBuffer out = context.allocate(4)) {
      context.program(source, "").kernel("isnull").buffer(none).buffer(out).run(1, 1);
      int[] y = new int[1];
      out.read(0, IntBuffer.wrap(y));
      assertEquals(1, y[0]);
      assertEquals(4096, context.liveBytes(), "only `out` is on the device");
    }
  }

  @Test
  void programIsBuiltOncePerSourceAndOptions() {
    try (OpenClContext context = OpenClTesting.open()) {
      OpenClProgram first = context.program(OpenClTesting.AXPB, "");
      assertSame(first, context.program(OpenClTesting.AXPB, ""));
      assertTrue(first != context.program(OpenClTesting.AXPB, "-DOTHER=1"));
    }
  }

  /** PoCL loses temporary files where two contexts build at once. */
  @Test
  void contextsBuildAtOnce() throws Exception {
    int threads = 6;
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Future<?>> futures = new ArrayList<>();
      CountDownLatch together = new CountDownLatch(threads);
      for (int t = 0; t < threads; t++) {
        int thread = t;
        futures.add(
            pool.submit(
                () -> {
                  try (OpenClContext context = OpenClTesting.open();
                      DeviceBuffer x = context.allocate(4)) {
                    together.countDown();
                    together.await();
                    for (int i = 0; i < 5; i++) {
                      // Not from any cache: the time is in it.
                      String unique = "// " + thread + " " + i + " " + System.nanoTime() + "\n";
                      x.write(0, FloatBuffer.wrap(new float[] {i}));
                      context
                          .program(unique + OpenClTesting.AXPB, "")
                          .kernel("axpb")
                          .buffer(x)
                          .buffer(x)
                          .float32(2)
                          .float32(1)
                          .int32(1)
                          .int64(0)
                          .run(1, 1); // where drivers compile the rest
                      float[] y = new float[1];
                      x.read(0, FloatBuffer.wrap(y));
                      assertEquals(2f * i + 1, y[0]);
                    }
                  }
                  return null;
                }));
      }
      for (Future<?> future : futures) {
        future.get();
      }
    } finally {
      pool.shutdownNow();
    }
  }

  /**
   * JOCL's own map of contexts survives no two threads at once. Without a lock the JVM crashed,
   * here within the first few hundred contexts.
   */
  @Test
  void contextsAreOpenedAndClosedAtOnce() throws Exception {
    int threads = 8;
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Future<?>> futures = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        futures.add(
            pool.submit(
                () -> {
                  for (int i = 0; i < 300; i++) {
                    OpenClTesting.open().close();
                  }
                }));
      }
      for (Future<?> future : futures) {
        future.get();
      }
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void buildFailureShowsTheCompilersWords() {
    try (OpenClContext context = OpenClTesting.open()) {
      OpenClException e =
          assertThrows(
              OpenClException.class,
              () -> context.program("kernel void f() { int x = undeclared_thing; }", ""));
      assertEquals(OpenClException.Kind.UNSUPPORTED, e.kind());
      assertEquals(-11, e.status());
      assertTrue(e.buildLog().contains("undeclared_thing"), e.getMessage());
      assertTrue(e.getMessage().contains("CL_BUILD_PROGRAM_FAILURE"), e.getMessage());
      // The context is as good as before.
      context.program(OpenClTesting.AXPB, "");
    }
  }

  @Test
  void buildLogIsBoundedAndHarmless() {
    String log = OpenClException.clean("a\u001b[31mb\u0000\r\nc\rd" + "x".repeat(100_000));
    assertTrue(log.startsWith("a[31mb\ncdxxx"), log.substring(0, 20));
    assertTrue(log.length() < 64 * 1024 + 100);
  }

  @Test
  void wrongCallsAreRefusedBeforeTheDriverSeesThem() {
    try (OpenClContext context = OpenClTesting.open();
        OpenClContext other = OpenClTesting.open();
        DeviceBuffer mine = context.allocate(400);
        DeviceBuffer foreign = other.allocate(400)) {
      OpenClProgram program = context.program(OpenClTesting.AXPB, "");
      KernelCall complete =
          program.kernel("axpb").buffer(mine).buffer(mine).float32(0).float32(0).int32(1).int64(0);
      assertThrows(IllegalArgumentException.class, () -> complete.run(3, 2));
      assertThrows(IllegalArgumentException.class, () -> complete.run(0, 1));
      assertThrows(IllegalArgumentException.class, () -> complete.run(1 << 30, 1 << 30));
      assertThrows(
          IllegalArgumentException.class, () -> program.kernel("axpb").buffer(mine).run(1, 1));
      assertThrows(IllegalArgumentException.class, () -> program.kernel("axpb").buffer(foreign));
      OpenClException noKernel =
          assertThrows(OpenClException.class, () -> program.kernel("nowhere").run(1, 1));
      assertEquals(-46, noKernel.status(), "CL_INVALID_KERNEL_NAME");
      complete.run(1, 1);
      context.finish();
    }
  }

  @Test
  void closeTwiceAndUseAfterClose() {
    OpenClContext context = OpenClTesting.open();
    OpenClProgram program = context.program(OpenClTesting.AXPB, "");
    DeviceBuffer forgotten = context.allocate(400);
    DeviceBuffer closed = context.allocate(400);
    closed.close();
    closed.close();
    assertThrows(IllegalStateException.class, () -> closed.write(0, FloatBuffer.allocate(1)));
    context.close();
    context.close();
    assertEquals(0, context.liveBytes());
    assertEquals(0, context.retainedBytes());
    forgotten.close();
    IllegalStateException e = assertThrows(IllegalStateException.class, () -> context.allocate(4));
    assertTrue(e.getMessage().endsWith("is closed"), e.getMessage());
    assertThrows(IllegalStateException.class, () -> context.program("", ""));
    assertThrows(IllegalStateException.class, () -> forgotten.read(0, FloatBuffer.allocate(1)));
    assertThrows(IllegalStateException.class, context::finish);
    assertThrows(
        IllegalStateException.class,
        () ->
            program
                .kernel("axpb")
                .buffer(forgotten)
                .buffer(forgotten)
                .float32(0)
                .float32(0)
                .int32(0)
                .int64(0)
                .run(1, 1));
  }

  @Test
  void closingInsideAUseIsRefusedNotADeadlock() {
    try (OpenClContext context = OpenClTesting.open()) {
      Lifetime.Use use = context.enter();
      assertThrows(IllegalStateException.class, context::close);
      use.close();
    }
  }

  @Test
  void manyThreadsGetTheBitsOfOne() throws Exception {
    // More threads than cores, and enough rounds that kernels, buffers and leases are reused.
    int threads = 8;
    int rounds = 50;
    int n = 1000;
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try (OpenClContext context = OpenClTesting.open()) {
      List<Future<?>> results = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        int seed = t;
        results.add(
            executor.submit(
                () -> {
                  for (int round = 0; round < rounds; round++) {
                    roundTrip(context, n, seed * 1000 + round);
                  }
                }));
      }
      for (Future<?> result : results) {
        result.get(60, TimeUnit.SECONDS);
      }
      assertEquals(0, context.liveBytes());
    } finally {
      executor.shutdownNow();
    }
  }

  @Test
  void closeWaitsForThoseWhoComputeAndStopsTheOthers() throws Exception {
    int threads = 4;
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try {
      // Ten times, as the moment of closing falls differently each time.
      for (int attempt = 0; attempt < 10; attempt++) {
        OpenClContext context = OpenClTesting.open();
        CountDownLatch allRunning = new CountDownLatch(threads);
        List<Future<String>> results = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
          int seed = t;
          results.add(
              executor.submit(
                  () -> {
                    for (int round = 0; ; round++) {
                      try {
                        roundTrip(context, 500, seed + round);
                      } catch (IllegalStateException e) {
                        return e.getMessage();
                      } finally {
                        allRunning.countDown();
                      }
                    }
                  }));
        }
        allRunning.await();
        context.close();
        for (Future<String> result : results) {
          String message = result.get(60, TimeUnit.SECONDS);
          assertTrue(message.endsWith("is closed"), message);
        }
        assertEquals(0, context.liveBytes());
      }
    } finally {
      executor.shutdownNow();
    }
  }

  @Test
  void bandwidthIsAPositiveNumberAndLeavesNothingBehind() {
    try (OpenClContext context = OpenClTesting.open()) {
      double rate = context.copyBandwidth(1 << 20, 3);
      assertTrue(rate > 0 && rate < 1e14, "bytes per second: " + rate);
      assertEquals(0, context.liveBytes());
      assertThrows(IllegalArgumentException.class, () -> context.copyBandwidth(0, 1));
    }
  }

  @Test
  void profilingAddsUpTheKernelsTime() {
    try (OpenClContext context = OpenClContext.open(OpenClTesting.device(), true);
        DeviceBuffer x = context.allocate(4096)) {
      x.zero();
      assertEquals(0, context.kernelNanos());
      KernelCall call = OpenClTesting.axpb(context, x, x, 1, 1, 1024);
      call.run(1024, 1);
      call.run(1024, 1);
      assertTrue(context.kernelNanos() > 0);
      assertEquals(0, context.kernelNanos());
      call.run(1024, 1);
      // The device times its copies, too, and nothing else with them.
      double rate = context.copyBandwidth(1 << 20, 3);
      assertTrue(rate > 0 && rate < 1e14, "bytes per second: " + rate);
      assertEquals(0, context.kernelNanos());
      call.run(1024, 1); // closing releases what nobody asked for
    }
    try (OpenClContext context = OpenClTesting.open()) {
      assertThrows(IllegalStateException.class, context::kernelNanos);
    }
  }

  private static void roundTrip(OpenClContext context, int n, int seed) {
    float[] x = new float[n];
    float[] expected = new float[n];
    for (int i = 0; i < n; i++) {
      x[i] = (i + seed) * 0.37f;
      expected[i] = seed * x[i] + 1f;
    }
    float[] y = new float[n];
    try (DeviceBuffer in = context.allocate(4L * n);
        DeviceBuffer out = context.allocate(4L * n)) {
      in.write(0, FloatBuffer.wrap(x));
      OpenClTesting.axpb(context, in, out, seed, 1, n).run(n, 1);
      out.read(0, FloatBuffer.wrap(y));
    }
    assertArrayEquals(expected, y);
  }

  /** The text is what PoCL 3.1 logs when a signal comes while it compiles. */
  @Test
  void aBuildIsTriedAgainOnlyWhenItsFilesWereLost() {
    int failure = Status.BUILD_PROGRAM_FAILURE;
    String lost =
        "error: <invalid loc>: unable to rename temporary '/c/tempfile_a.preproc-1.cl.tmp' to output"
            + " file '/c/tempfile_a.preproc.cl': 'No such file or directory'";
    String wrong = "error: x.cl:1:1: unknown type name 'flaot'";
    assertTrue(OpenClProgram.lostItsFiles(OpenClException.ofBuild(failure, "device", lost)));
    assertFalse(OpenClProgram.lostItsFiles(OpenClException.ofBuild(failure, "device", wrong)));
    assertFalse(OpenClProgram.lostItsFiles(OpenClException.ofBuild(failure, "device", "")));
    assertFalse(OpenClProgram.lostItsFiles(OpenClException.ofBuild(-6, "device", lost)));
  }
}
