package io.github.fusedloss;

import io.github.fusedloss.opencl.OpenClException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.zip.CRC32C;

/** Runs the modes of ci/size, each in a JVM of its own. Prints: cases, wrong bits, leaks. */
final class SizeRuns {
  private static int cases;
  private static int wrong;
  private static int leaked;

  private SizeRuns() {}

  public static void main(String[] args) {
    List<FusedLoss> executors = new ArrayList<>();
    for (DeviceInfo info : FusedLoss.devices()) {
      // The first is what the others are compared with: plain Java where time allows.
      boolean wanted = !args[0].equals("large") || !info.name().equals("cpu:scalar");
      if (info.usable() && wanted) {
        executors.add(0, FusedLoss.open(info.name()));
      }
    }
    switch (args[0]) {
      case "allocation" -> allocation(executors);
      case "heap" -> heap(executors);
      case "large" -> large(executors);
      default -> throw new IllegalArgumentException(args[0]);
    }
    for (FusedLoss fused : executors) {
      leaked += fused.liveBytes() == 0 ? 0 : 1;
      fused.close();
    }
    System.out.println(cases + " " + wrong + " " + leaked);
    System.exit(0);
  }

  /** Runs a case on every executor and compares the hashes of what it gives. */
  private static void compare(String what, List<FusedLoss> executors, Function<FusedLoss, Hash> c) {
    long expected = 0;
    for (FusedLoss fused : executors) {
      long start = System.nanoTime();
      long hash = c.apply(fused).value();
      double seconds = (System.nanoTime() - start) / 1e9;
      System.err.printf("size: %s, %s: %.1f s, %08x%n", what, fused.device(), seconds, hash);
      if (fused == executors.get(0)) {
        expected = hash;
      } else {
        cases++;
        wrong += hash == expected ? 0 : 1;
      }
    }
  }

