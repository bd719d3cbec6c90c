package io.github.fusedloss.cpu;

import com.sun.management.ThreadMXBean;
import io.github.fusedloss.ElementType;
import io.github.fusedloss.backend.Function;
import io.github.fusedloss.backend.OptionValues;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Finds vector kernels that allocate vectors. HotSpot does so for every vector of a formula that it
 * does not inline in full, which costs ten times the arithmetic and shows in nothing else.
 *
 * <p>As a program, to be run with {@code -XX:-TieredCompilation}, it first has class checks fail in
 * the method that finds the implementation of an operation for all vectors, as happens to one
 * process of fifteen by itself. HotSpot remembers, and a compilation that inlines that method 25
 * times does without class checks from there on, and without what it knows by them: see {@link
 * VectorPasses}.
 */
final class VectorAllocations {
  private VectorAllocations() {}

  public static void main(String[] args) throws InterruptedException {
    failClassChecks();
    System.out.println(find());
  }

  /**
   * Looks up operations until that is compiled, having seen one type of vector that looks up what
   * was not used before; then comes another type.
   */
  private static void failClassChecks() throws InterruptedException {
    LongVector l = LongVector.broadcast(LongVector.SPECIES_128, 1);
    DoubleVector d = DoubleVector.broadcast(DoubleVector.SPECIES_128, 1);
    ByteVector b = ByteVector.broadcast(ByteVector.SPECIES_128, 1);
    ShortVector s = ShortVector.broadcast(ShortVector.SPECIES_128, 1);
    for (int i = 0; i < 15_000; i++) {
      l = l.lanewise(i == 1500 ? VectorOperators.SUB : VectorOperators.ADD, l);
      d = d.lanewise(VectorOperators.ADD, d);
      b = b.lanewise(VectorOperators.ADD, b);
      s = s.lanewise(VectorOperators.ADD, s);
      if (i % 400 == 0) {
        Thread.sleep(20); // the compiler's turn
      }
    }
    for (VectorOperators.Binary op :
        List.of(VectorOperators.SUB, VectorOperators.MUL, VectorOperators.MIN)) {
      d.lanewise(op, d);
      b.lanewise(op, b);
      s.lanewise(op, s);
    }
  }

