package io.github.fusedloss.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.fusedloss.Bits;
import io.github.fusedloss.ElementType;
import io.github.fusedloss.ForkedJvm;
import io.github.fusedloss.Numbers;
import io.github.fusedloss.backend.Function;
import io.github.fusedloss.backend.Option;
import io.github.fusedloss.backend.OptionValues;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The vector kernels against the scalar ones, bit for bit. Skipped without the Vector API. */
class VectorKernelsTest {
  /**
   * Up to a column's 64 elements and a vector's tail behind them; both sides of a vector, of one
   * stripe, of a stripe and a row of columns, of two stripes, of a block.
   */
  private static final int[] SIZES = sizes();

  private static final int ROOM = 4096 + 16;

  static final OptionValues SMOOTHING = OptionValues.DEFAULT.with(Option.LABEL_SMOOTHING, 0.1f);

  private BlockKernels vector;
  private final BlockKernels scalar = new BlockKernels();
  private final Lanes lanes = new Lanes();

  private static int[] sizes() {
    int[] more = {
      255, 256, 257, 1023, 1024, 1025, 1087, 1088, 1089, 2047, 2048, 2049, 3073, 4095, 4096
    };
    int[] sizes = new int[70 + more.length];
    for (int i = 0; i < 70; i++) {
      sizes[i] = i + 1;
    }
    System.arraycopy(more, 0, sizes, 70, more.length);
    return sizes;
  }

  @BeforeEach
  void needsTheVectorApi() {
    String missing = VectorSupport.unavailability();
    assumeTrue(missing.isEmpty(), missing);
    vector = VectorSupport.kernels();
  }

  /** Where values come from; the harsh ones are rarer the milder the kind. */
  enum Kind {
    MILD,
    WIDE,
    ODD,
    TIED
  }

  private static float value(Random random, Kind kind) {
    return switch (kind) {
      case MILD -> (float) random.nextGaussian() * 5f;
      case WIDE -> (float) (random.nextGaussian() * Math.pow(10, random.nextInt(8) - 3));
      case TIED -> random.nextInt(3);
      case ODD ->
          switch (random.nextInt(8)) {
            case 0 -> Numbers.special(random);
            case 1 -> Float.intBitsToFloat(random.nextInt());
            default -> (float) random.nextGaussian() * 50f;
          };
    };
  }

  /** Far more numbers than a case takes, drawn once: cases take them from anywhere there. */
  private static final int DRAWN = 1 << 18;

  private static final Map<Kind, float[]> VALUES = new EnumMap<>(Kind.class);
  private static final float[] UNIT = Numbers.unit(new Random(2), DRAWN);

  static {
    for (Kind kind : Kind.values()) {
      Random random = new Random(kind.ordinal());
      float[] values = new float[DRAWN];
      for (int i = 0; i < DRAWN; i++) {
        values[i] = value(random, kind);
      }
      VALUES.put(kind, values);
    }
  }

  private static float[] some(float[] drawn, Random random) {
    int from = random.nextInt(DRAWN - ROOM);
    return Arrays.copyOfRange(drawn, from, from + ROOM);
  }

  static float[] values(Random random, Kind kind) {
    return some(VALUES.get(kind), random);
  }

  static float[] unit(Random random) {
    return some(UNIT, random);
  }

  private interface Case {
    /** Runs on these kernels; what it leaves, as bits. */
    void run(int n, int at, Kind kind, Random random);
  }

  /** Every size with every kind of value, at offsets that no vector likes. */
  private static void everywhere(Case work) {
    Random random = new Random(20261123);
    for (int n : SIZES) {
      for (Kind kind : Kind.values()) {
        work.run(n, random.nextInt(16), kind, random);
      }
    }
  }

  private static void same(float[] expected, float[] actual, String what) {
    same(expected, actual, expected.length, what);
  }

  private static void same(float[] expected, float[] actual, int n, String what) {
    for (int i = 0; i < n; i++) {
      int e = Float.floatToRawIntBits(expected[i]);
      int a = Float.floatToRawIntBits(actual[i]);
      if (e != a) {
        throw new AssertionError(
            what + "[" + i + "]: " + Integer.toHexString(e) + " but " + Integer.toHexString(a));
      }
    }
  }