  /** 300 MB for each operand where a buffer may have 256 MiB, and all of them 1 GiB. */
  private static void allocation(List<FusedLoss> executors) {
    int n = 75_001_000;
    float[] values = new float[n];
    float[] unit = new float[n];
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < n; i++) {
      values[i] = (random.nextInt() >> 8) * 0x1p-20f;
      unit[i] = (random.nextInt() >>> 8) * 0x1p-24f;
    }
    for (FusedLoss fused : executors) {
      if (fused.device().startsWith("opencl")) {
        cases++;
        try (Tensor whole = fused.upload(Tensor.of(values, n))) {
          System.err.println("size: no limit in force: " + whole);
          wrong++;
        } catch (OpenClException e) {
          System.err.println("size: " + e.getMessage());
          wrong += e.kind() == OpenClException.Kind.RESOURCE ? 0 : 1;
        }
      }
    }
    Tensor x = Tensor.of(values, n);
    Tensor t = Tensor.of(unit, n);
    compare(
        "300 MB, binary_cross_entropy_with_logits",
        executors,
        fused ->
            new Hash().add(fused.forwardAndGradient(BinaryCrossEntropyWithLogits.DEFAULT, x, t)));
    compare(
        "300 MB, sum and max",
        executors,
        f -> new Hash().add(f.sum(x)).add(f.mean(t)).add(f.max(x)));
    for (long[] shape : new long[][] {{75_001, 1000}, {1, 1000, 75_001}, {7_500_100, 10}}) {
      long[] rowShape = shape.length == 2 ? new long[] {shape[0]} : new long[] {1, shape[2]};
      Tensor rows = Tensor.of(values, shape);
      Tensor y = classes((int) Shapes.size(rowShape), (int) shape[1], rowShape);
      compare(
          "300 MB, cross_entropy " + Shapes.text(shape),
          executors,
          fused -> new Hash().add(fused.forwardAndGradient(CrossEntropy.DEFAULT, rows, y)));
    }
  }

  /** Hardly any heap and direct memory: 3 arrays of 8 MB, and pieces of a tenth. */
  private static void heap(List<FusedLoss> executors) {
    int n = 2_000_003;
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = (i * 0x9e3779b9 >>> 8) * 0x1p-24f;
    }
    System.setProperty("fusedloss.opencl.piece", "200000");
    Tensor x = Tensor.of(values, n);
    float[] room = new float[n];
    compare(
        "-Xmx48m, binary_cross_entropy",
        executors,
        fused ->
            new Hash()
                .add(
                    fused.forwardAndGradient(
                        BinaryCrossEntropy.DEFAULT, x, x, Tensor.of(room, n))));
    // Logits of 80 MB: the same 4 MB again and again.
    ShortBuffer part = ShortBuffer.allocate(n);
    for (int i = 0; i < n; i++) {
      part.put(i, ElementType.FLOAT16.encode(values[i]));
    }
    List<ShortBuffer> repeated = java.util.Collections.nCopies(20, part);
    for (long[] shape : new long[][] {{4, 5 * n}, {n, 20}, {1, 10 * n, 2}}) {
      long[] rowShape = shape.length == 2 ? new long[] {shape[0]} : new long[] {1, shape[2]};
      Tensor logits = Tensor.of(ElementType.FLOAT16, repeated, shape);
      Tensor y = classes((int) Shapes.size(rowShape), (int) shape[1], rowShape);
      compare(
          "-Xmx48m, cross_entropy " + Shapes.text(shape),
          executors,
          fused -> {
            try (LossResult result = fused.forward(CrossEntropy.DEFAULT, logits, y)) {
              return new Hash().add(result.loss());
            }
          });
    }
  }

  /** More than 2^31 elements. */
  private static void large(List<FusedLoss> executors) {
    // 4.3 GB of float16 in direct buffers; the gradient replaces them.
    long[] shape = {2_147_485, 1000};
    List<ShortBuffer> segments = new ArrayList<>();
    long left = Shapes.size(shape);
    for (int most : new int[] {(1 << 30) - 8, 1 << 28, (1 << 29) - 7, 1 << 29}) {
      int n = (int) Math.min(left, most);
      segments.add(ByteBuffer.allocateDirect(2 * n).order(ByteOrder.nativeOrder()).asShortBuffer());
      left -= n;
    }
    if (left != 0) {
      throw new IllegalStateException(left + " elements have no segment");
    }
    Tensor half = Tensor.of(ElementType.FLOAT16, segments, shape);
    Tensor y = classes((int) shape[0], (int) shape[1], shape[0]);
    compare(
        "2^31 + 1352 float16, cross_entropy in place",
        executors,
        fused -> {
          fill(segments);
          Hash hash = new Hash();
          hash.add(fused.forwardAndGradient(CrossEntropy.DEFAULT, half, y, half).loss());
          segments.forEach(hash::add);
          return hash;
        });
    // The gradients are logits now, and targets of their own.
    Tensor flat = Tensor.of(ElementType.FLOAT16, segments, Shapes.size(shape));
    compare(
        "2^31 + 1352 float16, binary_cross_entropy_with_logits, sum, max",
        executors,
        fused ->
            new Hash()
                .add(fused.forward(BinaryCrossEntropyWithLogits.DEFAULT, flat, flat).loss())
                .add(fused.sum(flat))
                .add(fused.max(flat)));
    // float32: the same 268 MB 33 times over; 1,000 elements more, so that no block begins alike.
    int n = (1 << 26) + 1000;
    FloatBuffer part =
        ByteBuffer.allocateDirect(4 * n).order(ByteOrder.nativeOrder()).asFloatBuffer();
    for (int i = 0; i < n; i++) {
      part.put(i, (i * 0x9e3779b9 >> 8) * 0x1p-22f);
    }
    List<FloatBuffer> repeated = java.util.Collections.nCopies(33, part);
    Tensor x = Tensor.of(repeated, 33L * n);
    compare(
        "2^31 + 2^26 float32, binary_cross_entropy_with_logits, max",
        executors,
        fused ->
            new Hash()
                .add(fused.forward(BinaryCrossEntropyWithLogits.DEFAULT, x, x).loss())
                .add(fused.max(x)));
  }

  private static Tensor classes(int rows, int classes, long... shape) {
    int[] y = new int[rows];
    for (int r = 0; r < rows; r++) {
      y[r] = r % 11 == 5 ? -100 : (int) (r * 7919L % classes);
    }
    return Tensor.of(y, shape);
  }

  /** Numbers of either sign between 1/8 and 2, other ones everywhere. */
  private static void fill(List<ShortBuffer> segments) {
    SplittableRandom random = new SplittableRandom(2);
    for (ShortBuffer segment : segments) {
      long four = 0;
      for (int i = 0; i < segment.capacity(); i++, four >>>= 16) {
        if (i % 4 == 0) {
          four = random.nextLong();
        }
        segment.put(i, (short) (0x3000 + (four & 0x8fff)));
      }
    }
  }

  /** A checksum of the bits of all results. */
  private static final class Hash {
    private final CRC32C crc = new CRC32C();
    private final ByteBuffer chunk = ByteBuffer.allocate(1 << 16).order(ByteOrder.nativeOrder());

    Hash add(float value) {
      chunk.clear().putInt(Float.floatToRawIntBits(value)).flip();
      crc.update(chunk);
      return this;
    }

    Hash add(LossResult result) {
      add(result.loss());
      FloatBuffer gradient = FloatBuffer.wrap(result.gradient().toFloatArray());
      while (gradient.hasRemaining()) {
        chunk.clear();
        int n = Math.min(gradient.remaining(), chunk.capacity() / 4);
        chunk.asFloatBuffer().put(gradient.slice(gradient.position(), n));
        gradient.position(gradient.position() + n);
        crc.update(chunk.limit(4 * n));
      }
      return this;
    }

    Hash add(ShortBuffer values) {
      for (int at = 0; at < values.capacity(); at += chunk.capacity() / 2) {
        int n = Math.min(values.capacity() - at, chunk.capacity() / 2);
        chunk.clear();
        chunk.asShortBuffer().put(values.slice(at, n));
        crc.update(chunk.limit(2 * n));
      }
      return this;
    }

    long value() {
      return crc.getValue();
    }
  }
}