  /**
   * The kernels that allocate, each judged after the others have run: what was seen to be null
   * before is compiled again. The compiler has its time.
   */
  static List<String> find() {
    Map<String, Runnable> kernels = kernels(VectorSupport.kernels(), new Lanes());
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    List<String> allocating = List.of();
    for (int round = 0; round < 300; round++) {
      allocating = new ArrayList<>();
      for (Map.Entry<String, Runnable> kernel : kernels.entrySet()) {
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 20; i++) {
          kernel.getValue().run();
        }
        long bytes = (threads.getCurrentThreadAllocatedBytes() - before) / 20;
        if (bytes > 256) {
          allocating.add(kernel.getKey() + ": " + bytes + " bytes a call");
        }
      }
      if (allocating.isEmpty()) {
        return allocating;
      }
    }
    return allocating;
  }

  private static long loss(BlockKernels vector, Function function, BceBlock b, Lanes lanes) {
    return vector.elementLoss(CpuBce.formulas(function, b), b, lanes);
  }

  /** Every kernel, with every option. */
  private static Map<String, Runnable> kernels(BlockKernels vector, Lanes lanes) {
    Random random = new Random(3);
    float[] x = VectorKernelsTest.values(random, VectorKernelsTest.Kind.MILD);
    float[] t = VectorKernelsTest.unit(random);
    float[] out = new float[x.length];
    Settings smoothing = new Settings(VectorKernelsTest.SMOOTHING, 4096, 0L);
    RowTile tile = new RowTile();
    tile.begin(19, RowTile.ROWS, true);
    for (int c = 0; c < 19; c++) {
      System.arraycopy(x, c, tile.x, c * tile.stride, tile.stride);
    }
    tile.gradient = true;
    Arrays.fill(tile.weight, 0.5f);
    Map<String, Runnable> kernels = new LinkedHashMap<>();
    for (int options = 0; options < 32; options++) {
      BceBlock b = new BceBlock();
      b.n = 4096;
      b.x = x;
      b.t = t;
      b.w = (options & 1) == 0 ? null : t;
      b.posWeight = (options & 2) == 0 ? null : t;
      b.upstream = (options & 4) == 0 ? null : t;
      b.loss = (options & 8) == 0 ? null : out;
      b.gradient = (options & 16) == 0 ? null : out;
      kernels.put(
          "bceWithLogits, options " + options,
          () -> loss(vector, Function.BINARY_CROSS_ENTROPY_WITH_LOGITS, b, lanes));
      b.gamma = options / 8f;
      b.square = options % 3 == 0;
      b.alphaOfOne = 0.25f;
      b.alphaOfZero = 0.75f;
      kernels.put(
          "focal, options " + options, () -> loss(vector, Function.SIGMOID_FOCAL_LOSS, b, lanes));
      b.logTarget = options % 5 == 0;
      kernels.put("divergence, options " + options, () -> loss(vector, Function.KL_DIV, b, lanes));
      if (b.posWeight == null) {
        BceBlock unit = new BceBlock();
        unit.n = 4096;
        unit.x = t;
        unit.t = t;
        unit.tAt = 16;
        unit.w = b.w;
        unit.upstream = b.upstream;
        unit.loss = b.loss;
        unit.gradient = b.gradient;
        kernels.put(
            "bce, options " + options,
            () -> loss(vector, Function.BINARY_CROSS_ENTROPY, unit, lanes));
      }
    }
    for (float[] w : new float[][] {null, t}) {
      for (Settings s : List.of(new Settings(OptionValues.DEFAULT, 4096, 0L), smoothing)) {
        String options = (w == null ? "" : ", weights") + (s.smooth ? ", smoothing" : "");
        RowBlock b = row(x, out).weights(w, 0).shares(t, 0, s);
        b.slope.factor = 1f;
        b.slope.top = -1f;
        b.slope.likely = ScalarMath.pair(2f, 0x1p-30f);
        b.slope.scale = 0.1f;
        kernels.put("distances" + options, () -> vector.distances(b, lanes));
        kernels.put("gradient" + options, () -> vector.gradient(b, lanes));
      }
    }
    short[] shorts = new short[x.length];
    for (ElementType type : List.of(ElementType.FLOAT16, ElementType.BFLOAT16)) {
      kernels.put("to " + type, () -> vector.encode(type, x, 0, 4096, shorts, 0));
      kernels.put("from " + type, () -> vector.decode(type, shorts, 0, 4096, out, 0));
    }
    kernels.put("sigmoid x", () -> vector.sigmoid(x, 0, 4096, out, 0, lanes));
    kernels.put("sum x", () -> vector.sum(x, 0, 4096, lanes));
    kernels.put("sum of pairs", () -> vector.sum(x, t, 0, 4096, lanes));
    kernels.put("max x", () -> vector.max(x, 0, 4096));
    RowBlock scaled = row(x, out).factor(1f);
    kernels.put("gradient, a factor", () -> vector.gradient(scaled, lanes));
    for (float[] w : new float[][] {null, t}) {
      RowBlock b = row(x, out).weights(w, 0).equalShares();
      b.slope.factor = 1f;
      b.slope.spread = 0.1f;
      b.max = 20f;
      b.log = ScalarMath.pair(1f, 0f);
      String options = w == null ? "" : ", weights";
      kernels.put("softmax x" + options, () -> vector.softmax(b, lanes));
      kernels.put("distances, equal shares" + options, () -> vector.distances(b, lanes));
      kernels.put("gradient, equal shares" + options, () -> vector.gradient(b, lanes));
      kernels.put("logSoftmax x" + options, () -> vector.logSoftmax(b, lanes));
    }
    kernels.put("softmax tile", () -> vector.softmax(tile, true, lanes));
    RowFormulas formulas = new GeneratedClassFormulas();
    tile.settings = new Settings(OptionValues.DEFAULT, tile.classes, 0L);
    kernels.put("losses of a tile", () -> vector.losses(tile, formulas, lanes));
    kernels.put("scale tile", () -> vector.scale(tile, lanes));
    for (int options = 0; options < 16; options++) {
      boolean given = (options & 1) != 0;
      boolean smooth = !given || (options & 2) != 0;
      RowTile shared = new RowTile();
      boolean inOrder = (options & 8) == 0;
      shared.begin(inOrder ? 19 : 65, RowTile.ROWS, inOrder);
      System.arraycopy(x, 0, shared.x, 0, Math.min(x.length, shared.end()));
      shared.gradient = true;
      Arrays.fill(shared.weight, 0.5f);
      Arrays.fill(shared.scale, 0.1f);
      shared.settings = smooth ? smoothing : tile.settings;
      shared.hasShares = true;
      shared.shares = new TileShares(RowTile.ROWS);
      float[] lines = Arrays.copyOf(t, Math.max(t.length, shared.end()));
      shared.shares.w = lines;
      shared.shares.begin(given ? lines : null, (options & 4) != 0, smooth, shared.end(), inOrder);
      RowFormulas ofShares =
          given ? new GeneratedProbabilityFormulas() : new GeneratedSmoothedClassFormulas();
      vector.softmax(shared, true, lanes);
      kernels.put("distances of a tile " + options, () -> vector.distances(shared, lanes));
      kernels.put("losses with shares " + options, () -> vector.losses(shared, ofShares, lanes));
      kernels.put("gradient of a tile " + options, () -> vector.gradient(shared, lanes));
    }
    return kernels;
  }

  private static RowBlock row(float[] x, float[] e) {
    return new RowBlock().logits(x, 0, 4096).terms(e, 0, 4096).of(new SoftmaxRow());
  }
}