  /**
   * A sum's bits. Which of two NaNs an addition keeps is the processor's choice, so all are one.
   */
  private static long bits(long pair) {
    float hi = ScalarMath.hi(pair);
    return hi == hi ? pair : ScalarMath.pair(Float.NaN, ScalarMath.lo(pair));
  }

  private void both(float[] out, String what, ToLongFunction<BlockKernels> work) {
    float[] before = out.clone();
    long expected = work.applyAsLong(scalar);
    float[] wanted = out.clone();
    System.arraycopy(before, 0, out, 0, out.length);
    assertEquals(Long.toHexString(expected), Long.toHexString(work.applyAsLong(vector)), what);
    same(wanted, out, what);
  }

  /** Every number, and around every number and tie the floats next to it; a tail at the end. */
  @ParameterizedTest
  @EnumSource(names = {"FLOAT16", "BFLOAT16"})
  void conversions(ElementType type) {
    short[] halves = new short[65536 + 3];
    float[] floats = new float[5 * 65536 + 3];
    for (int i = 0; i < 65536; i++) {
      halves[i] = (short) i;
      float low = type.decode((short) i);
      float high = type.decode((short) (i + 1));
      float tie = Float.isInfinite(high) ? low * (1 + 0x1p-9f) : (low + high) / 2;
      float[] around = {Math.nextDown(tie), tie, Math.nextUp(tie), Math.nextUp(low), low};
      System.arraycopy(around, 0, floats, 5 * i, 5);
    }
    // What becomes infinite in float16; the smallest that is not 0; NaNs of either sign.
    float[] more = {65519.996f, 65520f, 65536f, -0x1.000002p-25f, -0x1p-25f};
    System.arraycopy(more, 0, floats, 0, 5);
    floats[5] = Float.intBitsToFloat(0xffffffff);
    floats[6] = Float.intBitsToFloat(0x7f800001);
    for (int at : new int[] {0, 1, 3}) {
      float[] out = new float[floats.length];
      both(
          out,
          type + " to float",
          k -> {
            k.decode(type, halves, at, 65536, out, at);
            return 0L;
          });
      short[] expected = new short[floats.length];
      short[] actual = new short[floats.length];
      scalar.encode(type, floats, at, 5 * 65536, expected, at);
      vector.encode(type, floats, at, 5 * 65536, actual, at);
      assertArrayEquals(expected, actual, type + " from float");
    }
  }

  @ParameterizedTest
  @EnumSource(
      names = {
        "BINARY_CROSS_ENTROPY_WITH_LOGITS",
        "BINARY_CROSS_ENTROPY",
        "SIGMOID_FOCAL_LOSS",
        "KL_DIV"
      })
  void elementLosses(Function function) {
    boolean logits = function != Function.BINARY_CROSS_ENTROPY;
    everywhere(
        (n, at, kind, random) -> {
          BceBlock b = new BceBlock();
          b.n = n;
          b.scale = 0.3f;
          b.x = logits ? values(random, kind) : unit(random);
          b.xAt = at;
          b.t = logits && kind == Kind.ODD ? values(random, kind) : unit(random);
          b.tAt = at / 2;
          if (function == Function.SIGMOID_FOCAL_LOSS && random.nextBoolean()) {
            for (int i = 0; i < b.t.length; i++) {
              b.t[i] = random.nextInt(2);
            }
          }
          b.square = random.nextBoolean();
          b.gamma = b.square ? 2f : random.nextInt(4) * 0.7f;
          b.alphaOfOne = 0.3f;
          b.alphaOfZero = 0.7f;
          b.logTarget = random.nextBoolean();
          b.soft = !b.square && !scalar.isZeroOrOne(b.t, b.tAt, n);
          boolean logs = function == Function.KL_DIV && b.logTarget;
          b.odd = logits && !logs && !scalar.inUnitInterval(b.t, b.tAt, n);
          b.odd &= function != Function.BINARY_CROSS_ENTROPY_WITH_LOGITS;
          int options = random.nextInt(32);
          b.w = (options & 1) == 0 ? null : values(random, kind);
          b.wAt = 3;
          b.posWeight = !logits || (options & 2) == 0 ? null : values(random, kind);
          b.posWeightAt = 7;
          b.upstream = (options & 4) == 0 ? null : values(random, kind);
          b.upstreamAt = 1;
          ElementFormulas formulas = CpuBce.formulas(function, b);
          float[] out = new float[2 * ROOM];
          b.loss = (options & 8) == 0 ? null : out;
          b.lossAt = at;
          b.gradient = (options & 16) == 0 ? null : out;
          b.gradientAt = ROOM + at;
          both(
              out,
              kind + " " + n + " options " + options,
              k -> bits(k.elementLoss(formulas, b, lanes)));
        });
  }

