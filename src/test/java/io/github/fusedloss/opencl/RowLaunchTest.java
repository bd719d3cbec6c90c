package io.github.fusedloss.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fusedloss.ElementType;
import io.github.fusedloss.backend.RowShape;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The plan alone; what it computes is tested with the kernels. */
class RowLaunchTest {
  /** Lanes add up by halves: a group of 3, all that some driver allows, gave wrong sums. */
  @Test
  void groupsArePowersOfTwoWithinTheDevicesLimit() {
    // In order up to 64 classes; in lanes with 64, 128 and 256 lanes; several blocks.
    int[] classes = {10, 65, 1500, 3000, 5000};
    for (long most : new long[] {1, 2, 3, 7, 100, 255, 1000, 1024}) {
      OpenClDevice device = OpenClTesting.gpu(0, most);
      for (int c : classes) {
        RowLaunch launch =
            RowLaunch.of(
                device,
                LaunchShape.of(device),
                new RowWork(ElementType.FLOAT32, new RowShape(7, c, 1), 1, 1, true));
        Matcher group = Pattern.compile("-D WGS=(\\d+)").matcher(launch.options());
        assertTrue(group.find(), launch.options());
        int size = Integer.parseInt(group.group(1));
        assertTrue(size <= most && Integer.bitCount(size) == 1, c + " classes: " + size);
      }
    }
  }

  /** On 2 cores with 32 MB of cache: 16 MB and more, aligned vectors, few terms. */
  @Test
  void largeResultsGoPastTheCaches() {
    LaunchShape shape = new LaunchShape(16, 4, 1, 16, 16 << 20);
    // Rows, classes, inner, whether they are float32, whether results are written; the answer.
    Object[][] cases = {
      {1024L, 32768, 1L, true, true, true},
      {1024L, 32768, 1L, true, false, false}, // forward alone
      {128L, 32768, 1L, true, true, true}, // 16 MB
      {127L, 32768, 1L, true, true, false},
      {256L, 32768, 1L, false, true, true},
      {1024L, 32776, 1L, true, true, false}, // odd rows begin within a vector
      {8192L, 1024, 1L, true, true, true},
      {32L, 262144, 1L, true, true, true}, // 4 groups
      {16L, 262144, 1L, true, true, false}, // terms for 2
      {4L, 1 << 24, 1L, true, true, false}, // shared by groups
      {1L << 20, 16, 1L, true, true, true},
      {1L << 20, 16, 1L, false, true, false}, // half a cache line
      {1L << 20, 24, 1L, true, true, false},
      {1L << 20, 19, 1L << 16, true, true, true},
      {1L << 20, 19, (1L << 16) - 8, true, true, false},
      {1L << 20, 65, 1L << 16, true, true, false}, // their terms wait among the results
    };
    for (Object[] c : cases) {
      RowLaunch launch =
          RowLaunch.of(
              OpenClTesting.cpu(32 << 20),
              shape,
              new RowWork(
                  (boolean) c[3] ? ElementType.FLOAT32 : ElementType.BFLOAT16,
                  new RowShape((long) c[0] / (long) c[2], (int) c[1], (long) c[2]),
                  1,
                  1,
                  (boolean) c[4]));
      boolean stream = launch.options().contains("-D STREAM");
      assertEquals(c[5], stream, Arrays.toString(c));
      assertFalse(stream && launch.options().contains("RECOMPUTE"), launch.options());
      long terms = 4 * (long) c[0] * (int) c[1] / 8;
      long others = 64 * (long) c[0] + terms / 48; // for rows and blocks, as ever
      assertTrue(4 * launch.scratchFloats() <= (stream ? terms : 0) + others, Arrays.toString(c));
    }
  }

  /**
   * Half the cache; 8 MB where a driver means one core's; never where it has none, nor on a GPU.
   */
  @Test
  void theCacheSaysWhatIsLarge() {
    assertEquals(16 << 20, LaunchShape.of(OpenClTesting.cpu(32 << 20)).streamFrom());
    assertEquals(8 << 20, LaunchShape.of(OpenClTesting.cpu(32 << 10)).streamFrom());
    assertFalse(LaunchShape.of(OpenClTesting.cpu(0)).streams(1L << 40));
    assertFalse(LaunchShape.of(OpenClTesting.gpu(0, 1024)).streams(1L << 40));
  }

  /** 132 units and 60 MB of cache, as an H200 has: 475 KB a unit. */
  private static final OpenClDevice H200 =
      new OpenClDevice(
          0,
          new OpenClDevice.Identity("x", "x", "1"),
          OpenClDevice.Type.GPU,
          new OpenClDevice.ComputeUnits(132, 1024, 48 << 10),
          new OpenClDevice.DeviceMemory(false, 1L << 37, 0, 1L << 35),
          null);

  /**
   * A program for each number of classes: only for many rows (64 work-items in each of 64 groups of
   * 132 units), and where the logits are all that a work-item has to hold.
   */
  @Test
  void fewClassesStayInRegisters() {
    long places = 64L * 64 * 132;
    // Batch, classes, inner, operands, sums, whether results are written; the answer.
    Object[][] cases = {
      {1L, 19, places + 1, 1, 1, false, true},
      {1L, 24, places + 1, 1, 1, false, true},
      {1L, 25, places + 1, 1, 1, false, false},
      {1L, 19, places, 1, 1, false, false},
      {places + 1, 19, 1L, 1, 1, false, false}, // come through local memory
      {1L, 19, places + 1, 2, 1, false, false}, // class probabilities
      {1L, 19, places + 1, 1, 3, false, false}, // label smoothing
      {1L, 19, places + 1, 1, 1, true, false}, // the gradient
    };
    for (Object[] c : cases) {
      RowShape shape = new RowShape((long) c[0], (int) c[1], (long) c[2]);
      RowWork work =
          new RowWork(ElementType.FLOAT32, shape, (int) c[3], (int) c[4], (boolean) c[5]);
      String options = RowLaunch.of(H200, LaunchShape.of(H200), work).options();
      assertEquals(c[6], options.contains("-D CLASSES=" + c[1]), Arrays.toString(c));
    }
  }

  @Test
  void rowsThatComeBackForTheirElementsFitTheCacheOfAGpu() {
    // Type, classes, work-items of a group, whether all rows that are there at a time fit.
    Object[][] cases = {
      {ElementType.FLOAT32, 32000, 512, true},
      {ElementType.FLOAT32, 65536, 1024, true},
      {ElementType.FLOAT32, 128256, 1024, false},
      {ElementType.BFLOAT16, 32000, 256, true},
      {ElementType.BFLOAT16, 128256, 1024, true},
    };
    for (Object[] c : cases) {
      ElementType type = (ElementType) c[0];
      RowShape shape = new RowShape(8192, (int) c[1], 1);
      RowWork work = new RowWork(type, shape, 1, 1, true);
      RowLaunch launch = RowLaunch.of(H200, LaunchShape.of(H200), work);
      assertEquals(c[2], launch.local(), Arrays.toString(c));
      long bytes = RowGroups.atOnce(H200, launch.local()) * (int) c[1] * type.bytes();
      assertEquals(c[3], bytes <= 60_000_000, Arrays.toString(c));
      // Few rows: as many groups as there are blocks.
      RowLaunch few =
          RowLaunch.of(
              H200,
              LaunchShape.of(H200),
              new RowWork(type, new RowShape(1, (int) c[1], 1), 1, 1, true));
      // Two logits of float32, or four of 16 bits, for a work-item: 8 bytes.
      assertEquals(type == ElementType.FLOAT32 ? 128 : 64, few.local(), Arrays.toString(c));
    }
  }
}
