package io.github.fusedloss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Every executor gives the bits of plain Java, whatever its launch shape. */
class SameBitsTest {
  private static final String CPU_THREADS = "fusedloss.cpu.threads";
  private static final String SHAPE = "fusedloss.opencl.shape";
  private static final String OF_GPUS = "4x1x64";

  /** Around a vector, the 64 lanes of a stripe, a stripe of 1024, a block of 4096, two blocks. */
  private static final int[] SIZES = {
    1, 3, 15, 17, 63, 64, 65, 127, 1023, 1025, 2049, 4095, 4096, 4097, 8200
  };

  /**
   * Batch, classes, inner: rows in order (up to 64 classes, or inner above 1, with inner around a
   * vector), on both sides of a tile of 64 rows (OpenCL) and of 256 (CPU) and tiles that cross a
   * batch, rows in lanes around a stripe and a block, rows of several blocks.
   */
  private static final List<LogitShape> ROWS =
      LogitShape.list(
          "5x1 37x10 17x64 63x2 64x3 129x33 255x2 257x4 3x7x43 3x5x131 2x65x64 "
              + "1x10x200 5x65 3x1000 2x1025 2x4096 2x4097 2x8200 2x3x15 2x19x17 "
              + "1x4100x2");

  @Test
  void everyExecutorAgrees() {
    compareAll();
  }

  @Test
  @Tag("once")
  void everyLaunchShapeAgrees() throws Exception {
    // VEC x UNROLL x WGS: a GPU's shape, in which rows are read with several UNROLLs; one work-item
    // at a time; a CPU's with results past the caches. CPUs have vectors of 16 of their own.
    // KernelTesting and ci/oclgrind have more shapes. All at once: a driver's compiler keeps one
    // core busy.
    Map<String, ForkedJvm.Running> running = new LinkedHashMap<>();
    for (String shape : List.of(OF_GPUS, "1x1x1", "16x4x1xstream")) {
      ForkedJvm jvm =
          ForkedJvm.of(SameBitsTest.class)
              .options("-D" + SHAPE + "=" + shape, "-D" + CPU_THREADS + "=5");
      running.put(shape, jvm.start());
    }
    running.forEach(
        (shape, jvm) -> {
          ForkedJvm.Result result = jvm.succeed();
        });
  }