  @Test
  void unitInterval() {
    everywhere(
        (n, at, kind, random) -> {
          float[] x = unit(random);
          assertEquals(true, vector.inUnitInterval(x, at, n), "n " + n);
          x[at + random.nextInt(n)] = kind == Kind.ODD ? Float.NaN : kind == Kind.MILD ? -1e-9f : 2;
          assertEquals(false, vector.inUnitInterval(x, at, n), "n " + n);
        });
  }

  @Test
  void sigmoidSumAndMax() {
    everywhere(
        (n, at, kind, random) -> {
          float[] x = values(random, kind);
          float[] out = new float[ROOM];
          String what = kind + " " + n;
          both(
              out,
              what,
              k -> {
                k.sigmoid(x, at, n, out, at / 2, lanes);
                return 0L;
              });
          both(out, what, k -> bits(k.sum(x, at, n, lanes)));
          both(out, what, k -> (long) Float.floatToRawIntBits(k.max(x, at, n)));
        });
  }

  @Test
  void maxTellsTheZeros() {
    float[] x = new float[ROOM];
    java.util.Arrays.fill(x, -0f);
    assertEquals(-0f, vector.max(x, 1, 100));
    x[50] = 0f;
    assertEquals(0f, vector.max(x, 1, 100));
    x[50] = -1f;
    x[100] = 0f; // the tail's last
    assertEquals(0f, vector.max(x, 1, 100));
  }

  @Test
  void rows() {
    everywhere(
        (n, at, kind, random) -> {
          float[] x = values(random, kind);
          float[] w = random.nextBoolean() ? null : values(random, kind);
          float[] q = unit(random);
          float[] e = new float[ROOM];
          boolean inOrder = random.nextInt(4) == 0;
          boolean store = random.nextInt(4) != 0;
          Settings settings =
              new Settings(random.nextBoolean() ? OptionValues.DEFAULT : SMOOTHING, n, 0L);
          String what = kind + " " + n + (inOrder ? " in order" : "");
          SoftmaxRow[] rows = new SoftmaxRow[2];
          both(
              e,
              what,
              k -> {
                SoftmaxRow row = new SoftmaxRow();
                rows[k == scalar ? 0 : 1] = row;
                row.inOrder = inOrder;
                RowBlock b = new RowBlock().logits(x, at, n).terms(store ? e : null, at / 2, n);
                b.row = row;
                k.softmax(b, lanes);
                for (int i = 0; i < ROOM; i++) {
                  e[i] = GeneratedNumerics.canonical(e[i]); // stored for scale(), which makes it so
                }
                return bits(row.rest);
              });
          assertEquals(rows[0].ties, rows[1].ties, what);
          assertEquals(rows[0].max, rows[1].max, what);
          assertEquals(rows[0].magic, rows[1].magic, what);
          SoftmaxRow row = rows[1];
          RowBlock b = new RowBlock().logits(x, at, n).weights(w, 5).of(row);
          both(
              e,
              what,
              k -> {
                k.distances(b.equalShares(), lanes);
                return bits(row.distance) * 31 + bits(row.mass);
              });
          both(
              e,
              what,
              k -> {
                k.distances(b.shares(q, 2, settings), lanes);
                return bits(row.distance) * 31 + bits(row.mass);
              });
        });
  }

