package io.github.fusedloss.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fusedloss.ElementType;
import io.github.fusedloss.backend.HostMemory;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** A row in place, copied whole and copied block by block reads and writes the same elements. */
class OperandRowTest {
  private static final int N = 100;
  private static final int CLASSES = 30;

  private final Scratch scratch = new Scratch();
  private final float[] memory = new float[N];
  private final short[] bits = new short[N];
  private final Floats floats = new Floats(HostMemory.of(memory), new BlockKernels());
  private final Floats halves =
      new Floats(HostMemory.of(ElementType.FLOAT16, bits), new BlockKernels());

  OperandRowTest() {
    for (int i = 0; i < N; i++) {
      memory[i] = i;
      bits[i] = ElementType.FLOAT16.encode(i);
    }
  }

  private static float[] expected(int i, int n, int step) {
    float[] values = new float[n];
    for (int k = 0; k < n; k++) {
      values[k] = 7 + (i + k) * step;
    }
    return values;
  }

  @Test
  void reads() {
    for (Floats from : new Floats[] {floats, halves}) {
      for (int step : new int[] {1, 3}) {
        for (int whole : new int[] {0, CLASSES - 1, CLASSES}) {
          OperandRow row =
              OperandRow.input(from, 7, step, CLASSES, whole, scratch, Scratch.Slot.TARGET);
          boolean inPlace = from == floats && step == 1;
          assertEquals(inPlace || whole >= CLASSES, row.remembers());
          for (int i = 0; i < CLASSES; i += 8) {
            int n = Math.min(8, CLASSES - i);
            float[] block = row.block(i, n, scratch);
            assertEquals(inPlace, block == memory);
            int at = row.at(i);
            assertArrayEquals(expected(i, n, step), Arrays.copyOfRange(block, at, at + n));
          }
          assertEquals(7 + 11 * step, row.get(11));
        }
      }
    }
  }

  @Test
  void writes() {
    for (int step : new int[] {1, 3}) {
      for (int whole : new int[] {0, CLASSES}) {
        OperandRow row =
            OperandRow.result(halves, 7, step, CLASSES, whole, scratch, Scratch.Slot.RESULT);
        for (int i = 0; i < CLASSES; i += 8) {
          int n = Math.min(8, CLASSES - i);
          float[] block = row.room(n, scratch);
          for (int k = 0; k < n; k++) {
            block[row.at(i) + k] = 1f + 0x1p-20f; // no float16
          }
          row.written(i, n, block);
        }
        row.store();
        for (int c = 0; c < CLASSES; c++) {
          assertEquals(1f, halves.get(7 + c * step));
        }
        assertEquals(6f, halves.get(6));
      }
    }
  }

  @Test
  void aLongRowTakesNoMoreScratchThanABlock() {
    OperandRow row = OperandRow.input(halves, 0, 1, N, 16, scratch, Scratch.Slot.INPUT);
    assertFalse(row.remembers());
    float[] first = row.block(0, 16, scratch);
    assertSame(first, row.block(16, 16, scratch));
    assertTrue(first.length <= Blocks.BLOCK);
  }
}
