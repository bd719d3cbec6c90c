package io.github.fusedloss.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.fusedloss.BinaryCrossEntropyWithLogits;
import io.github.fusedloss.CrossEntropy;
import io.github.fusedloss.FusedLoss;
import io.github.fusedloss.Loss;
import io.github.fusedloss.Tensor;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Measures every kernel beside the device's own copy bandwidth.",
      "Bytes are what has to be read plus written once; tensors are on the device and larger than"
          + " the caches. Median of 5 runs."
    })
final class BenchCommand implements Callable<Integer> {
  private static final int SIZE = 1 << 25;

  @ParentCommand private MainCommand main;
  @Mixin private DeviceOption device;

  @Option(names = "--json", description = "print one JSON array")
  private boolean json;

  private final JsonArray rows = new JsonArray();
  private FusedLoss fused;
  private double copy;

  @Override
  public Integer call() {
    try (FusedLoss opened = device.open(main.console())) {
      fused = opened;
      main.console().progress("copy");
      copy = fused.copyBandwidth((long) SIZE * 4);
      if (!json) {
        main.console()
            .out()
            .printf(
                "%s, copy %.2f GB/s%n%-34s %-18s %10s %8s %6s%n",
                fused.device(), copy / 1e9, "kernel", "shape", "ms", "GB/s", "copy");
      }
      SplittableRandom random = new SplittableRandom(1);
      float[] x = new float[SIZE];
      float[] t = new float[SIZE];
      for (int i = 0; i < SIZE; i++) {
        x[i] = (float) ((random.nextDouble() - 0.5) * 16);
        t[i] = random.nextInt(2);
      }
      try (Tensor input = fused.upload(Tensor.of(x, SIZE));
          Tensor target = fused.upload(Tensor.of(t, SIZE))) {
        String shape = Integer.toString(SIZE);
        loss(BinaryCrossEntropyWithLogits.DEFAULT, shape, 8L * SIZE, input, target);
        row("sigmoid", shape, 8L * SIZE, () -> fused.sigmoid(input).close());
        row("sum", shape, 4L * SIZE, () -> fused.sum(input));
        row("max", shape, 4L * SIZE, () -> fused.max(input));
      }
      crossEntropy(x, random, 1024, 32768, 1);
      crossEntropy(x, random, 32768, 1000, 1);
      crossEntropy(x, random, 65536, 10, 1);
      crossEntropy(x, random, 8, 19, 65536);
      main.console().progress("");
      if (json) {
        main.console().out().println(Json.text(rows));
      }
      return 0;
    }
  }

  /**
   * Times the forward pass, which moves {@code bytes}, and the pass with gradient, which writes as
   * many bytes as the input has besides.
   */
  private void loss(Loss loss, String shape, long bytes, Tensor input, Tensor target) {
    row(loss.name(), shape, bytes, () -> fused.forward(loss, input, target).close());
    row(
        "  with gradient",
        shape,
        bytes + 4 * input.size(),
        () -> fused.forwardAndGradient(loss, input, target).close());
  }

  private void crossEntropy(float[] x, SplittableRandom random, int n, int c, int inner) {
    int size = n * c * inner;
    int[] y = new int[n * inner];
    for (int i = 0; i < y.length; i++) {
      y[i] = random.nextInt(c);
    }
    long[] inputShape = inner == 1 ? new long[] {n, c} : new long[] {n, c, inner};
    long[] targetShape = inner == 1 ? new long[] {n} : new long[] {n, inner};
    String shape = inner == 1 ? n + "x" + c : n + "x" + c + "x" + inner;
    try (Tensor input = fused.upload(Tensor.of(FloatBuffer.wrap(x, 0, size), inputShape));
        Tensor target = fused.upload(Tensor.of(y, targetShape))) {
      loss(CrossEntropy.DEFAULT, shape, 4L * size, input, target);
      row("softmax", shape, 8L * size, () -> fused.softmax(input).close());
    }
  }

  private void row(String kernel, String shape, long bytes, Runnable work) {
    main.console().progress(kernel.trim() + " " + shape);
    // HotSpot takes most of a second to compile a kernel.
    long begin = System.nanoTime();
    do {
      work.run();
    } while (System.nanoTime() - begin < 1_000_000_000L);
    double[] seconds = new double[5];
    for (int i = 0; i < seconds.length; i++) {
      long start = System.nanoTime();
      work.run();
      seconds[i] = (System.nanoTime() - start) / 1e9;
    }
    Arrays.sort(seconds);
    double median = seconds[seconds.length / 2];
    main.console().progress("");
    if (json) {
      JsonObject row = new JsonObject();
      row.addProperty("kernel", kernel.trim());
      row.addProperty("shape", shape);
      row.addProperty("device", fused.device());
      row.addProperty("median_seconds", median);
      row.addProperty("bytes", bytes);
      row.addProperty("gigabytes_per_second", bytes / median / 1e9);
      row.addProperty("fraction_of_copy", bytes / median / copy);
      rows.add(row);
    } else {
      main.console()
          .out()
          .printf(
              "%-34s %-18s %10.3f %8.2f %6.2f%n",
              kernel, shape, median * 1e3, bytes / median / 1e9, bytes / median / copy);
    }
  }
}