  @Test
  void gradientsAndLogSoftmax() {
    everywhere(
        (n, at, kind, random) -> {
          float[] g = values(random, kind);
          float[] w = random.nextBoolean() ? null : values(random, kind);
          float[] q = unit(random);
          Settings settings =
              new Settings(random.nextBoolean() ? OptionValues.DEFAULT : SMOOTHING, n, 0L);
          float coefficient = value(random, kind);
          float spread = value(random, kind);
          float top = g[at + n / 2];
          String what = kind + " " + n;
          both(
              g.clone(),
              what,
              k -> {
                float[] out = g.clone();
                k.gradient(gradient(n, out, at).factor(coefficient), lanes);
                return (long) java.util.Arrays.hashCode(Bits.of(out));
              });
          both(
              g.clone(),
              what,
              k -> {
                float[] out = g.clone();
                RowBlock b = gradient(n, out, at).weights(w, 3).equalShares();
                b.slope.factor = coefficient;
                b.slope.spread = spread;
                k.gradient(b, lanes);
                return (long) java.util.Arrays.hashCode(Bits.of(out));
              });
          both(
              g.clone(),
              what,
              k -> {
                float[] out = g.clone();
                long likely = ScalarMath.pair(2f, 0x1p-30f);
                RowBlock b = gradient(n, out, at).weights(w, 3).shares(q, 2, settings);
                b.slope.factor = coefficient;
                b.slope.top = top;
                b.slope.likely = likely;
                b.slope.scale = spread;
                k.gradient(b, lanes);
                return (long) java.util.Arrays.hashCode(Bits.of(out));
              });
          float max = ScalarRows.maxOfNumbers(g, at, n);
          float[] out = new float[ROOM];
          both(
              out,
              what,
              k -> {
                RowBlock b = new RowBlock().logits(g, at, n).terms(out, at / 2, n);
                b.max = max;
                b.log = ScalarMath.pair(1.25f, 0x1p-26f);
                k.logSoftmax(b, lanes);
                return 0L;
              });
        });
  }

  private static RowBlock gradient(int n, float[] e, int at) {
    return new RowBlock().terms(e, at, n);
  }

  /** Every number of classes that is summed in order, one more, and a block of them. */
  @Test
  void tilesOfRows() {
    for (int c = 1; c <= 66; c++) {
      tilesOfRows(c, c == 66 ? Blocks.BLOCK : c, true);
    }
  }

  /** Around once, twice and four times the lanes. */
  @Test
  void tilesOfRowsInLanes() {
    int[] classes = {65, 66, 127, RowTile.SHORT, 200, 256};
    for (int c = 0; c < classes.length; c++) {
      tilesOfRows(c, classes[c], false);
    }
  }

  private void tilesOfRows(int c, int classes, boolean inOrder) {
    Random random = new Random(20261124 + c);
    // Not fresh: what a tile before left in lanes that are not in use is of no consequence.
    RowTile[] tiles = {new RowTile(), new RowTile()};
    for (int round = 0; round < 2; round++) {
      for (Kind kind : Kind.values()) {
        // A full tile, one row, and rows that leave a vector unfinished.
        int rows = c % 3 == 0 ? RowTile.full(classes, 2) : c % 3 == 1 ? 1 : 37;
        float[] x = new float[classes * rows];
        for (int i = 0; i < x.length; i++) {
          x[i] = value(random, kind);
        }
        int[] targets = random.ints(rows, Targets.IGNORED, classes).toArray();
        float[] weights = c % 2 == 0 ? null : new float[classes];
        for (int i = 0; weights != null && i < classes; i++) {
          float[] special = {0f, -0f, -1.5f, Float.POSITIVE_INFINITY, Float.NaN};
          weights[i] = i % 3 == 0 ? special[random.nextInt(5)] : random.nextFloat();
        }
        for (int k = 0; k < 2; k++) {
          tiles[k].begin(classes, rows, inOrder);
          tile(k == 0 ? scalar : vector, tiles[k], x, targets, weights);
        }
        String what = kind + " " + classes;
        same(tiles[0].max, tiles[1].max, rows, what + " max");
        same(tiles[0].ties, tiles[1].ties, rows, what + " ties");
        same(tiles[0].lossHi, tiles[1].lossHi, rows, what + " loss");
        same(tiles[0].lossLo, tiles[1].lossLo, rows, what + " loss");
        float[] gradient = new float[classes];
        SoftmaxRow row = new SoftmaxRow();
        row.inOrder = inOrder;
        float[] one = new float[classes];
        float[] e = new float[classes];
        for (int t = 0; t < rows; t++) {
          tiles[0].row(tiles[0].e, t, e);
          tiles[1].row(tiles[1].e, t, gradient);
          same(e, gradient, classes, what + " gradient");
          tiles[1].row(tiles[1].x, t, one);
          RowBlock b = new RowBlock().logits(one, 0, classes).terms(e, 0, classes);
          b.row = row;
          scalar.softmax(b, lanes);
          for (RowTile tile : tiles) {
            SoftmaxRow read = new SoftmaxRow();
            tile.read(t, read);
            assertEquals(row.max, read.max, what);
            assertEquals(row.ties, read.ties, what);
            assertEquals(bits(row.rest), bits(read.rest), what);
            GeneratedRows.finish(row);
            assertEquals(row.undefined, read.undefined, what);
            if (!row.undefined) {
              assertEquals(row.log, read.log, what);
              assertEquals(row.total, read.total, what);
              assertEquals(row.others, read.others, what);
            }
          }
        }
      }
    }
  }