  /** Few rows of so many classes that on the CPU all threads work at one, each at some blocks. */
  @Test
  void oneThreadAndManyAgreeOnLongRows() {
    int classes = (1 << 17) + 4097;
    Random random = new Random(6);
    float[] values = new float[2 * classes];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (random.nextGaussian() * 9);
    }
    Tensor x = Tensor.of(values, 2, classes);
    Tensor half = Numbers.tensor(ElementType.FLOAT16, values, 2, classes);
    Tensor indices = Tensor.of(new int[] {4097, classes - 1}, 2);
    Tensor q = Tensor.of(Numbers.unit(random, values.length), 2, classes);
    Tensor weights = Tensor.of(Numbers.unit(random, classes), classes);
    Loss weighted = OptionCases.most(CrossEntropy.DEFAULT, weights);
    // A block of nothing but -infinity, and a reference that is the maximum itself; then a NaN.
    float[] wild = new float[2 * classes];
    for (int i = 0; i < wild.length; i++) {
      wild[i] = i >= 4096 && i < 8192 ? Float.NEGATIVE_INFINITY : 20000f + values[i];
    }
    float[] undefined = wild.clone();
    undefined[classes + 5000] = Float.NaN;
    Tensor one = Tensor.of(new int[] {-100, 5000}, 2);
    List<FusedLoss> executors = new ArrayList<>();
    try {
      System.setProperty(CPU_THREADS, "1");
      executors.add(FusedLoss.open("cpu:scalar"));
      System.setProperty(CPU_THREADS, "3");
      executors.addAll(open());
    } finally {
      System.clearProperty(CPU_THREADS);
    }
    List<int[]> bits = new ArrayList<>();
    for (FusedLoss fused : executors) {
      Bits b = new Bits();
      b.add(fused.forwardAndGradient(CrossEntropy.DEFAULT, x, indices));
      b.add(fused.forwardAndGradient(weighted, half, indices));
      b.add(fused.forwardAndGradient(weighted, x, q));
      b.add(fused.softmax(x));
      b.add(fused.logSoftmax(x));
      b.add(fused.logSumExp(x));
      for (float[] special : List.of(wild, undefined)) {
        Tensor place = Tensor.of(special.clone(), 2, classes);
        b.add(fused.softmax(place));
        b.add(fused.forwardAndGradient(CrossEntropy.DEFAULT, place, one, place));
      }
      bits.add(b.all());
    }
    same(executors, bits, "long rows");
    executors.forEach(FusedLoss::close);
  }

  /**
   * For the forked JVMs, and for a machine with a GPU (benchmarks/gpu/run): the known answers when
   * the device is opened, and a few cases.
   */
  public static void main(String[] args) {
    List<FusedLoss> executors = open();
    Random random = new Random(5);
    if (System.getProperty(SHAPE, "").endsWith("stream")) {
      pastTheCaches(executors, random);
    } else {
      // The shape that GPUs get: in order, adjacent, all of them or in chunks, and not; rows of one
      // block, of which a work-item has four slots of lanes, two or one; rows of two, enough for a
      // work-group each (the known answers have too few). Of the others one of each kind of kernel.
      boolean ofGpus = System.getProperty(SHAPE, OF_GPUS).equals(OF_GPUS);
      String shapes = "37x10 20x100 9x4097 2x19x17";
      String more = " 70x33 65x36 20x400 3x1500 1x4100x2";
      for (LogitShape shape : LogitShape.list(ofGpus ? shapes + more : shapes)) {
        rows(executors, shape, random, 1);
      }
      if (ofGpus) {
        inRegisters(executors, random);
      }
    }
    executors.forEach(e -> System.out.println("the same bits on " + e.device()));
    executors.forEach(FusedLoss::close);
    System.exit(0);
  }

  /**
   * More rows than 64 work-items in each of 8 groups of all cores: on a GPU their logits stay in
   * registers, 24 at most. Terms that are far below the maximum, not numbers, and usual ones.
   */
  private static void inRegisters(List<FusedLoss> executors, Random random) {
    int rows = 64 * 8 * Runtime.getRuntime().availableProcessors() + 65;
    for (LogitShape s : LogitShape.list("1x7x" + rows + " 1x24x" + rows)) {
      float[] values = Numbers.values(random, s.elements(), 5);
      for (int i = 0; i < values.length; i += 97) {
        values[i] = i % 2 == 0 ? -200 : Float.NaN;
      }
      Tensor x = Tensor.of(values, s.input());
      Tensor indices = Tensor.of(s.indices(random), s.target());
      List<int[]> bits = new ArrayList<>();
      for (FusedLoss fused : executors) {
        Bits b = new Bits();
        b.add(fused.forward(CrossEntropy.DEFAULT.withReduction(Reduction.NONE), x, indices));
        b.add(fused.logSumExp(x));
        bits.add(b.all());
      }
      same(executors, bits, s + " in registers");
    }
  }

  /** Where vectors of results are aligned and where they are not; ci/oclgrind has the options. */
  private static void pastTheCaches(List<FusedLoss> executors, Random random) {
    // In order, adjacent and not; rows of one block, of which each of the 4 groups has 10 times 16;
    // rows of two blocks; rows of 17, one more than a group does at once. Then the same half a
    // vector longer.
    List<LogitShape> shapes =
        LogitShape.list("37x32 2x19x32 600x80 35x4112 9x69632 37x24 2x19x24 600x88 35x4104");
    for (LogitShape s : shapes) {
      float[] values = Numbers.values(random, s.elements(), 5);
      Tensor indices = Tensor.of(s.indices(random), s.target());
      Tensor x = Tensor.of(values, s.input());
      Tensor half = Numbers.tensor(ElementType.FLOAT16, values, s.input());
      List<int[]> bits = new ArrayList<>();
      for (FusedLoss fused : executors) {
        Bits b = new Bits();
        b.add(fused.forwardAndGradient(CrossEntropy.DEFAULT, x, indices));
        b.add(fused.softmax(x));
        b.add(fused.forwardAndGradient(CrossEntropy.DEFAULT, half, indices));
        bits.add(b.all());
      }
      same(executors, bits, s + " past the caches");
    }
  }

  /** Every executor, plain Java first, under the properties that are set now; to be closed. */
  static List<FusedLoss> open() {
    List<FusedLoss> executors = new ArrayList<>(List.of(FusedLoss.open("cpu:scalar")));
    for (DeviceInfo info : FusedLoss.devices()) {
      if (info.usable() && !info.name().equals("cpu:scalar")) {
        executors.add(FusedLoss.open(info.name()));
      }
    }
    return executors;
  }

  private static void compareAll() {
    List<FusedLoss> executors = OpenDevices.all();
    Random random = new Random(4);
    for (int n : SIZES) {
      elements(executors, n, random);
    }
    for (LogitShape shape : ROWS) {
      rows(executors, shape, random, 3);
    }
  }

  /** Every operand at the edges of what a float can be, where intermediate results leave it. */
  @Test
  void everyExecutorAgreesAtTheEdges() {
    float[] edges = {
      0f,
      -0f,
      1f,
      -1f,
      2f,
      0.5f,
      -1e-3f,
      20f,
      200f,
      -200f,
      1e-20f,
      1e20f,
      -1e20f,
      3e38f,
      -3e38f,
      1e-40f,
      -1e-40f,
      Float.MIN_VALUE,
      -Float.MIN_VALUE,
      Float.MAX_VALUE,
      -Float.MAX_VALUE,
      Float.POSITIVE_INFINITY,
      Float.NEGATIVE_INFINITY,
      Float.intBitsToFloat(0xffc54321),
    };
    float[] factors = {0f, -0f, 1f, -1f, 3e38f, 1e-40f, Float.POSITIVE_INFINITY, Float.NaN};
    float[] units = {0f, -0f, 1f, 0.5f, Float.MIN_VALUE, 1e-13f, 0x1.fffffep-1f};
    List<FusedLoss> executors = OpenDevices.all();
    Random random = new Random(9);
    for (int round = 0; round < 150; round++) {
      int n = round % 3 == 0 ? 1 : round % 3 == 1 ? 70 : 4097;
      // Few kinds at a time: where everything is NaN in the end little is seen.
      float[] some = draw(random, edges, 1 + random.nextInt(6));
      Tensor x = Tensor.of(draw(random, some, n), n);
      Tensor t = Tensor.of(draw(random, random.nextBoolean() ? units : some, n), n);
      Tensor p = Tensor.of(draw(random, units, n), n);
      Tensor q = Tensor.of(draw(random, units, n), n);
      Tensor w = random.nextBoolean() ? null : Tensor.of(draw(random, some, n), n);
      Tensor pw = random.nextBoolean() ? null : Tensor.of(draw(random, some, n), n);
      Tensor up = Tensor.of(draw(random, some, n), n);
      float factor = factors[random.nextInt(factors.length)];
      Tensor rows = Tensor.of(draw(random, some, 2 * n), n, 2);
      Tensor y = Tensor.of(random.ints(n, 0, 2).toArray(), n);
      Tensor cw = Tensor.of(draw(random, some, 2), 2);
      Reduction reduction = random.nextBoolean() ? Reduction.MEAN : Reduction.SUM;
      BinaryCrossEntropyWithLogits logits =
          BinaryCrossEntropyWithLogits.DEFAULT.withWeight(w).withPosWeight(pw);
      SigmoidFocalLoss focal = SigmoidFocalLoss.DEFAULT.withWeight(w).withPosWeight(pw);
      focal = random.nextBoolean() ? focal : focal.withGamma(0.7f).withAlpha(-1);
      KlDivLoss divergence = KlDivLoss.DEFAULT.withWeight(w).withLogTarget(random.nextBoolean());
      Loss[] losses = {
        logits.withReduction(Reduction.NONE),
        focal.withReduction(Reduction.NONE),
        divergence.withReduction(Reduction.NONE),
        BinaryCrossEntropy.DEFAULT.withWeight(w).withReduction(Reduction.NONE),
        NllLoss.DEFAULT.withWeight(cw).withReduction(Reduction.NONE),
      };
      Loss[] reduced = {
        logits.withReduction(reduction),
        focal.withReduction(reduction),
        divergence.withReduction(reduction),
        BinaryCrossEntropy.DEFAULT.withWeight(w).withReduction(reduction),
        NllLoss.DEFAULT.withWeight(cw).withReduction(reduction),
      };
      Tensor[] inputs = {x, x, x, p, rows};
      Tensor[] targets = {t, t, t, q, y};
      List<int[]> bits = new ArrayList<>();
      for (FusedLoss fused : executors) {
        Bits b = new Bits();
        for (int i = 0; i < losses.length; i++) {
          b.add(fused.forwardAndGradient(losses[i], inputs[i], targets[i]));
          b.add(fused.backward(losses[i], inputs[i], targets[i], up));
          b.add(fused.forwardAndGradient(reduced[i], inputs[i], targets[i]));
          b.add(fused.backward(reduced[i], inputs[i], targets[i], factor));
        }
        b.add(fused.sigmoid(x));
        b.add(fused.sum(x), fused.mean(x), fused.max(x));
        bits.add(b.all());
      }
      same(executors, bits, "round " + round);
    }
  }

  private static float[] draw(Random random, float[] from, int n) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = from[random.nextInt(from.length)];
    }
    return values;
  }

  private static void elements(List<FusedLoss> executors, int n, Random random) {
    Tensor x = Tensor.of(Numbers.values(random, n, 120), n);
    Tensor t = direct(Numbers.unit(random, n), n);
    Tensor p = Tensor.of(Numbers.unit(random, n), n);
    Tensor w = Tensor.of(Numbers.values(random, 1, 2), 1);
    Tensor half = Numbers.tensor(ElementType.FLOAT16, Numbers.values(random, n, 20), n);
    float[] zeroOrOne = Numbers.unit(random, n);
    for (int i = 0; i < n; i++) {
      zeroOrOne[i] = Math.round(zeroOrOne[i]);
    }
    Tensor hard = Numbers.tensor(ElementType.FLOAT16, zeroOrOne, n);
    Reduction reduction = Reduction.values()[random.nextInt(3)];
    List<int[]> bits = new ArrayList<>();
    for (FusedLoss fused : executors) {
      Bits b = new Bits();
      for (Loss loss : OptionCases.variants(BinaryCrossEntropyWithLogits.DEFAULT, w, p)) {
        b.add(fused.forwardAndGradient(loss.withReduction(reduction), x, t));
      }
      b.add(fused.forwardAndGradient(BinaryCrossEntropy.DEFAULT.withReduction(reduction), p, t));
      for (Loss loss : OptionCases.variants(SigmoidFocalLoss.DEFAULT, w, p)) {
        b.add(fused.forwardAndGradient(loss.withReduction(reduction), x, t));
        b.add(fused.forwardAndGradient(loss.withReduction(reduction), half, hard));
      }
      for (Loss loss : OptionCases.variants(KlDivLoss.DEFAULT, w)) {
        b.add(fused.forwardAndGradient(loss.withReduction(reduction), x, t));
        b.add(fused.forwardAndGradient(loss.withReduction(reduction), half, p));
      }
      b.add(fused.sigmoid(x));
      b.add(fused.sum(p), fused.mean(x), fused.max(x));
      bits.add(b.all());
    }
    same(executors, bits, n + " elements");
  }

  private static void rows(List<FusedLoss> executors, LogitShape s, Random random, int rounds) {
    // Launch shapes of other devices meet every kernel, but not its options: each is a program.
    boolean all = System.getProperty(SHAPE) == null;
    long[] shape = s.input();
    long[] rowShape = s.target();
    for (int round = 0; round < rounds; round++) {
      double scale = round == 0 ? 5 : round == 1 ? 30000 : Float.MAX_VALUE;
      Tensor x = Tensor.of(Numbers.values(random, s.elements(), scale), shape);
      Tensor q = direct(Numbers.unit(random, s.elements()), shape);
      Tensor w = Tensor.of(Numbers.unit(random, s.classes()), s.classes());
      int[] y = s.indices(random);
      long[] wide = IntStream.of(y).asLongStream().toArray();
      Tensor indices = round % 2 == 0 ? Tensor.of(y, rowShape) : Tensor.of(wide, rowShape);
      Tensor up = Tensor.of(Numbers.values(random, s.rows(), 2), rowShape);
      boolean none = random.nextBoolean();
      Loss plain = CrossEntropy.DEFAULT.withReduction(none ? Reduction.NONE : Reduction.MEAN);
      List<int[]> bits = new ArrayList<>();
      for (FusedLoss fused : executors) {
        try (Tensor device = fused.upload(x)) {
          Bits b = new Bits();
          b.add(fused.forwardAndGradient(plain, device, indices));
          if (rounds == 1
              && s.classes() > 1000) { // Where work-items meet; OutputsTest has the rest.
            Outputs outputs = Outputs.of(Output.values());
            b.add(fused.forwardAndGradient(plain, device, Target.of(indices), outputs));
          }
          for (Loss loss : few(plain, w, s, all)) {
            b.add(fused.forwardAndGradient(loss, x, indices));
            if (all) {
              b.add(fused.forwardAndGradient(loss, x, q));
            }
          }
          b.add(fused.forwardAndGradient(plain, x, q));
          if (none) {
            b.add(fused.backward(plain, x, indices, up));
            b.add(fused.backward(OptionCases.most(plain, w), x, indices, up));
          }
          Loss nll = OptionCases.all(NllLoss.DEFAULT, w).withReduction(plain.reduction());
          b.add(fused.forwardAndGradient(nll, x, indices));
          Loss focal = SoftmaxFocalLoss.DEFAULT.withReduction(plain.reduction());
          b.add(fused.forwardAndGradient(focal, x, indices));
          if (all) {
            for (Loss loss : few(focal, w, s, all)) {
              b.add(fused.forwardAndGradient(loss, x, indices));
            }
          }
          b.add(fused.softmax(x));
          if (all) {
            b.add(fused.logSoftmax(x));
          }
          b.add(fused.logSumExp(x));
          bits.add(b.all());
        }
      }
      same(executors, bits, s + ", round " + round);
    }
  }

  /** One for each way of walking over rows; they meet every option. */
  private static final List<LogitShape> OF_OPTIONS = LogitShape.list("37x10 2x19x17 5x65 2x4097");

  /**
   * Each is another program to compile, and has known answers to compile: several options, and in
   * few shapes each option alone.
   */
  private static List<Loss> few(Loss plain, Tensor w, LogitShape s, boolean all) {
    List<Loss> few = new ArrayList<>(List.of(OptionCases.most(plain, w)));
    int own = OF_OPTIONS.indexOf(s);
    if (all && own >= 0) {
      List<Loss> variants = OptionCases.variants(plain, w);
      for (int i = 1 + own; i < variants.size(); i += OF_OPTIONS.size()) {
        few.add(variants.get(i));
      }
    }
    return few;
  }

  /** Weights that no loss is promised for, alone and with smoothing, in each of the shapes. */
  @Test
  void weightsBeyondTheRange() {
    List<FusedLoss> executors = OpenDevices.all();
    Random random = new Random(7);
    float inf = Float.POSITIVE_INFINITY;
    float max = Float.MAX_VALUE;
    float[] wild = {0f, -0f, 1f, -1f, inf, -inf, max, -max, 3e38f, 1e-39f, Float.NaN};
    for (int round = 0; round < 40; round++) {
      int[] shape = {3, round % 4 == 0 ? 70 : 3, round % 4 == 1 ? 2 : 1};
      int classes = shape[1];
      int rows = shape[0] * shape[2];
      float[] x = new float[rows * classes];
      for (int i = 0; i < x.length; i++) {
        x[i] = random.nextInt(9) == 0 ? -inf : random.nextInt(4);
      }
      float[] w = new float[classes];
      for (int c = 0; c < classes; c++) {
        w[c] = wild[random.nextInt(round < 20 ? 4 : wild.length)];
      }
      int[] y = random.ints(rows, 0, classes).toArray();
      Tensor input = Tensor.of(x, shape[0], classes, shape[2]);
      Tensor target = Tensor.of(y, shape[0], shape[2]);
      Tensor q = Tensor.of(Numbers.unit(random, x.length), shape[0], classes, shape[2]);
      CrossEntropy weighted =
          CrossEntropy.DEFAULT.withReduction(Reduction.NONE).withWeight(Tensor.of(w, classes));
      List<int[]> bits = new ArrayList<>();
      for (FusedLoss fused : executors) {
        Bits b = new Bits();
        for (float e : new float[] {0f, 0.1f, 1f}) {
          for (Tensor t : List.of(target, q)) {
            try (LossResult r =
                fused.forwardAndGradient(weighted.withLabelSmoothing(e), input, t)) {
              b.add(r.losses().toFloatArray());
              b.add(r.gradient().toFloatArray());
            }
          }
        }
        bits.add(b.all());
      }
      same(executors, bits, "round " + round);
    }
  }

  static void same(List<FusedLoss> executors, List<int[]> bits, String what) {
    for (int i = 1; i < bits.size(); i++) {
      assertArrayEquals(bits.get(0), bits.get(i), executors.get(i).device() + ", " + what);
    }
  }

  private static Tensor direct(float[] values, long... shape) {
    FloatBuffer buffer =
        ByteBuffer.allocateDirect(4 * values.length).order(ByteOrder.nativeOrder()).asFloatBuffer();
    buffer.put(values).flip();
    assertTrue(buffer.isDirect());
    return Tensor.of(buffer, shape);
  }
}
