package io.github.fusedloss.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fusedloss.backend.SumShape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What kernels and Java must both know stands once on each side, and is the same. */
@Tag("once")
class KernelConstantsTest {
  private static String defined(String file, String name) throws IOException {
    Matcher matcher =
        Pattern.compile("(?m)^#define " + name + " (.*)$")
            .matcher(Files.readString(Path.of("kernels", file)));
    assertTrue(matcher.find(), name);
    String value = matcher.group(1);
    assertFalse(matcher.find(), name + " is defined twice");
    return value;
  }

  private static void same(int value, String file, String name) throws IOException {
    assertEquals(Integer.toString(value), defined(file, name), name);
  }

  /** The numbers are those of docs/numerics.md. */
  @Test
  void shapeOfSums() throws IOException {
    assertEquals(4096, SumShape.BLOCK);
    same(SumShape.BLOCK, "blocks.cl", "BLOCK");
    assertEquals(1024, SumShape.STRIPE);
    same(SumShape.STRIPE, "blocks.cl", "STRIPE");
    assertEquals(64, SumShape.LANES);
    same(SumShape.LANES, "blocks.cl", "LANES");
    assertEquals(256, SumShape.ACCUMULATORS);
    assertEquals("(BLOCK / STRIPE * LANES)", defined("blocks.cl", "ACCUMULATORS"));
    // Lanes that take part: of one stripe, of two, of all four.
    assertEquals(64, SumShape.lanes(1024));
    assertEquals(128, SumShape.lanes(1025));
    assertEquals(128, SumShape.lanes(2048));
    assertEquals(256, SumShape.lanes(2049));
    assertEquals(1, SumShape.blocks(4096));
    assertEquals(2, SumShape.blocks(4097));
    assertTrue(SumShape.inOrder(64, 1) && !SumShape.inOrder(65, 1) && SumShape.inOrder(65, 2));
  }

  @Test
  void whatKernelsLeaveForTheHost() throws IOException {
    same(LossTotals.WEIGHT, "blocks.cl", "TOTALS_WEIGHT");
    same(LossTotals.COUNT, "blocks.cl", "TOTALS_COUNT");
    same(LossTotals.BAD, "blocks.cl", "TOTALS_BAD");
    same(RowWork.FIELDS_OF_LOSS, "row_parts.cl", "FIELDS_OF_LOSS");
    same(RowWork.FIELDS_OF_OUTPUTS, "row_parts.cl", "FIELDS_OF_OUTPUTS");
    same(RowWork.LINES_OF_SLOPES, "row_parts.cl", "LINES_OF_SLOPES");
    same(RowWork.LINES_OF_CURVES, "row_parts.cl", "LINES_OF_CURVES");
    same(RowWork.LINES_OF_FOCAL_CURVES, "row_parts.cl", "LINES_OF_FOCAL_CURVES");
  }
}