  /**
   * Rows that have shares: label smoothing, probabilities, weights. All at once, in vectors and in
   * loops, they have the results of the same rows one by one. One class, a few, as many as are
   * summed in order where classes are adjacent; more, where they are not. In lanes: one class more
   * than lanes, all lanes twice, and a third time, which no tile of a task has.
   */
  @Test
  void tilesOfRowsWithShares() {
    tilesOfRowsWithShares(true, 1, 2, 10, 33, 64, 300);
    tilesOfRowsWithShares(false, 65, 100, RowTile.SHORT, 130);
  }

  private void tilesOfRowsWithShares(boolean inOrder, int... allClasses) {
    for (int classes : allClasses) {
      for (Kind kind : Kind.values()) {
        for (int options = 0; options < 8; options++) {
          boolean given = (options & 1) != 0;
          boolean smooth = !given || (options & 2) != 0;
          tilesOfRowsWithShares(classes, inOrder, kind, given, smooth, (options & 4) != 0);
        }
      }
    }
  }

  private void tilesOfRowsWithShares(
      int classes, boolean inOrder, Kind kind, boolean given, boolean smooth, boolean weighted) {
    Random random = new Random(20261130 + classes);
    int rows = classes == 10 || classes == 100 ? RowTile.full(classes, 2) : 37;
    float[] x = new float[classes * rows];
    float[] q = new float[classes * rows];
    for (int i = 0; i < x.length; i++) {
      x[i] = value(random, kind);
      q[i] = random.nextInt(4) == 0 ? 0f : random.nextInt(9) == 0 ? 1f : random.nextFloat();
    }
    float[] weights = new float[classes];
    for (int i = 0; i < classes; i++) {
      float[] special = {0f, -0f, -1.5f, Float.POSITIVE_INFINITY, Float.NaN};
      boolean any = kind == Kind.MILD || random.nextInt(classes) > 0;
      weights[i] = any ? random.nextFloat() : special[random.nextInt(5)];
    }
    OptionValues values = smooth ? SMOOTHING : OptionValues.DEFAULT;
    long all = scalar.sum(weights, 0, classes, lanes);
    Settings settings = new Settings(values, classes, weighted ? all : ScalarMath.pair(classes, 0));
    RowFormulas formulas =
        given ? new GeneratedProbabilityFormulas() : new GeneratedSmoothedClassFormulas();
    int[] targets = random.ints(rows, given ? 0 : Targets.IGNORED, given ? 1 : classes).toArray();
    for (BlockKernels kernels : List.of(scalar, vector)) {
      RowTile tile = new RowTile();
      tile.begin(classes, rows, inOrder);
      float[] tileQ = new float[tile.end()];
      float[] tileW = new float[tile.end()];
      for (int i = 0; i < x.length; i++) {
        int at = i / rows * tile.stride + i % rows;
        tile.x[at] = x[i];
        tileQ[at] = q[i];
        tileW[at] = weights[i / rows];
      }
      tile.settings = settings;
      tile.gradient = true;
      kernels.softmax(tile, true, lanes);
      target(tile, targets, weighted && !given ? weights : null);
      float[] scale = tile.scale.clone();
      float[] scaleLo = tile.scaleLo.clone();
      float[] terms = tile.e.clone();
      tile.hasShares = true;
      tile.shares = new TileShares(RowTile.ROWS);
      tile.shares.w = tileW;
      tile.shares.begin(given ? tileQ : null, weighted, smooth, tile.end(), inOrder);
      kernels.distances(tile, lanes);
      kernels.losses(tile, formulas, lanes);
      kernels.gradient(tile, lanes);
      tile.fix();
      String what = kernels.getClass().getSimpleName() + " " + kind + " " + classes;
      what += (given ? " given" : "") + (smooth ? " smooth" : "") + (weighted ? " weighted" : "");
      float[] one = new float[classes];
      float[] e = new float[classes];
      float[] p = new float[classes];
      float[] gradient = new float[classes];
      for (int t = 0; t < rows; t++) {
        tile.row(tile.x, t, one);
        tile.row(terms, t, e);
        tile.row(tileQ, t, p);
        tile.row(tile.e, t, gradient);
        SoftmaxRow row = new SoftmaxRow();
        tile.read(t, row);
        row.inOrder = inOrder;
        RowBlock b = new RowBlock().logits(one, 0, classes).terms(e, 0, classes).of(row);
        b = given ? b.shares(p, 0, settings) : b.equalShares();
        b.weights(weighted ? weights : null, 0);
        long loss = 0L;
        if (targets[t] == Targets.IGNORED) {
          Arrays.fill(e, 0f);
        } else if (row.undefined) {
          loss = ScalarMath.pair(Float.NaN, 0f);
          Arrays.fill(e, Float.NaN);
        } else {
          scalar.distances(b, lanes);
          RowTarget target = new RowTarget();
          target.x = given ? 0f : one[targets[t]];
          target.w = weighted && !given ? weights[targets[t]] : 1f;
          target.scale = ScalarMath.pair(scale[t], scaleLo[t]);
          loss = formulas.loss(row, target, settings);
          formulas.slope(row, target, given ? 0f : e[targets[t]], settings, b.slope);
          scalar.gradient(b, lanes);
          if (!given) {
            e[targets[t]] = b.slope.atY;
          }
        }
        assertEquals(bits(loss), bits(ScalarMath.pair(tile.lossHi[t], tile.lossLo[t])), what);
        same(e, gradient, classes, what + " gradient, row " + t);
      }
    }
  }

