package io.github.fusedloss.opencl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.fusedloss.ElementType;
import io.github.fusedloss.backend.HostMemory;
import io.github.fusedloss.backend.Memory;
import io.github.fusedloss.backend.Operand;
import io.github.fusedloss.backend.RowShape;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * Where pieces begin and end, far beyond 2^31 and 2^32, without the memory; what happens when one
 * fails.
 */
class PiecesTest {
  /** One megabyte of floats so many times over. */
  private static HostMemory floats(int times) {
    HostMemory part = HostMemory.of(FloatBuffer.allocate(1 << 18));
    return HostMemory.of(ElementType.FLOAT32, Collections.nCopies(times, part));
  }

  @Test
  void blocksCoverEverything() {
    long size = (1L << 33) + 5;
    Pieces.Cut cut = Pieces.blocks(size);
    long at = 0;
    while (at < size) {
      assertEquals(0, at % 4096);
      at += cut.length(at, (1 << 28) + 1);
    }
    assertEquals(size, at);
    assertEquals(4096, cut.length(0, 1), "never less than a block");
    assertEquals(5, cut.length(1L << 33, 1));
  }

  /**
   * Items of 2^31 elements and more; rows of 2^30; items of 3, 4, 5 rows where a piece has room for
   * one, two or three: no piece may be one row of an item of several.
   */
  @Test
  void rowsCoverEverything() {
    long[][] shapes = {
      {5, 1 << 20, 1 << 12},
      {4, 1 << 30, 1},
      {1L << 33, 2, 1},
      {7, 100, 3},
      {7, 100, 4},
      {7, 100, 5}
    };
    for (long[] s : shapes) {
      int classes = (int) s[1];
      long inner = s[2];
      for (long most : new long[] {1, classes, 2L * classes, 3L * classes, 1L << 30}) {
        if (s[0] * classes * inner / most > 1 << 24) {
          continue;
        }
        Pieces.Cut cut = Pieces.rows(new RowShape(s[0], classes, inner));
        long at = 0;
        while (at < s[0] * inner) {
          long rows = cut.length(at, most);
          boolean items = at % inner == 0 && rows % inner == 0;
          assertTrue(items || rows >= 2 && at % inner + rows <= inner, at + ", " + rows);
          assertTrue(rows * classes <= most || rows <= 3 || inner == 1 && rows == 1, "" + rows);
          at += rows;
        }
        assertEquals(s[0] * inner, at);
      }
    }
  }

  @Test
  void aWeightIsCutWhereItsElementsAre() {
    HostMemory values = floats(3 << 12); // 3 * 2^30
    long period = values.length();
    Operand wide = new Operand(values, 1, period);
    Operand part = Slice.of(wide, 5 * (1L << 29), 1 << 20);
    assertRuns(part.values(), 5 * (1L << 29), 1 << 20);
    assertEquals(List.of(1L, 1L << 20, 0L), terms(part));
    // From the last values on to the first.
    Operand over = Slice.of(wide, 2 * period - 4096, 1 << 20);
    assertRuns(over.values(), period - 4096, 4096, 0, (1 << 20) - 4096);
    // Each value three times: the piece begins with the last use of value 2^31.
    Operand thrice = Slice.of(new Operand(values, 3, period), (3L << 31) + 2, 5);
    assertRuns(thrice.values(), 1L << 31, 3);
    assertEquals(List.of(3L, 3L, 2L), terms(thrice));
    // All values, several times over.
    Operand few = new Operand(HostMemory.of(new float[10]), 7, 10);
    Operand all = Slice.of(few, (70L << 30) + 69, 4096);
    assertSame(few.values(), all.values());
    assertEquals(List.of(7L, 10L, 69L), terms(all));
  }

  private static List<Long> terms(Operand operand) {
    return List.of(operand.repeat(), operand.period(), operand.first());
  }

