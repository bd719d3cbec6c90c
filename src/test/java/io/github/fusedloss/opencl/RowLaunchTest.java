package io.github.fusedloss.opencl;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fusedloss.backend.ElementType;
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
            new RowLaunch(device, LaunchShape.of(device), ElementType.FLOAT32, 7, c, 1, 1);
        Matcher group = Pattern.compile("-D WGS=(\\d+)").matcher(launch.options());
        assertTrue(group.find(), launch.options());
        int size = Integer.parseInt(group.group(1));
        assertTrue(size <= most && Integer.bitCount(size) == 1, c + " classes: " + size);
      }
    }
  }
}