  private void tile(BlockKernels kernels, RowTile tile, float[] x, int[] targets, float[] weights) {
    for (int i = 0; i < x.length; i++) {
      tile.x[i / targets.length * tile.stride + i % targets.length] = x[i];
    }
    RowFormulas formulas = new GeneratedClassFormulas();
    tile.settings = new Settings(OptionValues.DEFAULT, tile.classes, 0L);
    kernels.softmax(tile, false, lanes);
    tile.gradient = false;
    target(tile, targets, weights);
    kernels.losses(tile, formulas, lanes);
    float[] forward = tile.lossHi.clone();
    kernels.softmax(tile, true, lanes);
    tile.gradient = true;
    target(tile, targets, weights);
    kernels.losses(tile, formulas, lanes);
    same(forward, tile.lossHi, targets.length, "loss without gradient");
    kernels.scale(tile, lanes);
    tile.fix();
  }

  private static void target(RowTile tile, int[] targets, float[] weights) {
    float[] scales = {-7.5f, 0.1f, 1e-30f, 0f, -0f, 3e38f, Float.POSITIVE_INFINITY, Float.NaN};
    for (int t = 0; t < targets.length; t++) {
      int y = targets[t];
      float w = weights == null || y == Targets.IGNORED ? 1f : weights[y];
      long scale = ScalarMath.pair(scales[t % scales.length], 0f);
      tile.target(t, y, w, t % 2 == 0 ? scale : GeneratedNumerics.pairScale(scale, 1.1f));
    }
  }

  /** Where an array ends, and near the longest one there is. */
  @Test
  void whatIsFetchedNextIsInTheArray() {
    assertEquals(4096, VectorMath.next(8192, 0, 4096));
    assertEquals(4096, VectorMath.next(8192, 4096, 4096));
    assertEquals(4096, VectorMath.next(8192, 4096 + 3584, 4096));
    assertEquals(0, VectorMath.next(2500, 1536, 2500));
    int longest = Integer.MAX_VALUE - 8;
    assertEquals(longest - 2500, VectorMath.next(longest, longest - 900, 2500));
  }

  /** Every kernel after the others have run, and whatever ran in this JVM before. */
  @Test
  void noVectorIsAllocated() {
    assertEquals(List.of(), VectorAllocations.find());
  }

  /** Where the Vector API has met class checks that failed: {@link VectorAllocations}. */
  @Test
  void noVectorIsAllocatedWhereClassChecksFailed() {
    ForkedJvm.Result result =
        ForkedJvm.of(VectorAllocations.class)
            .options("--add-modules=jdk.incubator.vector", "-XX:-TieredCompilation")
            .succeed();
    assertEquals("[]", result.out().strip());
  }
}