  @Test
  void rowsOfOneItemAreApart() {
    HostMemory input = floats(1 << 14); // 2^32: 2 items of 2^11 classes, 2^20 rows
    RowShape all = new RowShape(2, 1 << 11, 1 << 20);
    RowSlice rows = new RowSlice((1 << 20) + 5, 7, all);
    List<Long> runs = runs(rows.elements(input));
    assertEquals(2 << 11, runs.size());
    long last = (1L << 31) + ((1L << 11) - 1) * (1L << 20) + 5;
    assertEquals(List.of((1L << 31) + 5, 7L), runs.subList(0, 2));
    assertEquals(List.of(last, 7L), runs.subList(runs.size() - 2, runs.size()));
    RowSlice item = new RowSlice(1 << 20, 1 << 20, all);
    assertRuns(item.elements(input), 1L << 31, 1L << 31);
  }

  @Test
  void segmentsAreFoundByOffset() {
    HostMemory input = floats((1 << 14) + 3);
    List<Long> seen = new ArrayList<>();
    input.runs(
        (1L << 32) - 5, 20, (s, at, n, done) -> seen.addAll(List.of((long) at, (long) n, done)));
    assertEquals(List.of((1L << 18) - 5, 5L, 0L, 0L, 15L, 5L), seen);
  }

  /** A piece that does not fit is tried again at half the size, until it cannot be smaller. */
  @Test
  void aPieceThatDoesNotFitIsHalved() {
    withContext(
        context -> {
          int n = 40000; // nine blocks and a rest
          Memory input = HostMemory.of(new float[n]);
          List<Long> tried = new ArrayList<>();
          run(
              new Pieces(context, n, input, null),
              n,
              (operands, at, length) -> {
                operands.input(Slice.of(input, at, length));
                tried.addAll(List.of(at, length));
                if (length > 12288) {
                  throw outOfMemory();
                }
              });
          // 40000 / 2 is four whole blocks, 40000 / 4 two.
          assertEquals(
              List.of(
                  0L, 40000L, 0L, 16384L, 0L, 8192L, 8192L, 8192L, 16384L, 8192L, 24576L, 8192L,
                  32768L, 7232L),
              tried);
          assertEquals(0, context.liveBytes());
          List<Long> lengths = new ArrayList<>();
          OpenClException e =
              assertThrows(
                  OpenClException.class,
                  () ->
                      run(
                          new Pieces(context, n, input, null),
                          n,
                          (operands, at, length) -> {
                            lengths.add(length);
                            throw outOfMemory();
                          }));
          assertEquals(OpenClException.Kind.RESOURCE, e.kind());
          assertEquals(List.of(40000L, 16384L, 8192L, 4096L), lengths);
        });
  }

  /**
   * A result in the place of its input cannot be computed twice; other failures are not memory's.
   */
  @Test
  void whatCannotBeTriedAgainIsNot() {
    withContext(
        context -> {
          int n = 8192;
          Memory input = HostMemory.of(new float[n]);
          int[] calls = new int[2];
          Pieces inPlace = new Pieces(context, n, input, input);
          assertThrows(
              OpenClException.class,
              () ->
                  run(
                      inPlace,
                      n,
                      (operands, at, length) -> {
                        calls[0]++;
                        operands.output(input);
                        operands.finish();
                        throw outOfMemory();
                      }));
          assertThrows(
              OpenClException.class,
              () ->
                  run(
                      new Pieces(context, n, input, null),
                      n,
                      (operands, at, length) -> {
                        calls[1]++;
                        throw OpenClException.ofStatus("test", -36, "test");
                      }));
          assertArrayEquals(new int[] {1, 1}, calls);
        });
  }

  private static void run(Pieces pieces, int n, Pieces.PieceWork work) {
    pieces.run(n, Pieces.blocks(n), work);
  }

  private static OpenClException outOfMemory() {
    return OpenClException.ofStatus("test", -4, "test");
  }

  private static void withContext(Consumer<OpenClContext> test) {
    assumeTrue(OpenClTesting.hasDevice(), "no OpenCL device");
    try (OpenClContext context = OpenClContext.open(OpenClTesting.device())) {
      test.accept(context);
    }
  }

  private static void assertRuns(Memory memory, long... expected) {
    List<Long> list = new ArrayList<>();
    for (long e : expected) {
      list.add(e);
    }
    assertEquals(list, runs(memory));
  }

  private static List<Long> runs(Memory memory) {
    List<Long> runs = new ArrayList<>();
    ((Slice) memory).runs((from, length, done) -> runs.addAll(List.of(from, length)));
    return runs;
  }
}
